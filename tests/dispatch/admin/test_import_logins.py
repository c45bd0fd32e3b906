"""Logins of cameras in sent lists: never on a page, in a column or in a log, wherever they stand in the file."""

import json

import pytest

from geo.models import ImportRun
from tests.dispatch.admin.test_imports import ROOT, cameras, do, folder, path_of, sent_job, worked  # noqa: F401
from tests.dispatch.town import WEST, Town


@pytest.mark.parametrize(
    "data",
    [
        b"K1,Gate,116.1,39.9,rtsp://admin:hunter2@10.9.8.7/live\nK2,Gate,116.1,39.9,rtsp://admin:hunter2@10.9.8.8/live\n",
        b"K1,Gate,116.1,39.9,rtsp://administrator:hunter2-and-a-very-long-one@10.9.8.7/live\n",
        b"rtsp://admin:hunter2@10.9.8.7/live\n",
        b"code,name,lon,lat,status\nK1,Gate,1.0,50.0,rtsp://administrator:hunter2-and-a-very-long-one@10.9.8.7/live\n",
        b"code,name,lon,lat,fov\nK1,Gate,1.0,50.0,rtsp://administrator:hunter2-and-a-very-long-one@10.9.8.7/live\n",
        b"code,lon,lat,heading\nK1,%f,%f,rtsp://administrator:hunter2-and-a-very-long-one@10.9.8.7/live\n" % WEST,
        b"code,lon,lat,heading\nK1,%f,%f,rtsp://root:hunter2@10.9.8.7/live\n" % WEST,
    ],
)  # fmt: skip
def test_no_login_is_shown_when_columns_are_not_where_they_should_be(
    town: Town, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    job = worked(sent_job(town, data))
    kept = [job.found, job.problem, *ImportRun.objects.values_list("refused", "notes")]
    assert "hunter2" not in json.dumps(kept)
    assert "hunter2" not in town.page("admin").get(path_of(job)).content.decode()
    assert "hunter2" not in caplog.text


def test_no_login_of_a_camera_is_ever_shown(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    secret = "http://root:hunter2@10.9.8.7/a.jpg"
    data = cameras(WEST, (0, 0), secret=secret) + b"\nZ9,Bad,1,2,http://root:hunter2@/\n"
    job = worked(sent_job(town, data))
    admin = town.page("admin")
    pages = [admin.get(path_of(job)), admin.get(f"{path_of(job)}map"), admin.get(f"{path_of(job)}state")]
    do(admin, path_of(job), do="import")
    worked(job)
    pages += [
        admin.get(path_of(job)),
        admin.get(f"{ROOT}/{job.run_id}/change/"),
        admin.get(f"{ROOT}/{job.run_id}/undo/"),
    ]
    for page in pages:
        assert "hunter2" not in page.content.decode()
    assert "hunter2" not in json.dumps([job.options, job.found, job.problem, job.run.refused, job.run.notes])
    assert "hunter2" not in caplog.text
