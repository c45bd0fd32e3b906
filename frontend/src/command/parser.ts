/** The command line's grammar: text → what is meant. Pure; knows no cards and does nothing. */

/** One verb: its words on the line and the form shown when something is missing. */
export interface Form {
  verb: CommandVerb;
  form: string;
  /** Words after the verb that must be there. */
  needs: number;
}
export type CommandVerb = 'D' | 'NOTE' | 'TAKE' | 'HOLD' | 'CLOSE' | 'ASK' | 'TRANSFER' | 'RETURN' | 'FIND' | 'NEXT' | 'NONEXT' | 'IS' | 'ISNT';

export const GRAMMAR: readonly Form[] = [
  { verb: 'D', form: 'D P-12 [0147]', needs: 1 },
  { verb: 'NOTE', form: 'NOTE text', needs: 1 },
  { verb: 'TAKE', form: 'TAKE [0147]', needs: 0 },
  { verb: 'HOLD', form: 'HOLD minutes reason', needs: 2 },
  { verb: 'CLOSE', form: 'CLOSE [reason]', needs: 0 },
  { verb: 'ASK', form: 'ASK P-21 [0147]', needs: 1 },
  { verb: 'TRANSFER', form: 'TRANSFER S3 reason', needs: 2 },
  { verb: 'RETURN', form: 'RETURN reason', needs: 1 },
  { verb: 'FIND', form: 'FIND text', needs: 1 },
  { verb: 'NEXT', form: 'NEXT [0147]', needs: 0 },
  { verb: 'NONEXT', form: 'NONEXT [0147]', needs: 0 },
  { verb: 'IS', form: 'IS P-12', needs: 1 },
  { verb: 'ISNT', form: 'ISNT P-12', needs: 1 },
];

export type Command =
  | { verb: 'D'; unit: string; incident: string | null }
  | { verb: 'NOTE'; text: string }
  | { verb: 'TAKE'; incident: string | null }
  | { verb: 'HOLD'; minutes: number; reason: string }
  | { verb: 'CLOSE'; reason: string }
  | { verb: 'ASK'; unit: string; incident: string | null }
  | { verb: 'TRANSFER'; centre: string; reason: string }
  | { verb: 'RETURN'; reason: string }
  | { verb: 'FIND'; text: string }
  | { verb: 'NEXT' | 'NONEXT'; incident: string | null }
  | { verb: 'IS' | 'ISNT'; unit: string };

/** What is wrong with a line: an error code of the catalogue with its facts. */
export interface Mistake {
  mistake: 'unknown_verb' | 'command_short';
  facts: Record<string, string>;
}

/** Radio digits as they are spoken (洞幺两三四五六拐八勾) are accepted where numbers are. */
const SPOKEN: Record<string, string> = { 洞: '0', 幺: '1', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 拐: '7', 八: '8', 勾: '9' };

/** Full-width letters, digits and spaces become plain ones; spoken digits become digits. */
export function plain(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
  return narrow.replace(/[洞幺两三四五六拐八勾]/g, (digit) => SPOKEN[digit]!);
}

const short = (form: string): Mistake => ({ mistake: 'command_short', facts: { form } });

/** Read one line. The verb may be written small; words after it keep their case. */
export function parse(line: string): Command | Mistake | null {
  const given = line.trim();
  if (!given) return null;
  const [first = '', ...rest] = given.split(/\s+/);
  const verb = plain(first).toUpperCase();
  const form = GRAMMAR.find((one) => one.verb === verb);
  if (!form) return { mistake: 'unknown_verb', facts: { verb: first, possible: GRAMMAR.map((one) => one.verb).join(' ') } };
  if (rest.length < form.needs) return short(form.form);
  const words = given.slice(first.length).trim();
  return build(form, rest, words);
}

function build(form: Form, rest: string[], words: string): Command | Mistake {
  switch (form.verb) {
    case 'D':
    case 'ASK':
      return { verb: form.verb, unit: plain(rest[0]!).toUpperCase(), incident: rest[1] ? plain(rest[1]) : null };
    case 'TAKE':
      return { verb: 'TAKE', incident: rest[0] ? plain(rest[0]) : null };
    case 'HOLD': {
      const minutes = Number(plain(rest[0]!));
      return Number.isInteger(minutes) && minutes > 0 ? { verb: 'HOLD', minutes, reason: words.slice(rest[0]!.length).trim() } : short(form.form);
    }
    case 'TRANSFER':
      return { verb: 'TRANSFER', centre: plain(rest[0]!).toUpperCase(), reason: words.slice(rest[0]!.length).trim() };
    case 'RETURN':
      return { verb: 'RETURN', reason: words };
    case 'NEXT':
    case 'NONEXT':
      return { verb: form.verb, incident: rest[0] ? plain(rest[0]) : null };
    case 'IS':
    case 'ISNT':
      return { verb: form.verb, unit: plain(rest[0]!).toUpperCase() };
    case 'CLOSE':
      return { verb: 'CLOSE', reason: words };
    default:
      return { verb: form.verb, text: words };
  }
}

/** What could stand at the end of the line: verbs first, then call signs, then incident numbers. At most 6. */
export function complete(line: string, callSigns: readonly string[], numbers: readonly string[]): string[] {
  const words = line.trimStart().split(/\s+/);
  const last = plain(words[words.length - 1] ?? '').toUpperCase();
  if (words.length <= 1) return GRAMMAR.map((one) => one.verb).filter((verb) => verb.startsWith(last));
  const verb = plain(words[0]!).toUpperCase();
  if (['D', 'ASK', 'IS', 'ISNT'].includes(verb) && words.length === 2) return pick(callSigns, last);
  if (((verb === 'D' || verb === 'ASK') && words.length === 3) || (['TAKE', 'NEXT', 'NONEXT'].includes(verb) && words.length === 2)) return pick(numbers, last);
  return [];
}

function pick(from: readonly string[], begin: string): string[] {
  const bare = begin.replace(/-/g, '');
  return from.filter((one) => one.toUpperCase().startsWith(begin) || one.toUpperCase().replace(/-/g, '').startsWith(bare)).slice(0, 6);
}

/** Put a completion in place of the line's last word. */
export function put(line: string, word: string): string {
  return `${line.replace(/\S*$/, '')}${word} `;
}
