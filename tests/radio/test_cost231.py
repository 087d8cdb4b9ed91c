"""COST 231-Hata against values worked by hand and a published one."""

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.cost231 import basic_transmission_loss_db
from coverage.radio.hata import basic_transmission_loss_db as hata_db

LINK = {"freq_mhz": 1950.0, "distance_km": 1.0, "tx_height_m": 30.0, "rx_height_m": 1.5}
HOLMA_AND_TOSKALA = {1: 137.4, 10: 172.6}
"""WCDMA for UMTS, link budget: L = 137.4 + 35.2 log R over `LINK`, km -> dB."""


def test_1950_mhz_is_the_line_that_holma_and_toskala_print() -> None:
    found = basic_transmission_loss_db(**{**LINK, "distance_km": [*HOLMA_AND_TOSKALA]})
    assert found == pytest.approx([*HOLMA_AND_TOSKALA.values()], abs=0.05)


def test_1800_mhz_worked_by_hand() -> None:
    # 46.3 + 33.9 * 3.255273 - 13.82 * 1.477121 - 0.042974 + 35.2249 * 0.698970
    found = basic_transmission_loss_db(**{**LINK, "freq_mhz": 1800, "distance_km": 5})
    assert found == pytest.approx(160.818, abs=0.001)


def test_a_metropolis_adds_3_db() -> None:
    more = basic_transmission_loss_db(**LINK, environment="metropolitan") - basic_transmission_loss_db(**LINK)
    assert more == pytest.approx(3)


def test_it_starts_1_33_db_above_hata_at_1500_mhz() -> None:
    # 46.3 + 33.9 log 1500 against 69.55 + 26.16 log 1500, all else the same
    link = {**LINK, "freq_mhz": 1500.0}
    step_db = basic_transmission_loss_db(**link) - hata_db(**link, environment="urban")
    assert step_db == pytest.approx(1.33, abs=0.005)


def test_distances_outside_1_to_20_km_are_not_modelled() -> None:
    found = basic_transmission_loss_db(**{**LINK, "distance_km": [0.5, 5, 25]})
    assert np.isnan(found).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq_mhz": 1499}, "COST 231-Hata: freq_mhz = 1499 .* 1500 to 2000 MHz"),
        ({"tx_height_m": 201}, "tx_height_m = 201"),
        ({"rx_height_m": 11}, "rx_height_m = 11"),
        ({"environment": "open"}, "environment = open .* suburban, urban, metropolitan"),
    ],
)
def test_values_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        basic_transmission_loss_db(**{**LINK, **options})
