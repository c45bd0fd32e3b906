/** Every key of the desk with what it does: shown by `?`, and held against the handlers by a test. */
export interface Line {
  /** As pressed; several are alternatives or a pair. */
  keys: readonly string[];
  words: string;
}

export const SHEET: readonly { group: string; lines: readonly Line[] }[] = [
  {
    group: 'sheet.anywhere',
    lines: [
      { keys: ['/', 'F2'], words: 'sheet.command' },
      { keys: ['Esc'], words: 'sheet.esc' },
      { keys: ['[', ']'], words: 'sheet.choose' },
      { keys: ['A'], words: 'sheet.yes' },
      { keys: ['C'], words: 'keys.call' },
      { keys: ['O'], words: 'keys.open' },
      { keys: ['B'], words: 'map.back' },
      { keys: ['L'], words: 'map.layers' },
      { keys: ['Q'], words: 'message.title' },
      { keys: ['I'], words: 'aid.title' },
      { keys: [','], words: 'closed.key' },
      { keys: ['?'], words: 'sheet.title' },
    ],
  },
  {
    group: 'sheet.order',
    lines: [
      { keys: ['1', '9'], words: 'sheet.digits' },
      { keys: ['S'], words: 'sheet.station' },
      { keys: ['G'], words: 'target.title' },
      { keys: ['R'], words: 'verb.refresh' },
      { keys: ['Z'], words: 'sheet.recall' },
      { keys: ['V'], words: 'sheet.voice' },
      { keys: ['U'], words: 'sheet.no' },
      { keys: ['D', 'Del'], words: 'sheet.proposed' },
      { keys: ['=', '-'], words: 'sheet.inferred' },
      { keys: ['W'], words: 'sheet.withdraw' },
    ],
  },
  {
    group: 'sheet.incident',
    lines: [
      { keys: ['T'], words: 'verb.take' },
      { keys: ['H'], words: 'sheet.hold' },
      { keys: ['N'], words: 'verb.note' },
      { keys: ['F'], words: 'verb.feedback' },
      { keys: ['J'], words: 'sheet.join' },
      { keys: ['M'], words: 'sheet.transfer' },
      { keys: ['P'], words: 'verb.report' },
      { keys: ['K'], words: 'verb.call_back' },
      { keys: ['X'], words: 'verb.close' },
      { keys: ['.'], words: 'photo.title' },
      { keys: ['Y'], words: 'timeline.title' },
    ],
  },
  {
    group: 'sheet.distress',
    lines: [
      { keys: ['A'], words: 'distress.ack' },
      { keys: ['0'], words: 'distress.show' },
      { keys: ['+'], words: 'distress.open' },
      { keys: ['E'], words: 'distress.end' },
    ],
  },
];
