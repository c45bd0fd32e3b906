"""The auditor's list of looks through cameras, a page at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch.access import Viewer
from dispatch.queries.cameras import list_views


class LookLine(msgspec.Struct, kw_only=True, frozen=True):
    """One step of one look: granted, refused, opened, shown or failed. Empty fields were erased by rule."""

    n: int
    erased: list[str]
    camera_uid: UUID | None = None
    camera_code: str = ""
    purpose_uid: UUID | None = None
    purpose_kind: str = ""
    purpose_text: str = ""
    incident_number: str = ""
    person_uid: UUID | None = None
    person_name: str = ""
    step: str = ""
    outcome: str = ""
    at: datetime | None = None


class ViewsPage(msgspec.Struct, kw_only=True, frozen=True):
    """Looks, newest first. `next` goes into `before` for older ones, null at the end."""

    views: list[LookLine]
    next: int | None


def get_views(viewer: Viewer, *, limit: int, **asked: Any) -> ViewsPage:
    """Return a page of the looks that `viewer` may audit. Raises `forbidden`. `asked`: see list_views."""
    lines, cursor = list_views(viewer, limit=limit, **asked)
    return ViewsPage(views=[msgspec.convert(line, LookLine) for line in lines], next=cursor)
