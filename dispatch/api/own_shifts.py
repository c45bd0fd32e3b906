"""An officer's own shifts and who looked at his track. About himself only."""

from typing import Any

from dispatch.access import Viewer
from dispatch.api.base import Reading
from dispatch.api.bodies import any_moment, read_query
from dispatch.errors import DispatchError
from dispatch.queries.own_shifts import ShiftLog, Shifts, get_log, list_shifts
from dispatch.queries.track_looks import TrackLook, list_track_looks


class ReadShifts(Reading):
    """One's own shifts, newest first."""

    verb, shows = "shift.read_own", Shifts

    def read(self, viewer: Viewer, **path: Any) -> Shifts:
        """List them."""
        return list_shifts(viewer)


class ReadShiftLog(Reading):
    """What happened in the own shift that began `at`."""

    verb, shows = "shift.read_own", ShiftLog
    query = {"at": "string"}

    def read(self, viewer: Viewer, **path: Any) -> ShiftLog:
        """Return it."""
        asked = read_query(self.request, at=any_moment)
        if "at" not in asked:
            raise DispatchError("bad_input", field="at", missing=True)
        return get_log(viewer, asked["at"])


class ReadTrackLooks(Reading):
    """Who replayed a time of one's own shifts."""

    verb, shows = "shift.read_own", list[TrackLook]

    def read(self, viewer: Viewer, **path: Any) -> list[TrackLook]:
        """List them."""
        return list_track_looks(viewer)
