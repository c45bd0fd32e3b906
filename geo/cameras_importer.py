"""Import of camera lists. All or nothing; the same file again changes what changed, never doubles, and keeps history."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from django.db import connection

from geo import camera_words as words
from geo.camera_batches import ROWS, Batches, Entry
from geo.camera_rows import read_camera
from geo.crs import datum_of
from geo.errors import GeoError
from geo.list_files import Listing
from geo.models import Area, ImportRun
from geo.runs import DEFAULT, Tally, Terms, importing
from geo.shift import looks_shifted

POSITIONS = (("lon", "lat"), ("position",), ("latlon",))


def import_cameras(
    path: Path,
    *,
    area: Area | None = None,
    fields: Mapping[str, str] | None = None,
    datum: str = "",
    encoding: str = "",
    layer: str = "",
    how: Terms = DEFAULT,
) -> ImportRun:
    """Read a list of cameras (CSV, GeoJSON, any GDAL layer of points); return the finished run, whose `refused` names
    rows that were not taken.

    Without `area` each camera goes to the row's own area code, else to the deepest territorial area it stands in.
    `fields` is our word (geo.camera_words.HEADERS) → header; `datum` what the positions are in: when "" what the file
    says, else WGS-84. Raises GeoError for what makes the whole file unusable, also `nothing_found` when not one row could
    be taken.
    """
    with importing("cameras", path, how) as tally:
        plain = datum_of(datum) if datum else ""
        listing = Listing(
            path, words.HEADERS, fields or {}, needed=POSITIONS, encoding=encoding, layer=layer, datum=plain
        )  # fmt: skip
        work = Batches(tally=tally, stem=path.stem, area=area, datum=plain or listing.table.datum or "wgs84")
        if area is None:
            work.look_around()
        for batch in _batches(listing, tally):
            work.take(batch)
        work.number()
        tally.run.attribution = how.attribution or listing.table.attribution
        if listing.table.tall_rows:
            tally.note("rows_over_lines", {"count": listing.table.tall_rows})
        _note(work, tally)
        if not (tally.counts["added"] or tally.counts["changed"] or tally.counts["unchanged"]):
            facts = {"file": path.name, "refused": tally.refused_total, "reasons": dict(tally.reasons.most_common(3))}
            raise GeoError("nothing_found", facts)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE geo_camera, geo_cameraplacement, geo_cameraaddress")
    return tally.run


def _batches(listing: Listing, tally: Tally) -> Iterator[list[Entry]]:
    columns = frozenset(word for word in words.HEADERS if listing.has(word)) if listing.table.header else None
    batch: list[Entry] = []
    for name, found, own_id, broken in listing:
        tally.step("cameras", share=listing.table.share)
        entry = Entry(name, secrets=tuple(found[word] for word in ("password", "user") if len(found.get(word, "")) > 2))
        try:
            if broken:
                raise broken
            entry.given = read_camera(found, own_id, columns)
        except GeoError as error:
            entry.error = error
        batch.append(entry)
        if len(batch) >= ROWS:
            yield batch
            batch = []
    yield batch


def _note(work: Batches, tally: Tally) -> None:
    if work.not_understood:
        tally.note(
            "headings_not_understood", {"count": tally.counts["heading_not_understood"], "rows": work.not_understood}
        )
    spots = np.frombuffer(work.points, dtype=float).reshape(-1, 2)
    if shifted := looks_shifted(spots[:: max(1, len(spots) // 1000)].tolist()):
        tally.note("looks_shifted", shifted)
