"""What import commands say of a file or a row that was refused: a plain sentence, and what to do. Screens have their own."""

import csv
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geo.errors import GeoError
from geo.runs import Refusal

Facts = Mapping[str, Any]
Sentence = str | Callable[[Facts], str]


def _outside(facts: Facts) -> str:
    plain = f"{facts.get('lon')}, {facts.get('lat')} is no place on earth"
    if facts.get("swapped"):
        return f"{plain}; longitude and latitude look swapped: say --map lon=…,lat=… with the right columns."
    if facts.get("metres"):
        return f"{plain}; it looks like metres of a projection: say --crs EPSG:n."
    return f"{plain}."


def _no_area(facts: Facts) -> str:
    plain = f"no area's boundary holds {facts.get('lon')}, {facts.get('lat')}"
    if facts.get("swapped"):
        return f"{plain}, but one does when longitude and latitude are swapped: say --map lon=…,lat=… ."
    return f"{plain}: import that area first, or say --area CODE."


def _no_text(facts: Facts) -> str:
    where = f"line {facts['line']}" if facts.get("line") else "its text"
    return f"{where} cannot be read as {facts.get('tried')}; save the file as UTF-8, or say --encoding NAME."


NATIONAL = {
    "spreadsheet": "it was turned into a rounded number by a spreadsheet; keep that column as text and save again",
    "length": "it has {length} characters, not 20 digits",
    "not_digits": "it holds something else than digits",
    "not_a_camera": "digits 11 to 13 do not say that it is a camera or recorder (111 to 199)",
}
RESTRICTION = {
    "members": "it lacks the road it comes from, the place it turns at or the road it goes to",
    "apart": "its roads do not meet where it says",
    "kind": "“{kind}” is no kind of turn",
    "no kind": "it does not say which turn",
}


def _national(facts: Facts) -> str:
    why = NATIONAL.get(str(facts.get("why")), "").format_map(_Blank(facts))
    return f"the national code cannot be used: {why}. To leave codes out, say --map national_code= ."


def _restriction(facts: Facts) -> str:
    return (
        f"the turn restriction cannot be used: {RESTRICTION.get(str(facts.get('why')), '').format_map(_Blank(facts))}."
    )


def _nothing(facts: Facts) -> str:
    reasons = ", ".join(f"{code} {count} times" for code, count in (facts.get("reasons") or {}).items())
    return f"not one row could be taken, {facts.get('refused', 0)} were refused" + (
        f" ({reasons})." if reasons else "."
    )


STATE = {
    "running": "it is still running",
    "preview": "it was a look ahead and changed nothing",
    "failed": "it failed and changed nothing",
    "undone": "it is undone already",
}


def _state(facts: Facts) -> str:
    return f"{STATE.get(str(facts.get('state')), 'it is in another state')}; only a run that is done can be undone."


SENTENCES: dict[str, Sentence] = {
    "file_not_found": "there is no such file.",
    "file_is_folder": "this is a folder; name one file in it.",
    "file_empty": "the file is empty.",
    "file_not_readable": "the file cannot be opened: {why}.",
    "file_is_archive": "this is a packed archive; unpack it and name the file inside.",
    "file_of_other_kind": "this is not a file of a kind that this import reads.",
    "file_damaged": "the file breaks off or is damaged ({why}); fetch or save it again.",
    "file_not_written": "the file to write is there already or cannot be made: {why}.",
    "encoding_unknown": _no_text,
    "header_missing": "there is no line of column names; the first line must name the columns.",
    "columns_missing": "no column is known for {words}; say --map WORD=COLUMN. The columns are: {fields}.",
    "field_unknown": "there is no column “{field}” for --map {word}. The columns are: {fields}.",
    "word_not_ours": "--map does not know “{word}”. It knows: {words}.",
    "map_unreadable": "--map is written word=COLUMN,word=COLUMN; this is not: {map}.",
    "too_many_columns": "the file has {columns} columns; more than {most} is no list.",
    "line_too_long": "line {line} is longer than {most} characters; this is no list.",
    "quote_not_closed": "a quotation mark that opens in line {line} is not closed; close it or take it out.",
    "cells_too_many": "it has {cells} cells, the header {columns}; put text that holds the delimiter in quotation marks.",
    "cell_is_formula": "{field} is a formula or a spreadsheet's error, not a value; save the values only.",
    "text_unreadable": "{field} is no text in this file's encoding; say --encoding NAME.",
    "no_features": "this JSON holds no “features”; GeoJSON (a FeatureCollection) is needed.",
    "layer_needed": "the file has several layers or none; say --layer with one of: {layers}.",
    "layer_unknown": "there is no layer “{layer}”; there are: {layers}.",
    "datum_needed": "the file's coordinate system ({system}) is not known; say --crs EPSG:n, GCJ-02 or BD-09.",
    "datum_unknown": "--crs does not know “{datum}”; it knows WGS84, CGCS2000, GCJ-02, BD-09 and EPSG:n.",
    "position_not_a_number": "its position ({lon}, {lat}) is not two numbers.",
    "position_not_finite": "its position is no place in that coordinate system; say another --crs.",
    "position_out_of_range": _outside,
    "position_null_island": "its position is 0, 0: that means “not known” and lies in the sea.",
    "geometry_empty": "it has no shape.",
    "geometry_unreadable": "its shape cannot be read.",
    "not_a_point": "its shape is a {type}; cameras are points.",
    "not_a_line": "its shape is a {type} or of no length; roads are lines.",
    "wrong_shape": "its shape is a {type}; that does not fit “{kind}”.",
    "too_few_points": "of its {nodes} points {points} are in the file; a line needs two.",
    "rim_not_closed": "its rim is not closed.",
    "boundary_unusable": "its boundary is no surface.",
    "restriction_unusable": _restriction,
    "interpolation_unusable": "house numbers “{value}” cannot be reckoned between its ends.",
    "kind_unknown": "--what does not know “{kind}”; it knows: {kinds}.",
    "word_unknown": "{field} “{value}” is not known. Known are: {known}.",
    "not_a_number": "{field} “{value}” is not a number.",
    "out_of_range": "{field} “{value}” is not between {low} and {high}.",
    "unknown_field": "{field} is nothing that a camera has.",
    "cell_missing": "{field} is missing.",
    "areas_first": "there are no areas yet: import areas first, or say --area CODE.",
    "unit_unknown": "{centre} has no unit “{call_sign}”.",
    "person_unknown": "nobody of this house signs in as “{name}”, or has that police number alone.",
    "vehicle_unknown": "there is no vehicle “{code}”, or several.",
    "time_unreadable": "“{value}” is no time: 2026-03-11 20:00 is one.",
    "area_unknown": "there is no area “{code}”.",
    "no_area_here": _no_area,
    "area_cycle": "“{code}” would stand under itself (parent {parent}).",
    "duplicate_row": "it is the same as {first} {code}; the first was taken.",
    "duplicate_national_code": "its national code is the one of {first}; the first was taken.",
    "camera_exists": "another camera has the code “{code}”.",
    "address_unusable": "its address cannot be used: http, https or rtsp is needed, and @ / ? # in a password as %40 %2F %3F %23.",
    "national_code_unusable": _national,
    "tokens_need_a_file": "{beacons} new beacons get tokens; say --tokens FILE, a file that is not there yet.",
    "nothing_found": _nothing,
    "no_streets": "the file holds no streets to drive on.",
    "code_taken": "the code “{code}” is kept for what this demo makes itself.",
    "bad_input": "{field} cannot be used.",
    "too_long": "{field} is longer than {limit} characters.",
    "exists": "{field} “{value}” is there already.",
    "in_use": lambda facts: f"{facts.get('unit') or 'it'} is on duty or has an order: not now.",
    "forbidden": "that is not allowed.",
    "import_running": "an import is running; wait until it is done and try again.",
    "run_state": _state,
    "wrong_state": _state,
    "undo_not_kept": "what it changed is not kept any more, so it cannot be undone.",
    "run_overtaken": "later imports changed the same rows; undo first, in this order: {runs}.",
    "rows_changed": "{total} of its rows were changed by hand since, such as: {rows}. Those changes would be lost.",
    "rows_in_use": "{total} of the things that it added are in use, such as: {rows}.",
    "undo_blocked": "the code or place of a row that would come back was taken since ({constraint}).",
}
NOTES: dict[str, str] = {
    "run_interrupted": "Its process died before it was done; nothing of it was imported.",
    "looks_shifted": "This list looks shifted by about {shift_m} m: half of it stands over {as_given_m} m from any road, and"
    " within {as_datum_m} m when read as {datum}. If it is {datum}, import it again with --crs {datum}.",
    "turns_by_hours_not_read": "{count} turn restrictions hold at certain hours only; they are not read.",
    "rows_over_lines": "{count} rows go over several lines: a quotation mark too many would swallow rows. Look at them.",
    "class_missing": "No column tells the class of the roads: all are “road”. Name it with --map class=COLUMN.",
    "headings_not_understood": "{count} headings were not understood; these cameras are taken as “direction unknown”: {rows}.",
}


class _Blank(dict[str, Any]):
    """Facts for a sentence: lists with commas, nothing for what is not there."""

    def __init__(self, facts: Facts) -> None:
        super().__init__({name: _said(value) for name, value in facts.items()})

    def __missing__(self, key: str) -> str:
        return ""


def _said(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(_said(one)) for one in value)
    if isinstance(value, Mapping):
        return " ".join(str(one) for one in value.values())
    return value


def sentence(code: str, field: str | None, facts: Facts) -> str:
    """Return what to tell the operator of a refusal; the code and its facts where nobody has written a sentence."""
    words = SENTENCES.get(code)
    if words is None:
        return f"{code} {dict(facts) or ''}".strip() + "."
    if callable(words):
        return words(facts)
    return (
        " ".join(words.format_map(_Blank({"field": field or "", **facts})).split())
        .replace(" ;", ";")
        .replace(" .", ".")
    )


def note_words(code: str, facts: Facts) -> str:
    """Return what to tell the operator of a file that was taken but looks wrong."""
    return NOTES.get(code, code).format_map(_Blank(facts))


class Refusals:
    """Hears every refused row: says the first few, writes all of them to a report if one is wanted."""

    MOST_SAID = 200

    def __init__(self, say: Callable[[str], Any], report: Path | None) -> None:
        self.say, self.number, self.file, self.writer = say, 0, None, None
        if report is not None:
            try:
                self.file = os.fdopen(
                    os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline=""
                )
            except OSError as error:
                raise GeoError(
                    "file_not_written", {"file": report.name, "why": error.strerror or ""}, field="report"
                ) from error
            self.writer = csv.writer(self.file)
            self.writer.writerow(["row", "code", "field", "reason"])

    def hear(self, refusal: Refusal) -> None:
        """Take note of one row."""
        self.number += 1
        words = sentence(refusal["code"], refusal["field"], refusal["facts"])
        if self.writer:
            self.writer.writerow([refusal["row"], refusal["code"], refusal["field"] or "", words])
        if self.number <= self.MOST_SAID:
            self.say(f"refused {refusal['row']}: {words}")

    def close(self) -> None:
        """Say how many were not said, and finish the report."""
        if self.number > self.MOST_SAID:
            more = "" if self.writer else "; --report FILE writes every one"
            self.say(f"and {self.number - self.MOST_SAID:,} more rows were refused{more}")
        if self.file:
            self.file.close()
