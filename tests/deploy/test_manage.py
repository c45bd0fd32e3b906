"""`make manage`: what it says when there is nothing to run in, and how files reach the instance's user."""

import os
from dataclasses import replace

import pytest

from deploy.setup import home as homes
from deploy.setup.manage import lend, running_venv
from deploy.setup.options import Options
from deploy.setup.run import Account
from deploy.setup.say import RefusedError


def test_an_instance_that_never_was_up_or_is_not_running_is_said_in_a_sentence(home, tmp_path):
    with pytest.raises(RefusedError, match=r"Instance t has never been up here: run make up INSTANCE=second first\."):
        running_venv(home, Options(instance="second"))
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    homes.keep_facts(home, venv=str(tmp_path / "venv"))
    with pytest.raises(RefusedError, match="is not running: run make up in another shell first"):
        running_venv(home, Options())
    assert running_venv(home, Options(database_url="postgresql://u@h/d")) == tmp_path / "venv"
    (home.sockets / ".s.PGSQL.5432").touch()
    assert running_venv(home, Options()) == tmp_path / "venv"


def test_files_are_named_in_full_and_other_words_stay(home, tmp_path, monkeypatch):
    (tmp_path / "list.csv").write_text("code")
    monkeypatch.chdir(tmp_path)
    words = ["import_cameras", "list.csv", "--dry-run", "nothing.csv"]
    assert lend(words, home.account, tmp_path) == [words[0], str(tmp_path / "list.csv"), *words[2:]]


def test_another_user_gets_a_copy_of_the_same_name_that_only_he_reads(home, tmp_path, monkeypatch):
    (tmp_path / "list.csv").write_text("code")
    monkeypatch.chdir(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    account: Account = replace(home.account, drop=True)
    _, lent = lend(["import_cameras", "list.csv"], account, inbox)
    assert os.path.basename(lent) == "list.csv"
    assert lent != str(tmp_path / "list.csv")
    with open(lent) as file:
        assert file.read() == "code"
    assert os.stat(os.path.dirname(lent)).st_mode & 0o077 == 0
    assert os.stat(lent).st_uid == account.uid


def test_a_shapefile_is_lent_with_the_files_it_is_made_of(home, tmp_path, monkeypatch):
    for name in ("beats.shp", "beats.dbf", "beats.shx", "beats.prj", "other.dbf"):
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    _, lent = lend(["import_areas", "beats.shp"], replace(home.account, drop=True), inbox)
    assert sorted(os.listdir(os.path.dirname(lent))) == ["beats.dbf", "beats.prj", "beats.shp", "beats.shx"]
