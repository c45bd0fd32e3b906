"""Rows → cards. The one place that decides how an object looks to the outside (before redaction)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from django.contrib.gis.geos import Point as GeosPoint
from django.db.models import Q

from dispatch.cards import (
    AttachmentCard,
    CallCard,
    CentreCard,
    Children,
    Crew,
    IncidentCard,
    KindCard,
    NoteCard,
    OrderCard,
    PersonRef,
    Point,
    PostCard,
    Reached,
    RequestCard,
    SuggestionCard,
    UnitCard,
    Words,
)
from dispatch.lifecycles import ORDER_ACTIVE, UNIT_REASONS
from dispatch.models import (
    Attachment,
    Call,
    Centre,
    CrewMember,
    Incident,
    IncidentKind,
    Note,
    Order,
    OrderRequest,
    Person,
    Post,
    Suggestion,
    Unit,
)
from geo import clock

FEW_IDS = 200
CALLER_SHOWN = timedelta(hours=24)  # the design's retention list: masked on screens after a day
ORDER_JOINS = ("incident", "unit", "post", "centre__area", "sent_by", "signed_by", "from_centre", "parent")
# How far an active order has got, as the unit's own state says it.
UNIT_STATE = {
    "sent": "sent",
    "delivered": "sent",
    "seen": "sent",
    "accepted": "accepted",
    "en_route": "en_route",
    "on_scene": "on_scene",
}


def lonlat(point: GeosPoint | None) -> Point | None:
    """Return (lon, lat) of a stored point, rounded to 1e-7 degree."""
    return (round(point.x, 7), round(point.y, 7)) if point else None


def person_ref(person: Person | None) -> PersonRef | None:
    """Return who a person is to others: name in both languages, no police number."""
    return PersonRef(uid=person.uid, name=Words(person.name, person.name, person.name_en)) if person else None


def centre_card(centre: Centre) -> CentreCard:
    """Card of a centre; needs area and area.parent.centre joined."""
    area = centre.area
    parent = getattr(area.parent, "centre", None) if area.parent_id else None
    extent = area.boundary.extent if area.boundary else None
    return CentreCard(
        uid=centre.uid,
        code=area.code,
        name=Words(area.name, area.name_zh, area.name_en),
        level=area.level,
        line=area.line,
        parent=parent.uid if parent else None,
        timezone=centre.timezone,
        centre_point=lonlat(area.boundary.point_on_surface) if area.boundary else None,
        bounds=tuple(round(value, 6) for value in extent) if extent else None,  # type: ignore[arg-type]
    )


def unit_cards(units: Iterable[Unit]) -> list[UnitCard]:
    """Cards of many units in three queries. Needs centre and post joined."""
    listed = list(units)
    # Thousands of ids in a statement cost more than the few rows that they keep out.
    these = Q(unit_id__in=[unit.pk for unit in listed]) if len(listed) <= FEW_IDS else Q()
    crews = _crews(these)
    orders: dict[int, Order] = {}
    active = Order.objects.filter(these, unit__isnull=False, state__in=ORDER_ACTIVE).select_related("incident")
    for order in active.order_by("stacked", "sent_at"):
        orders.setdefault(order.unit_id, order)  # type: ignore[arg-type]
    return [_unit_card(unit, crews.get(unit.pk, Aboard()), orders.get(unit.pk)) for unit in listed]


@dataclass
class Aboard:
    """Who is signed on to a unit now, counted, and what they have with them."""

    sworn: int = 0
    auxiliary: int = 0
    vehicle: str = ""
    equipment: list[str] = field(default_factory=list)


def _crews(these: Q) -> dict[int, Aboard]:
    crews: dict[int, Aboard] = {}
    rows = CrewMember.objects.filter(these, signed_off_at=None)
    for unit_id, sworn, vehicle, equipment in rows.values_list("unit_id", "sworn", "vehicle__code", "equipment"):
        aboard = crews.setdefault(unit_id, Aboard(vehicle=vehicle or "", equipment=equipment))
        aboard.sworn += sworn
        aboard.auxiliary += not sworn
    return crews


def unit_card(unit: Unit) -> UnitCard:
    """Card of one unit."""
    return unit_cards([unit])[0]


def unit_state(unit: Unit, order: Order | None) -> tuple[str, Any]:
    """Return (state, since when) of a unit, derived from duty, its first active order and its own status."""
    if not unit.on_duty:
        return "off_duty", unit.status_at
    if order is not None:
        since = {"accepted": order.answered_at, "en_route": order.en_route_at, "on_scene": order.on_scene_at}
        return UNIT_STATE[order.state], since.get(order.state) or order.sent_at
    return UNIT_REASONS.get(unit.unavailable_reason, "available"), unit.status_at


def _unit_card(unit: Unit, aboard: Aboard, order: Order | None) -> UnitCard:
    state, since = unit_state(unit, order)
    return UnitCard(
        uid=unit.uid,
        call_sign=unit.call_sign,
        kind=unit.kind,
        centre=unit.centre.uid,
        on_duty=unit.on_duty,
        state=state,
        state_since=since,
        reason="" if order else unit.unavailable_reason,
        crew=Crew(aboard.sworn, aboard.auxiliary),
        vehicle=aboard.vehicle,
        equipment=aboard.equipment,
        talk_group=unit.talk_group,
        radio_only=unit.radio_only,
        has_tracker=unit.tracker_id is not None,
        post=unit.post.code if unit.post else "",
        reported_point=lonlat(unit.reported_point) if unit.on_duty else None,
        reported_at=unit.reported_at if unit.on_duty else None,
        incident=order.incident.uid if order else None,
        incident_number=order.incident.number if order else "",
        level=order.incident.level if order else None,
        version=unit.version,
    )


def post_card(post: Post) -> PostCard:
    """Card of a staffed post."""
    staffed = post.units.filter(on_duty=True, active=True).count()
    point = lonlat(post.point)
    assert point is not None
    return PostCard(
        uid=post.uid, code=post.code, name=Words(post.name, post.name, post.name_en), centre=post.centre.uid,
        point=point, staffed=staffed,
    )  # fmt: skip


def masked(number: str) -> str:
    """Return a number of which only the last three digits are told."""
    return f"•••{number[-3:]}" if len(number) > 3 else "•••" if number else ""


def call_card(call: Call) -> CallCard:
    """Card of a call. Its number is masked once CALLER_SHOWN is over."""
    return CallCard(
        uid=call.uid,
        centre=call.centre.uid,
        channel=call.channel,
        caller_number=masked(call.caller_number)
        if clock.now() - call.received_at > CALLER_SHOWN
        else call.caller_number,
        caller_name=call.caller_name,
        heard_place=call.heard_place,
        point=lonlat(call.point),
        circle_m=call.circle_m,
        remark=call.remark,
        received_at=call.received_at,
        answered_at=call.answered_at,
        taker=person_ref(call.taker),
        state=call.state,
        close_reason=call.close_reason,
        incident=call.incident.uid if call.incident else None,
        version=call.version,
    )


def incident_card(incident: Incident) -> IncidentCard:
    """Card of an incident."""
    offer = incident.transfers.filter(state="offered").select_related("to_centre").first()
    point = lonlat(incident.point)
    assert point is not None
    watches = incident.watches.select_related("person").order_by("since")
    return IncidentCard(
        uid=incident.uid,
        number=incident.number,
        centre=incident.centre.uid,
        owner=person_ref(incident.owner),
        owner_since=incident.owner_since,
        watchers=[ref for watch in watches if (ref := person_ref(watch.person))],
        kind=incident.kind_id,
        level=incident.level,
        point=point,
        place=incident.place,
        circle_m=incident.circle_m,
        remark=incident.remark,
        hazards=incident.hazards,
        state=incident.state,
        received_at=incident.received_at,
        opened_at=incident.opened_at,
        hold_until=incident.hold_until,
        hold_reason=incident.hold_reason,
        transfer_to=offer.to_centre.uid if offer else None,
        transfer_reason=offer.reason if offer else "",
        closed_at=incident.closed_at,
        close_reason=incident.close_reason,
        version=incident.version,
    )


def target_name(order: Order) -> str:
    """Return the call sign, post code or centre code the order went to."""
    if order.unit:
        return order.unit.call_sign
    return order.post.code if order.post else order.centre.area.code  # type: ignore[union-attr]


BEST = {state: rank for rank, state in enumerate(ORDER_ACTIVE)}


def children_of(order: Order) -> Children | None:
    """Return how the child orders of a desk order stand; None for an order to anybody else."""
    if not order.centre_id:
        return None
    states = list(order.children.values_list("state", flat=True))
    active = [state for state in states if state in ORDER_ACTIVE]
    return Children(len(active), len(states) - len(active), max(active, key=BEST.__getitem__, default=""))


COPIED = (
    "uid", "target_kind", "state", "sent_at", "delivered_at", "seen_at", "answered_at", "en_route_at", "on_scene_at",
    "ended_at", "suggestion_version", "suggestion_slot", "refuse_reason", "refuse_text", "disposition",
    "disposition_text", "by_voice", "stacked", "across", "version",
)  # fmt: skip


def order_card(order: Order) -> OrderCard:
    """Card of an order; ORDER_JOINS says what to join for many."""
    return OrderCard(
        **{name: getattr(order, name) for name in COPIED},
        incident=order.incident.uid,
        unit=order.unit.uid if order.unit else None,
        post=order.post.uid if order.post else None,
        centre=order.centre.uid if order.centre else None,
        target_name=target_name(order),
        parent=order.parent.uid if order.parent else None,
        children=children_of(order),
        active=order.state in ORDER_ACTIVE,
        sent_by=person_ref(order.sent_by),
        from_centre=order.from_centre.uid,
        signed_by=person_ref(order.signed_by),
        talk_group=order.unit.talk_group if order.unit else "",
        radio_only=order.unit.radio_only if order.unit else False,
        reached=msgspec.convert(order.reached, list[Reached]),
    )


def note_card(note: Note) -> NoteCard:
    """Card of a note."""
    return NoteCard(
        uid=note.uid, incident=note.incident.uid, author=person_ref(note.author), kind=note.kind, stage=note.stage,
        source=note.source, text=note.text, written_at=note.written_at, device_at=note.device_at,
    )  # fmt: skip


ATTACHMENT_JOINS = ("incident", "order", "note", "author", "unit")
SHOWN_OF_PHOTO = (
    "uid", "taken_at", "taken_from", "doubts", "received_at", "sha256", "size_bytes", "media_type", "width", "height",
    "reduced", "erased_at",
)  # fmt: skip


def attachment_card(photo: Attachment) -> AttachmentCard:
    """Card of a photo; ATTACHMENT_JOINS says what to join for many."""
    return AttachmentCard(
        **{name: getattr(photo, name) for name in SHOWN_OF_PHOTO},
        incident=photo.incident.uid,
        order=photo.order.uid,
        note=photo.note.uid if photo.note else None,
        author=person_ref(photo.author),
        unit=photo.unit.uid,
        call_sign=photo.unit.call_sign,
        taken_point=lonlat(photo.taken_point),
    )


def suggestion_card(suggestion: Suggestion) -> SuggestionCard:
    """Card of a packet; its body was stored as shown."""
    return msgspec.convert(
        {
            **suggestion.body,
            "uid": str(suggestion.uid),
            "incident": str(suggestion.incident.uid),
            "number": suggestion.number,
            "made_at": suggestion.made_at.isoformat(),
            "failed": suggestion.failed_code,
        },
        SuggestionCard,
    )


def request_card(request: OrderRequest) -> RequestCard:
    """Card of a request across centres."""
    return RequestCard(
        uid=request.uid,
        incident=request.incident.uid,
        unit=request.unit.uid,
        call_sign=request.unit.call_sign,
        from_centre=request.from_centre.uid,
        to_centre=request.to_centre.uid,
        state=request.state,
        asked_by=person_ref(request.asked_by),
        asked_at=request.asked_at,
        deadline_at=request.deadline_at,
        answered_at=request.answered_at,
        reason=request.reason,
    )


def kind_card(kind: IncidentKind) -> KindCard:
    """Card of an incident kind."""
    return KindCard(
        code=kind.code, name=Words(kind.name, kind.name, kind.name_en), level=kind.level, group=kind.group,
        desk_from_level=kind.desk_from_level,
    )  # fmt: skip
