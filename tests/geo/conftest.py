"""Fixtures of the geo tests."""

from pathlib import Path

import pytest

from geo.models import Area
from tests.geo.reading import Read, read_tile
from tests.geo.town import make_town

REAL_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def town(db: None) -> dict[str, Area]:
    return make_town()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real files, or skip: a fresh checkout does not have it."""
    if not REAL_DATA.is_dir():
        pytest.skip("real files are not here (../shared/data); this test needs them")
    return REAL_DATA


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of tile bytes."""
    return lambda content: read_tile(content, tmp_path)
