/** What the map of this desk shows, as the person left it: groups of layers, and a picture of the ground. */
import { prefs } from '../../../core/prefs.svelte';
import type { Picture } from '../../../map/pictures';
import type { Group } from '../../../map/service';

export const GROUPS: readonly Group[] = ['cameras', 'sectors', 'sight', 'lines', 'posts'];
/** Shown only when asked for: nothing but the chosen incident carries view fields by itself. */
const ASKED_FOR: readonly Group[] = ['sectors'];
const HALF = 0.6;

const listed = (name: string): Group[] => (Array.isArray(prefs.layout[name]) ? (prefs.layout[name] as Group[]) : []);

export function isShown(group: Group): boolean {
  return ASKED_FOR.includes(group) ? listed('shown').includes(group) : !listed('hidden').includes(group);
}

export function setShown(group: Group, visible: boolean): void {
  const name = ASKED_FOR.includes(group) ? 'shown' : 'hidden';
  const rest = listed(name).filter((one) => one !== group);
  prefs.setLayout(name, visible === (name === 'shown') ? [...rest, group] : rest);
}

interface Kept {
  key: string | null;
  opacity: number;
}

/** The picture under the roads and how strong it is; one that the deployer took away is none. */
export function chosenPicture(pictures: readonly Picture[]): { picture: Picture | null; opacity: number } {
  const kept = prefs.layout['picture'] as Partial<Kept> | undefined;
  const opacity = typeof kept?.opacity === 'number' ? Math.min(1, Math.max(0.1, kept.opacity)) : HALF;
  return { picture: pictures.find((one) => one.key === kept?.key) ?? null, opacity };
}

export function choosePicture(key: string | null, opacity: number): void {
  prefs.setLayout('picture', { key, opacity } satisfies Kept);
}
