"""Looks at pictures as an auditor reads them: one line for one person, camera (or photo) and purpose, however many pictures.

A tile asks for a picture every few seconds and each leaves three entries. The journal keeps them all; here what belongs
together is one line with its counts, until nothing came for LOOK_GAP. Days are those of the auditor's own centre.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection

from dispatch import access
from dispatch.access import Viewer
from dispatch.cards import PersonRef, Words
from dispatch.models import Attachment, Person
from dispatch.queries.ground import find_timezone
from dispatch.queries.present import person_ref

LOOK_GAP = timedelta(minutes=5)
MOST_EMPTY_DAYS = 31  # looked through in one answer when filters leave nothing of a day
NEWEST = 2**62

SEEN = "e.kind IN ('camera.viewed', 'attachment.viewed') AND e.audience && %(keys)s::text[]"
# A day holds many thousand steps: they are put together where they lie. `lag` finds the pause that ends a look.
LOOKS_SQL = f"""WITH steps AS (
 SELECT e.n, e.at, p.data IS NULL AS erased, convert_from(p.data, 'UTF8')::jsonb AS d
 FROM dispatch_journalentry e JOIN dispatch_journalpayload p ON p.n = e.n AND p.retention = 'view'
 WHERE {SEEN} AND e.at >= %(begins)s AND e.at < %(ends)s),
 chosen AS (SELECT n, at, erased, d->>'person_uid' AS person, d->>'camera_uid' AS camera, d->>'attachment_uid' AS photo,
 d->>'purpose_uid' AS purpose, d FROM steps WHERE (%(person)s = '' OR d->>'person_uid' = %(person)s)
 AND (%(code)s = '' OR position(lower(%(code)s) IN lower(concat_ws(' ', d->>'camera_code', d->>'incident_number'))) > 0)),
 marked AS (SELECT *, coalesce((at - lag(at) OVER one > %(gap)s)::int, 1) AS begun FROM chosen
 WINDOW one AS (PARTITION BY person, camera, photo, purpose ORDER BY n)),
 counted AS (SELECT *, sum(begun) OVER (PARTITION BY person, camera, photo, purpose ORDER BY n) AS look FROM marked)
SELECT max(n) AS n, min(n) AS first_n, min(at) AS first_at, max(at) AS last_at, person, camera, photo, purpose,
 bool_or(erased) AS erased, max(d->>'person_name') AS person_name, max(d->>'camera_code') AS camera_code,
 max(d->>'purpose_kind') AS purpose_kind, max(d->>'purpose_text') AS purpose_text,
 max(d->>'incident_number') AS incident_number,
 count(*) FILTER (WHERE d->>'step' = 'shown') AS shown, count(*) FILTER (WHERE d->>'step' = 'refused') AS refused,
 count(*) FILTER (WHERE d->>'step' = 'failed') AS failed,
 count(*) FILTER (WHERE d->>'step' = 'granted' AND photo IS NOT NULL) AS granted,
 count(*) FILTER (WHERE d->>'step' = 'original') AS originals,
 (array_agg(d->>'outcome' ORDER BY n DESC) FILTER (WHERE d->>'step' IN ('refused', 'failed')))[1] AS trouble
FROM counted GROUP BY person, camera, photo, purpose, look HAVING max(n) < %(before)s ORDER BY max(n) DESC LIMIT %(limit)s"""  # noqa: S608
NEWEST_SQL = f"SELECT e.at FROM dispatch_journalentry e WHERE {SEEN} AND e.n < %(before)s ORDER BY e.n DESC LIMIT 1"  # noqa: S608
FIRST_SQL = f"SELECT min(e.n) FROM dispatch_journalentry e WHERE {SEEN} AND e.at >= %(begins)s AND e.at < %(ends)s"  # noqa: S608


class Look(msgspec.Struct, kw_only=True, frozen=True):
    """One person's looks through one camera, or at one photo, for one purpose, from `first_at` to `last_at`.

    `n` and `first_n` are the journal numbers of its newest and oldest step; `trouble` is the newest code of what was
    refused or failed, "" for none. Of a photo: its first eight hex digits, the unit that took it, and how often its
    original was granted and fetched. Words are empty where a rule erased them.
    """

    n: int
    first_n: int
    first_at: datetime
    last_at: datetime
    erased: bool
    person: PersonRef | None
    camera_uid: UUID | None
    camera_code: str
    photo_uid: UUID | None
    photo: str
    call_sign: str
    purpose_uid: UUID | None
    purpose_kind: str
    purpose_text: str
    incident_number: str
    shown: int
    refused: int
    failed: int
    granted: int
    originals: int
    trouble: str


class LooksPage(msgspec.Struct, kw_only=True, frozen=True):
    """Looks, newest first. `next` goes into `before` for older ones, null at the end."""

    looks: list[Look]
    next: int | None


def get_looks(
    viewer: Viewer, *, before: int = NEWEST, limit: int, day: date | None = None, person: UUID | None = None,
    camera: str = "",
) -> LooksPage:  # fmt: skip
    """Return a page of the looks that `viewer` may audit, of one day or from `before` on. Raises `forbidden`."""
    access.require(viewer, "views.read")
    asked = {
        "keys": viewer.role_keys_of("auditor"), "person": str(person or ""),
        "code": camera, "gap": LOOK_GAP, "before": before, "limit": limit + 1,
    }  # fmt: skip
    zone = ZoneInfo(find_timezone(viewer))
    if day is not None:
        rows = _read(LOOKS_SQL, asked | _bounds(day, zone))
        return LooksPage(looks=_looks(rows[:limit]), next=rows[limit - 1]["n"] if len(rows) > limit else None)
    return _from_newest(asked, limit, zone)


def _from_newest(asked: dict[str, Any], limit: int, zone: ZoneInfo) -> LooksPage:
    """Go back day by day from `before` until the page is full or there is nothing older."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_EMPTY_DAYS):
        newest = _read(NEWEST_SQL, asked)
        if not newest:
            return LooksPage(looks=_looks(found), next=None)
        asked |= _bounds(newest[0]["at"].astimezone(zone).date(), zone)
        found += _read(LOOKS_SQL, asked)
        if len(found) > limit:
            return LooksPage(looks=_looks(found[:limit]), next=found[limit - 1]["n"])
        asked["before"] = _read(FIRST_SQL, asked)[0]["min"]
    return LooksPage(looks=_looks(found), next=asked["before"])


def _bounds(day: date, zone: ZoneInfo) -> dict[str, datetime]:
    begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    return {"begins": begins, "ends": ends}


def _read(sql: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _looks(rows: list[dict[str, Any]]) -> list[Look]:
    people = {
        str(person.uid): person for person in Person.objects.filter(uid__in={row["person"] for row in rows} - {None})
    }
    uids = {row["photo"] for row in rows} - {None}
    photos = {str(photo.uid): photo for photo in Attachment.objects.filter(uid__in=uids).select_related("unit")}
    return [_look(row, people, photos.get(row["photo"])) for row in rows]


def _look(row: dict[str, Any], people: dict[str, Person], photo: Attachment | None) -> Look:
    """Return one line; the person's name as it is now, in both languages, else as it was kept."""
    uid, kept = row["person"], row.pop("person_name") or ""
    known = people.get(uid)
    person = person_ref(known) if known else PersonRef(uid=UUID(uid), name=Words(kept)) if uid else None
    words: dict[str, Any] = {"photo": "", "call_sign": ""} | {name: row[name] or "" for name in
             ("camera_code", "purpose_kind", "purpose_text", "incident_number", "trouble")}  # fmt: skip
    facts: dict[str, Any] = {
        name: row[name] for name in
        ("n", "first_n", "first_at", "last_at", "erased", "shown", "refused", "failed", "granted", "originals")
    }  # fmt: skip
    if photo:
        words |= {"photo": photo.sha256[:8], "call_sign": photo.unit.call_sign, "purpose_kind": "incident"}
    return Look(
        person=person, camera_uid=row["camera"] and UUID(row["camera"]), photo_uid=row["photo"] and UUID(row["photo"]),
        purpose_uid=row["purpose"] and UUID(row["purpose"]), **words, **facts,
    )  # fmt: skip
