"""Stories of what goes between officers and desks beside orders: calls for help, messages."""

from datetime import timedelta

from dispatch.actions import base, distress, house, messages, orders, units
from tests.cast import DEEP_HERE, HERE, THERE, new_uid, stand
from tests.contract.play import Play
from tests.geo.town import square


def story_distress(play: Play) -> None:
    """Pressed twice, passed on, acknowledged, cancelled, an incident opened, ended; neighbours follow the unit meanwhile."""
    cast = play.cast
    stand(cast, "P-12", HERE)
    stand(cast, "P-21", HERE)
    stand(cast, "P-31", THERE)
    play.refresh()
    uid, unit = new_uid(), cast.uid("P-11")
    for _ in range(2):
        play(distress.raise_distress, "officer", uid=uid, unit_uid=unit, point=list(DEEP_HERE), accuracy_m=12.0)
    play(distress.escalate_distress, "worker", uid=uid)
    stand(cast, "P-31", DEEP_HERE)
    play.refresh()
    for _ in range(2):
        play(distress.follow_distress, "worker", uid=uid)
    _, _, middle, half = ("", "", DEEP_HERE, 0.01)
    play(
        house.put_area,
        "admin",
        code="S1",
        parent=cast.areas["D1"],
        name="S1",
        level="station",
        boundary=square(*middle, half),
    )
    play(distress.acknowledge_distress, "desk", uid=uid)
    play(distress.acknowledge_distress, "district", uid=uid)
    play(distress.cancel_distress, "officer", uid=uid)
    play(distress.open_from_distress, "desk", uid=uid, incident_uid=new_uid())
    play(distress.end_distress, "desk", uid=uid, outcome="real", text="two men held")
    lone = new_uid()
    pressed = (base.now() + timedelta(seconds=play.step)).isoformat()
    play(distress.raise_distress, "officer2", uid=lone, unit_uid=cast.uid("P-12"), device_at=pressed)
    play(distress.open_from_distress, "taker", uid=lone, incident_uid=new_uid())
    play(distress.end_distress, "supervisor", uid=lone, outcome="drill")
    radio = new_uid()
    for _ in range(2):
        play(distress.raise_by_voice, "desk", uid=radio, unit_uid=unit)
    play(distress.acknowledge_distress, "desk", uid=radio)
    play(distress.end_distress, "desk", uid=radio, outcome="real")


def story_messages(play: Play) -> None:
    """To one, to a centre, to those on an incident; receipts; an answer; the crew goes off duty and another comes."""
    cast = play.cast
    put = {"way": "to_desk", "text": "收到", "text_en": "Understood"}
    play(messages.put_canned, "admin", code="understood", **put)
    play(messages.put_canned, "admin", code="understood", centre=cast.centres["S1"], **{**put, "text": "明白"})
    one = play(messages.send_message, "desk", uid=new_uid(), units=[cast.uid("P-11")], text="switch to TG 4")[0]
    play(messages.receive_message, "officer", uid=one.uid, verb="deliver")
    play(messages.receive_message, "officer", uid=one.uid, verb="read")
    play(messages.receive_message, "officer", uid=one.uid, verb="deliver")
    play(messages.send_message, "city_desk", uid=new_uid(), centre=cast.uid("CITY"), text="storm at nine")
    incident = cast.open()
    order = cast.send(incident, "P-31", "city_desk")
    play.refresh()
    play(messages.send_message, "city_desk", uid=new_uid(), incident=incident.uid, text="from the south")
    answer = play(messages.answer_desk, "officer", uid=new_uid(), unit_uid=cast.uid("P-11"), canned="understood")
    play(messages.receive_message, "taker", uid=answer.uid, verb="read")
    play(orders.recall_order, "city_desk", uid=order.uid)
    play(units.sign_off, "officer", unit_uid=cast.uid("P-11"))
    play(units.sign_on, "partner", unit_uid=cast.uid("P-11"), crew=[cast.uid("partner")])
    play(messages.send_message, "desk", uid=new_uid(), units=[cast.uid("P-11"), cast.uid("P-12")], text="new crew")
