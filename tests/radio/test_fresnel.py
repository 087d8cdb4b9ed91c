"""The first Fresnel zone of paths that can be worked by hand."""

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.fresnel import EARTH_M, LOW_K, MEDIAN_K, mast_rise, obstructions, ray_over


def over_a_hill(hill_m: float, *, k: float = MEDIAN_K):
    """
    40 km at 7 GHz between antennas at 536 m, a hill in the middle of low ground.

    The zone is √(0.0428275 × 20,000 × 20,000 / 40,000) = 20.695 m wide there; the Earth bulges by
    20,000² / 2 / 8,494,667 = 23.544 m with k = 4/3 and by 47.088 m with k = 2/3.
    """
    distance_m = np.linspace(0, 40_000, 41)
    top_m = np.full(41, 100.0)
    top_m[20] = hill_m
    return ray_over(distance_m, top_m, first_m=536, second_m=536, freq_mhz=7000, earth_radius_m=k * EARTH_M)


def test_room_and_radius_in_the_middle_of_a_hop_worked_by_hand() -> None:
    ray = over_a_hill(510)
    assert ray.radius_m[19] == pytest.approx(20.695, abs=0.001)
    assert ray.room_m[19] == pytest.approx(536 - 23.544 - 510, abs=0.001)
    assert over_a_hill(480, k=LOW_K).room_m[19] == pytest.approx(536 - 47.088 - 480, abs=0.001)


def test_both_masts_rise_by_what_is_missing_and_one_alone_by_twice_that_over_a_hill_in_the_middle() -> None:
    rise = mast_rise(over_a_hill(510), clear_f1=0.6)
    assert rise.both_m == pytest.approx(0.6 * 20.695 - 2.456, abs=0.001)
    assert rise.first_m == rise.second_m == pytest.approx(2 * rise.both_m)
    assert rise.at_m == 20_000


def test_raised_masts_keep_just_what_was_asked_for() -> None:
    rng = np.random.default_rng(9)
    distance_m, top_m = np.linspace(0, 30_000, 301), rng.uniform(200, 700, 301)
    ends = {"freq_mhz": 7000, "earth_radius_m": LOW_K * EARTH_M}
    rise = mast_rise(ray_over(distance_m, top_m, first_m=600, second_m=650, **ends), clear_f1=0.6)
    for first_m, second_m in (
        (600 + rise.both_m, 650 + rise.both_m),
        (600 + rise.first_m, 650),
        (600, 650 + rise.second_m),
    ):
        ray = ray_over(distance_m, top_m, first_m=first_m, second_m=second_m, **ends)
        assert ray.room_f1.min() == pytest.approx(0.6, abs=1e-9)


def test_a_path_with_room_to_spare_says_how_far_its_masts_may_come_down() -> None:
    assert mast_rise(over_a_hill(100), clear_f1=0.6).both_m < -300


def test_each_stretch_in_the_zone_is_one_obstruction_with_its_deepest_point() -> None:
    distance_m, top_m = np.linspace(0, 10_000, 101), np.full(101, 400.0)
    top_m[30], top_m[31], top_m[70] = 499.0, 503.0, 497.0
    flat_earth = 1e12
    ray = ray_over(distance_m, top_m, first_m=500, second_m=500, freq_mhz=1800, earth_radius_m=flat_earth)
    first, second = obstructions(ray)
    # √(0.166551 × 3,100 × 6,900 / 10,000) = 18.875 m, and 18.701 m at 7 km
    assert (first.from_m, first.to_m, first.worst_m) == (3000, 3100, 3100)
    assert (first.room_m, first.depth_m) == (pytest.approx(-3, abs=1e-3), pytest.approx(21.875, abs=1e-3))
    assert (second.worst_m, second.room_f1) == (7000, pytest.approx(3 / 18.701, abs=1e-3))
    assert obstructions(ray, clear_f1=0.1)[0].worst_m == 3100
    assert len(obstructions(ray, clear_f1=0.1)) == 1


@pytest.mark.parametrize(("freq_mhz", "radius_m"), [(0, EARTH_M), (-7, EARTH_M), (7000, 0), (np.nan, EARTH_M)])
def test_no_frequency_and_no_earth_are_refused(freq_mhz: float, radius_m: float) -> None:
    with pytest.raises(ModelRangeError, match="above 0"):
        ray_over(np.array([0, 1.0, 2]), np.zeros(3), first_m=1, second_m=1, freq_mhz=freq_mhz, earth_radius_m=radius_m)
