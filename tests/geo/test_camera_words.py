"""What the words of camera lists mean: headings, positions, national codes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.camera_words import HEADERS, coordinate, heading_of, national_code_of, position_of
from geo.errors import GeoError


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("北北东", 22.5), ("东北偏北", 22.5), ("东东北", 67.5), ("东南偏南", 157.5), ("北偏东30度", 30), ("南偏西 45°", 225),
        ("北偏西10", 350), ("north-east", 45), ("North-North-West", 337.5), ("SB", 180), ("E/B", 90), ("westward", 270),
        ("facing SSE", 157.5), ("朝东南方向", 135), ("自西向东", 90), ("从东北往西南", 225), ("西→东", 90), ("９０", 90), ("四周", None),
        ("正北", 0), ("north-south", None), ("somewhere", None),
    ],
)  # fmt: skip
def test_more_words_for_a_direction(text: str, heading: float | None) -> None:
    assert heading_of(text)[0] == heading


def test_all_round_and_spans() -> None:
    assert heading_of("全景") == (None, 360.0, True)
    assert heading_of("0-360") == (180.0, 360.0, True)
    assert heading_of("350~20") == (5.0, 30.0, True)
    with pytest.raises(GeoError, match="out_of_range"):
        heading_of("90-400")
    assert heading_of("north-south")[2] is False


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("116.397", 116.397), ("116,397", 116.397), ("１１６．３９７", 116.397), ("116°23'49.2\"E", 116.397), ("23°33′0″S", -23.55),
        ("W46.6", -46.6), ("46.6 W", -46.6), ("东经116度23分49.2秒", 116.397), ("39°54.0'", 39.9), ("1e2", 100), ("", None),
        ("x", None), ("116..3", None), ("1 2", 12.0), ("--1", None),
    ],
)  # fmt: skip
def test_coordinates_as_people_write_them(text: str, degrees: float | None) -> None:
    found = coordinate(text)
    assert found == (None if degrees is None else pytest.approx(degrees))


def test_position_in_one_column() -> None:
    assert position_of({"position": "116.39, 39.9"}) == (116.39, 39.9)
    assert position_of({"position": "(116.39；39.9)"}) == (116.39, 39.9)
    assert position_of({"latlon": "39.9 116.39"}) == (116.39, 39.9)
    for wrong in ({"position": "116.39"}, {"lon": "1"}, {}, {"position": "a,b"}):
        with pytest.raises(GeoError, match="position_not_a_number"):
            position_of(wrong)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("34020000001320000001", None), ("3402 0000 0013 2000 0001", None), ("", None), ("3.402E+19", "spreadsheet"),
        ("34020000001320000000", "spreadsheet"), ("34020000001320000001.0", "spreadsheet"), ("3402000000132000001", "length"),
        ("3402000000132000000X", "not_digits"), ("34020000002000000001", "not_a_camera"), ("３４０２００００００１３２００００００１", None),
    ],
)  # fmt: skip
def test_national_codes(text: str, why: str | None) -> None:
    if why is None:
        assert national_code_of(text) in {"", "34020000001320000001"}
        return
    with pytest.raises(GeoError) as caught:
        national_code_of(text)
    assert caught.value.facts["why"] == why


def test_no_word_has_a_header_of_another() -> None:
    seen: dict[str, str] = {}
    for word, names in HEADERS.items():
        for name in names:
            assert seen.setdefault(name, word) == word


@given(st.text(max_size=60))
def test_any_text_is_understood_refused_or_unknown(text: str) -> None:
    for reader in (heading_of, national_code_of):
        try:
            found = reader(text)
        except GeoError as error:
            assert error.code in {"out_of_range", "national_code_unusable"}  # noqa: PT017
        else:
            assert found is not None
    number = coordinate(text)
    assert number is None or isinstance(number, float)


@given(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))
def test_a_pair_of_plain_numbers_comes_back(lon: float, lat: float) -> None:
    x, y = position_of({"lon": repr(lon), "lat": repr(lat)})
    assert math.isclose(x, lon)
    assert math.isclose(y, lat)
