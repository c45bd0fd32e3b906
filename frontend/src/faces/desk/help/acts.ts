/** What a desk does to a distress: one function a verb, the same for key and mouse. */
import type { DistressCard, UnitCard } from '../../../contract/types';
import { uuid7 } from '../../../core/uuid7';
import { decide, run } from '../acts';
import type { Desk, Refusal } from '../desk.svelte';

/** A unit called for help by radio: enter it; it sounds as a pressed one does until somebody has it. */
export const raiseByVoice = (desk: Desk, unit: UnitCard, where: Refusal['where'], key = ''): Promise<unknown> =>
  run(desk, { key, command: `SOS ${unit.call_sign}`, where }, () => decide(desk, `/distress/${uuid7()}/by_voice`, { unit: unit.uid }));

export const acknowledge = (desk: Desk, one: DistressCard): Promise<unknown> =>
  run(desk, { key: 'A', command: `ACK ${one.call_sign}`, where: 'card' }, () => decide(desk, `/distress/${one.uid}/acknowledge`));

export const end = (desk: Desk, one: DistressCard, outcome: string): Promise<unknown> =>
  run(desk, { key: 'E', command: `END ${one.call_sign} ${outcome.toUpperCase()}`, where: 'card' }, () => decide(desk, `/distress/${one.uid}/end`, { outcome }));

/** Open the incident where the officer is and choose it: its packet lists the nearest units and cameras as any other's. */
export async function openIncident(desk: Desk, one: DistressCard): Promise<void> {
  const uid = uuid7();
  const act = { key: '+', command: `OPEN ${one.call_sign}`, where: 'card' as const };
  if (await run(desk, act, () => decide(desk, `/distress/${one.uid}/incident`, { uid }))) desk.choose(uid);
}
