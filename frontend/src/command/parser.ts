/** The command line's grammar: text → what is meant. Pure; knows no cards and does nothing. */

/** What a word of a command can be, for completion: a call sign or target, an incident's number, a centre, one of a list, own words. */
export type Takes = 'sign' | 'number' | 'centre' | 'text' | readonly string[];

/** One verb: the form shown when something is missing, how many words after it must be there, what they are, the right it takes. */
export interface Form {
  verb: string;
  form: string;
  needs: number;
  takes: readonly Takes[];
  may: string;
}

export const STEPS = ['ACCEPT', 'CANNOT', 'LEAVE', 'ARRIVE', 'CLEAR'] as const;
/** What people say on the radio for a step, besides the step's own name. */
const SAID: Record<string, (typeof STEPS)[number]> = { ENROUTE: 'LEAVE', ONSCENE: 'ARRIVE', REFUSE: 'CANNOT', DONE: 'CLEAR' };
const STAGES = ['FIRST', 'FURTHER', 'FINAL'] as const;
const REPORTS = ['FIRST', 'FOLLOW_UP', 'FINAL'] as const;
const RESULTS = ['SATISFIED', 'DISSATISFIED', 'NO_ANSWER', 'WRONG_NUMBER', 'DECLINED'] as const;
const OUTCOMES = ['REAL', 'DRILL', 'FALSE_PRESS'] as const;
const CALL_ENDS = ['NUISANCE', 'NO_SPEECH', 'TRANSFERRED', 'TEST', 'ADVICE'] as const;

const verb = (name: string, may: string, form: string, needs: number, ...takes: Takes[]): Form => ({ verb: name, form: `${name} ${form}`.trim(), needs, takes, may });

/** Every verb that the desk prints can be typed. Those used most come first: an empty line offers them. */
export const GRAMMAR: readonly Form[] = [
  verb('D', 'order.send', 'P-12 [0147]', 1, 'sign', 'number'),
  verb('ST', 'order.voice', `P-12 ${STEPS.join('|')}`, 2, 'sign', STEPS, 'text'),
  verb('NOTE', 'incident.note', 'text', 1, 'text'),
  verb('RECALL', 'order.recall', 'P-12', 1, 'sign'),
  verb('TAKE', 'incident.take', '[0147]', 0, 'number'),
  verb('FIND', '', 'text', 1, 'text'),
  verb('MSG', 'message.send', 'P-12 text', 2, 'sign', 'text'),
  verb('CLOSE', 'incident.close', '[reason]', 0, 'text'),
  verb('HOLD', 'incident.hold', 'minutes reason', 2, 'text'),
  verb('RESUME', 'incident.hold', '[0147]', 0, 'number'),
  verb('FEEDBACK', 'incident.feedback', 'FIRST|FURTHER|FINAL text', 2, STAGES, 'text'),
  verb('NEXT', 'order.send', '[0147]', 0, 'number'),
  verb('NONEXT', 'order.send', '[0147]', 0, 'number'),
  verb('IS', 'order.confirm', 'P-12', 1, 'sign', 'text'),
  verb('ISNT', 'order.confirm', 'P-12', 1, 'sign'),
  verb('SIGN', '', '[0147]', 0, 'number'),
  verb('DONE', 'order.sign_desk', '[0147]', 0, 'number'),
  verb('READ', 'notice.acknowledge', '[0147]', 0, 'number'),
  verb('ASK', 'request.ask', 'P-21 [0147]', 1, 'sign', 'number'),
  verb('GRANT', 'request.answer', 'P-21', 1, 'sign'),
  verb('ACCEPT', 'incident.answer_transfer', '[0147]', 0, 'number'),
  verb('REFUSE', '', 'reason', 1, 'text'),
  verb('WITHDRAW', '', '[0147]', 0, 'number'),
  verb('TRANSFER', 'incident.transfer', 'S3 reason', 2, 'centre', 'text'),
  verb('RETURN', 'incident.transfer', 'reason', 1, 'text'),
  verb('REPORT', 'report.send', 'FIRST|FOLLOW_UP|FINAL [text]', 1, REPORTS, 'text'),
  verb('CALLBACK', 'incident.call_back', `${RESULTS.join('|')} [text]`, 1, RESULTS, 'text'),
  verb('CLOSED', 'incident.call_back', '[0147]', 0, 'text'),
  verb('REOPEN', 'incident.reopen', '0147 cause', 2, 'text', 'text'),
  verb('AID', 'aid.grant', 'S3 S1 minutes reason', 4, 'centre', 'centre', 'text'),
  verb('ENDAID', 'aid.grant', 'S3', 1, 'centre'),
  verb('SOS', 'distress.raise_by_voice', 'P-12', 1, 'sign'),
  verb('ACK', 'distress.acknowledge', '[P-12]', 0, 'sign'),
  verb('END', 'distress.end', `P-12 ${OUTCOMES.join('|')}`, 2, 'sign', OUTCOMES),
  verb('OPEN', '', '[P-12]', 0, 'sign'),
  verb('CALL', 'call.take', '', 0),
  verb('JOIN', 'call.join', '[0147]', 0, 'number'),
  verb('ENDCALL', 'call.close', CALL_ENDS.join('|'), 1, CALL_ENDS),
  verb('YIELD', 'incident.yield', '[0147]', 0, 'number'),
  verb('WATCH', 'incident.watch', '[0147]', 0, 'number'),
  verb('UNWATCH', 'incident.watch', '[0147]', 0, 'number'),
];

/** One line that was understood: its verb, the words after it (plain, capital) and as they were typed. */
export interface Command {
  verb: string;
  words: readonly string[];
  typed: string;
}

/** What is wrong with a line: an error code of the catalogue with its facts. */
export interface Mistake {
  mistake: 'unknown_verb' | 'command_short';
  facts: Record<string, string>;
}

const OFFERED = 8;
/** Radio digits as they are spoken (洞幺两三四五六拐八勾) are accepted where numbers are. */
const SPOKEN: Record<string, string> = { 洞: '0', 幺: '1', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 拐: '7', 八: '8', 勾: '9' };

/** Full-width letters, digits and spaces become plain ones; spoken digits become digits. */
export function plain(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
  return narrow.replace(/[洞幺两三四五六拐八勾]/g, (digit) => SPOKEN[digit]!);
}

/** What is said when a verb lacks something. */
export function short(name: string): Mistake {
  return { mistake: 'command_short', facts: { form: GRAMMAR.find((one) => one.verb === name)?.form ?? name } };
}

/** Read one line. The verb may be written small; words after it keep their case in `typed`. */
export function parse(line: string): Command | Mistake | null {
  const given = line.trim();
  if (!given) return null;
  const [first = '', ...rest] = given.split(/\s+/);
  const name = plain(first).toUpperCase();
  const form = GRAMMAR.find((one) => one.verb === name);
  if (!form) return { mistake: 'unknown_verb', facts: { verb: first, possible: likely(name).join(' ') } };
  const words = rest.map((word) => plain(word).toUpperCase());
  const wrong = words.some((word, i) => listed(form.takes[i]) && i < form.needs && !listed(form.takes[i])!.includes(SAID[word] ?? word));
  if (rest.length < form.needs || wrong) return short(name);
  return { verb: name, words: words.map((word, i) => (form.takes[i] === STEPS ? (SAID[word] ?? word) : word)), typed: given.slice(first.length).trim() };
}

/** The words after the first `n`, as they were typed. */
export function after(command: Command, n: number): string {
  return command.typed.replace(new RegExp(`^(\\S+\\s*){0,${n}}`), '').trim();
}

const listed = (takes: Takes | undefined): readonly string[] | null => (takes === undefined || typeof takes === 'string' ? null : takes);

function likely(begin: string): string[] {
  const close = GRAMMAR.map((one) => one.verb).filter((name) => name.startsWith(begin.slice(0, 1)));
  return (close.length ? close : GRAMMAR.map((one) => one.verb)).slice(0, OFFERED);
}

/** Names that can stand in a command. */
export interface Known {
  sign: readonly string[];
  number: readonly string[];
  centre: readonly string[];
}

/** What could stand at the end of the line: verbs first, then what the verb takes there. At most eight. */
export function complete(line: string, known: Known): string[] {
  const words = line.trimStart().split(/\s+/);
  const last = plain(words[words.length - 1] ?? '').toUpperCase();
  if (words.length <= 1) return GRAMMAR.map((one) => one.verb).filter((name) => name.startsWith(last)).slice(0, OFFERED);
  const takes = GRAMMAR.find((one) => one.verb === plain(words[0]!).toUpperCase())?.takes[words.length - 2];
  if (takes === undefined || takes === 'text') return [];
  return pick(typeof takes === 'string' ? known[takes] : takes, last);
}

function pick(from: readonly string[], begin: string): string[] {
  const bare = begin.replace(/-/g, '');
  return from.filter((one) => one.toUpperCase().startsWith(begin) || one.toUpperCase().replace(/-/g, '').startsWith(bare)).slice(0, OFFERED);
}

/** Put a completion in place of the line's last word. */
export function put(line: string, word: string): string {
  return `${line.replace(/\S*$/, '')}${word} `;
}
