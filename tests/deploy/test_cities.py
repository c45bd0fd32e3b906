"""What `make up` says of CITY and its lists before it starts anything."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.setup import cities, options
from deploy.setup import home as homes
from deploy.setup.home import Home
from deploy.setup.options import City, Options
from deploy.setup.say import RefusedError


@pytest.fixture
def home(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    return Home("main", tmp_path, state, state / "run", tmp_path, homes.current_account())


def asked(**given):
    return Options(city=City(**given))


@pytest.mark.parametrize("word", ["", "coquimbo", "town"])
def test_words_need_no_file(home, word):
    cities.require_usable(home, asked(city=word))


def test_a_city_that_cannot_be_read_is_said_in_one_sentence(home, tmp_path):
    (tmp_path / "empty.osm.pbf").touch()
    for text, why in (
        (str(tmp_path / "none.osm.pbf"), "there is no such file"),
        (str(tmp_path), "is a folder"),
        (str(tmp_path / "empty.osm.pbf"), "is empty"),
        ("grid", "there is no such file"),
    ):
        with pytest.raises(RefusedError, match=why) as refused:
            cities.require_usable(home, asked(city=text))
        assert "\n" not in str(refused.value)
    with pytest.raises(RefusedError, match=r"UNITS=.*no such file"):
        cities.require_usable(home, asked(units=str(tmp_path / "units.csv")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(home, tmp_path):
    path = tmp_path / "secret.osm.pbf"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(RefusedError, match="cannot be read: Permission denied"):
        cities.require_usable(home, asked(city=str(path)))


def test_paths_are_taken_from_where_make_was_called_also_with_spaces(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my city.osm.pbf").write_bytes(b"x")
    cities.require_usable(home, asked(city="my city.osm.pbf"))
    assert cities.described(asked(city="my city.osm.pbf")) == {"city": "my city.osm.pbf (1 bytes)"}


def test_another_city_is_refused_where_one_is_loaded(home, tmp_path):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(b"xx")
    own = asked(city=str(file))
    homes.keep_facts(home, city=cities.described(own))
    cities.require_usable(home, asked(city="town"))
    (home.state / cities.LOADED).write_text("{}")
    cities.require_usable(home, own)
    cities.require_usable(home, Options())
    elsewhere = tmp_path / "other" / "a.osm.pbf"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"xx")
    cities.require_usable(home, asked(city=str(elsewhere)))
    for other in (asked(city="town"), asked(city="coquimbo"), replace(own, city=replace(own.city, timezone="UTC"))):
        with pytest.raises(RefusedError, match="make reset"):
            cities.require_usable(home, other)


def test_the_default_city_by_its_name_is_the_same_city(home):
    (home.state / cities.LOADED).write_text("{}")
    homes.keep_facts(home, city={})
    cities.require_usable(home, asked(city="coquimbo"))


def test_lists_are_for_the_demo(home, tmp_path):
    with pytest.raises(RefusedError, match="DEMO=0"):
        cities.require_usable(home, Options(demo=False, city=City(city="town")))


def test_a_seed_is_a_number_and_only_a_towns():
    assert options.read({"CITY": "town", "SEED": "12"}).city == City(city="town", seed="12")
    for env, why in (
        ({"SEED": "x", "CITY": "town"}, "whole number"),
        ({"SEED": "3", "CITY": "a.osm.pbf"}, "CITY=town"),
    ):
        with pytest.raises(RefusedError, match=why):
            options.read(env)
