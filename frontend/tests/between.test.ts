import { describe, expect, it } from 'vitest';
import type { CentreCard, KindCard, NoteCard, NoticeCard, ReportCard, RequestCard } from '../src/contract/types';
import { fromBoard } from '../src/core/board';
import { aidFor, allEnded, askedBy, askedOf, commonParent, defaultDesk, deskOrder, feedbackDue, left_s, loudness, openRequest, reaches, reportDue, stationDesk, waitingFor, waitsUntil } from '../src/faces/desk/between';
import { T0, board, incident, order } from './cards';

const centre = (uid: string, parent: string | null): CentreCard => ({ uid, parent, code: uid, name: { name: uid, zh: '', en: '' }, level: 'station', line: 'territorial', timezone: 'UTC', centre_point: null, bounds: null });
const TREE = new Map([centre('city', null), centre('d1', 'city'), centre('s1', 'd1'), centre('s2', 'd1'), centre('s3', 'city')].map((one) => [one.uid, one]));
const request = (over: Partial<RequestCard> = {}): RequestCard => ({
  uid: 'r-1', incident: 'i-1', unit: 'u-9', call_sign: 'P-21', from_centre: 's1', to_centre: 's2', state: 'asked', asked_by: null, asked_at: T0, deadline_at: '2026-03-11T21:04:20Z', answered_at: null, reason: '', ...over,
});
const notice = (over: Partial<NoticeCard> = {}): NoticeCard => ({
  uid: 'n-1', incident: 'i-1', order: 'o-1', centre: 's1', call_sign: 'P-12', from_centre: 'city', sent_by: null, sent_at: T0, why: 'below', acknowledged_by: null, acknowledged_at: null, ...over,
});
const report = (over: Partial<ReportCard> = {}): ReportCard => ({
  uid: 'p-1', incident: 'i-1', number: 1, stage: 'first', from_centre: 's1', to_centre: 'd1', summary: '', lines: [], sent_by: null, sent_at: T0, signed_by: null, signed_at: null, ...over,
});
const note = (stage: string, written_at = T0): NoteCard => ({ uid: stage, incident: 'i-1', author: null, kind: 'feedback', stage, source: 'P-12', text: 'x', written_at, device_at: null });
const kind = (desk_from_level: number | null): KindCard => ({ code: 'noise', name: { name: '扰民', zh: '', en: '' }, level: 4, group: 'public_order', desk_from_level });
const limit = (_: string, fallback_s: number): number => fallback_s;

describe('between desks', () => {
  it('finds the deepest common parent, and who is asked before and after silence', () => {
    expect(commonParent('s1', 's2', TREE)).toBe('d1');
    expect(commonParent('s1', 's3', TREE)).toBe('city');
    expect(commonParent('s1', 'nowhere', TREE)).toBeNull();
    expect([askedOf(request(), TREE), askedOf(request({ state: 'escalated' }), TREE)]).toEqual(['s2', 'd1']);
  });

  it('keeps saying what was asked until it was acted upon, and W takes the newest open one back', () => {
    const at = (second: number): string => `2026-03-11T21:04:0${second}Z`;
    const all = [
      request({ uid: 'a', unit: 'u-1', state: 'granted', asked_at: at(1) }), request({ uid: 'b', unit: 'u-2', state: 'refused', asked_at: at(2) }),
      request({ uid: 'c', unit: 'u-2', asked_at: at(3) }), request({ uid: 'd', unit: 'u-3', state: 'escalated', asked_at: at(4) }),
      request({ uid: 'e', unit: 'u-4', state: 'expired', asked_at: at(5) }), request({ uid: 'f', unit: 'u-5', state: 'withdrawn', asked_at: at(6) }),
    ];
    expect(askedBy({ uid: 'i-1' }, all, []).map((one) => one.uid)).toEqual(['a', 'c', 'd', 'e']);
    expect(askedBy({ uid: 'i-1' }, all, [order({ unit: 'u-1', sent_at: at(9) })]).map((one) => one.uid)).toEqual(['c', 'd', 'e']);
    expect([openRequest({ uid: 'i-1' }, all, 's1')?.uid, openRequest({ uid: 'i-1' }, all, 's2')]).toEqual(['d', undefined]);
    expect([waitsUntil(all[2]!, limit), waitsUntil(all[3]!, limit)].map((iso) => iso.slice(14, 19))).toEqual(['04:20', '06:20']);
  });

  it('lists what waits for a desk, and nothing that waits for another', () => {
    const child = { open: 0, ended: 2, best: '' };
    const all = fromBoard(board({
      centres: [...TREE.values()], requests: [request({ state: 'escalated' })], notices: [notice(), notice({ uid: 'n-2', acknowledged_at: T0 })], reports: [report()],
      incidents: [incident({ transfer_to: 's3' })],
      orders: [order({ unit: null, centre: 's1' }), order({ uid: 'o-2', unit: null, centre: 's1', state: 'accepted', children: child }), order({ uid: 'o-3', unit: null, centre: 's1', state: 'recalled', active: false })],
    }));
    const kinds = (home: string | null): string[] => waitingFor(all, home).map((item) => item.kind);
    expect(kinds('s1')).toEqual(['order', 'ended', 'notice']);
    expect(kinds('d1')).toEqual(['request', 'report']);
    expect([kinds('s2'), kinds('s3'), kinds(null)]).toEqual([[], ['transfer'], []]);
  });

  it('knows a desk order that is under way, and one whose children all ended', () => {
    const own = order({ unit: null, centre: 's1', children: { open: 0, ended: 1, best: '' } });
    expect(deskOrder('i-1', 's1', [order(), own])).toBe(own);
    expect(deskOrder('i-1', 's2', [own])).toBeUndefined();
    expect([allEnded(own), allEnded({ ...own, active: false }), allEnded(order())]).toEqual([true, false, false]);
  });

  it('orders the desk by default where the kind says so from this level on, never the own desk', () => {
    const quiet = incident({ level: 4, centre: 's1' });
    expect([defaultDesk(quiet, kind(4), 'city'), defaultDesk({ ...quiet, level: 3 }, kind(4), 'city'), defaultDesk(quiet, kind(null), 'city'), defaultDesk(quiet, kind(1), 's1')]).toEqual(['desk', 'unit', 'unit', 'unit']);
    expect([stationDesk(quiet, 'city'), stationDesk(quiet, 's1')]).toEqual(['s1', null]);
  });

  it('reaches what lies below a role that sends orders, and nothing else', () => {
    const reach = (role: string, at: string, where: string): boolean => reaches([[role, at]], where, TREE);
    expect([reach('dispatcher', 'd1', 's1'), reach('dispatcher', 's1', 's2'), reach('dispatcher', 's1', 'd1'), reach('call_taker', 'city', 's1')]).toEqual([true, false, false, false]);
  });

  it('sees aid in force for a unit of the giver, until its end', () => {
    const lent = { uid: 'a-1', from_centre: 'd1', to_centre: 's3', unit: null, call_sign: '', granted_by: null, granted_at: T0, ends_at: '2026-03-11T22:00:00Z', reason: 'match' };
    const now = Date.parse(T0);
    expect(aidFor({ uid: 'u-1', centre: 's1' }, [lent], TREE, now)).toBe(lent);
    expect(aidFor({ uid: 'u-1', centre: 's1' }, [lent], TREE, now + 3_600_000)).toBeNull();
    expect(aidFor({ uid: 'u-1', centre: 's1' }, [{ ...lent, unit: 'u-2' }], TREE, now)).toBeNull();
  });

  it('counts feedback from the first order, in three bands, until the final one', () => {
    const at = (s: number): number => Date.parse(T0) + s * 1000;
    expect(feedbackDue([], [], limit)).toBeNull();
    expect(feedbackDue([order()], [], limit)).toEqual({ stage: 'first', at_ms: at(1800) });
    expect(feedbackDue([order()], [note('first')], limit)).toEqual({ stage: 'further', at_ms: at(7200) });
    expect(feedbackDue([order()], [note('further')], limit)).toEqual({ stage: 'final', at_ms: at(14_400) });
    expect(feedbackDue([order()], [note('final')], limit)).toBeNull();
  });

  it('says which report is due upward, for levels 1 and 2 with a centre above', () => {
    const one = incident({ level: 1, centre: 's1' });
    expect(reportDue(one, [], [], TREE, limit)).toEqual({ stage: 'first', at_ms: Date.parse(T0) + 600_000 });
    expect(reportDue({ ...one, level: 3 }, [], [], TREE, limit)).toBeNull();
    expect(reportDue({ ...one, centre: 'city' }, [], [], TREE, limit)).toBeNull();
    expect(reportDue(one, [], [report()], TREE, limit)?.stage).toBe('follow_up');
    expect(reportDue(one, [note('final')], [report()], TREE, limit)?.stage).toBe('final');
    expect(reportDue(one, [], [report(), report({ number: 2, stage: 'final' })], TREE, limit)).toBeNull();
  });

  it('counts down and is loud only where somebody must act', () => {
    expect([left_s('2026-03-11T21:04:20Z', Date.parse(T0)), left_s(T0, Date.parse(T0) + 9000)]).toEqual([20, 0]);
    const heard = (what: string, data: Record<string, unknown>, home: string): number => loudness(what, data, home, 'me', TREE);
    expect([heard('request.asked', { request: request() }, 's2'), heard('request.asked', { request: request() }, 's1'), heard('notice.sent', { notice: notice() }, 's1')]).toEqual([2, 0, 1]);
    expect(heard('order.sent', { order: order({ unit: null, centre: 's1' }) }, 's1')).toBe(2);
    expect(heard('order.moved', { order: order() }, 's1')).toBe(0);
  });
});
