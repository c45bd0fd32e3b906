"""Cards: the full present state of one object as the screens get it.

Events, snapshot, feed, replay and export all carry these shapes, and the TypeScript types are generated from them.
Points are [lon, lat] in WGS-84 degrees; times are aware UTC; ids are the outside UUIDs. A field that a viewer may not
see is null (dispatch.access).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.card_base import Card, PersonRef, Point, Reached, Words
from dispatch.cards_evidence import AttachmentCard
from dispatch.cards_help import CannedCard, DistressCard, MessageCard
from dispatch.cards_life import AidInForce, Children, NoticeCard, ReportCard
from dispatch.said_by_fixes import Doubt, Inferred

__all__ = [
    "AidInForce",
    "AttachmentCard",
    "CannedCard",
    "Card",
    "Children",
    "DistressCard",
    "MessageCard",
    "NoticeCard",
    "PersonRef",
    "Point",
    "ReportCard",
    "Words",
]


class CentreCard(Card, kw_only=True, frozen=True):
    """A command centre and its area. `parent` is the centre above, null at the top."""

    code: str
    name: Words
    level: str
    line: str
    parent: UUID | None
    timezone: str
    centre_point: Point | None
    bounds: tuple[float, float, float, float] | None


class Crew(msgspec.Struct, frozen=True):
    """Sworn officers and auxiliaries, counted apart."""

    sworn: int
    auxiliary: int


class UnitCard(Card, kw_only=True, frozen=True):
    """A unit. `state`: off_duty, available, conditional, unavailable, sent, accepted, en_route, on_scene.

    `vehicle` is the code of what the crew signed on with, "" for none; `equipment` are codes of lifecycles.EQUIPMENT.
    """

    call_sign: str
    kind: str
    centre: UUID
    on_duty: bool
    state: str
    state_since: datetime | None
    reason: str
    crew: Crew
    vehicle: str
    equipment: list[str]
    talk_group: str
    radio_only: bool
    has_tracker: bool
    post: str
    reported_point: Point | None
    reported_at: datetime | None
    incident: UUID | None
    incident_number: str
    level: int | None
    version: int


class PostCard(Card, kw_only=True, frozen=True):
    """A staffed post and how many stand there now."""

    code: str
    name: Words
    centre: UUID
    point: Point
    staffed: int


class CallCard(Card, kw_only=True, frozen=True):
    """A call. Caller fields are null for whoever may not see them."""

    centre: UUID
    channel: str
    caller_number: str | None
    caller_name: str | None
    heard_place: str
    point: Point | None
    circle_m: float | None
    remark: str
    received_at: datetime
    answered_at: datetime | None
    taker: PersonRef | None
    state: str
    close_reason: str
    incident: UUID | None
    version: int


class IncidentCard(Card, kw_only=True, frozen=True):
    """An incident. Null remark and hazards: seen by ground only."""

    number: str
    centre: UUID
    owner: PersonRef | None
    owner_since: datetime | None
    watchers: list[PersonRef]
    kind: str
    level: int
    point: Point
    place: str
    circle_m: float | None
    remark: str | None
    hazards: str | None
    state: str
    received_at: datetime
    opened_at: datetime
    hold_until: datetime | None
    hold_reason: str
    transfer_to: UUID | None
    transfer_reason: str
    closed_at: datetime | None
    close_reason: str
    version: int


class OrderCard(Card, kw_only=True, frozen=True):
    """An order with its receipts. Target is exactly one of unit, post, centre; `children` only for a centre's.

    `sent_at` of a proposed one is when it was proposed; `proposed_for` is the unanswered order it follows. `rung` is how
    far silence has brought it: repeat (call: by radio), desk, next, commander; it stays when an answer came.
    """

    incident: UUID
    target_kind: str
    unit: UUID | None
    post: UUID | None
    centre: UUID | None
    target_name: str
    parent: UUID | None
    children: Children | None
    state: str
    active: bool
    sent_by: PersonRef | None
    from_centre: UUID
    sent_at: datetime
    delivered_at: datetime | None
    seen_at: datetime | None
    signed_by: PersonRef | None
    answered_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    ended_at: datetime | None
    suggestion_version: int | None
    suggestion_slot: int | None
    refuse_reason: str
    refuse_text: str
    disposition: str
    disposition_text: str
    by_voice: bool
    stacked: bool
    across: str
    origin: str
    talk_group: str
    radio_only: bool
    rung: str
    rung_at: datetime | None
    proposed_for: UUID | None
    inferred: Inferred | None
    doubt: Doubt | None
    reached: list[Reached]
    version: int


class NoteCard(Card, kw_only=True, frozen=True):
    """A note, a feedback report or a call-back on an incident. `source`: call sign or code of the desk it came from.

    `written_at` is ours, `device_at` the phone's when it sent one.
    """

    incident: UUID
    author: PersonRef | None
    kind: str
    stage: str
    source: str
    text: str
    written_at: datetime
    device_at: datetime | None


class SuggestedUnit(msgspec.Struct, kw_only=True, frozen=True):
    """One numbered line of the list. `how` says what the distance means: straight, post, voice."""

    slot: int
    unit: UUID
    call_sign: str
    kind: str
    centre: UUID
    crew: Crew
    state: str
    distance_m: int
    how: str
    age_s: float | None
    reason: str
    facts: dict[str, Any]
    order_by: str


class RefusedUnit(msgspec.Struct, kw_only=True, frozen=True):
    """A unit in scope that was not listed, with its one plain reason."""

    unit: UUID
    call_sign: str
    kind: str
    distance_m: int | None
    reason: str
    facts: dict[str, Any]


class SuggestedCamera(msgspec.Struct, kw_only=True, frozen=True):
    """One camera of the packet: `sight` is sees, can_turn, away, unknown or dead."""

    slot: int
    camera: UUID
    code: str
    name: str
    kind: str
    grade: str
    point: Point
    heading_deg: float | None
    fov_deg: float | None
    range_m: float | None
    distance_m: int
    bearing_deg: float
    sight: str
    turn_deg: float | None
    assumed: bool
    status: str
    consent: str
    reason: str


class SuggestionCard(Card, kw_only=True, frozen=True):
    """The packet of one incident, frozen under `number` (its version). `failed` is a code when ranking did not work."""

    incident: UUID
    number: int
    made_at: datetime
    method: str
    units: list[SuggestedUnit]
    refused: list[RefusedUnit]
    refused_more: int
    cameras: list[SuggestedCamera]
    cameras_counted: dict[str, int]
    empty_hint: str
    failed: str


class RequestCard(Card, kw_only=True, frozen=True):
    """A request for another centre's unit."""

    incident: UUID
    unit: UUID
    call_sign: str
    from_centre: UUID
    to_centre: UUID
    state: str
    asked_by: PersonRef | None
    asked_at: datetime
    deadline_at: datetime
    answered_at: datetime | None
    reason: str


CARDS: dict[str, type[Card]] = {
    "incident": IncidentCard,
    "call": CallCard,
    "order": OrderCard,
    "unit": UnitCard,
    "post": PostCard,
    "note": NoteCard,
    "attachment": AttachmentCard,
    "suggestion": SuggestionCard,
    "request": RequestCard,
    "distress": DistressCard,
    "notice": NoticeCard,
    "report": ReportCard,
    "aid": AidInForce,
    "message": MessageCard,
    "centre": CentreCard,
}
# Fields with a retention class of their own; everything else lives as long as its event's class says.
CARD_RETENTION: dict[str, dict[str, str]] = {
    "call": {"caller_number": "caller", "caller_name": "caller", "remark": "caller"},
    "unit": {"reported_point": "track"},
    "note": {"text": "message"},
    "attachment": {"taken_point": "photo"},
    "report": {"summary": "message", "lines": "message"},
    "message": {"words": "message"},
}


class KindCard(msgspec.Struct, kw_only=True, frozen=True):
    """An incident kind, as data. `desk_from_level`: from this level on the station's desk is ordered by default, not a unit."""

    code: str
    name: Words
    level: int
    group: str
    desk_from_level: int | None


class MeCard(msgspec.Struct, kw_only=True, frozen=True):
    """Who is looking: his person, roles by centre, home centre, language, and what he may do at all."""

    person: PersonRef
    roles: list[tuple[str, UUID]]
    home: UUID | None
    language: str
    may: list[str]
    unit: UUID | None


class Board(msgspec.Struct, kw_only=True, frozen=True):
    """The snapshot: everything one viewer may see, exactly at journal number `n` of `epoch`."""

    epoch: int
    n: int
    at: datetime
    me: MeCard
    centres: list[CentreCard]
    units: list[UnitCard]
    posts: list[PostCard]
    incidents: list[IncidentCard]
    calls: list[CallCard]
    orders: list[OrderCard]
    notes: list[NoteCard]
    attachments: list[AttachmentCard]
    suggestions: list[SuggestionCard]
    requests: list[RequestCard]
    distresses: list[DistressCard]
    notices: list[NoticeCard]
    reports: list[ReportCard]
    aids: list[AidInForce]
    messages: list[MessageCard]
    canned: list[CannedCard]
    kinds: list[KindCard]
    thresholds: dict[str, float]


def to_builtins(card: Any) -> Any:
    """Return a card as plain JSON-ready values (dicts, lists, strings, numbers)."""
    return msgspec.to_builtins(card)
