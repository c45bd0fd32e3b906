"""Which face a role works with. A person without a role has none: default deny."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Face:
    """One face: `key` names its Vite entry and its URL, `roles` who may open it; with `start` one begins the day with it."""

    key: str
    path: str
    title: str | Promise
    about: str | Promise
    roles: frozenset[str]
    start: bool = True


FACES = (
    Face(
        "desk", "/desk", _("Desk"), _("Take calls, watch the map, send units."),
        frozenset({"call_taker", "dispatcher", "video_watcher", "shift_commander", "supervisor"}),
    ),
    Face(
        "replay", "/replay", _("Replay"), _("See again what happened, as these desks saw it."),
        frozenset({"shift_commander", "supervisor"}), start=False,
    ),
    Face("officer", "/officer", _("Officer"), _("Sign on, share the position, answer orders."), frozenset({"officer"})),
    Face("auditor", "/auditor", _("Auditor"), _("Who looked through which camera, and why."), frozenset({"auditor"})),
    Face(
        "admin", "/admin/", _("Administrator"), _("People, roles, centres, units, thresholds."),
        frozenset({"administrator"}),
    ),
)  # fmt: skip


def find_faces(roles: Iterable[str]) -> list[Face]:
    """Return the faces open to somebody who holds `roles`, in the order of the table; empty for an outsider."""
    held = set(roles)
    return [face for face in FACES if face.roles & held]
