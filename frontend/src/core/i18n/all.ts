/** All families, for the faces on a desk: importing this is knowing them. */
import { auditor } from './auditor';
import { between } from './between';
import { closed } from './closed';
import { desk } from './desk';
import { errors } from './errors';
import { events } from './events';
import { evidence } from './evidence';
import { field } from './field';
import { help } from './help';
import { learnWords, type Catalogue } from './index';
import { ladder } from './ladder';
import { officer } from './officer';
import { phone } from './phone';
import { reach } from './reach';
import { reasons } from './reasons';
import { replay } from './replay';
import { states } from './states';
import { things } from './things';
import { trackers } from './trackers';
import { verbs } from './verbs';

// One family a line: who adds one touches no other. A key stands in one family only, or the last would shadow the first.
export const FAMILIES: readonly Catalogue[] = [
  errors, states, things, reasons, verbs, events, desk, officer, auditor, replay,
  evidence,
  field,
  help,
  phone,
  between,
  ladder,
  reach,
  trackers,
  closed,
];
export const WORDS: Catalogue = Object.assign({}, ...FAMILIES) as Catalogue;

learnWords(WORDS);
