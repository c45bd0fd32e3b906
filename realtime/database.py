"""Our own async connections to the database that Django is set to, and the loop that keeps one alive."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connections

log = logging.getLogger(__name__)
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
LOST = (psycopg.OperationalError, psycopg.InterfaceError, OSError)
# The same three as Django raises them; a deadlock or a lock timeout is an OperationalError too, and is tried again.
LOST_IN_DJANGO = (OperationalError, InterfaceError)


def is_lost(error: BaseException) -> bool:
    """Return whether the error says that the database went away, in psycopg's words or in Django's."""
    return isinstance(error, (*LOST, *LOST_IN_DJANGO))


def parameters() -> dict[str, Any]:
    """Return psycopg's connection parameters for Django's default database, times in UTC."""
    chosen = connections["default"].settings_dict
    named = {
        "dbname": chosen["NAME"],
        "user": chosen["USER"],
        "password": chosen["PASSWORD"],
        "host": chosen["HOST"],
        "port": chosen["PORT"],
    }
    return {key: value for key, value in named.items() if value} | {"options": "-c TimeZone=UTC", "connect_timeout": 5}


async def connect() -> psycopg.AsyncConnection[Any]:
    """Return a fresh connection in autocommit. Raises one of LOST."""
    return await psycopg.AsyncConnection.connect(autocommit=True, **parameters())


async def keep(name: str, work: Callable[[psycopg.AsyncConnection[Any]], Awaitable[None]]) -> None:
    """Run `work` on a connection for ever; when the database goes away, come back with a growing wait."""
    wait_s = FIRST_WAIT_S
    while True:
        try:
            async with await connect() as connection:
                wait_s = FIRST_WAIT_S
                await work(connection)
        except LOST as error:
            log.warning("%s: database away (%s), again in %.1f s", name, type(error).__name__, wait_s)
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
