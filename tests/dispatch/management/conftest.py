"""Fixtures of the command tests."""

import pytest

from tests.dispatch.town import Town, build


@pytest.fixture
def town(db: None) -> Town:
    return build()
