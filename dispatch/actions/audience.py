"""Who hears of an object, and what happens when that changes: conceal to who lost it, reveal whole to who has it now."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from psycopg import sql

from dispatch import events
from dispatch.access import role_keys, tree_keys
from dispatch.actions.base import collect
from dispatch.lifecycles import DISTRESS_OPEN, ORDER_ACTIVE, ORDER_IN_HAND, REQUEST_OPEN
from dispatch.models import (
    Attachment,
    Call,
    Centre,
    Distress,
    Incident,
    Message,
    MutualAid,
    Note,
    Notice,
    Order,
    OrderRequest,
    Person,
    Post,
    Report,
    Suggestion,
    Unit,
)
from dispatch.queries.shown import BUILD
from geo.areas import areas_on_ground

# What hangs on an incident and stands on a board, in the order in which it is told, and what each card needs beside it.
PARTS: dict[type[Model], tuple[str, ...]] = {
    Call: ("centre__area", "taker"),
    Order: ("unit__centre__area", "post__centre__area", "centre__area", "from_centre", "parent__centre__area"),
    Note: ("author",),
    Attachment: ("order", "note", "author", "unit"),
    OrderRequest: ("to_centre__area", "from_centre", "unit", "asked_by"),
    Notice: ("centre__area", "order__unit", "order__from_centre", "order__sent_by"),
    Report: ("from_centre", "to_centre", "sent_by"),
    Suggestion: (),
}


def desks_of(centre: Centre) -> list[str]:
    """Return the keys of a centre's desks and of those above it."""
    return tree_keys(centre.area.lineage)


def overseers_of(centre: Centre) -> list[str]:
    """Return the keys of administrators and auditors of a centre and above."""
    lineage = centre.area.lineage
    return [*role_keys("administrator", lineage), *role_keys("auditor", lineage)]


def hearers_of(person: Person) -> list[str]:
    """Return the keys of who hears of a person's own devices: himself, and administrators and auditors over his home."""
    return [*(overseers_of(person.home) if person.home else []), f"person:{person.pk}"]


def subject_of(row: Any) -> str:
    """Return the journal's subject for a row: `noun:uid`; what belongs to an incident is filed under it."""
    if isinstance(row, (Order, Note, Attachment, Suggestion, OrderRequest, Notice, Report)):
        return f"incident:{row.incident.uid}"
    if isinstance(row, Call) and row.incident:
        return f"incident:{row.incident.uid}"
    return f"{'aid' if isinstance(row, MutualAid) else type(row).__name__.lower()}:{row.uid}"


def _orders_in_hand(incident: Incident) -> list[Order]:
    known: list[Order] | None = getattr(incident, "orders_in_hand", None)  # only while recast_incident works on it
    if known is not None:
        return known
    joins = ("unit__centre__area", "post__centre__area", "centre__area")
    return list(incident.orders.filter(state__in=ORDER_IN_HAND).select_related(*joins))


def _target_centre(order: Order) -> Centre:
    if order.unit:
        return order.unit.centre
    return order.post.centre if order.post else order.centre  # type: ignore[return-value]


def _target_keys(order: Order) -> list[str]:
    keys = desks_of(_target_centre(order))
    active = order.state in ORDER_ACTIVE
    if order.centre_id:
        return keys
    if order.unit_id and active:
        return [*keys, f"unit:{order.unit_id}"]
    stand = Unit.objects.filter(Q(pk=order.unit_id or 0) | Q(post_id=order.post_id or 0), on_duty=True)
    if not active:  # unanswered too long: still in the hand of the crew that was asked, and of no other
        stand = stand.filter(duty_since__lte=order.sent_at)
    return keys + [f"unit:{unit}" for unit in stand.values_list("pk", flat=True)]


def wanted(row: Any) -> list[str]:
    """Return the audience `row` should have now, sorted."""
    return sorted(set(_RULES[type(row)](row)))


def _incident(row: Incident) -> list[str]:
    keys = _without_ground(row)
    offer = row.transfers.filter(state="offered").select_related("to_centre__area").first()
    if offer:
        keys += desks_of(offer.to_centre)
    asked = row.requests.filter(state__in=REQUEST_OPEN).select_related("to_centre__area")
    for request in asked:
        keys += desks_of(request.to_centre)
    return keys + _ground(row)


def _ground(row: Incident) -> list[str]:
    return [f"ground:{area}" for area in areas_on_ground((row.point.x, row.point.y))]


def wanted_at_opening(row: Incident) -> list[str]:
    """Return the audience of an incident on which nothing hangs yet, without asking for what cannot be there."""
    return sorted({*desks_of(row.centre), *_ground(row)})


def _without_ground(row: Incident) -> list[str]:
    keys = desks_of(row.centre)
    for order in _orders_in_hand(row):
        keys += _target_keys(order)
    return keys


def _call(row: Call) -> list[str]:
    # What belongs to an incident is seen by nobody who does not see the incident: a screen drops both together.
    return desks_of(row.incident.centre if row.incident else row.centre)


def _order(row: Order) -> list[str]:
    keys = desks_of(row.incident.centre)
    if row.state in ORDER_IN_HAND:
        keys += _target_keys(row)
    if row.parent and row.parent.state in ORDER_ACTIVE:
        keys += desks_of(_target_centre(row.parent))
    return keys


def _request(row: OrderRequest) -> list[str]:
    asked = row.state in REQUEST_OPEN
    return desks_of(row.incident.centre) + (desks_of(row.to_centre) if asked else [])


def _notice(row: Notice) -> list[str]:
    keys = desks_of(row.incident.centre)
    return keys + desks_of(row.centre) if row.order.state in ORDER_IN_HAND else keys


def _unit(row: Unit) -> list[str]:
    keys = [*desks_of(row.centre), f"unit:{row.pk}"]
    joins = "incident__centre__area"
    active = list(row.orders.filter(state__in=ORDER_ACTIVE).select_related(joins))
    for order in active:
        keys += desks_of(order.incident.centre)
    # Whoever was called to help follows the unit on his map while it stands.
    for near in row.distresses.filter(state__in=DISTRESS_OPEN).values_list("near", flat=True):
        keys += near
    return keys + _beside(row, [order.incident_id for order in active])


def _beside(row: Unit, incidents: list[int]) -> list[str]:
    """Return the keys of the crews that are on the same incidents: they see one another as long as both are on one."""
    if not incidents:
        return []
    others = Order.objects.filter(incident__in=incidents, state__in=ORDER_ACTIVE, unit__isnull=False).exclude(unit=row)
    return [f"unit:{unit}" for unit in others.values_list("unit_id", flat=True)]


def _distress(row: Distress) -> list[str]:
    return [*desks_of(row.centre), f"unit:{row.unit_id}", *row.near]


def _message(row: Message) -> list[str]:
    # Only of the duty in which it was said: the next crew on the unit has nothing of the last one's.
    crew = row.unit.on_duty and row.unit.duty_since and row.unit.duty_since <= row.sent_at
    return [*desks_of(row.centre), *desks_of(row.unit.centre), *([f"unit:{row.unit_id}"] if crew else [])]


_RULES: dict[type, Any] = {
    Incident: _incident,
    Call: _call,
    Order: _order,
    Unit: _unit,
    Note: lambda row: _without_ground(row.incident),
    Attachment: lambda row: _without_ground(row.incident),
    Suggestion: lambda row: desks_of(row.incident.centre),
    OrderRequest: _request,
    Post: lambda row: desks_of(row.centre),
    Distress: _distress,
    Notice: _notice,
    Report: lambda row: desks_of(row.incident.centre),
    MutualAid: lambda row: desks_of(row.from_centre) + desks_of(row.to_centre),
    Message: _message,
}


def recast(row: Any, new: list[str] | None = None) -> bool:
    """Bring the stored audience of `row` up to date, telling who lost sight of it and who has it now.

    `new` when the caller knows what is wanted. Returns whether anything was told.
    """
    new = wanted(row) if new is None else new
    lost = sorted(set(row.audience) - set(new))
    if row.audience == new:
        return False
    type(row).objects.filter(pk=row.pk).update(audience=new)
    row.audience = new
    if lost:
        conceal(row, lost)
    reveal(row)
    return True


def recast_incident(incident: Incident) -> None:
    """Recast an incident and everything that hangs on it; a closed one is on no board and waits for its reopening."""
    if incident.state == "closed":
        return
    incident.orders_in_hand = _orders_in_hand(incident)  # type: ignore[attr-defined]
    try:
        new = wanted(incident)
        concealed = set(incident.audience) - set(new)
        recast(incident, new)
        for row in parts_of(incident):
            # A screen drops the parts with the incident; who still has it by another key needs them again.
            if not recast(row) and concealed:
                reveal(row)
    finally:
        del incident.orders_in_hand  # type: ignore[attr-defined]
    recast_crews_on(incident)
    newest = incident.suggestions.order_by("-number").first()
    if newest:
        incident.suggestions.exclude(pk=newest.pk).update(audience=newest.audience)


def recast_crews_on(incident: Incident) -> None:
    """Recast the units on an incident after one came to it or left: who is on it sees who else is."""
    on_it = incident.orders.filter(state__in=ORDER_ACTIVE, unit__isnull=False).values("unit")
    for unit in Unit.objects.filter(pk__in=on_it).select_related("centre__area", "post").order_by("pk"):
        recast(unit)


def parts_of(incident: Incident) -> Iterator[Any]:
    """Yield everything that hangs on an incident and stands on a board: calls, orders, notes, photos, requests, copies, reports, newest packet."""
    for model in _that_hang_on(incident):
        rows: Any = model._default_manager.filter(incident=incident)
        newest = model is Suggestion
        for row in rows.order_by("-number")[:1] if newest else rows.select_related(*PARTS[model]).order_by("pk"):
            row.incident = incident
            yield row


def _that_hang_on(incident: Incident) -> list[type[Model]]:
    """Return which of PARTS this incident has any of. By hand: building eight wide queries costs more than asking them."""
    there = sql.SQL("EXISTS (SELECT 1 FROM {} WHERE incident_id = %(pk)s)")
    parts = sql.SQL(", ").join(there.format(sql.Identifier(model._meta.db_table)) for model in PARTS)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(parts), {"pk": incident.pk})
        return [model for model, found in zip(PARTS, cursor.fetchone(), strict=True) if found]


def recast_orders_to(post: Post) -> None:
    """Recast what was ordered to a post after somebody came to stand there, or left."""
    joins = ("incident__centre__area", "incident__owner")
    for order in Order.objects.filter(post=post, state__in=ORDER_ACTIVE).select_related(*joins):
        recast_incident(order.incident)


def recast_messages_to(unit: Unit) -> None:
    """A crew went off duty: what was said to it is for the desks alone, the next crew begins with nothing."""
    joins = ("unit__centre__area", "centre__area", "sender", "read_by", "incident")
    for row in Message.objects.filter(unit=unit, audience__contains=[f"unit:{unit.pk}"]).select_related(*joins):
        recast(row)


def recast_unanswered_by(unit: Unit) -> None:
    """A crew went off duty: what it never answered is for the desks alone."""
    joins = ("incident__centre__area", "incident__owner")
    held = Order.objects.filter(unit=unit, audience__contains=[f"unit:{unit.pk}"]).exclude(state__in=ORDER_ACTIVE)
    for order in held.select_related(*joins):
        recast_incident(order.incident)


def reveal(row: Any) -> None:
    """Show `row` whole to its audience of now."""
    noun, build = BUILD[type(row)]
    collect(getattr(events, f"{noun.capitalize()}Revealed")(**{noun: build(row)}), row.audience, subject_of(row))


def conceal(row: Any, keys: list[str]) -> None:
    """Take `row` off the boards of these keys."""
    noun, _ = BUILD[type(row)]
    collect(getattr(events, f"{noun.capitalize()}Concealed")(removed_uid=row.uid), keys, subject_of(row))
