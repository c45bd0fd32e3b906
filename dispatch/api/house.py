"""What everybody reads: the board, oneself, centres, kinds, thresholds."""

from typing import Any

import msgspec

from dispatch.access import Viewer
from dispatch.api.base import SIGNED_IN, Reading
from dispatch.cards import Board, CentreCard, KindCard, MeCard
from dispatch.queries.board import get_board, get_me, list_centres, list_kinds, thresholds


class Thresholds(msgspec.Struct, kw_only=True, frozen=True):
    """The active profile's numbers by key."""

    thresholds: dict[str, float]


class ReadBoard(Reading):
    """Everything the viewer may see, at exactly one journal number."""

    verb, shows = "board.read", Board

    def read(self, viewer: Viewer, **path: Any) -> Board:
        """Return the snapshot."""
        return get_board(viewer)


class ReadMe(Reading):
    """Who is signed in, and what he may do at all."""

    verb, shows = SIGNED_IN, MeCard

    def read(self, viewer: Viewer, **path: Any) -> MeCard:
        """Return it."""
        return get_me(viewer)


class ReadCentres(Reading):
    """All centres."""

    verb, shows = "board.read", list[CentreCard]

    def read(self, viewer: Viewer, **path: Any) -> list[CentreCard]:
        """List them."""
        return list_centres()


class ReadKinds(Reading):
    """The incident kinds."""

    verb, shows = "board.read", list[KindCard]

    def read(self, viewer: Viewer, **path: Any) -> list[KindCard]:
        """List them."""
        return list_kinds()


class ReadThresholds(Reading):
    """The numbers that timers go by."""

    verb, shows = "board.read", Thresholds

    def read(self, viewer: Viewer, **path: Any) -> Thresholds:
        """Return them."""
        return Thresholds(thresholds=thresholds())
