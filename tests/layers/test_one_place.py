"""One position in every spelling, with its height; what cannot be one is said in one line."""

import pytest

from coverage.errors import CoverageError
from coverage.layers.position.one_place import read_position, split_height

# The point of DOMAIN.md: (103.914, 21.327) is (490883.05, 2359155.24) in EPSG:9206; 50.4" is 0.014°.
SPELLINGS = [
    "103.914,21.327",
    " 103.914 , 21.327 ",
    "21.327,103.914",
    "103°54'50.4\"E 21°19'37.2\"N",
    "21°19'37,2\"B 103°54'50,4\"Đ",
    "103,914; 21,327",
    "490883.05,2359155.24",
    "2359155.24,490883.05",
    "490883,05; 2359155,24",
    "48490883.05,2359155.24",
]


@pytest.mark.parametrize("height", ["", ",36", "; 36 m"])
@pytest.mark.parametrize("written", SPELLINGS)
def test_one_place_in_many_spellings(written: str, height: str) -> None:
    found = read_position(written + height, metres_in="EPSG:9206")
    assert found is not None
    assert (found.lon, found.lat) == (pytest.approx(103.914, abs=1e-6), pytest.approx(21.327, abs=1e-6))
    assert found.height_m == (36 if height else None)


def test_what_was_turned_or_came_in_metres_is_said() -> None:
    turned = read_position("21.327,103.914", metres_in=None)
    assert turned is not None
    assert "latitude stands first" in turned.notes[0]
    metres = read_position("2359155.24,490883.05", metres_in="EPSG:9206")
    assert metres is not None
    assert ["northing stands first" in metres.notes[0], "EPSG:9206" in metres.notes[1]] == [True, True]
    plain = read_position("103.914,21.327", metres_in=None)
    assert plain is not None
    assert plain.notes == ()


@pytest.mark.parametrize("written", ["SLA-0001", "03646-to-1-1", "Bản Mòng", "SLA-0001,40", "trạm 7, 3"])
def test_an_id_is_no_position(written: str) -> None:
    assert read_position(written, metres_in="EPSG:9206") is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("103.914,21.327,-5", "a height of -5 m"),
        ("103.914,21.327,99999", "a height of 99999 m"),
        ("203.9,21.3", "nowhere on Earth"),
        ("103.9,121.3", "nowhere on Earth"),
        ("103.914 21.327 8.5", "exactly one way"),
        ("5,2359155.24", "nowhere on Earth"),
    ],
)
def test_what_is_no_place_or_no_height_is_said_in_one_line(written: str, said: str) -> None:
    with pytest.raises(CoverageError, match=said) as caught:
        read_position(written, metres_in="EPSG:9206")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(written)


def test_metres_of_a_system_that_nothing_names_ask_for_it() -> None:
    with pytest.raises(CoverageError, match="add --crs EPSG:9206"):
        read_position("490883.05,2359155.24", metres_in=None)
    for wrong in ("EPSG:4326", "EPSG:4147", "nonsense"):
        with pytest.raises(CoverageError, match=wrong):
            read_position("490883.05,2359155.24", metres_in=wrong)


def test_a_height_may_follow_an_id() -> None:
    assert split_height("SLA-0001") == ("SLA-0001", None)
    assert split_height("SLA-0001,40") == ("SLA-0001", 40.0)
    with pytest.raises(CoverageError, match="a height of -3 m"):
        split_height("SLA-0001,-3")
