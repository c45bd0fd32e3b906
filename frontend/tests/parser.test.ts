import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { after, complete, GRAMMAR, parse, put, type Command, type Known } from '../src/command/parser';
import { VERBS } from '../src/faces/desk/command';

const read = (line: string): Command => parse(line) as Command;
const known: Known = { sign: ['M-02', 'M-04', 'P-12'], number: ['0147', '0148'], centre: ['S1', 'S3'] };

describe('parse', () => {
  it('reads an order, with or without the incident', () => {
    expect(read('d p-12 0147')).toEqual({ verb: 'D', words: ['P-12', '0147'], typed: 'p-12 0147' });
    expect(read('D P-12').words).toEqual(['P-12']);
  });

  it('takes full-width letters and spoken radio digits', () => {
    expect(read('Ｄ　Ｐ－幺两 洞幺四拐')).toMatchObject({ verb: 'D', words: ['P-12', '0147'] });
  });

  it('keeps the words of a note as they were typed', () => {
    expect(read('note  Suspect left, 向西 两人').typed).toBe('Suspect left, 向西 两人');
    expect(after(read('HOLD 15 other  party Absent'), 1)).toBe('other  party Absent');
    expect(after(read('D P-12'), 1)).toBe('');
  });

  it('reads a step as the radio says it, and nothing that is no step', () => {
    expect(read('st p-12 onscene').words).toEqual(['P-12', 'ARRIVE']);
    expect(read('ST P-12 CLEAR mediated').words).toEqual(['P-12', 'CLEAR', 'MEDIATED']);
    expect(parse('ST P-12 FLY')).toMatchObject({ mistake: 'command_short' });
    expect(parse('FEEDBACK two men held')).toMatchObject({ mistake: 'command_short' });
    expect(read('END P-12 false_press').words).toEqual(['P-12', 'FALSE_PRESS']);
  });

  it('says what is missing, and a few verbs like the one that is none', () => {
    expect(parse('D')).toEqual({ mistake: 'command_short', facts: { form: 'D P-12 [0147]' } });
    expect(parse('TRANSFER S3')).toMatchObject({ mistake: 'command_short' });
    expect(parse('FLY P-12')).toEqual({ mistake: 'unknown_verb', facts: { verb: 'FLY', possible: 'FIND FEEDBACK' } });
    expect(parse('   ')).toBeNull();
  });
});

describe('complete', () => {
  it('offers the verbs used most, then what the verb takes there', () => {
    expect(complete('', known)).toEqual(GRAMMAR.slice(0, 8).map(({ verb }) => verb));
    expect(complete('D m', known)).toEqual(['M-02', 'M-04']);
    expect(complete('D p1', known)).toEqual(['P-12']);
    expect(complete('D P-12 ', known)).toEqual(['0147', '0148']);
    expect(complete('ST P-12 a', known)).toEqual(['ACCEPT', 'ARRIVE']);
    expect(complete('TRANSFER ', known)).toEqual(['S1', 'S3']);
    expect(complete('NOTE p', known)).toEqual([]);
    expect(complete('MSG P-12 p', known)).toEqual([]);
  });

  it('replaces the last word', () => expect(put('D m', 'M-04')).toBe('D M-04 '));
});

describe('what the desk prints can be typed', () => {
  const folder = join(import.meta.dirname, '../src/faces/desk');
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
  const printed = files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/command: [`'](?:\$\{watching \? 'WATCH' : 'UNWATCH'\}|([A-Z]+))/g)].map((match) => match[1] ?? 'WATCH'));

  it('has a grammar for every printed verb, and an act for every verb of the grammar', () => {
    expect(printed.length).toBeGreaterThan(25);
    expect(printed.filter((verb) => !GRAMMAR.some((one) => one.verb === verb))).toEqual([]);
    expect(Object.keys(VERBS).sort()).toEqual(GRAMMAR.map((one) => one.verb).sort());
  });
});
