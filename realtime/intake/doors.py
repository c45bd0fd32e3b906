"""The protocols beside our own JSON: which path, which room reads it, what is answered when the commit was done."""

from collections.abc import Callable

import msgspec

from geo.fixes import Fix, Rejected
from geo.sources.osmand.decode import decode as osmand
from geo.sources.owntracks.decode import decode as owntracks
from geo.sources.sent import Request, Sent
from realtime.intake import wire


class Door(msgspec.Struct, frozen=True):
    """One protocol over HTTP. `read` may raise UnreadableError; `answer` makes the body of a 200 from the results.

    A refused fix is answered with 200 all the same: an app sends what was not taken for ever.
    """

    methods: frozenset[str]
    read: Callable[[Request], Sent]
    answer: Callable[[list[Fix | Rejected]], bytes]


def _empty_list(results: list[Fix | Rejected]) -> bytes:
    return b"[]"


DOORS = {
    "/intake/osmand": Door(frozenset({"GET", "POST"}), osmand, wire.answer),
    "/intake/owntracks": Door(frozenset({"POST"}), owntracks, _empty_list),
}
