"""Who may see, do and order what. Small tables, default deny; nobody is above them, superusers included.

Seeing: every object stores its audience, a list of keys. A viewer holds keys, each with the view it gives. An object is
seen when one key matches, through the best view that matched; `redact` trims the rest. Doing: `MAY` names the roles of
each verb; the role must be held at a centre on the object's line up the tree, or the person is of the unit's crew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from dispatch.cards import Words
from dispatch.errors import DispatchError
from dispatch.models import Assignment, CrewMember, Person
from geo import clock
from geo.models import Area

DESK = {"call_taker", "dispatcher", "shift_commander", "supervisor"}
SEES_BOARD = DESK | {"video_watcher"}
CALLS = {"call_taker", "dispatcher", "shift_commander"}
ORDERS = {"dispatcher", "shift_commander"}
CREW = "crew"

MAY: dict[str, set[str]] = {
    "board.read": SEES_BOARD | {"officer"},
    "call.take": CALLS,
    "call.close": CALLS,
    "call.join": CALLS,
    "incident.open": CALLS,
    "incident.edit": CALLS,
    "incident.take": ORDERS,
    "incident.yield": ORDERS,
    "incident.watch": SEES_BOARD,
    "incident.hold": ORDERS,
    "incident.transfer": ORDERS,
    "incident.answer_transfer": ORDERS,
    "incident.close": ORDERS | {"supervisor"},
    "incident.close_without_feedback": {"shift_commander", "supervisor"},
    "incident.bring_back": {"worker"},
    "incident.call_back": CALLS | {"supervisor"},
    "incident.reopen": {"shift_commander", "supervisor"},
    "incident.note": SEES_BOARD | {CREW},
    "incident.feedback": ORDERS | {CREW},
    "attachment.send": {"officer"},
    "attachment.look": SEES_BOARD | {CREW},
    # Where the metadata is still in it: who answers for the case, with a purpose in words.
    "attachment.original": {"shift_commander", "supervisor"},
    "incident.suggest": ORDERS | {"call_taker", "ranker"},
    "order.send": ORDERS,
    "order.recall": ORDERS,
    "order.replace": ORDERS,
    "order.voice": ORDERS,
    "order.time_out": {"worker"},
    "order.escalate": {"worker"},
    "order.infer": {"worker"},
    "order.confirm": ORDERS | {CREW},
    "order.answer": {CREW},
    "order.ending": {"officer", CREW},
    "order.sign_desk": ORDERS,
    "request.ask": ORDERS,
    "request.answer": ORDERS,
    "request.escalate": {"worker"},
    "request.expire": {"worker"},
    "aid.grant": {"shift_commander"},
    "aid.expire": {"worker"},
    "notice.acknowledge": CALLS,
    "report.send": ORDERS,
    "report.sign": ORDERS,
    "unit.sign_on": ORDERS | {"officer"},
    "unit.sign_off": ORDERS | {CREW},
    "unit.set_status": ORDERS | {CREW},
    "unit.set_place": ORDERS | {CREW},
    "distress.raise": {"officer"},
    "distress.raise_by_voice": CALLS,
    "distress.cancel": {"officer"},
    "distress.acknowledge": DESK,
    "distress.end": ORDERS | {"supervisor"},
    "distress.open_incident": CALLS,
    "distress.escalate": {"worker"},
    "distress.follow": {"worker"},
    "message.send": CALLS,
    "message.answer": {CREW},
    "device.enrol": {CREW},
    "tracker_app.add": {CREW},
    "tracker_app.end_own": {"officer"},
    "incident.start": {CREW},
    "shift.read_own": {"officer"},
    "incident.join": {CREW},
    "order.step_back": {CREW},
    "push.register": {CREW},
    "push.forget": {"officer"},
    "reach.send": {"outlets"},
    "camera.look": {"dispatcher", "video_watcher", "shift_commander", "supervisor"},
    "camera.look_for_order": {CREW},
    "views.read": {"auditor"},
    "history.read": DESK | {"auditor"},
    "replay.open": {"shift_commander", "supervisor"},
    "replays.read": {"shift_commander", "supervisor", "auditor"},
    "import.run": {"administrator"},
    "house.administer": {"administrator"},
    "journal.keep": {"worker"},
}

# What each view leaves out: card → field → what stands there instead.
HIDDEN: dict[str, dict[str, dict[str, Any]]] = {
    "full": {},
    "watch": {"call": {"caller_number": None, "caller_name": None}},
    "unit": {"incident": {"watchers": []}, "order": {"reached": []}, "distress": {"reached": []}},
    "ground": {
        "incident": {
            "remark": None, "hazards": None, "owner": None, "watchers": [], "hold_reason": "", "close_reason": "",
            "transfer_to": None, "transfer_reason": "",
        },
        "unit": {"reported_point": None, "reason": "", "incident": None, "incident_number": ""},
        "distress": {"incident": None, "end_text": "", "reached": []},
    },
}  # fmt: skip
# Facts of an event itself that a view leaves out: they say in words what the card's hidden fields say.
UNSAID: dict[str, dict[str, Any]] = {"ground": {"cause": "", "reason": "", "incident_uid": None}}
NAMELESS = {"ground"}  # views that do not learn who acted either
BEST = ("full", "watch", "unit", "ground")


@dataclass(frozen=True)
class Held:
    """A role held at one centre, with the ids of the areas from the root down to it."""

    role: str
    centre_id: int
    centre_uid: UUID
    area_id: int


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks or acts, with his keys (key → view). `system` names one of our own processes instead."""

    person_id: int | None = None
    uid: UUID | None = None
    name: Words = Words("")
    username: str = ""
    language: str = ""
    home_id: int | None = None
    held: tuple[Held, ...] = ()
    unit_ids: frozenset[int] = frozenset()
    keys: dict[str, str] = field(default_factory=dict, hash=False, compare=False)
    system: str = ""

    @property
    def roles(self) -> set[str]:
        """Return the names of all roles held anywhere."""
        return {held.role for held in self.held} | ({self.system} if self.system else set())

    @property
    def pk(self) -> int:
        """Return the person's id. Raises `forbidden` for our own processes: they look, watch and decide nothing."""
        if self.person_id is None:
            raise DispatchError("forbidden", why="not_a_person")
        return self.person_id

    def role_keys_of(self, role: str) -> list[str]:
        """Return the audience keys that he has by holding `role`."""
        return [key for key in self.keys if key.startswith(f"role:{role}@")]

    def areas_of(self, roles: set[str]) -> set[int]:
        """Return the ids of the areas at which one of `roles` is held."""
        return {held.area_id for held in self.held if held.role in roles}


def system(name: str) -> Viewer:
    """Return the actor of one of our own processes: ranker, worker, intake, setup."""
    return Viewer(system=name, name=Words(name))


def viewer_for(person: Person) -> Viewer:
    """Return the viewer for a signed-in person: roles valid now and the unit he is signed on to."""
    if not person.is_active:
        return Viewer(person_id=person.pk, uid=person.uid, username=person.username)
    now = clock.now()
    rows = Assignment.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now), person=person, valid_from__lte=now, centre__active=True
    ).select_related("centre")
    held = tuple(Held(row.role, row.centre_id, row.centre.uid, row.centre.area_id) for row in rows)
    # Being of a crew opens nothing by itself: whose role of officer ended acts for no unit any more.
    signed_on = CrewMember.objects.filter(person=person, signed_off_at=None).values_list("unit_id", flat=True)
    units = frozenset(signed_on if any(at.role == "officer" for at in held) else ())
    return Viewer(
        person_id=person.pk,
        uid=person.uid,
        name=Words(person.name, person.name, person.name_en),
        username=person.username,
        language=person.language,
        home_id=person.home_id,
        held=held,
        unit_ids=units,
        keys=_keys(person.pk, held, units),
    )


def _keys(person_id: int, held: tuple[Held, ...], units: frozenset[int]) -> dict[str, str]:
    keys = {f"person:{person_id}": "full"}
    keys |= {f"unit:{unit}": "unit" for unit in units}
    # What goes on around a crew is seen as a neighbour's ground is: who and where, no case.
    keys |= {f"near:{unit}": "ground" for unit in units}
    for at in held:
        keys[f"role:{at.role}@{at.area_id}"] = "full"
        if at.role in SEES_BOARD:
            view = "full" if at.role in DESK else keys.get(f"area:{at.area_id}", "watch")
            keys[f"area:{at.area_id}"] = view
            keys[f"ground:{at.area_id}"] = "ground"
    return keys


def view_of(audience: Iterable[str], viewer: Viewer) -> str | None:
    """Return the best view that `viewer`'s keys give on an object with this audience; None: he does not see it."""
    found = {viewer.keys[key] for key in audience if key in viewer.keys}
    return next((view for view in BEST if view in found), None)


def redact(data: dict[str, Any], view: str) -> dict[str, Any]:
    """Return event data as `view` may have it: without what HIDDEN and UNSAID name. The input stays as it is."""
    hidden = HIDDEN[view]
    trimmed = {
        key: {**value, **_present(hidden[key], value)} if key in hidden and isinstance(value, dict) else value
        for key, value in data.items()
    }
    return {**trimmed, **_present(UNSAID.get(view, {}), data)}


def redact_card(noun: str, card: dict[str, Any], view: str) -> dict[str, Any]:
    """Return one card as `view` may have it."""
    hidden = HIDDEN[view].get(noun)
    return {**card, **hidden} if hidden else card


def _present(hidden: dict[str, Any], card: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in hidden.items() if name in card}


def can(viewer: Viewer, verb: str, *, lineage: Iterable[int] | None = None, unit_id: int | None = None) -> bool:
    """Return whether `viewer` may do `verb` to an object of the centre with this `lineage` or of the crew's unit.

    Without `lineage` the question is whether he may do it anywhere. Unknown verbs are refused.
    """
    roles = MAY.get(verb, set())
    if viewer.system:
        return viewer.system in roles or viewer.system == "setup"
    if CREW in roles and unit_id is not None and unit_id in viewer.unit_ids:
        return True
    areas = viewer.areas_of(roles)
    if lineage is None:
        return bool(areas) or (CREW in roles and bool(viewer.unit_ids) and unit_id is None)
    return not areas.isdisjoint(lineage)


def require(viewer: Viewer, verb: str, *, lineage: Iterable[int] | None = None, unit_id: int | None = None) -> None:
    """Raise DispatchError `forbidden` unless `can`."""
    if not can(viewer, verb, lineage=lineage, unit_id=unit_id):
        raise DispatchError("forbidden", verb=verb, roles=sorted(MAY.get(verb, set())))


def require_at(viewer: Viewer, verb: str, area_id: int) -> None:
    """Raise `forbidden`, or `not_this_desk` for who may do `verb` elsewhere, unless he holds a role for it at this very area."""
    if area_id not in viewer.areas_of(MAY[verb]):
        require(viewer, verb)
        raise DispatchError("not_this_desk", verb=verb, roles=sorted(MAY[verb]))


def tree_keys(lineage: Iterable[int]) -> list[str]:
    """Return the keys of the desks of an area and of everyone above it."""
    return [f"area:{area}" for area in lineage]


def ground_keys(area_ids: Iterable[int]) -> list[str]:
    """Return the keys of the desks on whose ground something stands."""
    return [f"ground:{area}" for area in area_ids]


def role_keys(role: str, lineage: Iterable[int]) -> list[str]:
    """Return the keys of one role at an area and above it."""
    return [f"role:{role}@{area}" for area in lineage]


def subtree_ids(viewer: Viewer, roles: set[str] = SEES_BOARD) -> list[int]:
    """Return the ids of all areas in the viewer's own subtrees, for geo's `areas=`."""
    tops = viewer.areas_of(roles)
    return list(Area.objects.filter(lineage__overlap=list(tops)).values_list("id", flat=True)) if tops else []


def over(viewer: Viewer, verb: str) -> Viewer:
    """Return `viewer` with nothing but the roles that may do `verb`, and the keys that follow from these alone."""
    held = tuple(at for at in viewer.held if at.role in MAY[verb])
    return replace(viewer, held=held, unit_ids=frozenset(), keys=_keys(viewer.pk, held, frozenset()))


def ground_ids(viewer: Viewer, roles: set[str] = SEES_BOARD) -> list[int]:
    """Return the ids of the areas whose ground (and band) the viewer sees whoever owns what stands there."""
    return sorted(viewer.areas_of(roles))
