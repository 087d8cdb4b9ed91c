"""3GPP TR 38.901 against values that ns-3 publishes with its own tests, and by hand."""

import math

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.tr38901 import basic_transmission_loss_db, line_of_sight_probability

RURAL = {"freq_mhz": 5000.0, "distance_km": 1.0, "tx_height_m": 35.0, "rx_height_m": 1.5}
URBAN = {**RURAL, "tx_height_m": 25.0, "scenario": "uma"}
NS3 = {
    ("rma", True): {0.01: 77.3784, 0.1: 87.2965, 1: 108.5577, 10: 140.3896},
    ("rma", False): {0.01: 77.3784, 0.1: 95.7718, 1: 133.5223, 5: 160.5169},
    ("uma", True): {0.01: 72.9380, 0.1: 86.2362, 1: 109.7252, 5: 137.6794},
    ("uma", False): {0.01: 82.5131, 0.1: 106.1356, 1: 144.7641, 5: 172.0753},
}
"""Scenario, whether the ends see each other -> km -> dB over `RURAL` or `URBAN`."""


@pytest.mark.parametrize(("scenario", "line_of_sight"), NS3)
def test_macro_cells_at_5_ghz(scenario: str, line_of_sight: bool) -> None:
    published = NS3[scenario, line_of_sight]
    link = {**(RURAL if scenario == "rma" else URBAN), "distance_km": [*published]}
    found = basic_transmission_loss_db(**link, line_of_sight=line_of_sight)
    assert found == pytest.approx([*published.values()], abs=0.0001)


def test_beyond_the_break_point_of_a_low_band_loss_grows_40_db_a_decade() -> None:
    # 700 MHz, 35 m, 1.5 m: the break point lies at 2 pi * 35 * 1.5 * 0.7e9 / 3e8 = 769.7 m
    link = {**RURAL, "freq_mhz": 700.0, "distance_km": [1, 10], "line_of_sight": True}
    near, far = basic_transmission_loss_db(**link)
    assert far - near == pytest.approx(40, abs=0.02)  # the slant of 33.5 m over 1 km takes 0.01 dB of it


def test_hidden_receivers_never_lose_less_than_those_in_sight() -> None:
    distance_km = np.linspace(0.01, 5, 200)
    for link in (RURAL, URBAN):
        seen = basic_transmission_loss_db(**{**link, "distance_km": distance_km}, line_of_sight=True)
        hidden = basic_transmission_loss_db(**{**link, "distance_km": distance_km})
        assert (hidden >= seen).all()


def test_buildings_and_streets_count_in_the_country_as_the_table_says() -> None:
    wide = basic_transmission_loss_db(**RURAL, street_width_m=40)
    assert basic_transmission_loss_db(**RURAL, street_width_m=20) - wide == pytest.approx(7.1 * math.log10(2))


def test_a_higher_receiver_in_a_hidden_street_loses_0_6_db_a_metre_less() -> None:
    low = basic_transmission_loss_db(**{**URBAN, "distance_km": 5})
    assert low - basic_transmission_loss_db(**{**URBAN, "distance_km": 5, "rx_height_m": 6.5}) == pytest.approx(
        3, abs=0.001
    )


def test_each_condition_ends_where_the_table_ends() -> None:
    def known(**options: object) -> list[bool]:
        found = basic_transmission_loss_db(**{**RURAL, "distance_km": [0.009, 0.01, 5, 5.1, 10, 10.1], **options})
        return (~np.isnan(found)).tolist()

    assert known(line_of_sight=True) == [False, True, True, True, True, False]
    assert known() == [False, True, True, False, False, False]
    assert known(scenario="uma", tx_height_m=25, line_of_sight=True) == [False, True, True, False, False, False]


def test_the_share_in_sight_follows_the_table() -> None:
    assert line_of_sight_probability([0, 0.01, 1.01]) == pytest.approx([1, 1, math.exp(-1)])
    # 18 / 60 + exp(-60 / 63) * 42 / 60 = 0.570
    assert line_of_sight_probability([0.018, 0.06], scenario="uma") == pytest.approx([1, 0.570], abs=0.0005)
    assert np.isnan(line_of_sight_probability(-1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"freq_mhz": 450}, "38.901 rma: freq_mhz = 450 .* 500 to 30000"),
        ({"freq_mhz": math.nan}, "freq_mhz"),
        ({"tx_height_m": 9}, "tx_height_m = 9 .* 10 to 150"),
        ({"rx_height_m": 11}, "rx_height_m = 11"),
        ({"building_height_m": 4}, "building_height_m = 4"),
        ({"street_width_m": 60}, "street_width_m = 60"),
        ({"scenario": "uma"}, "uma: tx_height_m = 35.0 .* 25 to 25"),
        ({"scenario": "umi"}, "scenario = umi .* one of rma, uma"),
    ],
)
def test_values_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ModelRangeError, match=message):
        basic_transmission_loss_db(**{**RURAL, **options})


def test_an_unknown_scenario_has_no_share_in_sight() -> None:
    with pytest.raises(ModelRangeError, match="scenario = umi"):
        line_of_sight_probability(1, scenario="umi")
