"""One row of a camera list → one camera as the register takes it. Knows words and limits, no database."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo import camera_words as words
from geo.addresses import split_login, with_login, without_logins
from geo.estate import LIMITS
from geo.list_words import number_of, word_of
from geo.models import Area
from geo.roads.tags import short

WORD_OF = {"heading_deg": "heading", "fov_deg": "fov", "range_m": "range"}


@dataclass(slots=True)
class GivenCamera:
    """One camera of a list. `point` is lon/lat once converted, before that what the row says; `fields` are those of
    geo.estate.put_camera that the list tells; `addresses` by kind are as geo.addresses.split_login gives them.
    """

    code: str
    point: tuple[float, float]
    area: Area | None = None
    area_code: str = ""
    source_key: str | None = None
    height_m: float | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    heading_said: str = ""  # what was not understood
    told: str = ""  # what the row says of itself, when it has neither code nor id


def read_camera(found: Mapping[str, str], own_id: str, columns: frozenset[str] | None) -> GivenCamera:
    """Read one row. `found` is our word → text; `columns` the words the list has columns for (an empty cell then takes
    a value back), None when every row names its own. Raises GeoError for what cannot be used.
    """
    heading, span, understood = words.heading_of(found.get("heading"))
    fov = number_of(found.get("fov"), "fov", *LIMITS["fov_deg"])
    national = words.national_code_of(found.get("national_code"))
    code = text_of(found.get("code"), 80) or national
    own = text_of(own_id, 150)
    fields = {
        "name": text_of(found.get("name"), 200) or code or own,
        "kind": word_of(found.get("kind"), words.KINDS, "fixed", "kind"),
        "grade": word_of(found.get("grade"), words.GRADES, "general", "grade"),
        "consent": word_of(found.get("consent"), words.CONSENTS, "none", "consent"),
        "owner": text_of(found.get("owner"), 200),
        "national_code": national,
        "pole_code": text_of(found.get("pole_code"), 80),
        "heading_deg": heading,
        "fov_deg": fov if fov is not None else span,
        "range_m": number_of(found.get("range"), "range", *LIMITS["range_m"]),
        "status": word_of(found.get("status"), words.STATUSES, "unknown", "status"),
    }
    told = {name: value for name, value in fields.items() if _is_told(name, found, columns, span)}
    addresses = words.addresses_of(found)
    if found.get("user"):
        addresses = {kind: with_login(url, found["user"], found.get("password", "")) for kind, url in addresses.items()}
    split = {kind: split_login(url) for kind, url in addresses.items()}
    return GivenCamera(
        code=code,
        point=words.position_of(found),
        area_code=found.get("area", ""),
        source_key=own or None,
        height_m=number_of(found.get("height"), "height", -100, 1000),
        fields=told,
        addresses=split,
        heading_said="" if understood else found.get("heading", "")[:40],
        told="|".join([found.get("name", ""), found.get("heading", ""), *(where for where, _ in split.values())]),
    )


def _is_told(name: str, found: Mapping[str, str], columns: frozenset[str] | None, span: float | None) -> bool:
    word = WORD_OF.get(name, name)
    if word in found or (name == "fov_deg" and span is not None):
        return True
    return columns is not None and word in columns


def key_of(stem: str, given: GivenCamera) -> str:
    """Return what identifies a camera over several imports: its code, its feature's id, else what the row says of it."""
    if given.code:
        return f"{stem}:{given.code}"[:190]
    if given.source_key:
        return f"{'osm' if '/' in given.source_key else stem}:{given.source_key}"[:190]
    said = f"{given.point[0]:.6f}|{given.point[1]:.6f}|{given.told}"
    return f"{stem}:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:20]}"[:190]


def text_of(text: str | None, limit: int) -> str:
    """Return text as it may be kept and shown: no login in it, nothing that cannot be printed, cut to its column."""
    if not text:
        return ""
    masked = without_logins(text) if ("@" in text or "=" in text or ":" in text) else text
    return short(masked, limit)
