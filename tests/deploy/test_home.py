"""Folders, sockets and the lock: the traps that only show on another machine."""

import os
from pathlib import Path

import pytest

from deploy.setup import home as homes
from deploy.setup.say import RefusedError


def test_a_deep_state_folder_gets_short_sockets():
    deep = Path("/home/somebody") / ("long" * 30) / "var" / "main"
    folder = homes.socket_folder(deep, 1000)
    assert len(os.fsencode(folder / homes.LONGEST_SOCKET_NAME)) <= homes.SOCKET_PATH_BYTES
    assert folder != homes.socket_folder(deep / "other", 1000)


def test_the_limit_counts_bytes_not_signs():
    folder = Path("/srv") / ("城" * 28) / "main"
    assert len(str(folder / "run" / homes.LONGEST_SOCKET_NAME)) < homes.SOCKET_PATH_BYTES
    assert homes.socket_folder(folder, 1) != folder / "run"


def test_folders_are_closed_to_others(home):
    homes.make(home)
    assert {folder.stat().st_mode & 0o777 for folder in (home.state, home.sockets, home.log)} == {0o700}


def test_a_link_in_place_of_a_folder_is_refused(home, tmp_path):
    home.sockets.rmdir()
    home.sockets.symlink_to(tmp_path)
    with pytest.raises(RefusedError, match="is not a folder of user"):
        homes.make(home)


def test_the_lock_is_held_once_and_given_back(home):
    held = homes.lock(home)
    assert homes.lock(home) is None
    assert homes.lock_holder(home) == os.getpid()
    held.close()
    again = homes.lock(home)
    assert again is not None
    again.close()


def test_facts_survive_a_broken_file(home):
    homes.keep_facts(home, camera_port=9000)
    homes.keep_facts(home, origin="http://x")
    assert homes.read_facts(home) == {"camera_port": 9000, "origin": "http://x"}
    home.facts.write_text("{half")
    assert homes.read_facts(home) == {}
