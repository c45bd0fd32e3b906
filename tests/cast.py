"""The fixed town and cast of the law's tests, made by the same actions as anybody's data.

One city with two districts; stations S1 and S2 side by side in the west, S3 in the east over 3 km away: from HERE, S2
sees only ground, S3 nothing. The outsider is S3's desk; every test tries him.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from uuid_utils.compat import uuid7

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions import distress, estate, house, incidents, orders, people, suggestions, units
from dispatch.actions.base import at_time
from dispatch.errors import DispatchError
from dispatch.models import Centre, Distress, Incident, Order, Person, Post, Suggestion, Unit
from geo.models import Area
from tests.geo.town import square

NIGHT = datetime(2024, 3, 11, 21, 0, tzinfo=UTC)
SETUP, WORKER, RANKER, OUTLETS = (access.system(name) for name in ("setup", "worker", "ranker", "outlets"))
LON, LAT = -71.25, -29.90
HERE, ALSO_HERE = (LON - 0.022, LAT), (LON - 0.023, LAT + 0.001)
DEEP_HERE = (LON - 0.039, LAT)  # in S1, out of the neighbour's band
THERE = (LON + 0.03, LAT)
AREAS: dict[str, tuple[str, str | None, tuple[float, float], float]] = {
    "CITY": ("city", None, (LON, LAT), 0.06),
    "D1": ("district", "CITY", (LON - 0.02, LAT), 0.02),
    "D2": ("district", "CITY", (LON + 0.03, LAT), 0.02),
    "S1": ("station", "D1", (LON - 0.03, LAT), 0.01),
    "S2": ("station", "D1", (LON - 0.01, LAT), 0.01),
    "S3": ("station", "D2", THERE, 0.01),
}
# name → (home, roles). `double` holds two roles: who loses one key of a thing may still have another.
PEOPLE: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "city_desk": ("CITY", (("dispatcher", "CITY"),)),
    "chief": ("CITY", (("shift_commander", "CITY"),)),
    "district": ("D1", (("dispatcher", "D1"),)),
    "desk": ("S1", (("dispatcher", "S1"),)),
    "desk2": ("S1", (("dispatcher", "S1"),)),
    "taker": ("S1", (("call_taker", "S1"),)),
    "video": ("S1", (("video_watcher", "S1"),)),
    "supervisor": ("S1", (("supervisor", "S1"),)),
    "neighbour": ("S2", (("dispatcher", "S2"),)),
    "outsider": ("S3", (("dispatcher", "S3"),)),
    "double": ("S1", (("dispatcher", "S1"), ("video_watcher", "S3"))),
    "officer": ("S1", (("officer", "S1"),)),
    "partner": ("S1", (("officer", "S1"),)),
    "officer2": ("S1", (("officer", "S1"),)),
    "officer3": ("S2", (("officer", "S2"),)),
    "officer4": ("S3", (("officer", "S3"),)),
    "auditor": ("CITY", (("auditor", "CITY"),)),
    "admin": ("CITY", (("administrator", "CITY"),)),
    "nobody": ("S1", ()),
}
UNITS = {"P-11": ("S1", "officer"), "P-12": ("S1", "officer2"), "P-21": ("S2", "officer3"), "P-31": ("S3", "officer4")}
NO_BOARD = {"auditor", "admin", "nobody"}


def new_uid() -> UUID:
    """Return a fresh uid as a client makes it."""
    return uuid7()


@dataclass
class Cast:
    """Rows by short name. Helpers act through actions and return the rows."""

    areas: dict[str, Area] = field(default_factory=dict)
    centres: dict[str, Centre] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """Return a person's viewer as of now."""
        return access.viewer_for(Person.objects.get(pk=self.people[name].pk))

    def uid(self, name: str) -> UUID:
        """Return the outside id of a centre, person, unit or post."""
        for rows in (self.centres, self.people, self.units, self.posts):
            if name in rows:
                return rows[name].uid
        raise KeyError(name)

    def open(self, who: str = "desk", point: tuple[float, float] = HERE, **fields: Any) -> Incident:
        """Open an incident as `who`."""
        given = {"kind": "robbery", "level": 2, "place": "Bridge", "uid": new_uid(), **fields}
        return incidents.open_incident(actor=self.viewer(who), point=list(point), **given)

    def send(self, incident: Incident, target: str, who: str = "desk", **fields: Any) -> Order:
        """Order a unit, post or centre by its short name."""
        rows = {"unit": self.units, "post": self.posts, "centre": self.centres}
        kind = next(kind for kind, known in rows.items() if target in known)
        return orders.send_order(
            actor=self.viewer(who), uid=fields.pop("uid", None) or new_uid(), incident_uid=incident.uid,
            target_kind=kind, target_uid=self.uid(target), **fields,
        )  # fmt: skip

    def suggest(self, incident: Incident, *names: str) -> Suggestion:
        """Record a packet that lists these units, as the ranker does."""
        made = suggestions.record_suggestion(actor=RANKER, incident_uid=incident.uid, body=packet(self, *names))
        assert made is not None
        return made


def refused(code: str, do: Callable[..., Any], **given: Any) -> dict[str, Any]:
    """Expect `do` to be refused with `code`; return the facts it told."""
    with pytest.raises(DispatchError) as error:
        do(**given)
    assert error.value.code == code, error.value
    return error.value.facts


def stand(cast: Cast, unit: str, point: tuple[float, float]) -> None:
    """Say by voice that a unit is at this place, now."""
    units.set_place(actor=cast.viewer("city_desk"), unit_uid=cast.uid(unit), point=list(point))


def press(cast: Cast, who: str = "officer", unit: str = "P-11", **given: Any) -> Distress:
    """Call for help as this officer of this unit, from DEEP_HERE unless told."""
    given = {"uid": new_uid(), "point": list(DEEP_HERE), **given}
    return distress.raise_distress(actor=cast.viewer(who), unit_uid=cast.uid(unit), **given)


def packet(cast: Cast, *names: str) -> dict[str, Any]:
    """Return the body of a packet with these units in this order."""
    lines = [
        {
            "slot": slot, "unit": str(cast.uid(name)), "call_sign": name, "kind": "car",
            "centre": str(cast.units[name].centre.uid), "crew": {"sworn": 1, "auxiliary": 0}, "state": "available",
            "distance_m": 100 * slot, "how": "straight", "age_s": 1.0, "reason": "nearest", "facts": {},
            "order_by": "own",
        }
        for slot, name in enumerate(names, 1)
    ]  # fmt: skip
    return {**suggestions.EMPTY, "units": lines, "empty_hint": "" if lines else "no_units_in_scope"}


def build() -> Cast:
    """Make the town: areas, centres, kinds, people with roles, four units on duty and a post."""
    cast = Cast()
    for code, (level, parent, middle, half) in AREAS.items():
        ground, above = square(*middle, half), cast.areas.get(parent or "")
        cast.areas[code] = house.put_area(actor=SETUP, code=code, parent=above, boundary=ground, name=code, level=level)
        cast.centres[code] = house.put_centre(actor=SETUP, area=cast.areas[code], zone="America/Santiago")
    house.put_kind(actor=SETUP, code="robbery", name="抢劫", name_en="Robbery", level=1, group="crime")
    house.put_kind(actor=SETUP, code="lost", name="走失", name_en="Lost person", level=3, group="help")
    for name, (home, roles) in PEOPLE.items():
        _add_person(cast, name, home, roles)
    for name, (centre, crew) in UNITS.items():
        cast.units[name], _ = estate.put_unit(actor=SETUP, centre=cast.centres[centre], call_sign=name, kind="car")
        units.sign_on(actor=SETUP, unit_uid=cast.uid(name), crew=[cast.uid(crew)])
    cast.posts["K-1"] = estate.put_post(
        actor=SETUP, centre=cast.centres["S1"], code="K-1", name="桥头", name_en="Bridge", point=list(HERE)
    )
    return cast


def _add_person(cast: Cast, name: str, home: str, roles: tuple[tuple[str, str], ...]) -> None:
    person = people.put_person(actor=SETUP, username=name, home=cast.uid(home), name=name, name_en=name, sworn=True)
    for role, centre in roles:
        people.grant_role(actor=SETUP, person_uid=person.uid, role=role, centre_uid=cast.uid(centre))
    cast.people[name] = Person.objects.get(pk=person.pk)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, made once for a module in a transaction that is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        with at_time(NIGHT):
            made = build()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def cast(built: Cast, db: None) -> Cast:
    """The cast for one test; what the test does is rolled back. Rooms that use it import both fixtures."""
    return deepcopy(built)
