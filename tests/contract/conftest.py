"""The cast of tests/cast.py for this room."""

from tests.cast import built, cast  # noqa: F401
