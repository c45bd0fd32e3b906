"""When what a person may see changes: by an entry of the journal, by the clock, or because his session is over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from dispatch import access
from dispatch.access import Viewer
from dispatch.journal import Entry
from dispatch.models import Assignment, Person
from geo import clock

# After these nobody's board is what it was.
FOR_ALL = {"centre.changed", "area.changed", "threshold.changed", "kind.changed", "canned.changed", "epoch.begun"}
FOR_PERSON = {"assignment.granted", "assignment.ended", "person.changed"}
FOR_CREW = {"unit.signed_on", "unit.signed_off"}


@dataclass(frozen=True)
class SignedIn:
    """Who opened a socket: his row, his session and the hash that a new password makes void."""

    person_id: int
    uid: UUID
    session_key: str
    auth_hash: str


def concerns(entry: Entry, uid: UUID, viewer: Viewer | None) -> bool:
    """Return whether the entry changes what the person `uid`, until now `viewer`, may see."""
    if entry.kind in FOR_ALL or _renames(entry):
        return True
    if entry.kind in FOR_PERSON:
        return entry.data.get("person_uid") == str(uid)
    if entry.kind in FOR_CREW:
        mine = viewer is not None and any(f"unit:{unit}" in entry.audience for unit in viewer.unit_ids)
        return mine or str(uid) in entry.data.get("persons", ())
    return False


def _renames(entry: Entry) -> bool:
    """Return whether a person has another name: it stands on many cards, of whoever he owns, sent or wrote."""
    changed = entry.data.get("changed") if entry.kind == "person.changed" else None
    return isinstance(changed, dict) and not changed.keys().isdisjoint({"name", "name_en"})


def load_viewer(person_id: int) -> tuple[Viewer | None, datetime | None]:
    """Return the person's viewer, None when he may see no board, and the next moment at which the clock alone
    changes his roles. Asks the database."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return None, None
    viewer = access.viewer_for(person)
    changes_at = next_change(person_id, clock.now())
    return (viewer if access.can(viewer, "board.read") else None), changes_at


def next_change(person_id: int, after: datetime) -> datetime | None:
    """Return when the person's next role begins or ends by its own dates, or None."""
    mine = Assignment.objects.filter(person_id=person_id)
    moments = [
        *mine.filter(valid_from__gt=after).values_list("valid_from", flat=True),
        *mine.filter(valid_until__gt=after).values_list("valid_until", flat=True),
    ]
    return min((moment for moment in moments if moment), default=None)


def changed_by_clock(person_id: int, since: datetime) -> bool:
    """Return whether a role of the person began or ended, by its own dates, between `since` and now."""
    now = clock.now()
    between = Q(valid_from__gt=since, valid_from__lte=now) | Q(valid_until__gt=since, valid_until__lte=now)
    return Assignment.objects.filter(between, person_id=person_id).exists()


def still_signed_in(asked: list[SignedIn]) -> set[str]:
    """Return the session keys, of those asked, whose session lives and whose person is active with the same
    password. Two queries, however many sockets."""
    keys = {one.session_key for one in asked}
    living = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    ids = {one.person_id for one in asked}
    hashes = {person.pk: person.get_session_auth_hash() for person in Person.objects.filter(pk__in=ids, is_active=True)}
    return {
        one.session_key for one in asked if one.session_key in living and hashes.get(one.person_id) == one.auth_hash
    }
