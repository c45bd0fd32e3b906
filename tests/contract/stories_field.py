"""Stories of the officer in the field: what he rides on, what he opens and joins himself."""

from datetime import timedelta

from dispatch.actions import base, fleet, units
from tests.contract.play import Play


def story_outfit(play: Play) -> None:
    """Vehicles are registered and a shift planned; a crew takes a vehicle and equipment, changes both, gives them back."""
    cast = play.cast
    s1, p11 = cast.centres["S1"], cast.uid("P-11")
    car = play(fleet.put_vehicle, "admin", centre=s1, code="京 0017", kind="car")
    moto = play(fleet.put_vehicle, "admin", centre=s1, code="M 4", kind="moto")
    begins = base.now() + timedelta(hours=1)
    play(
        fleet.plan_shift, "admin", unit=cast.units["P-12"], begins_at=begins, ends_at=begins + timedelta(hours=8),
        people=[cast.people["officer2"]], vehicle=moto, equipment=["radio"],
    )  # fmt: skip
    crew = [cast.uid("officer")]
    play(units.sign_on, "officer", unit_uid=p11, crew=crew, vehicle_uid=car.uid, equipment=["aed", "radio"])
    play(units.sign_on, "officer", unit_uid=p11, crew=[*crew, cast.uid("partner")])
    play(fleet.put_vehicle, "admin", centre=s1, code="京 0018", kind="car", vehicle=car)
    play(units.sign_on, "partner", unit_uid=p11, crew=[cast.uid("partner")], vehicle_uid=None, equipment=[])
    play(units.sign_off, "partner", unit_uid=p11)
