"""Fetch what an action is about: locked, and only if the actor may see it. `get_` raises `not_found`."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from dispatch.access import Viewer, view_of
from dispatch.actions import inputs
from dispatch.errors import DispatchError
from dispatch.models import (
    Attachment,
    Call,
    Centre,
    Distress,
    Incident,
    JournalEntry,
    Message,
    MutualAid,
    Notice,
    Order,
    OrderRequest,
    Person,
    Post,
    Report,
    Unit,
)

M = TypeVar("M", bound=Model)
JOINS: dict[type[Model], tuple[str, ...]] = {
    Attachment: ("incident__centre__area", "order", "note", "author", "unit"),
    Call: ("centre__area", "taker"),
    Incident: ("centre__area", "owner"),
    Order: ("from_centre", "incident__centre__area"),
    OrderRequest: ("incident__centre__area", "from_centre__area", "to_centre__area", "unit__centre__area"),
    Notice: ("incident__centre__area", "centre__area", "order__unit", "order__from_centre", "order__sent_by"),
    Report: ("incident__centre__area", "from_centre", "to_centre__area", "sent_by"),
    MutualAid: ("from_centre__area", "to_centre__area", "unit", "granted_by"),
    Post: ("centre__area",),
    Unit: ("centre__area", "post"),
    Distress: ("unit__centre__area", "unit__post", "centre__area", "person", "acknowledged_by", "ended_by", "incident"),
    Message: ("unit__centre__area", "centre__area", "sender", "read_by", "incident"),
    Centre: ("area",),
    Person: ("home",),
}


def get_any(model: type[M], uid: UUID | str, *, lock: bool = False, field: str = "uid") -> M:
    """Return the row with this outside id, whoever may see it. Raises `not_found`."""
    rows = model._default_manager.all()
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related(*JOINS[model]).filter(uid=inputs.uid(uid, field))
    # Who waited for the lock gets the row joined to its neighbours of before; where it has others now, it drops out of the
    # join (PostgreSQL's recheck under READ COMMITTED). Asked again, it is there.
    row = rows.first() or (rows.first() if lock else None)
    if row is None:
        raise DispatchError("not_found", field=field, object=model.__name__.lower())
    return row


def get_seen(model: type[M], uid: UUID | str, viewer: Viewer, *, lock: bool = True, field: str = "uid") -> M:
    """Return the row if `viewer` sees it, locked. Raises `not_found` alike for what is hidden and what is not there."""
    row = get_any(model, uid, lock=lock, field=field)
    audience: list[str] = getattr(row, "audience")  # noqa: B009
    if not viewer.system and view_of(audience, viewer) is None:
        raise DispatchError("not_found", field=field, object=model.__name__.lower())
    return row


def get_unit(pk: int) -> Unit:
    """Return a unit of ours as it is now, with what its card and its audience need."""
    return Unit.objects.select_related(*JOINS[Unit]).get(pk=pk)


def check_version(row: Any, version: int | None) -> None:
    """Raise `version_missing` or `version_conflict` unless `version` is the row's present one."""
    if version is None:
        raise DispatchError("version_missing")
    if row.version != version:
        raise DispatchError("version_conflict", yours=version, now=row.version, **_last_change(row))


def _last_change(row: Any) -> dict[str, Any]:
    """Return who changed `row` last, and when, out of the journal."""
    noun = type(row).__name__.lower()
    entries = JournalEntry.objects.filter(subject=f"{noun}:{row.uid}", kind__startswith=f"{noun}.")
    silent = [f"{noun}.{word}" for word in ("suggested", "revealed", "concealed")]
    last = entries.exclude(kind__in=silent).order_by("-n").first()
    if last is None or last.actor is None:
        return {}
    name = last.actor.get("name") or {}
    return {"by": name.get("name") or last.actor.get("system"), "at": last.at.isoformat(), "what": last.kind}
