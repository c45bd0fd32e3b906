"""Stories of reaching a closed phone: channels and a gateway are set up, messages go out, fail, and are withdrawn."""

from dispatch.actions import answers, orders, people, push, reach, reach_house
from tests.browser_keys import Browser
from tests.cast import new_uid
from tests.contract.play import Play

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"


def story_reach(play: Play) -> None:
    """Push is taken, the SMS gateway is silent to the end; another order is delivered first; a third phone is gone."""
    cast, browser = play.cast, Browser()
    s1 = cast.centres["S1"]
    keys = {"p256dh": browser.p256dh, "auth": browser.auth, "session_key": "s"}
    mine = play(push.add_subscription, "officer", endpoint=ENDPOINT, **keys)
    play(push.add_subscription, "officer", endpoint=f"{ENDPOINT}2", **keys)
    play(people.put_person, "admin", username="officer", home=s1.uid, duty_phone="+56 9 1234 5678")
    play(reach_house.put_reach_plan, "admin", centre=cast.centres["D1"], channels=["push", "sms"], first_wait_s=0, next_wait_s=1)  # fmt: skip
    gateway = {"method": "POST", "body_form": "form", "success_text": "OK", "per_minute": 60, "active": True}
    template = {"url": "https://sms.example/send?key=s3cret", "body": "to={phone}&text={text}"}
    play(reach_house.put_sms_gateway, "admin", centre=s1, **gateway, **template)
    play.refresh()
    car = {"target_kind": "unit", "target_uid": cast.uid("P-11")}
    order = play(orders.send_order, "desk", uid=new_uid(), incident_uid=cast.open().uid, **car)
    for code in ("accepted", "silent"):
        letter = play(reach.take_reach, "outlets")
        assert letter is not None
        assert letter.attempt == 1
        play(reach.note_reach, "outlets", uid=letter.uid, attempt=1, code=code)
    play(orders.time_out_order, "worker", uid=order.uid)
    order.refresh_from_db()
    assert [(line["channel"], line["state"]) for line in order.reached] == [("push", "sent"), ("sms", "failed")]
    second = play(orders.send_order, "desk", uid=new_uid(), incident_uid=cast.open().uid, **car)
    play(answers.answer_order, "officer", uid=second.uid, verb="deliver")
    assert play(reach.take_reach, "outlets") is None
    play(push.drop_subscriptions, "outlets", uids=[mine.uid], why="gone")
    play(push.forget_subscription, "officer", endpoint=f"{ENDPOINT}2")
