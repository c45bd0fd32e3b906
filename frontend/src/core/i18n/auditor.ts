/** Words of the auditor's page only. */
import type { Catalogue } from './index';

export const auditor: Catalogue = {};
