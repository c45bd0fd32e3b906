/** Small whole cards for tests of pure functions; every field is there, so a changed contract fails to compile. */
import type { Board, CallCard, IncidentCard, OrderCard, SuggestedUnit, SuggestionCard, UnitCard } from '../src/contract/types';

export const T0 = '2026-03-11T21:04:00Z';
const person = { uid: 'p-1', name: { name: 'Li Wen', zh: '李文', en: 'Li Wen' } };

export const incident = (over: Partial<IncidentCard> = {}): IncidentCard => ({
  uid: 'i-1', number: 'S3-260311-0147', centre: 'c-1', owner: person, owner_since: T0, watchers: [], kind: 'robbery', level: 1,
  point: [-122.409, 37.788], place: 'Powell / Geary', circle_m: null, remark: '', hazards: '', state: 'open', received_at: T0, opened_at: T0,
  hold_until: null, hold_reason: '', transfer_to: null, transfer_reason: '', closed_at: null, close_reason: '', version: 1, ...over,
} as IncidentCard);

export const order = (over: Partial<OrderCard> = {}): OrderCard => ({
  uid: 'o-1', incident: 'i-1', target_kind: 'unit', unit: 'u-1', post: null, centre: null, target_name: 'P-12', parent: null, children: null, state: 'sent', active: true,
  sent_by: person, from_centre: 'c-1', sent_at: T0, delivered_at: null, seen_at: null, signed_by: null, answered_at: null, en_route_at: null,
  on_scene_at: null, ended_at: null, suggestion_version: 1, suggestion_slot: 1, refuse_reason: '', refuse_text: '', disposition: '',
  disposition_text: '', by_voice: false, stacked: false, across: '', talk_group: '', radio_only: false, reached: [], version: 1, ...over,
});

export const call = (over: Partial<CallCard> = {}): CallCard => ({
  uid: 'k-1', centre: 'c-1', channel: 'phone', caller_number: null, caller_name: null, heard_place: '', point: [-122.409, 37.788], circle_m: null,
  remark: '', received_at: T0, answered_at: T0, taker: person, state: 'open', close_reason: '', incident: null, version: 1, ...over,
});

export const unit = (over: Partial<UnitCard> = {}): UnitCard => ({
  uid: 'u-1', call_sign: 'P-12', kind: 'car', centre: 'c-1', on_duty: true, state: 'available', state_since: T0, reason: '', crew: { sworn: 2, auxiliary: 1 },
  vehicle: '', equipment: [], talk_group: '', radio_only: false, has_tracker: true, post: '', reported_point: null, reported_at: null, incident: null, incident_number: '', level: null,
  version: 1, ...over,
});

export const listed = (slot: number, over: Partial<SuggestedUnit> = {}): SuggestedUnit => ({
  slot, unit: `u-${slot}`, call_sign: `P-${slot}`, kind: 'car', centre: 'c-1', crew: { sworn: 2, auxiliary: 0 }, state: 'available', distance_m: slot * 100,
  how: 'straight', age_s: 1, reason: 'nearest', facts: {}, order_by: 'own', ...over,
});

export const suggestion = (number: number, units: SuggestedUnit[], over: Partial<SuggestionCard> = {}): SuggestionCard => ({
  uid: `s-${number}`, incident: 'i-1', number, made_at: T0, method: 'straight_line', units, refused: [], refused_more: 0, cameras: [], cameras_counted: {},
  empty_hint: '', failed: '', ...over,
});

export const board = (over: Partial<Board> = {}): Board => ({
  epoch: 1, n: 10, at: T0,
  me: { person, roles: [['dispatcher', 'c-1']], home: 'c-1', language: 'en', may: ['order.send'], unit: null },
  centres: [], units: [], posts: [], incidents: [], calls: [], orders: [], notes: [], suggestions: [], requests: [], distresses: [], notices: [], reports: [], aids: [], kinds: [], thresholds: {}, ...over,
} as Board);
