/** The server writes boards and events of real actions; reducing them here must give the server's own next board. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Board } from '../src/contract/types';
import { cardsOf, fromBoard, reduceEvents } from '../src/core/board';
import type { JournalEvent } from '../src/core/wire';

interface Fixture {
  name: string;
  viewer: string;
  before: Board;
  events: JournalEvent[];
  after: Board;
}

const FOLDER = join(import.meta.dirname, '../src/contract/fixtures');
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
const read = (name: string): Fixture[] => {
  const content = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Fixture | Fixture[];
  return Array.isArray(content) ? content : [content];
};

describe.skipIf(!existsSync(FOLDER))('contract fixtures', () => {
  it('are there', () => expect(files.length).toBeGreaterThan(0));

  for (const fixture of files.flatMap(read)) {
    it(`${fixture.name} as ${fixture.viewer}`, () => {
      const after = reduceEvents(fromBoard(fixture.before), fixture.events);
      expect(cardsOf(after)).toEqual(cardsOf(fromBoard(fixture.after)));
    });
  }
});
