/** The own shift's log names every kind of entry: words that come with its page. */
import { events } from '../../../core/i18n/events';
import { learnWords } from '../../../core/i18n/index';

learnWords(events);
