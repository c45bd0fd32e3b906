"""Outside identifiers: time-ordered UUIDs, so that indexes on them stay compact."""

import uuid

from uuid_utils.compat import uuid7


def new_uid() -> uuid.UUID:
    """Return a fresh UUIDv7."""
    return uuid7()
