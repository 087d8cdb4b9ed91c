"""Free space."""

import math

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.free_space import basic_transmission_loss_db


def test_the_loss_is_32_4_plus_20_log_f_plus_20_log_d_as_p525_rounds_it() -> None:
    # 1 km at 1000 MHz: 32.45 + 60; 20 km at 900 MHz: 32.45 + 59.08 + 26.02
    found = basic_transmission_loss_db(freq_mhz=1000, distance_km=1)
    assert found == pytest.approx(92.45, abs=0.005)
    assert basic_transmission_loss_db(freq_mhz=900, distance_km=20) == pytest.approx(117.55, abs=0.01)


def test_one_wavelength_loses_20_log_4_pi() -> None:
    assert basic_transmission_loss_db(freq_mhz=299.792458, distance_km=0.001) == pytest.approx(
        20 * math.log10(4 * math.pi)
    )


def test_heights_make_the_path_slant() -> None:
    slant = basic_transmission_loss_db(freq_mhz=900, distance_km=4, tx_height_m=3001.5, rx_height_m=1.5)
    assert slant == pytest.approx(basic_transmission_loss_db(freq_mhz=900, distance_km=5))


def test_antennas_that_are_not_apart_are_not_modelled() -> None:
    found = basic_transmission_loss_db(freq_mhz=900, distance_km=[[0, -1], [np.nan, np.inf]])
    assert found.shape == (2, 2)
    assert np.isnan(found).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq_mhz": 0}, "freq_mhz = 0"),
        ({"freq_mhz": math.nan}, "freq_mhz"),
        ({"tx_height_m": math.nan}, "tx_height_m"),
    ],
)
def test_values_without_meaning_are_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        basic_transmission_loss_db(**{"freq_mhz": 900.0, "distance_km": 1.0, **options})
