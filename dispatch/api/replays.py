"""Replays: choose, open (which is journalled), and read the recording under what was opened."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from dispatch import access
from dispatch.access import Viewer
from dispatch.actions.replays import open_replay
from dispatch.api.base import Decision, Endpoint, Reading
from dispatch.api.bodies import Body, any_moment, calendar_day, entry_number, page_size, read_query, short_text
from dispatch.cards import Board
from dispatch.queries import replay_entries, replay_tracks
from dispatch.queries.replay_cameras import MovedCamera, list_moved
from dispatch.queries.replay_entries import EntriesPage, EpochMark, list_entries, list_epochs
from dispatch.queries.replay_world import begins_at, get_board_at
from dispatch.queries.replays import (
    Replay,
    ReplayableIncidents,
    ReplaysPage,
    find_replay,
    list_replayable,
    list_replays,
)

PAGE = 50
TRACKS = "application/vnd.nearcast.tracks"
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class ReplayRate(UserRateThrottle):
    """Opening is for people: nobody looks at more in an hour."""

    scope = "replays"
    rate = "120/hour"


class RecordingRate(UserRateThrottle):
    """Far above what one screen needs to load its replay."""

    scope = "recordings"
    rate = "600/min"


class ReplayWish(Body):
    """An incident (its own time, unless another is given) or a time of at most six hours; a time alone needs a reason."""

    incident: UUID | None = None
    begins: Aware | None = None
    ends: Aware | None = None
    reason: str = ""


class Recording(msgspec.Struct, kw_only=True, frozen=True):
    """The beginning of a replay: the board at its first number, and what its screen must know of the whole.

    `erased`: uid of card → retention classes that a rule took. `parts`: how many parts of tracks. `tracks_kept_days`: older
    positions are gone by rule. `journal_begins_at`: before it nothing is known.
    """

    replay: Replay
    board: Board
    erased: dict[str, list[str]]
    epochs: list[EpochMark]
    cameras: list[MovedCamera]
    parts: int
    part_s: int
    tracks_kept_days: float
    journal_begins_at: datetime | None


class Replays(Decision):
    """GET: replays that were opened, newest first. POST: open one, which is journalled for the auditor."""

    verb, body, shows, status = ("replay.open", "replays.read"), ReplayWish, Replay, 201

    @classmethod
    def verbs_of(cls, method: str) -> tuple[str, ...]:
        """Opening is one right, reading who opened another."""
        return ("replays.read",) if method == "GET" else ("replay.open",)

    def get_throttles(self) -> list[Any]:
        """Only opening is counted."""
        return [ReplayRate()] if self.request.method == "POST" else []

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return a page of ReplaysPage."""
        asked = read_query(request, before=entry_number, limit=page_size)
        page: ReplaysPage = list_replays(self.viewer, **{"limit": PAGE, **asked})
        return HttpResponse(msgspec.json.encode(page), content_type="application/json")

    def decide(self, viewer: Viewer, body: ReplayWish, **path: Any) -> Replay:
        """Open it."""
        return open_replay(
            actor=viewer, incident_uid=body.incident, begins=body.begins, ends=body.ends, reason=body.reason
        )


class ReadReplayable(Reading):
    """Incidents to choose from: by part of the number, kind, local day; newest first."""

    verb, shows = "replay.open", ReplayableIncidents
    query = {"number": "string", "kind": "string", "day": "string", "before": "string", "limit": "integer"}

    def read(self, viewer: Viewer, **path: Any) -> ReplayableIncidents:
        """Return one page."""
        asked = read_query(
            self.request, number=short_text, kind=short_text, day=calendar_day, before=any_moment, limit=page_size
        )
        return list_replayable(viewer, **{"limit": PAGE, **asked})


class OfReplay(Reading):
    """Base of what is read under an opened replay: one's own, not too old, with the rights of now."""

    verb = "replay.open"

    def get_throttles(self) -> list[Any]:
        """Count all of them together."""
        return [RecordingRate()]

    def opened(self, viewer: Viewer, uid: UUID) -> tuple[Replay, Viewer]:
        """Return the replay and the viewer with the keys that count for it. Raises `not_found`, `replay_over`."""
        return find_replay(viewer, uid), access.over(viewer, self.verb)


class ReadRecording(OfReplay):
    """The board at the replay's first number, and what belongs to its whole time."""

    shows = Recording

    def read(self, viewer: Viewer, **path: Any) -> Recording:
        """Return it."""
        replay, looker = self.opened(viewer, path["uid"])
        begins, ends = replay.window()
        board, erased = get_board_at(viewer, looker, replay.after_n, begins, replay.epoch)
        return Recording(
            replay=replay, board=board, erased=erased, epochs=list_epochs(replay),
            cameras=list_moved(looker, begins, ends), parts=replay_tracks.count_parts(replay),
            part_s=int(replay_tracks.PART.total_seconds()), tracks_kept_days=settings.RETENTION_DAYS["track"],
            journal_begins_at=begins_at(),
        )  # fmt: skip


class ReadEntries(OfReplay):
    """The entries of the replay's time, as its viewer may have them, oldest first."""

    shows = EntriesPage
    query = {"after": "integer"}

    def read(self, viewer: Viewer, **path: Any) -> EntriesPage:
        """Return one page."""
        asked = read_query(self.request, after=entry_number)
        replay, looker = self.opened(viewer, path["uid"])
        return list_entries(looker, replay, after=asked.get("after", 0), limit=replay_entries.PAGE)


class ReadTracks(Endpoint):
    """Where units were during one part (half an hour) of the replay: a head as JSON, then integer columns."""

    verb, media = "replay.open", TRACKS

    def get_throttles(self) -> list[Any]:
        """Counted with the other reads."""
        return [RecordingRate()]

    def get(self, request: Request, **path: Any) -> HttpResponse:
        """Return the part's bytes."""
        replay = find_replay(self.viewer, path["uid"])
        tracks = replay_tracks.get_tracks(access.over(self.viewer, self.verb), replay, path["part"])
        return HttpResponse(tracks, content_type=TRACKS)
