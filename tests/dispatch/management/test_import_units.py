"""import_units: a list as a bureau keeps it, twice, with tokens that are told once and rows that cannot be used."""

import csv
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dispatch.models import JournalEntry, Unit
from geo.models import ImportRun
from geo.trackers import hash_token
from tests.dispatch.town import Town

HEAD = "呼号,类型,单位代码,通话组,装备,定位"


def write(path: Path, *rows: str, head: str = HEAD, encoding: str = "gb18030") -> Path:
    path.write_bytes("\n".join([head, *rows]).encode(encoding))
    return path


def run(path: Path, *more: str) -> tuple[ImportRun, str]:
    """Import; return the run and everything that was said."""
    said = StringIO()
    call_command("import_units", str(path), *more, stdout=said, stderr=said)
    return ImportRun.objects.latest("id"), said.getvalue()


def test_a_list_in_chinese_becomes_units_with_beacons(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", "X-01,巡逻车,S1,TG 1,盾牌、破门器,有", "X-02,步巡,S2,,,无")
    tokens = tmp_path / "tokens.csv"
    done, said = run(path, "--tokens", str(tokens))
    assert (done.counts, done.refused_total) == ({"added": 2}, 0)
    first, second = Unit.objects.get(call_sign="X-01"), Unit.objects.get(call_sign="X-02")
    assert (first.kind, first.talk_group, first.capabilities) == ("car", "TG 1", ["盾牌", "破门器"])
    assert (second.kind, second.tracker) == ("foot", None)
    rows = list(csv.DictReader(tokens.open(encoding="utf-8")))
    assert [(row["centre"], row["call_sign"]) for row in rows] == [("S1", "X-01")]
    assert first.tracker is not None
    assert first.tracker.token_hash == hash_token(rows[0]["token"])
    assert rows[0]["token"] not in said
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600


def test_the_same_list_again_changes_nothing_and_a_missing_column_keeps_what_is_there(
    town: Town, tmp_path: Path
) -> None:
    path = write(tmp_path / "units.csv", "X-01,巡逻车,S1,TG 1,盾牌,无")
    run(path)
    told = JournalEntry.objects.count()
    done, _ = run(path)
    assert done.counts == {"unchanged": 1}
    assert JournalEntry.objects.exclude(kind="import.finished").count() == told - 1
    done, _ = run(write(tmp_path / "units.csv", "X-01,摩托,S1", head="unit,type,centre", encoding="utf-8-sig"))
    assert done.counts == {"changed": 1}
    unit = Unit.objects.get(call_sign="X-01")
    assert (unit.kind, unit.talk_group, unit.capabilities) == ("moto", "TG 1", ["盾牌"])


def test_rows_that_cannot_be_used_are_named(town: Town, tmp_path: Path) -> None:
    rows = [
        "X-01,car,S1,,,",
        "X-01,car,S1,,,",
        "X-02,tank,S1,,,",
        "X-03,car,nowhere,,,",
        ",car,S1,,,",
        f"{'X' * 21},car,S1,,,",
    ]
    done, _ = run(write(tmp_path / "units.csv", *rows))
    assert done.counts == {"added": 1}
    assert [(row["row"], row["code"]) for row in done.refused] == [
        ("line 3", "duplicate_row"), ("line 4", "word_unknown"), ("line 5", "area_unknown"), ("line 6", "bad_input"),
        ("line 7", "too_long"),
    ]  # fmt: skip


def test_a_missing_column_is_said_once_and_a_spreadsheets_leftovers_by_row(town: Town, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no column is known for centre"):
        run(write(tmp_path / "units.csv", "X-01,car", head="呼号,类型"))
    with pytest.raises(CommandError, match="header_missing"):
        run(write(tmp_path / "units.csv", "X-01", head="呼号"))
    rows = ["=A1,car,S1,,,", "X-02,car,S1,,,,,more", '"=""X-03""",car,S1,,,']
    done, said = run(write(tmp_path / "units.csv", *rows, encoding="utf-8-sig"))
    assert done.counts == {"added": 1}
    assert [(row["row"], row["code"]) for row in done.refused] == [
        ("line 2", "cell_is_formula"),
        ("line 3", "cells_too_many"),
    ]
    assert "save the values only" in said
    assert Unit.objects.get(call_sign="X-03").kind == "car"


def test_tokens_without_a_file_of_their_own_stop_the_import(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "units.csv", "X-01,car,S1,,,yes")
    with pytest.raises(CommandError, match="tokens_need_a_file"):
        run(path)
    there = tmp_path / "tokens.csv"
    there.write_text("somebody's")
    with pytest.raises(CommandError, match="file_not_written"):
        run(path, "--tokens", str(there))
    assert there.read_text() == "somebody's"
    assert not Unit.objects.filter(call_sign="X-01").exists()


def test_a_preview_keeps_no_unit_and_writes_no_token(town: Town, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.csv"
    done, _ = run(write(tmp_path / "units.csv", "X-01,car,S1,,,yes"), "--tokens", str(tokens), "--dry-run")
    assert (done.state, done.counts) == ("preview", {"added": 1})
    assert not tokens.exists()
    assert not Unit.objects.filter(call_sign="X-01").exists()
