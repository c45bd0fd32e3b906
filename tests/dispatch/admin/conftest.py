"""Fixtures of the administrator's tests."""

import pytest

from tests.dispatch.town import Town, build


@pytest.fixture
def town(db: None) -> Town:
    """The town in one transaction, rolled back afterwards."""
    return build()
