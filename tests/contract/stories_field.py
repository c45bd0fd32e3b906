"""Stories of the officer in the field: what he rides on, what he opens and joins himself."""

from datetime import timedelta

from dispatch.actions import answers, base, fleet, incidents, orders, own_jobs, units
from tests.cast import ALSO_HERE, HERE, new_uid
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


def story_own_jobs(play: Play) -> None:
    """A crew opens a job where it stands and clears it; another joins it, is seen by the first, and steps back."""
    cast = play.cast
    job, order = new_uid(), new_uid()
    play(own_jobs.start_job, "officer", uid=job, order_uid=order, kind="lost", point=list(HERE), note="child alone")
    play(incidents.take_incident, "desk", uid=job)
    joined = play(own_jobs.join_incident, "officer2", uid=new_uid(), incident_uid=job)
    play(answers.answer_order, "officer2", uid=joined.uid, verb="leave")
    play(own_jobs.step_back, "officer2", uid=joined.uid)
    again = play(own_jobs.join_incident, "officer2", uid=new_uid(), incident_uid=job)
    play(units.set_status, "officer2", unit_uid=cast.uid("P-12"), reason="meal")
    play(answers.clear_order, "officer", uid=order, disposition="handled")
    play(orders.recall_order, "desk", uid=again.uid)


def story_crews_see_one_another(play: Play) -> None:
    """Three crews on one incident, one of them of another branch; each leaves in another way."""
    cast = play.cast
    incident = play(incidents.open_incident, "desk", uid=new_uid(), kind="robbery", level=1, point=list(ALSO_HERE))
    sent = {}
    for unit in ("P-11", "P-12", "P-31"):
        sent[unit] = play(
            orders.send_order, "desk", uid=new_uid(), incident_uid=incident.uid, target_kind="unit",
            target_uid=cast.uid(unit),
        )  # fmt: skip
    play(answers.answer_order, "officer4", uid=sent["P-31"].uid, verb="arrive")
    play(answers.refuse_order, "officer2", uid=sent["P-12"].uid, reason="vehicle")
    play(answers.clear_order, "officer4", uid=sent["P-31"].uid, disposition="handled")
    play(orders.time_out_order, "worker", uid=sent["P-11"].uid)
