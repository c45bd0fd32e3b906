"""--dry-run: everything is read and counted, nothing is kept but the run's own row."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from geo.cameras_importer import import_cameras
from geo.models import Area, Camera, CameraPlacement, ImportRun, Road
from geo.runs import Terms
from tests.geo.town import CENTRE

Town = dict[str, Area]


def _list(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["code,lon,lat,heading,snapshot", *rows]), encoding="utf-8")
    return path


def test_a_preview_of_cameras_counts_and_keeps_nothing(town: Town, tmp_path: Path) -> None:
    lon, lat = CENTRE
    here = f"{lon},{lat}"
    import_cameras(_list(tmp_path / "a.csv", f"A,{here},90,"), area=town["city"])
    told: list[ImportRun] = []
    again = _list(tmp_path / "a.csv", f"A,{here},180,http://h/a.jpg", f"B,{here},,", "C,0,0,,")
    run = import_cameras(again, area=town["city"], how=Terms(preview=True, done=told.append))
    run.refresh_from_db()
    assert (run.state, run.counts["added"], run.counts["changed"], run.refused_total) == ("preview", 1, 1, 1)
    assert run.refused[0]["row"] == "line 4"
    assert told == []
    camera = Camera.objects.get()
    assert (camera.heading_deg, CameraPlacement.objects.count()) == (90, 1)


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_nothing_was_changed(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1, 50], [1.01, 50]]}
    feature = {"type": "Feature", "properties": {"highway": "primary"}, "geometry": line}
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    said = StringIO()
    call_command("import_roads", str(path), "--dry-run", stdout=said, stderr=StringIO())
    assert "roads_added 1" in said.getvalue()
    assert said.getvalue().strip().endswith("Nothing was changed.")
    assert not Road.objects.exists()
    call_command("import_roads", str(path), stdout=said, stderr=StringIO())
    assert Road.objects.count() == 1
