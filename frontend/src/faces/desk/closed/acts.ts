/** Incidents that are on no board any more: read, call back, open again. */
import type { ClosedIncident, ClosedIncidents } from '../../../contract/types';
import { tail } from '../../../core/time';
import { decide, run } from '../acts';
import type { Desk } from '../desk.svelte';

export const readClosed = async (desk: Desk): Promise<readonly ClosedIncident[]> => (await desk.app.api.get<ClosedIncidents>('/incidents/closed')).incidents;

/** The one that a number's end names. */
export function closedBy(all: readonly ClosedIncident[], number: string): ClosedIncident | undefined {
  return all.find((one) => one.number.endsWith(number) || Number(tail(one.number)) === Number(number));
}

export const callBackClosed = (desk: Desk, one: ClosedIncident, result: string, text: string): Promise<unknown> =>
  run(desk, { key: ',', command: `CLOSED ${tail(one.number)} ${result.toUpperCase()} ${text}`.trim(), where: 'panel' }, () =>
    decide(desk, `/incidents/${one.uid}/call_back`, { result, text }, true),
  );

/** Open it again and choose it, once the feed has brought it back. */
export async function reopen(desk: Desk, one: ClosedIncident, cause: string): Promise<boolean> {
  const act = { key: ',', command: `REOPEN ${tail(one.number)} ${cause}`, where: 'panel' as const };
  if ((await run(desk, act, () => decide(desk, `/incidents/${one.uid}/reopen`, { cause }))) === undefined) return false;
  desk.choose(one.uid);
  desk.panel = null;
  return true;
}
