"""What goes wrong between a phone and the desk, on a real daphne: killed between a POST and its answer, twice, late, from two phones."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from channels.db import database_sync_to_async
from django.db import connections
from uuid_utils.compat import uuid7

from dispatch import access
from dispatch.actions import ladder, orders, units
from dispatch.actions.base import at_time
from dispatch.models import Order, OrderStep
from geo import clock
from realtime import database
from tests.realtime.test_servers import ROOT, SERVERS, _listening
from tests.realtime.test_socket import open_incident
from tests.realtime.town import Town, session_for
from tests.waiting import wait_for_lock

sync = database_sync_to_async
CSRF = "f" * 32


@asynccontextmanager
async def daphne() -> AsyncIterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run a daphne on a unix socket; give its path and the process."""
    with tempfile.TemporaryDirectory(prefix="nc") as folder:
        path = f"{folder}/s"
        words = [part.format(path=path) for part in SERVERS["daphne"]]
        environment = {**os.environ, "NEARCAST_DB_NAME": connections["default"].settings_dict["NAME"]}
        process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment)
        try:
            await _listening(path, process)
            yield path, process
        finally:
            process.kill()
            await asyncio.to_thread(process.wait)


async def post(path: str, session: str, where: str, key: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """Decide as a phone does: session cookie, CSRF, the key that its outbox made once."""
    headers = {
        "Idempotency-Key": key, "X-CSRFToken": CSRF, "Origin": "http://127.0.0.1:8000",
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
    }  # fmt: skip
    transport = httpx.AsyncHTTPTransport(uds=path)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", timeout=30) as client:
        return await client.post(f"/api/v1/{where}", json=body or {}, headers=headers)


def send(town: Town) -> Order:
    """Order W-1 with its two officers."""
    town.sign_on("W-1", "officer", "partner")
    incident = open_incident(town)
    return orders.send_order(
        actor=town.viewer("west_desk"), uid=uuid7(), incident_uid=incident.uid, target_kind="unit",
        target_uid=town.units["W-1"].uid,
    )  # fmt: skip


def steps(order: Order, verb: str) -> int:
    return OrderStep.objects.filter(order=order, verb=verb).count()


async def until(met: Any, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await sync(met)():
            await asyncio.sleep(0.02)


async def test_killed_before_or_after_the_commit_the_same_key_gives_one_answer_and_one_step(town: Town) -> None:
    """The order's row is held by somebody else, so the POST is inside when the server dies; then without holding it."""
    order, phone = await sync(send)(town), await sync(session_for)(town.people["officer"])
    accept, leave = f"orders/{order.uid}/accept", f"orders/{order.uid}/en_route"
    first, second = str(uuid7()), str(uuid7())
    async with daphne() as (path, process), await database.connect() as holder, holder.transaction():
        await holder.execute("SELECT 1 FROM dispatch_order WHERE id = %s FOR UPDATE", [order.pk])
        asked = asyncio.create_task(post(path, phone, accept, first))
        await sync(wait_for_lock)()
        assert not asked.done()
        process.send_signal(signal.SIGKILL)
        assert isinstance((await asyncio.gather(asked, return_exceptions=True))[0], httpx.TransportError)
    assert await sync(steps)(order, "accept") == 0
    async with daphne() as (path, process):
        again = await post(path, phone, accept, first)
        assert (again.status_code, again.json()["state"]) == (200, "accepted")
        asked = asyncio.create_task(post(path, phone, leave, second))
        await until(lambda: steps(order, "leave") == 1)
        process.send_signal(signal.SIGKILL)
        await asyncio.gather(asked, return_exceptions=True)
    async with daphne() as (path, _):
        repeated = await post(path, phone, leave, second)
        assert (repeated.status_code, repeated.headers["Idempotent-Replay"]) == (200, "true")
        assert repeated.json()["state"] == "en_route"
        other = await post(path, phone, leave, second, {"device_at": clock.now().isoformat()})
        assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
        assert [await sync(steps)(order, verb) for verb in ("accept", "leave")] == [1, 1]
        await two_phones_a_wrong_clock_and_late_words(path, town, phone, order)


async def two_phones_a_wrong_clock_and_late_words(path: str, town: Town, phone: str, order: Order) -> None:
    """The rest on the same server: a partner's second word, a clock a day off, after a recall, from a signed-off phone."""
    partner = await sync(session_for)(town.people["partner"])
    day_off = {"device_at": "2020-01-01T00:00:00Z"}
    both = await asyncio.gather(
        *(post(path, who, f"orders/{order.uid}/on_scene", str(uuid7()), day_off) for who in (phone, partner))
    )
    assert [(answer.status_code, answer.json()["state"]) for answer in both] == [(200, "on_scene")] * 2
    arrived = await sync(OrderStep.objects.get)(order=order, verb="arrive")
    assert arrived.device_at is None
    await sync(orders.recall_order)(actor=await sync(town.viewer)("west_desk"), uid=order.uid)
    late = await post(path, phone, f"orders/{order.uid}/clear", str(uuid7()), {"disposition": "handled"})
    assert (late.status_code, late.json()["error"]["code"]) in {(404, "not_found"), (409, "wrong_state")}
    await sync(units.sign_off)(actor=await sync(town.viewer)("officer"), unit_uid=town.units["W-1"].uid)
    gone = await post(path, phone, f"orders/{order.uid}/accept", str(uuid7()))
    assert gone.status_code in {403, 404}
    assert (await sync(Order.objects.get)(pk=order.pk)).state == "recalled"


async def test_two_desks_send_the_same_proposal_and_one_of_them_wins(town: Town) -> None:
    silent = await sync(send)(town)
    proposed = await sync(propose)(town, silent)
    people = [await sync(session_for)(town.people[name]) for name in ("west_desk", "city_chief")]
    async with daphne() as (path, _):
        both = await asyncio.gather(*(post(path, who, f"orders/{proposed}/send", str(uuid7())) for who in people))
    assert sorted(answer.status_code for answer in both) == [200, 409], [answer.text for answer in both]
    lost = next(answer for answer in both if answer.status_code == 409).json()["error"]
    assert (lost["code"], lost["facts"]["state"]) == ("wrong_state", "sent")
    row = await sync(Order.objects.get)(uid=proposed)
    assert (row.state, await sync(steps)(row, "send")) == ("sent", 1)


def propose(town: Town, silent: Order) -> Any:
    """Let another unit of the desk be proposed in the silent one's stead; return the proposal's uid."""
    from dispatch.actions import suggestions
    from tests.cast import packet

    town.add_unit("W-2", "west_1")
    town.people["third"] = type(town.people["officer"]).objects.create(
        username="third", name="third", home=town.centres["west_1"]
    )
    town.assign("third", "officer", "west_1")
    town.sign_on("W-2", "third")
    town.uid = lambda name: town.units[name].uid  # type: ignore[attr-defined]
    body = packet(town, "W-1", "W-2")  # type: ignore[arg-type]
    suggestions.record_suggestion(actor=access.system("ranker"), incident_uid=silent.incident.uid, body=body)
    with at_time(silent.sent_at + type(silent.sent_at - silent.sent_at)(seconds=95)):
        ladder.climb_ladder(actor=access.system("worker"), uid=silent.uid)
    return silent.proposals.get().uid
