"""Tracker apps: an officer's own list, and whose fixes count for which tracker when."""

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch import access
from dispatch.access import Viewer
from dispatch.models import TrackerApp

# For the intake process, on its own connection: device → tracker, from, until, with one parameter "since" (no older fix is
# taken) and one "now". Who may no longer sign in, or is no officer any more, speaks for nobody.
CARRIED_SQL = """
SELECT app.device_id, unit.tracker_id, crew.signed_on_at, crew.signed_off_at
FROM dispatch_trackerapp app
JOIN dispatch_person person ON person.id = app.person_id AND person.is_active
JOIN dispatch_crewmember crew ON crew.person_id = app.person_id
    AND (crew.signed_off_at IS NULL OR crew.signed_off_at >= %(since)s)
JOIN dispatch_unit unit ON unit.id = crew.unit_id AND unit.tracker_id IS NOT NULL
WHERE app.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM dispatch_assignment role JOIN dispatch_centre centre ON centre.id = role.centre_id AND centre.active
    WHERE role.person_id = app.person_id AND role.role = 'officer' AND role.valid_from <= %(now)s
    AND (role.valid_until IS NULL OR role.valid_until > %(now)s))
ORDER BY app.device_id, crew.signed_on_at
"""


class TrackerAppLine(msgspec.Struct, kw_only=True, frozen=True):
    """One app: what it is, the unit it was made on, when it was heard, its newest fix that counted.

    `refused` is why its newest fix did not count (a code of /intake), "" when it did; `battery_pct` of its phone.
    """

    uid: UUID
    app: str
    call_sign: str
    made_at: datetime
    heard_at: datetime | None
    fix_at: datetime | None
    refused: str
    battery_pct: int | None


class TrackerApps(msgspec.Struct, kw_only=True, frozen=True):
    """One's own apps in use, newest first."""

    apps: list[TrackerAppLine]


def list_own_apps(viewer: Viewer) -> TrackerApps:
    """Return the viewer's own apps. Raises `forbidden`."""
    access.require(viewer, "tracker_app.end_own")
    rows = TrackerApp.objects.filter(person_id=viewer.pk, ended_at=None).select_related("device", "unit")
    return TrackerApps(apps=[line_of(row) for row in rows])


def line_of(row: TrackerApp) -> TrackerAppLine:
    """Return one app as its owner sees it."""
    device = row.device
    return TrackerAppLine(
        uid=row.uid, app=row.app, call_sign=row.unit.call_sign, made_at=row.made_at, heard_at=device.heard_at,
        fix_at=device.fix_at, refused=device.refused, battery_pct=device.battery_pct,
    )  # fmt: skip
