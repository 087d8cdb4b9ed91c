"""Okumura-Hata against values worked by hand and published ones."""

import math

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.hata import basic_transmission_loss_db, large_city_gain_db, medium_city_gain_db

LINK = {"freq_mhz": 869.0, "distance_km": 2.0, "tx_height_m": 30.0, "rx_height_m": 1.0}

AT_869_MHZ = {
    # Published with ns-3's test of the model, computed there by independent Octave scripts.
    "large_city": 137.93,
    "urban": 137.88,
    "suburban": 128.03,
    # By hand: 137.877 - 4.78 * 8.6378 + 18.33 * 2.9390 - 40.94
    "open": 109.52,
}
"""Surroundings -> dB over `LINK`."""
TEXTBOOK = {1: 126.40, 10: 161.63}
"""126.4 + 35.2 log d: km -> dB in a town, 900 MHz, 30 m and 1.5 m."""


@pytest.mark.parametrize(("environment", "loss_db"), AT_869_MHZ.items())
def test_869_mhz_over_2_km(environment: str, loss_db: float) -> None:
    assert basic_transmission_loss_db(**LINK, environment=environment) == pytest.approx(loss_db, abs=0.006)


def test_900_mhz_from_30_m_is_the_textbook_line_126_4_plus_35_2_log_d() -> None:
    found = basic_transmission_loss_db(
        freq_mhz=900, distance_km=[*TEXTBOOK], tx_height_m=30, rx_height_m=1.5, environment="urban"
    )
    assert found == pytest.approx([*TEXTBOOK.values()], abs=0.01)


def test_receiver_gains_worked_by_hand() -> None:
    assert medium_city_gain_db(900, 1.5) == pytest.approx(0.0159, abs=0.0005)
    assert large_city_gain_db(200, 1.5) == pytest.approx(8.29 * 0.36361**2 - 1.1, abs=0.0005)
    assert large_city_gain_db(400, 3) == pytest.approx(3.2 * 1.54716**2 - 4.97, abs=0.0005)


def test_distances_outside_1_to_20_km_are_not_modelled() -> None:
    found = basic_transmission_loss_db(**{**LINK, "distance_km": np.array([[0.99, 1.0], [20.0, 20.01]])})
    assert np.isnan(found).tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq_mhz": 1501}, "Okumura-Hata: freq_mhz = 1501 .* 150 to 1500 MHz"),
        ({"freq_mhz": math.nan}, "freq_mhz"),
        ({"tx_height_m": 29}, "tx_height_m = 29 .* 30 to 200 m"),
        ({"rx_height_m": 0.5}, "rx_height_m = 0.5 .* 1 to 10 m"),
        ({"environment": "forest"}, "environment = forest .* one of open, suburban, urban, large_city"),
    ],
)
def test_values_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        basic_transmission_loss_db(**{**LINK, **options})
