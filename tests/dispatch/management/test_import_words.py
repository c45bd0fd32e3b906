"""Every reason that an import can give is a sentence, and no sentence repeats a login."""

import ast
import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dispatch.management.import_words import NOTES, SENTENCES, sentence
from geo.models import Camera, ImportRun
from tests.geo.town import CENTRE, make_town

ROOT = Path(__file__).resolve().parents[3]
ROOMS = (
    "geo/roads/*.py",
    "geo/list_*.py",
    "geo/camera*.py",
    "geo/area_files.py",
    "geo/layers.py",
    "geo/files.py",
    "geo/crs.py",
    "geo/undo.py",
)
COMMANDS = ("dispatch/management/**/*.py", "geo/addresses.py", "geo/estate_bulk.py", "geo/areas.py")


def _codes(name: str) -> set[str]:
    """Return the first words of every call of `name` in the importers' sources."""
    found = set()
    for pattern in (*ROOMS, *COMMANDS):
        for path in ROOT.glob(pattern):
            for node in ast.walk(ast.parse(path.read_text())):
                called = getattr(getattr(node, "func", None), "id", None) or getattr(
                    getattr(node, "func", None), "attr", None
                )
                if (
                    isinstance(node, ast.Call)
                    and called == name
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(node.args[0].value)
    return found


def test_every_reason_and_every_note_has_a_sentence() -> None:
    codes = _codes("GeoError") | _codes("_refused")
    assert len(codes) > 45
    assert codes - set(SENTENCES) == set()
    assert _codes("note") - set(NOTES) == set()


def test_sentences_stand_with_and_without_their_facts() -> None:
    for code in SENTENCES:
        for facts in (
            {},
            {"why": "kind", "fields": ["a", "b"], "first": "line 3", "lon": 1, "swapped": True, "metres": True},
        ):
            words = sentence(code, "name", facts)
            assert words.endswith((".", ". ")), code
            assert "{" not in words, code
    assert sentence("never_heard", None, {"a": 1}) == "never_heard {'a': 1}."


def _run(path: Path, *more: str) -> tuple[ImportRun, str]:
    said = StringIO()
    call_command("import_cameras", str(path), *more, stdout=said, stderr=said)
    return ImportRun.objects.latest("id"), said.getvalue()


def _list(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["code,lon,lat,kind,snapshot", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_is_wrong_and_the_report_names_every_row(tmp_path: Path) -> None:
    make_town()
    lon, lat = CENTRE
    rows = [f"A,{lon},{lat},,", f"A,{lon},{lat},,", f"B,{lat},{lon},,", "C,430000,4412345,,", f"D,{lon},{lat},kettle,"]
    rows += [f"E{n},x,y,," for n in range(300)]
    report = tmp_path / "refused.csv"
    _, said = _run(_list(tmp_path / "a.csv", *rows), "--report", str(report))
    assert "refused line 3: it is the same as line 2 A; the first was taken." in said
    assert "--map lon=…,lat=…" in said
    assert "it looks like metres of a projection: say --crs EPSG:n." in said
    assert "kind “kettle” is not known. Known are: body_worn, bus" in said
    assert "and 104 more rows were refused\n" in said
    assert said.rstrip().endswith("refused 304")
    found = list(csv.DictReader(report.open(encoding="utf-8-sig")))
    assert len(found) == 304
    assert found[0] == {
        "row": "line 3", "code": "duplicate_row", "field": "", "reason": "it is the same as line 2 A; the first was taken."
    }  # fmt: skip
    with pytest.raises(CommandError, match="file_not_written"):
        _run(tmp_path / "a.csv", "--report", str(report))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty. Nothing was imported. [file_empty]"),
        ("a,b\n1,2\n", "no column is known for lon, lat; say --map WORD=COLUMN. The columns are: a, b."),
        ("lon,lat\nx,y\n", "not one row could be taken, 1 were refused (position_not_a_number 1 times)."),
        (None, "there is no such file."),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path: Path, content: str | None, words: str) -> None:
    make_town()
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError) as caught:
        _run(path)
    assert words in str(caught.value)
    assert not Camera.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_shifted_row_and_a_password_column_tell_no_password(tmp_path: Path) -> None:
    make_town()
    lon, lat = CENTRE
    path = tmp_path / "a.csv"
    path.write_text(
        "设备编号,经度,纬度,类型,流地址,用户名,密码,名称\n"
        f"A,{lon},{lat},Hunter2,rtsp://10.1.2.3/1,admin,Hunter2,\n"
        f"B,{lon},{lat},rtsp://admin:Hunter2@10.1.2.3/1,,,,\n"
        f"C,{lon},{lat},,rtsp://10.1.2.3/1,admin,Hunter2,rtsp://admin:Hunter2@10.1.2.3/1\n"
        f"D,{lon},{lat},,rtsp://admin:x/Hunter2@10.1.2.3/1,,,\n"
        "E,rtsp://admin:Hunter2@h,3,,,,,\n",
        encoding="utf-8",
    )
    report = tmp_path / "refused.csv"
    run, said = _run(path, "--report", str(report))
    assert run.counts["added"] == 1
    assert run.refused_total == 4
    assert "***" in Camera.objects.get().name
    told = said + report.read_text(encoding="utf-8-sig") + json.dumps([run.refused, run.notes, run.counts]) + str(run)
    assert "Hunter2" not in told + Camera.objects.get().name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("login", ["admin:Hunter2@10.1.2.3", "administrator:Hunter2-and-a-very-long-one@10.1.2.3"])
def test_a_list_without_headers_tells_no_password(tmp_path: Path, login: str) -> None:
    make_town()
    path = tmp_path / "a.csv"
    path.write_text(f"A,Gate,116.1,39.9,rtsp://{login}/1\n", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        _run(path)
    assert "Hunter2" not in str(caught.value)
    assert "Gate" in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_takes_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_town()
    lon, lat = CENTRE

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("geo.cameras_importer.looks_shifted", interrupt)
    with pytest.raises(CommandError, match="stopped"):
        _run(_list(tmp_path / "a.csv", f"A,{lon},{lat},,"))
    assert not Camera.objects.exists()
    assert ImportRun.objects.get().state == "failed"
