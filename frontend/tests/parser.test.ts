import { describe, expect, it } from 'vitest';
import { complete, GRAMMAR, parse, put } from '../src/command/parser';

describe('parse', () => {
  it('reads an order, with or without the incident', () => {
    expect(parse('d p-12 0147')).toEqual({ verb: 'D', unit: 'P-12', incident: '0147' });
    expect(parse('D P-12')).toEqual({ verb: 'D', unit: 'P-12', incident: null });
  });

  it('takes full-width letters and spoken radio digits', () => {
    expect(parse('Ｄ　Ｐ－幺两 洞幺四拐')).toEqual({ verb: 'D', unit: 'P-12', incident: '0147' });
  });

  it('keeps the words of a note as they were typed', () => {
    expect(parse('note  Suspect left, 向西 两人')).toEqual({ verb: 'NOTE', text: 'Suspect left, 向西 两人' });
  });

  it('reads minutes and reason of a hold, and nothing that is no number', () => {
    expect(parse('HOLD 15 other party absent')).toEqual({ verb: 'HOLD', minutes: 15, reason: 'other party absent' });
    expect(parse('HOLD soon absent')).toEqual({ mistake: 'command_short', facts: { form: 'HOLD minutes reason' } });
    expect(parse('HOLD -5 absent')).toMatchObject({ mistake: 'command_short' });
  });

  it('reads a request, a transfer and a return with their words', () => {
    expect(parse('ask p-21 0147')).toEqual({ verb: 'ASK', unit: 'P-21', incident: '0147' });
    expect(parse('TRANSFER s3 lies on your ground')).toEqual({ verb: 'TRANSFER', centre: 'S3', reason: 'lies on your ground' });
    expect(parse('TRANSFER S3')).toMatchObject({ mistake: 'command_short' });
    expect(parse('RETURN 不属本辖区')).toEqual({ verb: 'RETURN', reason: '不属本辖区' });
  });

  it('says what is missing, and which verbs there are', () => {
    expect(parse('D')).toEqual({ mistake: 'command_short', facts: { form: 'D P-12 [0147]' } });
    expect(parse('FLY P-12')).toMatchObject({ mistake: 'unknown_verb', facts: { verb: 'FLY' } });
    expect(parse('   ')).toBeNull();
  });
});

describe('complete', () => {
  const signs = ['M-02', 'M-04', 'P-12'];
  it('offers verbs, then call signs, then incidents', () => {
    expect(complete('', signs, ['0147'])).toEqual(GRAMMAR.map(({ verb }) => verb));
    expect(complete('D m', signs, ['0147'])).toEqual(['M-02', 'M-04']);
    expect(complete('D p1', signs, ['0147'])).toEqual(['P-12']);
    expect(complete('D P-12 ', signs, ['0147', '0148'])).toEqual(['0147', '0148']);
    expect(complete('NOTE p', signs, ['0147'])).toEqual([]);
  });

  it('replaces the last word', () => expect(put('D m', 'M-04')).toBe('D M-04 '));
});
