/** What a line of the unit list says of another centre's unit: asked, lent, aid. '' when there is nothing to say. */
import type { IncidentCard, SuggestedUnit } from '../../../contract/types';
import { clock } from '../../../core/clock.svelte';
import { t } from '../../../core/i18n';
import { inWords } from '../../../core/store.svelte';
import { clockMinute } from '../../../core/time';
import { mustAsk } from '../acts_between';
import { upwards } from '../../../core/line';
import { aidFor, left_s } from '../between';
import type { Desk } from '../desk.svelte';

export function unitSays(line: SuggestedUnit, incident: IncidentCard, desk: Desk): string {
  const { board } = desk.store;
  if (!board) return '';
  const centre = inWords(desk.store.centre(line.centre)?.name);
  const requests = [...board.request.values()].filter((one) => one.incident === incident.uid && one.unit === line.unit);
  const asked = requests.sort((a, b) => b.asked_at.localeCompare(a.asked_at))[0];
  if (asked?.state === 'asked') return t('unitline.asked', { seconds: left_s(asked.deadline_at, clock.now_ms) });
  if (asked?.state === 'escalated') return t('unitline.escalated');
  if (asked?.state === 'granted') return t('unitline.granted', { centre });
  if (mustAsk(desk, incident, line)) return t('unitline.ask', { centre });
  if (desk.home && !upwards(line.centre, board.centre).includes(desk.home)) {
    const aid = aidFor({ uid: line.unit, centre: line.centre }, board.aid.values(), board.centre, clock.now_ms);
    if (aid) return t('unitline.aid', { centre, time: clockMinute(aid.ends_at, desk.store.zone()) });
  }
  return '';
}
