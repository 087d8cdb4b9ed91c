"""How antennas radiate."""

import math

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio._numba import njit
from coverage.radio.antenna import Antenna, Pattern, sector_gain_db

NAN = math.nan


@pytest.mark.parametrize(
    ("azimuth", "elevation", "gain"),
    [
        (120, -6, 0.0),  # along the beam
        (120 + 32.5, -6, -3.0),  # half the beam width aside: half the power
        (120 - 32.5, -6, -3.0),
        (120, -6 + 3.5, -3.0),  # half the vertical width above the beam
        (120, 0, -12 * (6 / 7) ** 2),  # the horizon: 6 degrees above the beam
        (120 + 32.5, -6 - 3.5, -6.0),  # both: losses add
        (120, 60, -20.0),  # far above: the side-lobe floor
        (300, -6, -25.0),  # behind: 12 (180 / 65)^2 = 92 dB, held at the front-to-back ratio
        (300, 60, -25.0),  # behind and above: never beyond it
    ],
)
def test_the_sector_follows_the_3gpp_formulas(azimuth: float, elevation: float, gain: float) -> None:
    assert sector_gain_db(azimuth, elevation, 120.0, 6.0, 65.0, 7.0) == pytest.approx(gain, abs=1e-12)


@pytest.mark.parametrize(("azimuth", "boresight"), [(350, 10), (10, 350), (-10, 10), (370, 350), (730, 710), (750, 10)])
def test_directions_wrap_around_north(azimuth: float, boresight: float) -> None:
    assert sector_gain_db(azimuth, 0.0, boresight, 0.0, 65.0, 10.0) == pytest.approx(-12 * (20 / 65) ** 2)


def test_a_direction_200_degrees_clockwise_is_160_degrees_the_other_way() -> None:
    assert sector_gain_db(200.0, 0.0, 0.0, 0.0, 200.0, 10.0) == pytest.approx(-12 * (160 / 200) ** 2)


@pytest.mark.parametrize(("boresight", "beamwidth"), [(NAN, 65.0), (120.0, 360.0)])
def test_an_antenna_without_azimuth_or_with_a_full_circle_is_omnidirectional(
    boresight: float, beamwidth: float
) -> None:
    gains = {sector_gain_db(azimuth, -3.0, boresight, 0.0, beamwidth, 6.0) for azimuth in (0.0, 77.0, 300.0)}
    assert gains == {-3.0}


def test_a_vertical_width_of_a_full_circle_is_the_same_at_every_elevation() -> None:
    assert sector_gain_db(0.0, -80.0, NAN, 4.0, 65.0, 360.0) == 0.0


@pytest.mark.parametrize("missing", [0, 1, 3, 4, 5])
def test_a_missing_angle_gives_no_gain_at_all(missing: int) -> None:
    angles = [10.0, -2.0, 0.0, 4.0, 65.0, 7.0]
    angles[missing] = NAN
    assert math.isnan(sector_gain_db(*angles))


def test_it_can_be_called_from_compiled_loops() -> None:
    @njit(cache=False)
    def total(count: int) -> float:
        found = 0.0
        for azimuth in range(count):
            found += sector_gain_db(float(azimuth), 0.0, 0.0, 0.0, 65.0, 7.0)
        return found

    assert total(3) == pytest.approx(-12 * (1 + 4) / 65**2)


def test_an_antenna_gives_arrays_what_the_compiled_sector_gives_one_direction() -> None:
    antenna = Antenna(boresight_deg=120, beamwidth_deg=65, vertical_beamwidth_deg=7, electrical_downtilt_deg=6)
    found = antenna.gain_db([[120, 152.5], [300, np.nan]], -6)
    assert found == pytest.approx(np.array([[0, -3], [-25, np.nan]]), nan_ok=True)


def test_an_isotropic_antenna_is_the_default() -> None:
    assert Antenna().gain_db([0, 90, 200], [0, -90, 45]).tolist() == [0, 0, 0]


def test_mechanical_tilt_bends_the_beam_down_ahead_up_behind_and_not_aside() -> None:
    tilted = {"boresight_deg": 90.0, "vertical_beamwidth_deg": 10.0}
    leaning = Antenna(**tilted, mechanical_downtilt_deg=5)
    # 5 degrees off a beam 10 degrees wide: 12 (5 / 10)^2 = 3 dB
    assert leaning.gain_db([90, 90, 270, 270], [-5, 0, 5, 0]) == pytest.approx([0, -3, 0, -3], abs=1e-9)
    assert leaning.gain_db([0, 180], [0, 0]) == pytest.approx([0, 0], abs=1e-9)
    bent = Antenna(**tilted, electrical_downtilt_deg=5)
    assert bent.gain_db([90, 0, 270], [-5, -5, -5]) == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beamwidth_deg": 0}, "beamwidth_deg = 0"),
        ({"vertical_beamwidth_deg": NAN}, "vertical_beamwidth_deg = nan"),
        ({"boresight_deg": 0, "mechanical_downtilt_deg": 91}, "mechanical_downtilt_deg = 91"),
        ({"electrical_downtilt_deg": NAN}, "electrical_downtilt_deg = nan"),
        ({"mechanical_downtilt_deg": 3}, "boresight_deg = nan"),
    ],
)
def test_impossible_antennas_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        Antenna(**options)  # type: ignore[arg-type]


CROSS = Pattern(
    horizontal=((0, 0), (90, 10), (180, 20), (270, 10)),
    vertical=((0, 2), (10, 0), (90, 16), (180, 22)),
)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "gain"),
    [
        (200, -10, 0.0),  # the peak: ahead and 10 degrees down
        (200, 0, -2.0),  # the horizon ahead, on the vertical cut
        (200, -50, -8.0),  # half-way from 10 to 90 degrees down
        (20, 0, -22.0),  # behind, on the vertical cut at 180
        (20, -45, -19.0),  # behind and 45 degrees down, half-way from 180 to the 16 dB at the nadir
        (
            290,
            0,
            -10 - 0.5 * 2 - 0.5 * 2,
        ),  # aside: 10 dB, plus half of each difference ahead (2 - 0) and behind (22 - 20)
        (245, 0, -5 - 0.75 * 2 - 0.25 * 2),  # 45 degrees aside: half-way on the horizontal cut, weights 3/4 and 1/4
    ],
)
def test_cuts_are_joined_as_the_projection_method_says(azimuth: float, elevation: float, gain: float) -> None:
    antenna = Antenna(boresight_deg=200, pattern=CROSS)
    assert antenna.gain_db(azimuth, elevation) == pytest.approx(gain)


def test_further_electrical_tilt_moves_a_pattern_down() -> None:
    antenna = Antenna(boresight_deg=0, pattern=CROSS, electrical_downtilt_deg=4)
    assert antenna.gain_db(0, -14) == pytest.approx(0)


def test_cuts_that_contradict_each_other_never_beat_the_peak() -> None:
    antenna = Antenna(boresight_deg=0, pattern=Pattern(((0, 5), *CROSS.horizontal[1:]), CROSS.vertical))
    assert antenna.gain_db([0, 40], [-10, -10]).max() <= 0
