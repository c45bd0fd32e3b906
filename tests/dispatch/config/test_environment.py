"""Secrets that several processes make at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dispatch.config.environment import instance_secrets


def test_processes_that_start_at_once_have_the_same_whole_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: instance_secrets(folder), range(64)))
    assert all(one == found[0] for one in found)
    assert set(found[0]) == {"secret_key", "camera_key", "head_key"}
    assert [path.name for path in folder.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
