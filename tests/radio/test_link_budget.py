"""Levels that phones report, and margins for a probability."""

import math

import numpy as np
import pytest

from coverage.errors import ModelRangeError
from coverage.radio.link_budget import coverage_probability, margin_db
from coverage.radio.reference_power import (
    LTE_RESOURCE_BLOCKS,
    NR_RESOURCE_BLOCKS,
    reference_power_dbm,
    reference_powers_dbm,
)


@pytest.mark.parametrize(("bandwidth_mhz", "loss_db"), [(10, 27.8), (15, 29.5), (20, 30.8)])
def test_rsrp_is_per_resource_element_as_the_domain_facts_say(bandwidth_mhz: float, loss_db: float) -> None:
    assert 62 - reference_power_dbm("4g", eirp_dbm=62, bandwidth_mhz=bandwidth_mhz) == pytest.approx(loss_db, abs=0.05)


@pytest.mark.parametrize(("bandwidth_mhz", "elements"), [(1.4, 72), (3, 180), (5, 300)])
def test_narrow_lte_channels_have_twelve_elements_a_block(bandwidth_mhz: float, elements: int) -> None:
    expected = 40 - 10 * math.log10(elements)
    assert reference_power_dbm("4g", eirp_dbm=40, bandwidth_mhz=bandwidth_mhz) == pytest.approx(expected)


def test_a_100_mhz_5g_carrier_loses_35_2_db_over_its_3276_elements() -> None:
    # 273 blocks of 12 elements at 30 kHz: 10 log10(3276) = 35.153
    assert reference_power_dbm("5g", eirp_dbm=76, bandwidth_mhz=100) == pytest.approx(76 - 35.153, abs=0.001)


def test_5g_has_15_khz_elements_up_to_20_mhz_and_30_khz_above_unless_told() -> None:
    assert reference_power_dbm("5g", eirp_dbm=0, bandwidth_mhz=20) == pytest.approx(-10 * math.log10(12 * 106))
    assert reference_power_dbm("5g", eirp_dbm=0, bandwidth_mhz=25) == pytest.approx(-10 * math.log10(12 * 65))
    told = reference_power_dbm("5g", eirp_dbm=0, bandwidth_mhz=20, subcarrier_khz=30)
    assert told == pytest.approx(-10 * math.log10(12 * 51))


@pytest.mark.parametrize("subcarrier_khz", [15, 30, 60])
def test_no_channel_has_more_subcarriers_than_fit_into_it(subcarrier_khz: float) -> None:
    for bandwidth_mhz, blocks in NR_RESOURCE_BLOCKS[subcarrier_khz].items():
        occupied = 12 * blocks * subcarrier_khz / 1000 / bandwidth_mhz
        assert 0.75 < occupied < 0.99, (bandwidth_mhz, occupied)


def test_lte_channels_occupy_nine_tenths_but_for_the_narrowest() -> None:
    shares = [12 * 0.015 * blocks / mhz for mhz, blocks in LTE_RESOURCE_BLOCKS.items()]
    assert shares == pytest.approx([0.771, 0.9, 0.9, 0.9, 0.9, 0.9], abs=0.001)


def test_rxlev_is_the_whole_carrier_and_rscp_the_pilot_ten_db_below() -> None:
    assert reference_power_dbm("2g", eirp_dbm=57, bandwidth_mhz=0.2) == 57
    assert reference_power_dbm("3g", eirp_dbm=57, bandwidth_mhz=5) == pytest.approx(47)
    assert reference_power_dbm("3g", eirp_dbm=57, bandwidth_mhz=5, cpich_share=0.2) == pytest.approx(50.01, abs=0.01)


def test_many_cells_at_once_equal_one_at_a_time() -> None:
    found = reference_powers_dbm(["2g", "4g", "5g"], eirp_dbm=[57, 62, 76], bandwidth_mhz=[0.2, 10, 100])
    assert found == pytest.approx([57, 34.218, 40.847], abs=0.001)
    assert reference_powers_dbm([], eirp_dbm=60, bandwidth_mhz=10).shape == (0,)


def test_a_cell_without_eirp_has_no_level() -> None:
    assert math.isnan(reference_power_dbm("4g", eirp_dbm=math.nan, bandwidth_mhz=10))


@pytest.mark.parametrize(
    ("technology", "options", "message"),
    [
        ("4g", {"bandwidth_mhz": 12}, r"4g bandwidth_mhz = 12 .* one of 1.4, 3, 5, 10, 15, 20"),
        ("4g", {"bandwidth_mhz": math.nan}, "bandwidth_mhz = nan"),
        ("5g", {"bandwidth_mhz": 200}, "one of 5, 10, .* 100"),
        ("5g", {"bandwidth_mhz": 20, "subcarrier_khz": 120}, "subcarrier_khz = 120 .* one of 15, 30, 60"),
        ("6g", {"bandwidth_mhz": 20}, "technology = 6g .* one of 2g, 3g, 4g, 5g"),
        ("3g", {"bandwidth_mhz": 5, "cpich_share": 0}, "cpich_share = 0"),
    ],
)
def test_what_the_standards_do_not_know_is_refused_by_name(
    technology: str, options: dict[str, float], message: str
) -> None:
    with pytest.raises(ModelRangeError, match=message):
        reference_power_dbm(technology, eirp_dbm=60, **options)


def test_margins_are_the_quantiles_of_the_normal_distribution() -> None:
    # Printed tables: 90 % is 1.2816 standard deviations, 95 % 1.6449.
    assert margin_db(50, location_sigma_db=5.5) == 0
    assert margin_db(90, location_sigma_db=5.5) == pytest.approx(1.2816 * 5.5, abs=0.001)
    assert margin_db(95, location_sigma_db=3, model_sigma_db=4) == pytest.approx(1.6449 * 5, abs=0.001)
    assert margin_db(5, location_sigma_db=5) == pytest.approx(-margin_db(95, location_sigma_db=5))


def test_probability_is_one_half_at_the_threshold_and_84_1_percent_one_deviation_above() -> None:
    found = coverage_probability([-115, -109.5, -120.5, np.nan], -115, sigma_db=5.5)
    assert found == pytest.approx([0.5, 0.8413, 0.1587, np.nan], abs=0.0001, nan_ok=True)


def test_the_margin_gives_the_probability_it_was_asked_for() -> None:
    level = -105 + margin_db(90, location_sigma_db=5.5, model_sigma_db=6)
    assert coverage_probability(level, -105, sigma_db=math.hypot(5.5, 6)) == pytest.approx(0.9)


def test_without_deviation_probability_is_a_plain_comparison() -> None:
    found = coverage_probability([-105, -105.001, np.nan], -105, sigma_db=0)
    assert found == pytest.approx([1, 0, np.nan], nan_ok=True)


@pytest.mark.parametrize("percent", [0, 100, -5, math.nan])
def test_certainty_is_refused(percent: float) -> None:
    with pytest.raises(ModelRangeError, match="probability_percent"):
        margin_db(percent, location_sigma_db=5.5)


@pytest.mark.parametrize("sigma_db", [-1, math.nan, math.inf])
def test_a_deviation_that_is_none_is_refused(sigma_db: float) -> None:
    with pytest.raises(ModelRangeError, match="sigma_db"):
        coverage_probability([-100], -105, sigma_db=sigma_db)
