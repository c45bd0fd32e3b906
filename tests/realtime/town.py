"""People, centres and units of the realtime tests, on geo's small town and one more city far away."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions import units
from dispatch.actions.audience import wanted
from dispatch.models import Assignment, Centre, IncidentKind, Person, Unit
from geo import trackers
from geo.areas import put_area
from geo.models import Area
from tests.geo.town import CENTRE, make_town, square

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEST, EAST = (CENTRE[0] - 0.01, CENTRE[1]), (CENTRE[0] + 0.01, CENTRE[1])
FAR_EAST = (CENTRE[0] + 0.035, CENTRE[1])  # in the east district, over 1 km from anything of the west's
ROLES = {
    "west_desk": ("dispatcher", "west_1"),
    "west_taker": ("call_taker", "west_1"),
    "west_video": ("video_watcher", "west_1"),
    "east_desk": ("dispatcher", "east_1"),
    "city_chief": ("shift_commander", "city"),
    "officer": ("officer", "west_1"),
    "partner": ("officer", "west_1"),
    "auditor": ("auditor", "city"),
    "admin": ("administrator", "city"),
    "outsider": ("dispatcher", "far"),
}


@dataclass
class Town:
    """Rows by short name."""

    areas: dict[str, Area]
    centres: dict[str, Centre] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """Return a person's viewer as of now."""
        return access.viewer_for(Person.objects.get(pk=self.people[name].pk))

    def assign(self, name: str, role: str, area: str, **fields: Any) -> Assignment:
        """Give a role, without an event."""
        start = fields.pop("valid_from", timezone.now() - timedelta(days=1))
        return Assignment.objects.create(
            person=self.people[name], role=role, centre=self.centres[area], valid_from=start, **fields
        )

    def add_unit(self, name: str, area: str, *, tracked: bool = True) -> Unit:
        """Make a unit off duty."""
        centre = self.centres[area]
        unit = Unit(call_sign=name, kind="car", centre=centre)
        if tracked:
            tracker, self.tokens[name] = trackers.enrol(label=name, area=centre.area, at=timezone.now())
            unit.tracker = tracker
        unit.save()
        unit.audience = wanted(unit)
        unit.save()
        self.units[name] = unit
        return unit

    def sign_on(self, name: str, *crew: str, by: str = "") -> None:
        """Put a unit on duty by its own crew (or by somebody else), with the action."""
        uids = [self.people[one].uid for one in crew]
        units.sign_on(actor=self.viewer(by or crew[0]), unit_uid=self.units[name].uid, crew=uids)


def build() -> Town:
    """Return the town with everybody in it; W-1 and E-1 are off duty, with trackers."""
    areas = make_town()
    areas["far"] = put_area(code="F", name="Far", level="city", boundary=square(10.0, 50.0, 0.02))
    town = Town(areas)
    for name in ("city", "west", "east", "west_1", "east_1", "far"):
        town.centres[name] = Centre.objects.create(area=areas[name])
    for name, (role, area) in ROLES.items():
        town.people[name] = Person.objects.create(username=name, name=name, home=town.centres[area])
        town.assign(name, role, area)
    IncidentKind.objects.create(code="theft", name="盗窃", name_en="Theft", level=3, group="crime")
    town.people["east_officer"] = Person.objects.create(username="eo", name="eo", home=town.centres["east_1"])
    town.assign("east_officer", "officer", "east_1")
    town.add_unit("W-1", "west_1")
    town.add_unit("E-1", "east_1")
    return town


def session_for(person: Person) -> str:
    """Return the key of a fresh session in which `person` is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    assert store.session_key
    return store.session_key
