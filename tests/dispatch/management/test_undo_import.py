"""The undo command: what it did, and why it did nothing, in sentences."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from geo.cameras_importer import import_cameras
from geo.models import Camera, ImportRun
from geo.runs import Terms
from tests.geo.town import CENTRE, make_town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    make_town()
    path = tmp_path / "a.csv"
    path.write_text(f"code,name,lon,lat\nA,Gate,{CENTRE[0]},{CENTRE[1]}\n", encoding="utf-8")
    return path


def undo(run: ImportRun) -> str:
    said = StringIO()
    call_command("undo_import", str(run.pk), stdout=said)
    return said.getvalue()


def refusal(run: ImportRun) -> str:
    with pytest.raises(CommandError) as refused:
        undo(run)
    return str(refused.value)


def test_a_run_that_is_not_done_says_what_it_is(listed: Path) -> None:
    run = import_cameras(listed)
    assert "1 camera" in undo(run)
    begin = f"run {run.pk}, a.csv: "
    assert refusal(run) == (
        f"{begin}it is undone already; only a run that is done can be undone. Nothing was changed. [wrong_state]"
    )
    seen = import_cameras(listed, how=Terms(preview=True))
    assert "it was a look ahead and changed nothing; only" in refusal(seen)


def test_later_runs_and_changes_by_hand_are_named(listed: Path) -> None:
    first = import_cameras(listed)
    Camera.objects.update(name="Other")
    assert refusal(first).split(": ", 1)[1] == (
        "1 of its rows were changed by hand since, such as: camera A. Those changes would be lost."
        " Nothing was changed. [rows_changed]"
    )
    second = import_cameras(listed)
    assert f"undo first, in this order: {second.pk} a.csv. Nothing was changed. [run_overtaken]" in refusal(first)


def test_what_is_not_kept_cannot_be_undone_and_a_dead_run_says_so_in_the_list(listed: Path) -> None:
    run = import_cameras(listed)
    ImportRun.objects.update(traced=False)
    assert "what it changed is not kept any more, so it cannot be undone. Nothing" in refusal(run)
    ImportRun.objects.create(kind="roads", file_name="dead.pbf", started_at=timezone.now())
    import_cameras(listed)
    said = StringIO()
    call_command("undo_import", stdout=said)
    assert "roads dead.pbf failed Its process died before it was done; nothing of it was imported." in said.getvalue()
