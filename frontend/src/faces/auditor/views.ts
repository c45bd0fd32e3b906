/** The auditor's list: reading pages of looks, and filtering by day, as plain functions. */
import type { Api } from '../../core/api';

/** One step of one look (dispatch/queries/views.py). Empty fields were erased by rule; `erased` names the classes. */
export interface LookLine {
  n: number;
  erased: string[];
  camera_uid: string | null;
  camera_code: string;
  purpose_uid: string | null;
  purpose_kind: string;
  purpose_text: string;
  incident_number: string;
  person_uid: string | null;
  person_name: string;
  step: string;
  outcome: string;
  at: string | null;
}

export interface ViewsPage {
  views: LookLine[];
  next: number | null;
}

export interface Filters {
  person: string;
  camera: string;
  /** Local day as YYYY-MM-DD, "" for all. */
  day: string;
}

const PAGE = 50;
const DAY_PAGE = 200;
const MOST_PAGES = 40;

/** The local day of a moment in `zone`, as YYYY-MM-DD. */
export function dayOf(iso: string, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(Date.parse(iso));
}

/** The query of one page. */
export function pagePath(filters: Filters, before: number | null): string {
  const query = new URLSearchParams({ limit: String(filters.day ? DAY_PAGE : PAGE) });
  if (before !== null) query.set('before', String(before));
  if (filters.person) query.set('person', filters.person);
  if (filters.camera.trim()) query.set('camera', filters.camera.trim());
  return `/views?${query.toString()}`;
}

/** Read on from `before`. With a day, pages are read until that day is past (newest come first) and only it is kept. */
export async function readViews(api: Api, filters: Filters, before: number | null, zone: string): Promise<ViewsPage> {
  if (!filters.day) return api.get<ViewsPage>(pagePath(filters, before));
  const found: LookLine[] = [];
  let next: number | null = before;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const got: ViewsPage = await api.get<ViewsPage>(pagePath(filters, next));
    found.push(...got.views.filter((line) => line.at !== null && dayOf(line.at, zone) === filters.day));
    const oldest = got.views.findLast((line) => line.at !== null);
    next = oldest?.at && dayOf(oldest.at, zone) < filters.day ? null : got.next;
    if (next === null) break;
  }
  return { views: found, next };
}

/** People seen in the lines, by name, for the filter. */
export function peopleIn(lines: readonly LookLine[]): { uid: string; name: string }[] {
  const people = new Map(lines.filter((line) => line.person_uid).map((line) => [line.person_uid!, line.person_name]));
  return [...people].map(([uid, name]) => ({ uid, name })).sort((a, b) => a.name.localeCompare(b.name));
}
