/** Words of the officer's page only. */
import type { Catalogue } from './index';

export const officer: Catalogue = {};
