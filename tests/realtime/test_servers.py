"""The real servers as processes: daphne with /ws on a unix socket, uvicorn with /intake; real frames over them."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from channels.db import database_sync_to_async
from django.db import connections
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed

from realtime import protocol
from tests.realtime.test_positions import put_fix
from tests.realtime.test_socket import open_incident
from tests.realtime.town import WEST, Town, session_for

sync = database_sync_to_async
ROOT = Path(__file__).resolve().parents[2]
SERVERS = {
    "daphne": ["daphne", "-u", "{path}", "dispatch.config.asgi:application"],
    "uvicorn": ["uvicorn", "--uds", "{path}", "--log-level", "warning", "dispatch.config.asgi:application"],
    "intake": ["uvicorn", "--uds", "{path}", "--log-level", "warning", "realtime.intake.asgi:application"],
}


@pytest.fixture
def folder() -> Iterator[str]:
    """Return a folder with a short path: a socket's path ends at 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="nc") as made:
        yield made


@pytest.fixture
async def served(request: pytest.FixtureRequest, town: Town, folder: str) -> AsyncIterator[str]:
    """Run the named server; return its socket's path."""
    path = f"{folder}/s"
    words = [part.format(path=path) for part in SERVERS[request.param]]
    environment = {**os.environ, "NEARCAST_DB_NAME": connections["default"].settings_dict["NAME"]}
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment)
    try:
        await _listening(path, process)
        yield path
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, 8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _listening(path: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended at once"
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("the server does not listen")


def link(path: str, key: str, origin: str = "http://127.0.0.1:8000") -> Any:
    return unix_connect(
        path, "ws://127.0.0.1:8000/ws", origin=origin, additional_headers={"Cookie": f"sessionid={key}"},
        max_size=None, compression=None,
    )  # fmt: skip


async def frames(connection: Any, met: Any, timeout_s: float = 10) -> list[Any]:
    """Read frames until one satisfies `met`."""
    got: list[Any] = []
    async with asyncio.timeout(timeout_s):
        while True:
            raw = await connection.recv()
            frame = raw if isinstance(raw, bytes) else json.loads(raw)
            got.append(frame)
            if isinstance(frame, dict) and frame["t"] == "beat":
                await connection.send('{"t":"pong"}')
            if met(frame):
                return got


def is_frame(kind: str) -> Any:
    return lambda frame: isinstance(frame, dict) and frame["t"] == kind


@pytest.mark.parametrize("served", ["daphne", "uvicorn"], indirect=True)
async def test_snapshot_event_and_position_over_a_real_server(served: str, town: Town) -> None:
    key = await sync(session_for)(town.people["west_desk"])
    await sync(town.sign_on)("W-1", "officer")
    async with link(served, key) as connection:
        await connection.send('{"t":"start"}')
        board = (await frames(connection, is_frame("snapshot")))[-1]["board"]
        began = time.monotonic()
        await sync(open_incident)(town)
        event = (await frames(connection, is_frame("events")))[-1]["events"][0]
        assert event["n"] == board["n"] + 1
        assert time.monotonic() - began < 2
        await sync(put_fix)(town, "W-1", *WEST)
        got = await frames(connection, lambda frame: isinstance(frame, bytes))
        assert protocol.read_positions(got[-1])[1]["lon_e7"].tolist() == [round(WEST[0] * 1e7)]


@pytest.mark.parametrize("served", ["daphne"], indirect=True)
async def test_refusals_reach_a_real_client_as_close_codes(served: str, town: Town) -> None:
    key = await sync(session_for)(town.people["west_desk"])
    for word, origin, code in [
        (None, "http://evil.example", 4403),
        ("{", "http://127.0.0.1:8000", 4400),
        ("x" * 70_000, "http://127.0.0.1:8000", 4413),
    ]:
        async with link(served, key, origin) as connection:
            if word:
                await connection.send(word)
            with pytest.raises(ConnectionClosed):
                await frames(connection, lambda frame: False)
            assert connection.close_code == code
    async with link(served, "nobody") as connection:
        with pytest.raises(ConnectionClosed):
            await frames(connection, lambda frame: False)
        assert connection.close_code == 4401


@pytest.mark.parametrize("served", ["intake"], indirect=True)
async def test_a_fix_over_a_real_uvicorn(served: str, town: Town) -> None:
    await sync(town.sign_on)("W-1", "officer")
    transport = httpx.AsyncHTTPTransport(uds=served)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        for _ in range(100):
            if (await client.get("/intake/health")).status_code == 200:
                break
            await asyncio.sleep(0.1)
        at = (await sync(type(town.units["W-1"]).objects.get)(call_sign="W-1")).duty_since
        answer = await client.post(
            "/intake",
            json={"fixes": [{"lon": WEST[0], "lat": WEST[1], "fix_at": at.isoformat()}]},
            headers={"Authorization": f"Device {town.tokens['W-1']}"},
        )
        assert answer.json() == {"results": [{"i": 0, "result": "stored", "reason": ""}]}
