/** Every code that the server can send has words in both languages; nothing is said with a forbidden word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import catalogue from '../src/contract/catalogue.json';
import * as codes from '../src/core/codes';
import { FAMILIES, WORDS } from '../src/core/i18n/all';

const server = (path: string): string => readFileSync(join(import.meta.dirname, '../../dispatch', path), 'utf8');

/** Members of a tuple or keys of a dict that the server's table `name` lists. */
function listed(source: string, name: string): string[] {
  const found = new RegExp(`^${name}[^=]*= ([({])([\\s\\S]*?)[)}]$`, 'm').exec(source);
  if (!found) throw new Error(`${name} is not in the server's file`);
  const pattern = found[1] === '{' ? /"(\w+)":/g : /"(\w+)"/g;
  return [...found[2]!.matchAll(pattern)].map((match) => match[1]!);
}

function expectWords(family: string, codes: readonly string[]): void {
  expect(codes.length).toBeGreaterThan(0);
  const missing = codes.map((code) => `${family}.${code}`).filter((key) => !WORDS[key]?.every((text) => text.trim()));
  expect(missing).toEqual([]);
}

describe('the catalogue of words', () => {
  it('has both languages for every key, with the same facts', () => {
    const facts = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
    const wrong = Object.entries(WORDS).filter(([, [zh, en]]) => !zh.trim() || !en.trim() || facts(zh).join() !== facts(en).join());
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('has each key in one family only: the last would shadow the first', () => {
    const keys = FAMILIES.flatMap((family) => Object.keys(family));
    expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
    expect(WORDS['verb.join']).toEqual(['并入', 'join']);
  });

  it('never uses 布控, which means two different things', () => {
    expect(Object.entries(WORDS).filter(([, [zh]]) => zh.includes('布控'))).toEqual([]);
  });

  it('has a sentence for every error code', () => {
    expectWords('error', [...server('errors.py').matchAll(/^ {4}"(\w+)": \(\d/gm)].map((match) => match[1]!));
  });

  it('has a line for every kind of event', () => expectWords('event', Object.keys(catalogue.events)));

  it('has a word for every state and verb of the law', () => {
    for (const [noun, table] of Object.entries(catalogue.law)) {
      if (noun !== 'unit') expectWords(`${noun}.state`, [...new Set(table.flatMap(([from, , to]) => [from!, to!]))]);
      expectWords('verb', [...new Set(table.map(([, verb]) => verb!))]);
    }
  });

  it('has words for every closed list of the law', () => {
    const law = server('lifecycles.py');
    expectWords('unavailable', listed(law, 'UNIT_REASONS'));
    expectWords('refuse', listed(law, 'REFUSE_REASONS'));
    expectWords('disposition', listed(law, 'DISPOSITIONS'));
    expectWords('call.close', listed(law, 'CALL_CLOSE_REASONS'));
    expectWords('channel', listed(law, 'CALL_CHANNELS'));
  });

  it('offers on the screens what the law has, all of it and nothing else', () => {
    const law = server('lifecycles.py');
    const theirs = { ...Object.fromEntries(Object.keys(codes).filter((name) => name !== 'FEEDBACK_STAGES').map((name) => [name, listed(law, name)])), FEEDBACK_STAGES: listed(server('actions/notes.py'), 'STAGES') };
    const sorted = (lists: Record<string, readonly string[]>): Record<string, string[]> => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list].sort()]));
    expect(sorted({ ...codes })).toEqual(sorted(theirs));
    expectWords('callback', codes.CALLBACK_RESULTS);
    expectWords('distress.outcome', codes.DISTRESS_OUTCOMES);
    expectWords('stage', codes.FEEDBACK_STAGES);
    expectWords('trackers.app', codes.TRACKER_APPS);
  });

  it('has words for every reason of the packet', () => {
    const policy = server('suggest.py');
    const returned = (name: string): string[] => {
      const body = policy.slice(policy.indexOf(`def ${name}(`)).split('\n\n\n')[0]!;
      return [...body.matchAll(/return "(\w+)"|else "(\w+)"/g)].map((match) => match[1] ?? match[2]!);
    };
    expectWords('not', returned('refusal'));
    expectWords('why', returned('listed_reason'));
    expectWords('hint', returned('empty_hint'));
    expectWords('order_by', returned('order_by'));
  });

  it('has a word for every role', () => {
    expectWords('role', [...server('models/people.py').matchAll(/^ {4}[A-Z_]+ = "(\w+)"$/gm)].map((match) => match[1]!));
  });
});
