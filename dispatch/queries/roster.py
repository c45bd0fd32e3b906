"""Who can sign on to what: people, free units and vehicles of one's own subtree, and what is likely. No police numbers,
no positions."""

from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import MAY, Viewer
from dispatch.cards import PostCard, UnitCard, Words
from dispatch.lifecycles import EQUIPMENT
from dispatch.models import CrewMember, Person, Post, ServiceVehicle, Unit
from dispatch.queries.present import post_card, unit_cards
from dispatch.queries.proposal import Proposal, find_proposal
from geo.models import Area


class RosterPerson(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who could be of a crew; `unit` is the call sign he is signed on to now, "" for none."""

    uid: UUID
    name: Words
    centre: UUID | None
    sworn: bool
    unit: str


class RosterVehicle(msgspec.Struct, kw_only=True, frozen=True):
    """A vehicle of the force; `unit` is the call sign that is on duty with it now, "" for none."""

    uid: UUID
    code: str
    kind: str
    centre: UUID
    unit: str


class Roster(msgspec.Struct, kw_only=True, frozen=True):
    """What the sign-on page needs: people, units off duty (and the viewer's own), posts, vehicles, the codes of equipment,
    and for an officer off duty what is proposed to him."""

    people: list[RosterPerson]
    units: list[UnitCard]
    posts: list[PostCard]
    vehicles: list[RosterVehicle]
    equipment: list[str]
    proposed: Proposal | None


def get_roster(viewer: Viewer) -> Roster:
    """Return the roster of the centres where `viewer` may sign on, and below them. Raises `forbidden`."""
    access.require(viewer, "unit.sign_on")
    areas = list(
        Area.objects.filter(lineage__overlap=list(viewer.areas_of(MAY["unit.sign_on"]))).values_list("id", flat=True)
    )
    units = Unit.objects.filter(active=True, centre__area_id__in=areas).select_related("centre", "post")
    free = units.filter(on_duty=False) | units.filter(pk__in=viewer.unit_ids)
    posts = Post.objects.filter(active=True, centre__area_id__in=areas).select_related("centre")
    return Roster(
        people=_people(areas),
        units=unit_cards(free.order_by("call_sign")),
        posts=[post_card(post) for post in posts],
        vehicles=_vehicles(areas),
        equipment=list(EQUIPMENT),
        proposed=find_proposal(viewer, areas),
    )


def _people(areas: list[int]) -> list[RosterPerson]:
    signed_on = dict(CrewMember.objects.filter(signed_off_at=None).values_list("person_id", "unit__call_sign"))
    people = Person.objects.filter(is_active=True, home__area_id__in=areas).select_related("home")
    return [
        RosterPerson(
            uid=person.uid,
            name=Words(person.name, person.name, person.name_en),
            centre=person.home.uid if person.home else None,
            sworn=person.sworn,
            unit=signed_on.get(person.pk, ""),
        )
        for person in people.order_by("name")
    ]


def _vehicles(areas: list[int]) -> list[RosterVehicle]:
    riding = CrewMember.objects.filter(signed_off_at=None, vehicle__isnull=False)
    taken = dict(riding.values_list("vehicle_id", "unit__call_sign"))
    rows = ServiceVehicle.objects.filter(active=True, centre__area_id__in=areas).select_related("centre")
    return [
        RosterVehicle(uid=row.uid, code=row.code, kind=row.kind, centre=row.centre.uid, unit=taken.get(row.pk, ""))
        for row in rows
    ]
