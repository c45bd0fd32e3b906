"""import_areas: a district's boundaries with everything that files get wrong, twice, and in preview."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dispatch.models import Centre, JournalEntry
from geo.areas import areas_on_ground
from geo.models import Area, ImportRun

pytestmark = pytest.mark.django_db(transaction=True)
HERE = (116.39, 39.91)


def box(half: float, east: float = 0.0) -> list[list[list[float]]]:
    """Return the rings of a square around HERE."""
    (x, y), h = (HERE[0] + east, HERE[1]), half
    return [[[x - h, y - h], [x + h, y - h], [x + h, y + h], [x - h, y + h], [x - h, y - h]]]


def feature(code: str, parent: str, level: str, rings: Any, **more: Any) -> dict[str, Any]:
    """Return one row as a city's own file names its fields."""
    properties = {"编码": code, "名称": f"{code} 区域", "上级": parent, "级别": level, **more}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}


CITY = [
    feature("110101", "1101", "派出所", box(0.01)),
    feature("1101", "11", "分局", box(0.05)),
    feature("11", "", "市局", box(0.1)),
    feature("JJ", "11", "分局", box(0.05), 警种="交警"),
]


def run(path: Path, features: list[dict[str, Any]], *more: str) -> tuple[ImportRun, str, str]:
    """Write the file, import it; return the run, what was said and what was complained of."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("import_areas", str(path), "--timezone", "Asia/Shanghai", *more, stdout=out, stderr=err)
    return ImportRun.objects.latest("id"), out.getvalue(), err.getvalue()


def test_children_before_parents_become_a_tree_with_centres(tmp_path: Path) -> None:
    done, said, _ = run(tmp_path / "bj.geojson", CITY)
    assert (done.state, done.counts, done.refused_total) == ("done", {"added": 4}, 0)
    assert said.strip() == "bj.geojson: added 4, refused 0"
    station = Area.objects.get(code="110101")
    assert [Area.objects.get(pk=pk).code for pk in station.lineage] == ["11", "1101", "110101"]
    assert Area.objects.get(code="JJ").line == "traffic"
    assert set(Centre.objects.values_list("area__code", "timezone")) == {
        (code, "Asia/Shanghai") for code in ("11", "1101", "110101", "JJ")
    }
    assert len(areas_on_ground(HERE)) == 4


def test_the_same_file_again_tells_nothing_and_a_change_tells_of_one(tmp_path: Path) -> None:
    run(tmp_path / "bj.geojson", CITY)
    told = JournalEntry.objects.filter(kind="area.changed").count()
    done, _, _ = run(tmp_path / "bj.geojson", CITY)
    assert done.counts == {"unchanged": 4}
    assert JournalEntry.objects.filter(kind="area.changed").count() == told
    done, _, _ = run(tmp_path / "bj.geojson", [feature("110101", "1101", "派出所", box(0.02)), *CITY[1:]])
    assert done.counts == {"unchanged": 3, "changed": 1}
    assert JournalEntry.objects.filter(kind="area.changed").count() == told + 1
    assert len(areas_on_ground((HERE[0] + 0.03, HERE[1]))) == 4


def test_what_cannot_be_used_is_named_and_the_rest_stands(tmp_path: Path) -> None:
    bad = [
        feature("", "11", "分局", box(0.01)),
        feature("X1", "nowhere", "分局", box(0.01)),
        feature("X2", "11", "village", box(0.01)),
        feature("X3", "X4", "分局", box(0.01)),
        feature("X4", "X3", "分局", box(0.01)),
        feature("X5", "11", "分局", [[[500.0, 0.0], [501.0, 0.0], [501.0, 1.0], [500.0, 0.0]]]),
        feature("X6", "11", "分局", [[[1.0, 50.0], [2.0, 50.0], [1.0, 50.0], [1.0, 50.0]]]),
        feature("11", "", "市局", box(0.2)),
    ]
    done, _, complained = run(tmp_path / "bj.geojson", [*CITY, *bad])
    assert done.counts == {"added": 4}
    assert {row["row"].rsplit(" ", 1)[1]: row["code"] for row in done.refused} == {
        "4": "cell_missing", "5": "area_unknown", "6": "word_unknown", "7": "area_cycle", "8": "area_cycle",
        "9": "position_out_of_range", "10": "boundary_unusable", "11": "duplicate_row",
    }  # fmt: skip
    assert "fid 5: there is no area “nowhere”." in complained
    assert set(Area.objects.values_list("code", flat=True)) == {"11", "1101", "110101", "JJ"}


def test_a_preview_keeps_nothing_and_journals_nothing(tmp_path: Path) -> None:
    done, said, _ = run(tmp_path / "bj.geojson", CITY, "--dry-run")
    assert (done.state, done.counts) == ("preview", {"added": 4})
    assert said.strip().endswith("Nothing was changed.")
    assert not Area.objects.exists()
    assert not JournalEntry.objects.filter(kind__in=["area.changed", "centre.changed", "import.finished"]).exists()


@pytest.mark.parametrize(
    ("content", "more", "why"),
    [
        ("not a map", (), "file_of_other_kind"),
        (json.dumps({"type": "FeatureCollection", "features": []}), (), "columns_missing"),
        (json.dumps({"type": "FeatureCollection", "features": CITY}), ("--map", "code=nothing"), "field_unknown"),
        (json.dumps({"type": "FeatureCollection", "features": CITY}), ("--timezone", "Mars/Base"), "nothing_found"),
    ],
)
def test_an_unusable_file_is_refused_whole(tmp_path: Path, content: str, more: tuple[str, ...], why: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        call_command("import_areas", str(path), *more, stdout=StringIO(), stderr=StringIO())
    assert not Area.objects.exists()
    assert not JournalEntry.objects.filter(kind="area.changed").exists()
