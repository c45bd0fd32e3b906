/** Tests read screens without an entry: all words are known to them. */
import '../src/core/i18n/all';
