"""The facts of a report to the centre above, out of the journal: entries → lines of time, code and facts. Pure.

Nothing is invented and no caller is named: a line's words come from the screens' catalogue (`report.line.<code>`).
"""

from collections.abc import Callable, Iterable
from typing import Any

from dispatch.journal import Entry

Data = dict[str, Any]
Line = dict[str, Any]
KINDS = (
    "call.joined", "incident.opened", "incident.changed", "incident.transferred", "incident.held", "incident.resumed",
    "incident.due", "incident.reopened", "order.sent", "order.seen", "order.answered", "order.moved", "order.cleared",
    "order.recalled", "order.timed_out", "order.started", "order.joined", "request.answered", "request.expired", "note.written",
)  # fmt: skip
TOLD_CHANGES = {"kind", "level", "place", "point", "hazards"}


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """Return the lines of an incident's entries, oldest first, as ReportLine's plain values."""
    lines = []
    for entry in entries:
        told = TELL[entry.kind](entry.data) if entry.kind in TELL else None
        if told is not None:
            code, facts = told
            lines.append({"at": entry.at.isoformat(), "code": code, "facts": facts})
    return lines


Told = tuple[str, Data] | None


def _call(data: Data) -> Told:
    call = data.get("call", {})
    return "call", {
        "channel": call.get("channel"),
        "received_at": call.get("received_at"),
        "place": call.get("heard_place"),
    }


def _opened(data: Data) -> Told:
    incident = data["incident"]
    return "opened", {name: incident.get(name) for name in ("kind", "level", "place")}


def _changed(data: Data) -> Told:
    changed = sorted(set(data.get("changed", ())) & TOLD_CHANGES)
    incident = data["incident"]
    facts = {name: incident.get(name) for name in changed if name != "point"}
    return ("changed", {"changed": changed, "cause": data.get("cause", ""), **facts}) if changed else None


def _held(data: Data) -> Told:
    incident = data["incident"]
    return "held", {"reason": incident.get("hold_reason"), "until": incident.get("hold_until")}


def _order(code: str, *more: str) -> Callable[[Data], Told]:
    def tell(data: Data) -> Told:
        order = data["order"]
        facts = {
            "target": order.get("target_name"),
            "kind": order.get("target_kind"),
            "voice": data.get("how") == "voice",
        }
        return code, facts | {name: order.get(name) for name in more}

    return tell


def _seen(data: Data) -> Told:
    """A desk's signature is a fact of the report; that a crew has read its order is not."""
    order = data["order"]
    if order.get("target_kind") != "centre":
        return None
    return "signed", {"target": order.get("target_name"), "by": (order.get("signed_by") or {}).get("name")}


def _answered(data: Data) -> Told:
    if data["order"].get("state") == "refused":
        return _order("refused", "refuse_reason", "refuse_text")(data)
    return _order("accepted")(data)


def _moved(data: Data) -> Told:
    return _order("on_scene" if data["order"].get("state") == "on_scene" else "en_route")(data)


def _note(data: Data) -> Told:
    note = data["note"]
    if note.get("kind") == "note":
        return None
    return note.get("kind", "feedback"), {name: note.get(name) for name in ("stage", "source", "text")}


def _request(data: Data) -> Told:
    request = data["request"]
    return "lent", {"unit": request.get("call_sign"), "state": request.get("state"), "reason": request.get("reason")}


TELL: dict[str, Callable[[Data], Told]] = {
    "call.joined": _call,
    "incident.opened": _opened,
    "incident.changed": _changed,
    "incident.transferred": lambda data: ("transferred", {"centre": data["incident"].get("centre")}),
    "incident.held": _held,
    "incident.resumed": lambda _: ("resumed", {}),
    "incident.due": lambda _: ("resumed", {}),
    "incident.reopened": lambda data: ("reopened", {"cause": data.get("cause", "")}),
    "order.sent": _order("sent"),
    "order.seen": _seen,
    "order.answered": _answered,
    "order.moved": _moved,
    "order.cleared": _order("cleared", "disposition", "disposition_text"),
    "order.recalled": _order("recalled"),
    "order.timed_out": _order("timed_out"),
    "order.started": _order("on_scene"),
    "order.joined": _order("accepted"),
    "request.answered": _request,
    "request.expired": _request,
    "note.written": _note,
}
