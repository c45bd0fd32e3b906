"""Who hears of an object, and what happens when that changes: conceal to who lost it, reveal whole to who has it now."""

from typing import Any

from dispatch import events
from dispatch.access import role_keys, tree_keys
from dispatch.actions.base import collect
from dispatch.lifecycles import ORDER_ACTIVE
from dispatch.models import Call, Centre, Incident, Note, Order, OrderRequest, Post, Suggestion, Unit
from dispatch.queries import present
from geo.areas import areas_on_ground

BUILD: dict[type, tuple[str, Any]] = {
    Incident: ("incident", present.incident_card),
    Call: ("call", present.call_card),
    Order: ("order", present.order_card),
    Note: ("note", present.note_card),
    Suggestion: ("suggestion", present.suggestion_card),
    Unit: ("unit", present.unit_card),
    OrderRequest: ("request", present.request_card),
}


def desks_of(centre: Centre) -> list[str]:
    """Return the keys of a centre's desks and of those above it."""
    return tree_keys(centre.area.lineage)


def overseers_of(centre: Centre) -> list[str]:
    """Return the keys of administrators and auditors of a centre and above."""
    lineage = centre.area.lineage
    return [*role_keys("administrator", lineage), *role_keys("auditor", lineage)]


def subject_of(row: Any) -> str:
    """Return the journal's subject for a row: `noun:uid`; what belongs to an incident is filed under it."""
    if isinstance(row, (Order, Note, Suggestion, OrderRequest)):
        return f"incident:{row.incident.uid}"
    if isinstance(row, Call) and row.incident:
        return f"incident:{row.incident.uid}"
    return f"{type(row).__name__.lower()}:{row.uid}"


def _active_orders(incident: Incident) -> list[Order]:
    joins = ("unit__centre__area", "post__centre__area", "centre__area")
    return list(incident.orders.filter(state__in=ORDER_ACTIVE).select_related(*joins))


def _target_centre(order: Order) -> Centre:
    if order.unit:
        return order.unit.centre
    return order.post.centre if order.post else order.centre  # type: ignore[return-value]


def _target_keys(order: Order) -> list[str]:
    keys = desks_of(_target_centre(order))
    if order.state in ORDER_ACTIVE:
        if order.unit_id:
            keys.append(f"unit:{order.unit_id}")
        if order.post_id:
            units = Unit.objects.filter(post_id=order.post_id, on_duty=True).values_list("pk", flat=True)
            keys += [f"unit:{unit}" for unit in units]
    return keys


def wanted(row: Any) -> list[str]:
    """Return the audience `row` should have now, sorted."""
    return sorted(set(_RULES[type(row)](row)))


def _incident(row: Incident) -> list[str]:
    keys = _without_ground(row)
    offer = row.transfers.filter(state="offered").select_related("to_centre__area").first()
    if offer:
        keys += desks_of(offer.to_centre)
    asked = row.requests.filter(state__in=["asked", "escalated"]).select_related("to_centre__area")
    for request in asked:
        keys += desks_of(request.to_centre)
    return keys + [f"ground:{area}" for area in areas_on_ground((row.point.x, row.point.y))]


def _without_ground(row: Incident) -> list[str]:
    keys = desks_of(row.centre)
    for order in _active_orders(row):
        keys += _target_keys(order)
    return keys


def _call(row: Call) -> list[str]:
    return desks_of(row.centre) + (desks_of(row.incident.centre) if row.incident else [])


def _order(row: Order) -> list[str]:
    return desks_of(row.incident.centre) + _target_keys(row)


def _unit(row: Unit) -> list[str]:
    keys = [*desks_of(row.centre), f"unit:{row.pk}"]
    joins = "incident__centre__area"
    for order in row.orders.filter(state__in=ORDER_ACTIVE).select_related(joins):
        keys += desks_of(order.incident.centre)
    return keys


_RULES: dict[type, Any] = {
    Incident: _incident,
    Call: _call,
    Order: _order,
    Unit: _unit,
    Note: lambda row: _without_ground(row.incident),
    Suggestion: lambda row: desks_of(row.incident.centre),
    OrderRequest: lambda row: desks_of(row.from_centre) + desks_of(row.to_centre),
    Post: lambda row: desks_of(row.centre),
}


def recast(row: Any) -> None:
    """Bring the stored audience of `row` up to date, telling who lost sight of it and who has it now."""
    new = wanted(row)
    lost = sorted(set(row.audience) - set(new))
    if row.audience == new:
        return
    noun, build = BUILD[type(row)]
    type(row).objects.filter(pk=row.pk).update(audience=new)
    row.audience = new
    stem = noun.capitalize()
    if lost:
        collect(getattr(events, f"{stem}Concealed")(removed_uid=row.uid), lost, subject_of(row))
    collect(getattr(events, f"{stem}Revealed")(**{noun: build(row)}), new, subject_of(row))


def recast_incident(incident: Incident) -> None:
    """Recast an incident and everything that hangs on it."""
    recast(incident)
    for call in incident.calls.select_related("centre__area", "taker"):
        call.incident = incident
        recast(call)
    for order in incident.orders.select_related(
        "unit__centre__area", "post__centre__area", "centre__area", "from_centre"
    ):
        order.incident = incident
        recast(order)
    for note in incident.notes.select_related("author"):
        note.incident = incident
        recast(note)
    newest = incident.suggestions.order_by("-number").first()
    if newest:
        newest.incident = incident
        recast(newest)


def reveal(row: Any) -> None:
    """Show `row` whole to its audience of now (after it was gone from every board)."""
    noun, build = BUILD[type(row)]
    collect(getattr(events, f"{noun.capitalize()}Revealed")(**{noun: build(row)}), row.audience, subject_of(row))
