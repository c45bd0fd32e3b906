/** The families of words that the phone's screens use: what a desk says besides is not fetched. Held by `words.test.ts` beside it. */
import { errors } from '../../core/i18n/errors';
import { evidence } from '../../core/i18n/evidence';
import { field } from '../../core/i18n/field';
import { help } from '../../core/i18n/help';
import { learnWords, type Catalogue } from '../../core/i18n/index';
import { ladder } from '../../core/i18n/ladder';
import { officer } from '../../core/i18n/officer';
import { phone } from '../../core/i18n/phone';
import { reach } from '../../core/i18n/reach';
import { reasons } from '../../core/i18n/reasons';
import { states } from '../../core/i18n/states';
import { things } from '../../core/i18n/things';
import { trackers } from '../../core/i18n/trackers';
import { verbs } from '../../core/i18n/verbs';

export const OWN: readonly Catalogue[] = [errors, states, things, reasons, verbs, officer, evidence, field, help, phone, ladder, reach, trackers];

learnWords(...OWN);
