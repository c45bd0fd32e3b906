"""The small town of the API's and the administrator's tests, made by the same actions as anybody's data.

Two stations side by side under one city, another city far away. The client speaks as a browser page does: session
cookie, CSRF token, a fresh key for each decision.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client
from uuid_utils.compat import uuid7

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions import estate, house, people, units
from dispatch.models import Centre, Person, Post, Unit
from tests.geo.town import CENTRE, square

SETUP = access.system("setup")
WEST, EAST = (CENTRE[0] - 0.01, CENTRE[1]), (CENTRE[0] + 0.01, CENTRE[1])
DEEP_EAST = (CENTRE[0] + 0.035, CENTRE[1])
FAR = (-70.0, -33.4)
GROUND = {
    "CITY": ("city", None, CENTRE, 0.04),
    "S1": ("station", "CITY", WEST, 0.01),
    "S2": ("station", "CITY", (CENTRE[0] + 0.025, CENTRE[1]), 0.015),
    "FAR": ("city", None, FAR, 0.02),
}
ROLES = {
    "desk": ("dispatcher", "S1"),
    "desk2": ("dispatcher", "S1"),
    "taker": ("call_taker", "S1"),
    "video": ("video_watcher", "S1"),
    "neighbour": ("dispatcher", "S2"),
    "chief": ("shift_commander", "CITY"),
    "supervisor": ("supervisor", "CITY"),
    "officer": ("officer", "S1"),
    "partner": ("officer", "S1"),
    "officer2": ("officer", "S2"),
    "auditor": ("auditor", "CITY"),
    "admin": ("administrator", "CITY"),
    "far": ("dispatcher", "FAR"),
    "nobody": (None, "S1"),
}


def new_uid() -> str:
    """Return a fresh uid as a client makes it."""
    return str(uuid7())


class Page(Client):
    """A signed-in page. `post` and `patch` send JSON with CSRF token and key; answers carry `.body` (parsed)."""

    def __init__(self, person: Person | None = None) -> None:
        super().__init__(enforce_csrf_checks=True)
        if person:
            self.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.cookies["csrftoken"] = "c" * 32

    def read(self, path: str, **headers: str) -> Any:
        """GET below the API root."""
        return self._with_body(self.get(f"/api/v1/{path}", headers=headers))

    def decide(
        self, path: str, body: Any = None, *, key: str | None = None, method: str = "post", **headers: str
    ) -> Any:
        """POST (or PATCH) a decision; header names with `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"X-CSRFToken": "c" * 32, "Idempotency-Key": key or new_uid(), **given}
        data = body if isinstance(body, (str, bytes)) else json.dumps({} if body is None else body)
        send = self.patch if method == "patch" else self.post
        return self._with_body(send(f"/api/v1/{path}", data, content_type="application/json", headers=sent))

    @staticmethod
    def _with_body(answer: Any) -> Any:
        answer.body = json.loads(answer.content) if answer.headers.get("Content-Type") == "application/json" else None
        return answer


@dataclass
class Town:
    """Rows by short name; `page(name)` is that person's browser."""

    centres: dict[str, Centre] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        """Return a fresh browser in which `name` is signed in."""
        return Page(self.people[name])

    def viewer(self, name: str) -> Viewer:
        """Return a person's viewer as of now."""
        return access.viewer_for(Person.objects.get(pk=self.people[name].pk))

    def uid(self, name: str) -> str:
        """Return the outside id of a centre, person, unit or post."""
        for rows in (self.centres, self.people, self.units, self.posts):
            if name in rows:
                return str(rows[name].uid)
        raise KeyError(name)

    def add_unit(self, name: str, centre: str) -> Unit:
        """Make a unit off duty."""
        unit, _ = estate.put_unit(actor=SETUP, centre=self.centres[centre], call_sign=name, kind="car")
        self.units[name] = unit
        return unit

    def sign_on(self, unit: str, *crew: str) -> None:
        """Put a unit on duty."""
        uids = [self.people[one].uid for one in crew]
        units.sign_on(actor=SETUP, unit_uid=self.units[unit].uid, crew=uids)

    def open_incident(self, page: str = "desk", point: tuple[float, float] = WEST, **fields: Any) -> dict[str, Any]:
        """Open an incident over the API and return its card."""
        body = {"uid": new_uid(), "kind": "robbery", "point": list(point), "place": "Bridge", **fields}
        answer = self.page(page).decide("incidents", body)
        assert answer.status_code == 201, answer.content
        return answer.body

    def send_order(self, incident: str, unit: str = "P-12", page: str = "desk", **fields: Any) -> Any:
        """Order a unit over the API and return the answer."""
        target = {"kind": "unit", "uid": self.uid(unit)}
        return self.page(page).decide("orders", {"uid": new_uid(), "incident": incident, "target": target, **fields})


def build() -> Town:
    """Make the town: areas, centres, kinds, people with roles, three units (two on duty) and a post."""
    town = Town()
    areas: dict[str, Any] = {}
    for code, (level, parent, middle, half) in GROUND.items():
        above = areas.get(parent)
        areas[code] = house.put_area(
            actor=SETUP, code=code, parent=above, boundary=square(*middle, half), name=code, level=level
        )
        town.centres[code] = house.put_centre(actor=SETUP, area=areas[code], zone="America/Santiago")
    house.put_kind(actor=SETUP, code="robbery", name="抢劫", name_en="Robbery", level=1, group="crime")
    house.put_kind(actor=SETUP, code="lost", name="走失", name_en="Lost person", level=3, group="help")
    for name, (role, centre) in ROLES.items():
        add_person(town, name, role, centre)
    for name, centre in (("P-12", "S1"), ("P-07", "S1"), ("P-31", "S2")):
        town.add_unit(name, centre)
    town.sign_on("P-12", "officer")
    town.sign_on("P-31", "officer2")
    town.posts["K-1"] = estate.put_post(
        actor=SETUP, centre=town.centres["S1"], code="K-1", name="桥头", name_en="Bridge", point=list(WEST)
    )
    return town


def add_person(town: Town, name: str, role: str | None, centre: str) -> Person:
    """Make a person with a role at a centre."""
    home: UUID = town.centres[centre].uid
    person = people.put_person(
        actor=SETUP, username=name, home=home, name=name, name_en=name, police_number="0" + name, sworn=True
    )
    if role:
        people.grant_role(actor=SETUP, person_uid=person.uid, role=role, centre_uid=home)
    town.people[name] = Person.objects.get(pk=person.pk)
    return town.people[name]
