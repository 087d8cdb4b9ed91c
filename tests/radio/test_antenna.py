"""How antennas radiate."""

import math

import pytest

from coverage.radio._numba import njit
from coverage.radio.antenna import sector_gain_db

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


@pytest.mark.parametrize(("azimuth", "boresight"), [(350, 10), (10, 350), (-10, 10), (370, 350), (730, 710)])
def test_directions_wrap_around_north(azimuth: float, boresight: float) -> None:
    assert sector_gain_db(azimuth, 0.0, boresight, 0.0, 65.0, 10.0) == pytest.approx(-12 * (20 / 65) ** 2)


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
