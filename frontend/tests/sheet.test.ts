/** The sheet of keys says what the handlers do, no more and no less; its words stand in the catalogue, the room card names each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORDS } from '../src/core/i18n/all';
import { SHEET } from '../src/faces/desk/sheet';

const desk = join(import.meta.dirname, '../src/faces/desk');
const source = (name: string): string => readFileSync(join(desk, name), 'utf8');
const lines = SHEET.flatMap((one) => one.lines);
const shown = new Set(lines.flatMap((line) => line.keys.map((key) => key.toLowerCase())));

describe('the sheet of keys', () => {
  it('has every key that a handler takes, and none besides', () => {
    const cases = ['keys.ts', 'keys_between.ts', 'help/keys.ts'].flatMap((name) => [...source(name).matchAll(/case '(.)':|key === '(.)'/g)].map((match) => match[1] ?? match[2]!));
    const silence = [...source('silence.ts').matchAll(/key === '(.|delete)'/g)].map((match) => (match[1] === 'delete' ? 'del' : match[1]!));
    const taken = new Set([...cases, ...silence, 'a', 'i', '1', '9', 'esc', 'f2']);
    expect([...taken].filter((key) => !shown.has(key))).toEqual([]);
    expect([...shown].filter((key) => !taken.has(key))).toEqual([]);
  });

  it('says each in words, no key twice in a group', () => {
    expect([...lines.map((line) => line.words), ...SHEET.map((one) => one.group)].filter((key) => !WORDS[key])).toEqual([]);
    for (const { lines: own } of SHEET) expect(own.flatMap((line) => line.keys).length).toBe(new Set(own.flatMap((line) => line.keys)).size);
  });

  it('is what the room card says', () => {
    const card = source('README.md');
    expect([...shown].filter((key) => !card.toLowerCase().includes(`\`${key}\``) && !/[1-9]/.test(key))).toEqual([]);
  });
});
