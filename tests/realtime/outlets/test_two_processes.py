"""The outlets' own threads on committed rows: two processes send every letter once, a server that hangs holds up its own."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import F

from dispatch.actions import reach_house
from dispatch.models import Order, Outbound
from realtime.outlets import resting
from realtime.outlets.letters import Letters
from tests.cast import SETUP, Cast, build
from tests.realtime.outlets.conftest import give_phone, put_gateway, register
from tests.realtime.outlets.servers import Foreign, serving

ORDERS = 4


@pytest.fixture
def crews(transactional_db: None, settings: Any, certificate: Path) -> Any:
    """The cast in committed rows, with a push service and a gateway; all four crews ordered twice over."""
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    with serving(Foreign(), certificate) as service, serving(Foreign(status=200, words=b'"OK"')) as gateway:
        settings.OUTLET_CA_FILE = str(certificate)
        settings.PUSH_HOSTS = [f"localhost:{service.port}"]
        settings.PUSH_NETWORKS = [f"127.0.0.1:{service.port}", f"[::1]:{service.port}"]
        settings.SMS_NETWORKS = [f"127.0.0.1:{gateway.port}"]
        cast = build()
        put_gateway(cast, gateway.port, per_minute=6000)
        now = {"channels": ["push", "sms"], "first_wait_s": 0, "next_wait_s": 0}
        reach_house.put_reach_plan(actor=SETUP, centre=cast.centres["S1"], **now)
        for who in ("officer", "officer2"):
            register(cast, f"https://localhost:{service.port}/wpush/{who}", who)
            give_phone(cast, who)
        units = ("P-11", "P-12")
        for _ in range(ORDERS):
            for unit in units:
                cast.send(cast.open(), unit, stack=True)
        yield cast, service, gateway


def both(work: Callable[[Letters], None]) -> None:
    """Run it as two processes do: each with its own memory and its own connections, from one start line."""
    line, faults = threading.Barrier(2), []

    def run() -> None:
        try:
            line.wait()
            letters = Letters()
            work(letters)
            letters.finish()
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_every_letter_goes_out_once(crews: tuple[Cast, Foreign, Foreign]) -> None:
    _, service, gateway = crews
    both(lambda letters: letters.send_due())
    rows = Outbound.objects.all()
    assert set(rows.values_list("state", "attempts")) == {("sent", 1)}
    assert len(service.asked) + len(gateway.asked) == rows.count() == ORDERS * 2 * 2
    ids = Counter(body.decode() for _, _, body in gateway.asked)
    assert set(ids.values()) == {1}
    assert all(len(order.reached) == 2 for order in Order.objects.all())


def test_a_server_that_hangs_holds_up_no_letter_to_another(
    crews: tuple[Cast, Foreign, Foreign], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every SMS is due before every push, more of them than the gateway may have in hand; nothing times out meanwhile."""
    settings.OUTLET_TIMEOUT_S = 60
    monkeypatch.setattr(resting, "PLACES", 4)
    monkeypatch.setattr(resting, "PLACE_WITHIN_S", 0.2)
    monkeypatch.setattr(resting, "REST_S", 60.0)
    _, service, gateway = crews
    gateway.let.clear()
    sms, push = (Outbound.objects.filter(channel=channel) for channel in ("sms", "push"))
    sms.update(due_at=F("due_at") - timedelta(seconds=1))
    letters, by = Letters(), time.monotonic() + 20
    try:
        while push.exclude(state="sent").exists() and time.monotonic() < by:
            letters.send_due()
            time.sleep(0.02)
        assert set(push.values_list("state", flat=True)) == {"sent"}
        assert (len(service.asked), len(gateway.asked)) == (push.count(), 4)
        assert sorted(sms.values_list("state", "code")) == [("sending", "")] * 4 + [("waiting", "silent")] * 4
    finally:
        gateway.let.set()
        letters.finish()
    assert sms.filter(state="sent").count() == 4
