"""ITU-R P.1812-8 for one path: what must hold on any profile, and what it refuses."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio.p1812 import basic_transmission_loss_db, path_terms
from coverage.radio.p1812_diffraction import bullington_nu, knife_edge_db

HEIGHTS = st.lists(st.integers(0, 1500), min_size=5, max_size=40)


def loss_and_terms(ground: Any, *, spacing_km: float = 0.5, **changes: Any) -> dict[str, float]:
    points = len(ground)
    arguments = {
        "freq_mhz": 900.0,
        "distance_km": np.arange(points) * spacing_km,
        "terrain_m": np.asarray(ground, float),
        "cover_m": None,
        "zone": np.full(points, 4),
        "tx_height_m": 30.0,
        "rx_height_m": 1.5,
        "latitude_deg": 21.0,
    }
    return dict(path_terms(**{**arguments, **changes}))


def test_a_ray_that_grazes_one_edge_loses_six_decibels() -> None:
    assert knife_edge_db(0.0) == pytest.approx(6.03, abs=0.005)  # P.526, figure 9
    assert knife_edge_db(-0.78) == 0.0
    assert knife_edge_db(2.4) == pytest.approx(20.54, abs=0.01)  # 6.9 + 20 log10(sqrt(2.3² + 1) + 2.3)


def test_one_edge_worked_by_hand() -> None:
    # 1 GHz, 0.2998 m; edge of 100 m midway on 10 km, Earth of nearly infinite radius, antennas on the ground:
    # nu = 100 * sqrt(0.002 * 10 / (0.2998 * 5 * 5)) = 5.1658
    nu = bullington_nu(np.array([0.0, 5.0, 10.0]), np.array([0.0, 100.0, 0.0]), 3, 0.0, 0.0, 1e12, 0.2998)
    assert nu == pytest.approx(5.1658, abs=1e-3)


def test_free_space_at_one_kilometre_and_one_gigahertz_is_92_4() -> None:
    terms = loss_and_terms([0.0] * 5, spacing_km=0.25, freq_mhz=1000.0, tx_height_m=50.0, rx_height_m=50.0)
    assert terms["Lbfs"] == pytest.approx(92.4, abs=1e-9)
    assert terms["Lb"] == pytest.approx(92.4, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(HEIGHTS, st.sampled_from([1.0, 10.0, 50.0]), st.sampled_from(["vertical", "horizontal"]))
def test_the_way_back_loses_as_much_as_the_way_there(ground: list[int], percent: float, polarization: str) -> None:
    there = loss_and_terms(ground, time_percent=percent, polarization=polarization, tx_height_m=40.0, rx_height_m=3.0)
    back = loss_and_terms(
        ground[::-1], time_percent=percent, polarization=polarization, tx_height_m=3.0, rx_height_m=40.0
    )
    assert there["Lb"] == pytest.approx(back["Lb"], abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(HEIGHTS, st.sampled_from([1.0, 5.0, 20.0, 50.0]), st.sampled_from([90.0, 450.0, 1800.0, 5900.0]))
def test_the_loss_is_never_below_free_space_less_focusing(ground: list[int], percent: float, freq: float) -> None:
    terms = loss_and_terms(ground, time_percent=percent, freq_mhz=freq)
    assert terms["Lb"] >= terms["Lbfs"] + 2.6 * math.log10(percent / 50.0) - 1e-9


@settings(max_examples=60, deadline=None)
@given(HEIGHTS, st.integers(0, 38), st.integers(50, 600))
def test_behind_a_wall_the_loss_grows_with_the_frequency(ground: list[int], where: int, height: int) -> None:
    wall = 1 + where % (len(ground) - 2)
    ground[wall] = max(*ground, 0) + 50 + height
    losses = [loss_and_terms(ground, freq_mhz=freq)["Lbulla50"] for freq in (100.0, 450.0, 900.0, 1800.0, 3700.0)]
    assert (np.diff(losses) > 0.0).all()


@settings(max_examples=40, deadline=None)
@given(HEIGHTS)
def test_the_loss_for_more_of_the_time_is_not_smaller(ground: list[int]) -> None:
    losses = [loss_and_terms(ground, time_percent=percent)["Lb"] for percent in (1.0, 10.0, 50.0)]
    assert (np.diff(losses) >= -1e-6).all()


def test_more_places_need_more_loss_by_the_normal_deviate() -> None:
    ground = [0, 300, 0, 0, 0]
    median = loss_and_terms(ground)["Lb"]
    ninety = loss_and_terms(ground, location_percent=90.0, location_sigma_db=8.0)["Lb"]
    assert ninety - median == pytest.approx(1.2816 * 8.0, abs=0.01)
    at_sea = loss_and_terms(ground, zone=np.array([4, 4, 4, 4, 1]), location_percent=90.0, location_sigma_db=8.0)
    assert at_sea["Lloc"] == 0.0


def test_clutter_counts_between_the_ends_only() -> None:
    ground = np.zeros(21)
    cover = np.full(21, 20.0)
    ends = np.zeros(21)
    ends[[0, -1]] = 20.0
    assert loss_and_terms(ground, cover_m=cover)["Lb"] > loss_and_terms(ground)["Lb"] + 10.0
    assert loss_and_terms(ground, cover_m=ends)["Lb"] == loss_and_terms(ground)["Lb"]


def test_the_loss_is_the_last_of_the_terms() -> None:
    arguments: dict[str, Any] = {
        "freq_mhz": 700.0,
        "distance_km": [0.0, 1.0, 2.0, 3.0],
        "terrain_m": [100.0, 250.0, 90.0, 80.0],
        "cover_m": None,
        "zone": [4, 4, 4, 4],
        "tx_height_m": 20.0,
        "rx_height_m": 1.5,
        "latitude_deg": 21.0,
    }
    assert basic_transmission_loss_db(**arguments) == path_terms(**arguments)["Lb"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"freq_mhz": 29.0}, "freq_mhz"),
        ({"freq_mhz": 6001.0}, "freq_mhz"),
        ({"freq_mhz": math.nan}, "freq_mhz"),
        ({"tx_height_m": 0.5}, "tx_height_m"),
        ({"rx_height_m": 3001.0}, "rx_height_m"),
        ({"time_percent": 0.5}, "time_percent"),
        ({"time_percent": 50.5}, "time_percent"),
        ({"location_percent": 100.0}, "location_percent"),
        ({"location_sigma_db": -1.0}, "location_sigma_db"),
        ({"latitude_deg": 91.0}, "latitude_deg"),
        ({"polarization": "slant"}, "polarization"),
        ({"delta_n": 157.0}, "delta_n"),
        ({"n0": 0.0}, "n0"),
        ({"rx_coast_km": -1.0}, "rx_coast_km"),
        ({"spacing_km": 0.01}, "distance_km"),
        ({"zone": np.array([4, 4, 2, 4, 4])}, "zone"),
    ],
)
def test_values_outside_the_range_are_named(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(ModelRangeError, match=f"P.1812-8: {name} = "):
        loss_and_terms([0, 10, 20, 10, 0], **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"distance_km": [0.0, 1.0], "terrain_m": [0.0, 0.0], "zone": [4, 4]}, "at least 3"),
        ({"terrain_m": [0.0, math.nan, 0.0, 0.0, 0.0]}, "without height"),
        ({"distance_km": [0.0, 2.0, 1.0, 3.0, 4.0]}, "must start at 0 and grow"),
        ({"distance_km": [1.0, 2.0, 3.0, 4.0, 5.0]}, "must start at 0 and grow"),
        ({"zone": [4, 4, 4]}, "3 zones"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CoverageError, match=words):
        loss_and_terms([0.0] * 5, **changes)
