"""Messages between desks and units: to one, several, all of a centre or those on an incident; back to the own desk."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from uuid_utils.compat import uuid7

from dispatch import access, events
from dispatch.access import Viewer
from dispatch.actions import inputs
from dispatch.actions.answers import device_time
from dispatch.actions.audience import subject_of, wanted
from dispatch.actions.base import action, collect, now
from dispatch.actions.find import get_any, get_seen
from dispatch.actions.house import everybody, lineage_or_top
from dispatch.actions.places import own_desk
from dispatch.errors import DispatchError
from dispatch.lifecycles import MESSAGE_IDLE, ORDER_ACTIVE, next_state
from dispatch.models import CannedText, Centre, Incident, Message, Unit
from dispatch.models.messages import TEXT_LIMIT, Way
from dispatch.queries.present_help import message_card

MOST = 500
Text = tuple[str, str, str]  # the words, the same in English where they are a ready text, its code


@action
def send_message(
    *, actor: Viewer, uid: UUID, units: list[UUID] | None = None, centre: UUID | None = None,
    incident: UUID | None = None, text: str = "", canned: str = "",
) -> list[Message]:  # fmt: skip
    """Send words to units on duty: those named, or all of a centre's subtree, or those ordered to an incident.

    One message a unit, sharing `uid` as their batch. Raises `unit_off_duty` for a named one, `no_addressee` for nobody.
    """
    desk = own_desk(actor, "message.send")
    if sum(given is not None for given in (units, centre, incident)) != 1:
        raise DispatchError("bad_input", field="units", expected="one of units, centre, incident")
    if Message.objects.filter(batch=inputs.uid(uid)).exists():
        raise DispatchError("exists", field="uid")
    about = get_seen(Incident, incident, actor, lock=False, field="incident") if incident else None
    addressed = (
        _named(actor, units) if units is not None else _of_centre(actor, centre) if centre else _on(actor, about)
    )
    if not 1 <= len(addressed) <= MOST:
        raise DispatchError("no_addressee" if not addressed else "too_many_addressees", count=len(addressed), high=MOST)
    words = _words(text, canned, Way.TO_UNIT, desk)
    to = {"batch": inputs.uid(uid), "way": Way.TO_UNIT, "centre": desk, "incident": about}
    return [_store(actor, words, uid=uuid7(), unit=unit, **to) for unit in addressed]


@action
def answer_desk(
    *, actor: Viewer, uid: UUID, unit_uid: UUID, text: str = "", canned: str = "", device_at: Any = None
) -> Message:
    """Send words from a crew on duty to its own desk. The same message sent again makes nothing new."""
    known = Message.objects.select_related("unit", "centre", "sender").filter(uid=inputs.uid(uid)).first()
    if known is not None:
        if known.sender_id != actor.person_id:
            raise DispatchError("not_found", object="message")
        return known
    unit = get_seen(Unit, unit_uid, actor, lock=False, field="unit")
    access.require(actor, "message.answer", unit_id=unit.pk)
    words = _words(text, canned, Way.TO_DESK, unit.centre)
    order = unit.orders.filter(state__in=ORDER_ACTIVE).select_related("incident").order_by("stacked", "sent_at").first()
    about, said = order.incident if order else None, device_time(device_at)
    to = {"uid": inputs.uid(uid), "batch": inputs.uid(uid), "way": Way.TO_DESK, "unit": unit, "centre": unit.centre}
    return _store(actor, words, incident=about, device_at=said, **to)


@action
def receive_message(*, actor: Viewer, uid: UUID, verb: str, device_at: Any = None) -> Message:
    """Say that the other side's device has it (deliver) or that oneself has read it (read). Late or twice changes nothing."""
    row = get_seen(Message, uid, actor)
    inputs.one_of(verb, "verb", MESSAGE_IDLE)
    if row.way == Way.TO_UNIT:
        access.require(actor, "message.answer", unit_id=row.unit_id)
    else:
        access.require(actor, "message.send", lineage=row.centre.area.lineage)
    if row.state in MESSAGE_IDLE[verb]:
        return row
    row.state = next_state("message", row.state, verb)
    row.delivered_at = row.delivered_at or now()
    if verb == "read":
        row.read_at, row.read_by_id = now(), actor.pk
    row.version += 1
    row.save()
    row.refresh_from_db(fields=["read_by"])
    event = events.MessageRead if verb == "read" else events.MessageDelivered
    collect(event(message=message_card(row), device_at=device_time(device_at)), row.audience, subject_of(row))
    return row


@action
def put_canned(
    *, actor: Viewer, code: str, way: str, text: str, text_en: str, centre: Centre | None = None, position: int = 100,
    active: bool = True,
) -> CannedText:  # fmt: skip
    """Make or change a ready text of a centre, or of the whole house."""
    lineage = centre.area.lineage if centre else lineage_or_top(None, actor)
    access.require(actor, "house.administer", lineage=lineage)
    named = inputs.text(code, "code", limit=30, required=True)
    row = CannedText.objects.filter(code=named, centre=centre).first() or CannedText(
        uid=uuid7(), code=named, centre=centre
    )
    row.way = inputs.one_of(way, "way", Way.values)
    row.text = inputs.text(text, "text", limit=120, required=True)
    row.text_en = inputs.text(text_en, "text_en", limit=120, required=True)
    row.position, row.active = inputs.whole(position, "position", low=0, high=32_000), bool(active)
    row.save()
    changed = {"centre": centre.area.code if centre else "", "way": row.way, "text": row.text, "active": row.active}
    collect(events.CannedChanged(code=named, changed=changed), everybody(), f"canned:{row.uid}")
    return row


def _named(actor: Viewer, uids: Iterable[UUID]) -> list[Unit]:
    found, wanted_uids = [], list(dict.fromkeys(uids))
    if len(wanted_uids) > MOST:  # before each of them is looked for
        raise DispatchError("too_many_addressees", count=len(wanted_uids), high=MOST)
    for uid in wanted_uids:
        unit = get_seen(Unit, uid, actor, lock=False, field="units")
        if access.view_of(unit.audience, actor) not in {"full", "watch"}:
            raise DispatchError("not_found", field="units", object="unit")
        if not unit.on_duty:
            since = unit.status_at.isoformat() if unit.status_at else None
            raise DispatchError("unit_off_duty", field="units", unit=unit.call_sign, since=since)
        found.append(unit)
    return found


def _of_centre(actor: Viewer, uid: UUID | None) -> list[Unit]:
    centre = get_any(Centre, uid or "", field="centre")
    access.require(actor, "message.send", lineage=centre.area.lineage)
    return list(_on_duty(Q(centre__area__lineage__contains=[centre.area_id])))


def _on(actor: Viewer, incident: Incident | None) -> list[Unit]:
    assert incident is not None
    access.require(actor, "message.send", lineage=incident.centre.area.lineage)
    orders = incident.orders.filter(state__in=ORDER_ACTIVE)
    posts = [pk for pk in orders.values_list("post_id", flat=True) if pk]
    units = [pk for pk in orders.values_list("unit_id", flat=True) if pk]
    return list(_on_duty(Q(pk__in=units) | Q(post_id__in=posts)))


def _on_duty(which: Q) -> Any:
    rows = Unit.objects.filter(which, on_duty=True, active=True).select_related("centre__area", "post")
    return rows.order_by("call_sign")[: MOST + 1]


def _words(text: str, canned: str, way: str, centre: Centre) -> Text:
    """Return the words of a message: free text, or a ready text of this centre's line, in both languages."""
    if not canned:
        return inputs.text(text, "text", limit=TEXT_LIMIT, required=True), "", ""
    known = CannedText.objects.filter(
        Q(centre=None) | Q(centre__area_id__in=centre.area.lineage), code=canned, way=way, active=True
    )
    found = known.select_related("centre__area") if canned.isprintable() else CannedText.objects.none()
    ready = max(found, key=_depth, default=None)
    if ready is None:
        raise DispatchError("bad_input", field="canned", value=str(canned)[:60])
    return ready.text, ready.text_en, ready.code


def _depth(ready: CannedText) -> int:
    return len(ready.centre.area.lineage) if ready.centre else 0


def _store(actor: Viewer, words: Text, **given: Any) -> Message:
    text, text_en, code = words
    row = Message(sender_id=actor.pk, text=text, text_en=text_en, canned=code, sent_at=now(), **given)
    row.audience = wanted(row)
    row.save()
    collect(events.MessageSent(message=message_card(row)), row.audience, subject_of(row))
    return row
