"""A call for help reaches the closed phones of whoever is near: pushed at once, then by SMS, without a word of where and who."""

import json
from datetime import timedelta

import pytest

from dispatch.actions import distress, reach_house, units
from dispatch.models import Distress, JournalEntry, Outbound
from dispatch.queries.shown import show
from realtime.outlets import resting
from realtime.outlets.letters import Letters
from realtime.outlets.sms.sender import words_for
from tests.cast import HERE, SETUP, THERE, Cast, press, stand
from tests.realtime.outlets.conftest import give_phone, later, register
from tests.realtime.outlets.servers import Foreign


def lines(row: Distress) -> list[tuple[str, str, str]]:
    row.refresh_from_db()
    return [(line["channel"], line["state"], line["code"]) for line in row.reached]


@pytest.fixture
def phones(cast: Cast, service: Foreign) -> dict[str, object]:
    """P-12 and P-21 are near, P-31 is not; everybody's phone takes pushes, the presser's too."""
    for unit, point in (("P-12", HERE), ("P-21", HERE), ("P-31", THERE)):
        stand(cast, unit, point)
    names = ("officer", "officer2", "officer3", "officer4")
    return {name: register(cast, f"https://localhost:{service.port}/wpush/{name}", name) for name in names}


def test_who_is_near_is_pushed_at_once_and_who_pressed_or_is_far_is_not(
    cast: Cast, service: Foreign, phones: dict[str, object], letters: Letters
) -> None:
    row = press(cast)
    assert later(letters, 0) == 2
    assert {path for path, _, _ in service.asked} == {"/wpush/officer2", "/wpush/officer3"}
    for path, headers, body in service.asked:
        said = json.loads(phones[path.rpartition("/")[2]].read(body))  # type: ignore[attr-defined]
        assert (said["what"], set(said)) == ("distress", {"what", "id", "language"})
        assert str(row.uid) not in repr((said, headers))
        assert headers["Urgency"] == "high"
    assert lines(row) == [("push", "sent", "accepted")] * 2
    assert JournalEntry.objects.filter(kind="distress.reached").count() == 1


def test_a_partner_of_the_presser_is_pushed_too(cast: Cast, service: Foreign, letters: Letters) -> None:
    units.sign_on(actor=SETUP, unit_uid=cast.uid("P-11"), crew=[cast.uid("officer"), cast.uid("partner")])
    register(cast, f"https://localhost:{service.port}/wpush/partner", "partner")
    press(cast)
    later(letters, 0)
    assert [path for path, _, _ in service.asked] == ["/wpush/partner"]


def test_the_sms_follows_in_the_order_of_the_crews_own_centre(
    cast: Cast, service: Foreign, phones: dict[str, object], gateway: Foreign, letters: Letters
) -> None:
    for name in ("officer2", "officer3"):
        give_phone(cast, name, "5550001111")
    plan = {"first_wait_s": 0, "next_wait_s": 30}
    reach_house.put_reach_plan(actor=SETUP, centre=cast.centres["S1"], channels=["sms", "push"], **plan)
    reach_house.put_reach_plan(actor=SETUP, centre=cast.centres["S2"], channels=[], **plan)
    press(cast)
    later(letters, 0)
    assert (len(gateway.asked), service.asked) == (1, [])
    assert "求助" in json.loads(gateway.asked[0][2])["text"]
    later(letters, 31)
    assert [path for path, _, _ in service.asked] == ["/wpush/officer2"]


def test_words_in_both_languages_name_neither_place_nor_person() -> None:
    assert "calls for help" in words_for("en", "distress")
    assert words_for("zh", "distress") != words_for("zh", "order")


@pytest.mark.parametrize("how", ["end", "cancel", "sign_off"])
def test_what_is_not_sent_is_withdrawn(cast: Cast, service: Foreign, phones: dict[str, object], letters: Letters, how: str) -> None:  # fmt: skip
    row = press(cast)
    if how == "end":
        distress.acknowledge_distress(actor=cast.viewer("desk"), uid=row.uid)
        distress.end_distress(actor=cast.viewer("desk"), uid=row.uid, outcome="drill")
    elif how == "cancel":
        distress.cancel_distress(actor=cast.viewer("officer"), uid=row.uid)
    else:
        for unit, who in (("P-12", "officer2"), ("P-21", "officer3")):
            units.sign_off(actor=cast.viewer(who), unit_uid=cast.uid(unit))
    later(letters, 1)
    assert service.asked == []
    assert set(Outbound.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_acknowledged_it_is_still_sent_for_help_is_still_wanted(
    cast: Cast, service: Foreign, phones: dict[str, object], letters: Letters
) -> None:
    distress.acknowledge_distress(actor=cast.viewer("desk"), uid=press(cast).uid)
    later(letters, 1)
    assert len(service.asked) == 2


def test_a_service_that_is_down_is_tried_for_ten_minutes_then_given_up_and_the_desk_reads_why(
    cast: Cast, service: Foreign, phones: dict[str, object], letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "REST_S", 0.0)
    service.status = 503
    row = press(cast)
    later(letters, 0)
    assert lines(row) == [("push", "trying", "error")] * 2
    for seconds in range(5, 700, 20):
        later(letters, seconds)
    assert lines(row) == [("push", "failed", "error")] * 2
    tries = len(service.asked)
    assert 10 < tries < 60
    later(letters, 3600)
    assert len(service.asked) == tries
    assert JournalEntry.objects.filter(kind="distress.reached").count() <= 4
    desk = show(row, cast.viewer("desk"))
    assert {(line.state, line.code, line.attempts > 4) for line in desk.reached} == {("failed", "error", True)}
    for name in ("officer", "officer2", "neighbour"):
        assert show(row, cast.viewer(name)).reached == []


def test_old_news_is_not_sent_when_the_outlets_were_away(
    cast: Cast, service: Foreign, phones: dict[str, object], letters: Letters
) -> None:
    press(cast)
    later(letters, 601)
    assert service.asked == []


def test_a_hundred_crews_around_cost_few_statements(cast: Cast, django_assert_max_num_queries: object) -> None:
    for unit, point in (("P-12", HERE), ("P-21", HERE)):
        stand(cast, unit, point)
    row = press(cast)
    from dispatch.actions import base, reach

    @base.action
    def again(*, actor: object) -> None:
        reach.reach_near(row)

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        again(actor=SETUP)


def test_no_row_outlives_its_rule(cast: Cast, phones: dict[str, object]) -> None:
    from dispatch.actions import base, retention
    from tests.cast import WORKER

    press(cast)
    cast.send(cast.open(), "P-12")
    before = Outbound.objects.count()
    with base.at_time(base.now() + timedelta(days=29)):
        assert retention.apply_retention(actor=WORKER)["outbox"] == 0
    with base.at_time(base.now() + timedelta(days=31)):
        assert retention.apply_retention(actor=WORKER)["outbox"] == before > 0
    assert not Outbound.objects.exists()
