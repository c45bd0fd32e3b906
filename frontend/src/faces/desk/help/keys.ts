/** The keys of a distress: only while one stands, and only on what heads the list. */
import type { Desk } from '../desk.svelte';
import * as acts from './acts';

export function onDistressKey(desk: Desk, key: string): boolean {
  const { watch } = desk;
  const one = watch.first;
  if (!one) return false;
  const mine = watch.mine(one);
  switch (key) {
    case 'a':
      if (one.state !== 'raised' || watch.quiet.has(one.uid)) return false;
      if (!desk.settled(one.uid)) return true;
      if (mine) void acts.acknowledge(desk, one);
      else watch.hush(one.uid);
      return true;
    case '0':
      desk.goTo = watch.where(one)?.point ?? null;
      return true;
    case '+':
      if (mine && !one.incident) void acts.openIncident(desk, one);
      else if (one.incident) desk.choose(one.incident);
      return mine;
    case 'e':
      desk.ending = mine && one.state === 'acknowledged' && desk.ending !== one.uid ? one.uid : null;
      return mine;
    default:
      return false;
  }
}
