"""Fixtures of the API tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from geo.tiles.kept import KEPT
from tests.dispatch.town import Town, build


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    """Forget how often anybody decided."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def no_kept_tiles() -> Iterator[None]:
    """Forget the tiles of the test before: its rows were rolled back, and with them the numbers that versions go by."""
    KEPT.clear()
    yield
    KEPT.clear()


@pytest.fixture
def town(db: None) -> Town:
    """The town in one transaction, rolled back afterwards."""
    return build()


@pytest.fixture
def real_town(transactional_db: None) -> Town:
    """The town with committed rows, for races between connections."""
    return build()
