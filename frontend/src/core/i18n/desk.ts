/** Words of the desk. English is the longer language: widths are tested with it. */
import type { Catalogue } from './index';

export const desk: Catalogue = {
  'desk.queue': ['警情', 'Queue'],
};
