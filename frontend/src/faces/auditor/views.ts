/** The auditor's list: looks put together by the server, and the steps of one of them. Plain functions. */
import type { PersonRef } from '../../contract/types';
import type { Api } from '../../core/api';

/** One person, camera and purpose from `first_at` to `last_at` (dispatch/queries/looks.py). Empty words were erased by rule. */
export interface Look {
  n: number;
  first_n: number;
  first_at: string;
  last_at: string;
  erased: boolean;
  person: PersonRef | null;
  camera_uid: string | null;
  camera_code: string;
  /** A photo of a crew instead of a camera: its hash's first eight digits and who took it. */
  photo_uid: string | null;
  photo: string;
  call_sign: string;
  purpose_uid: string | null;
  purpose_kind: string;
  purpose_text: string;
  incident_number: string;
  shown: number;
  refused: number;
  failed: number;
  granted: number;
  originals: number;
  trouble: string;
}

export interface LooksPage {
  looks: Look[];
  next: number | null;
}

/** One step of a look as the journal has it (dispatch/queries/views.py). */
export interface Step {
  n: number;
  at: string | null;
  camera_uid: string | null;
  step: string;
  outcome: string;
}

export interface StepsPage {
  views: Step[];
  next: number | null;
}

export interface Filters {
  person: string;
  camera: string;
  /** Local day of the auditor's centre as YYYY-MM-DD, "" for all. */
  day: string;
}

const PAGE = 50;
const STEPS = 200;

/** The local day of a moment in `zone`, as YYYY-MM-DD. */
export function dayOf(iso: string, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(Date.parse(iso));
}

/** The query of one page. */
export function pagePath(filters: Filters, before: number | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== null) query.set('before', String(before));
  if (filters.person) query.set('person', filters.person);
  if (filters.camera.trim()) query.set('camera', filters.camera.trim());
  if (filters.day) query.set('day', filters.day);
  return `/looks?${query.toString()}`;
}

export const readLooks = (api: Api, filters: Filters, before: number | null): Promise<LooksPage> => api.get<LooksPage>(pagePath(filters, before));

/** The query for the steps of one look, newest first, below `before`. */
export function stepsPath(look: Look, before = look.n + 1): string {
  const query = new URLSearchParams({ limit: String(STEPS), before: String(before), after: String(look.first_n - 1), camera: look.camera_code });
  if (look.person) query.set('person', look.person.uid);
  if (look.purpose_uid) query.set('purpose', look.purpose_uid);
  return `/views?${query.toString()}`;
}

/** The steps of one look, newest first: up to two hundred, and whether there are more. */
export async function readSteps(api: Api, look: Look): Promise<{ steps: Step[]; more: boolean }> {
  const page = await api.get<StepsPage>(stepsPath(look));
  return { steps: page.views.filter((one) => one.camera_uid === look.camera_uid), more: page.next !== null };
}

/** People seen in the looks, for the filter. */
export function peopleIn(looks: readonly Look[]): PersonRef[] {
  return [...new Map(looks.flatMap(({ person }) => (person ? [[person.uid, person] as const] : []))).values()];
}
