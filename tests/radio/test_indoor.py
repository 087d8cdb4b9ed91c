"""Indoors: the sum of a normal and a skewed variability against sums drawn at random, and against P.2109 alone."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from coverage.errors import ModelRangeError
from coverage.radio.indoor import indoor_loss_db, indoor_share
from coverage.radio.link_budget import coverage_probability, margin_db
from coverage.radio.p2109 import Building, building_entry_loss_db, loss_at_deviate_db

BUILDINGS: tuple[Building, ...] = ("traditional", "thermally_efficient")


@pytest.mark.parametrize("building", BUILDINGS)
@pytest.mark.parametrize("freq_mhz", [700.0, 3700.0])
def test_the_loss_is_the_quantile_of_a_million_drawn_places(building: Building, freq_mhz: float) -> None:
    random = np.random.default_rng(20260915)
    entering = loss_at_deviate_db(random.standard_normal(1_000_000), freq_mhz=freq_mhz, building=building)
    drawn = entering + 5.5 * random.standard_normal(1_000_000)
    for percent in (1, 10, 50, 90, 99):
        found = indoor_loss_db(freq_mhz=freq_mhz, percent=percent, building=building, location_sigma_db=5.5)
        # Three standard errors of a percentile of so many: 0.06 dB in the middle, 0.25 dB at 1 and 99 %.
        assert found == pytest.approx(np.percentile(drawn, percent), abs=0.06 if 1 < percent < 99 else 0.25)


@pytest.mark.parametrize("percent", [0.1, 5, 50, 95, 99.9])
def test_at_the_loss_the_integral_over_the_buildings_is_the_share(percent: float) -> None:
    loss = indoor_loss_db(freq_mhz=1800.0, percent=percent, building="traditional", location_sigma_db=8.0)

    def places(z: float) -> float:
        entering = float(loss_at_deviate_db(z, freq_mhz=1800.0, building="traditional"))
        return float(norm.pdf(z) * norm.cdf((loss - entering) / 8.0))

    assert 100 * quad(places, -9, 9, epsabs=1e-12)[0] == pytest.approx(percent, abs=1e-8)


@pytest.mark.parametrize("building", BUILDINGS)
@pytest.mark.parametrize("percent", [1.0, 50.0, 99.0])
def test_without_variability_outdoors_the_building_alone_is_left(building: Building, percent: float) -> None:
    alone = building_entry_loss_db(freq_mhz=900.0, percent=percent, building=building)
    # P.1812's approximation of the normal distribution, in p2109, is good to 0.00045 deviations of 15 dB.
    for sigma_db, within_db in ((0.0, 0.01), (0.3, 0.1), (0.6, 0.1)):
        found = indoor_loss_db(freq_mhz=900.0, percent=percent, building=building, location_sigma_db=sigma_db)
        assert found == pytest.approx(alone, abs=within_db)


def test_a_sum_of_variances_would_flatter_the_luckiest_places() -> None:
    median, high = (building_entry_loss_db(freq_mhz=900.0, percent=p) for p in (50.0, 90.0))
    deviation = np.hypot((high - median) / 1.28155, 5.5)
    assert indoor_loss_db(freq_mhz=900.0, percent=90.0) == pytest.approx(median + 1.28155 * deviation, abs=0.1)
    assert indoor_loss_db(freq_mhz=900.0, percent=1.0) > median - 2.32635 * deviation + 4


def test_the_share_of_a_loss_is_its_percentage_again() -> None:
    percents = [0.1, 1.0, 25.0, 50.0, 90.0, 99.9]
    losses = [indoor_loss_db(freq_mhz=2600.0, percent=percent) for percent in percents]
    assert 100 * indoor_share(losses, freq_mhz=2600.0) == pytest.approx(percents, abs=2e-3)


def test_shares_far_out_are_none_or_all_and_unknown_losses_stay_unknown() -> None:
    found = indoor_share([[-200.0, 300.0, np.nan]], freq_mhz=900.0)
    assert found.shape == (1, 3)
    assert found[0, :2] == pytest.approx([0, 1], abs=1e-12)
    assert np.isnan(found[0, 2])


def test_the_probability_of_coverage_indoors_counts_the_building() -> None:
    margin = margin_db(90, location_sigma_db=5.5, building="traditional", freq_mhz=1800.0)
    assert margin == indoor_loss_db(freq_mhz=1800.0, percent=90)
    probability = coverage_probability(
        [-115 + margin, np.nan], -115, sigma_db=5.5, building="traditional", freq_mhz=1800.0
    )
    assert probability[0] == pytest.approx(0.9, abs=1e-5)
    assert np.isnan(probability[1])


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"percent": 0.05}, "percent"), ({"location_sigma_db": -1.0}, "location_sigma_db"), ({"freq_mhz": 79.0}, "freq"),
     ({"building": "none"}, "building")],
)  # fmt: skip
def test_values_out_of_range_are_named(changes: dict[str, object], name: str) -> None:
    with pytest.raises(ModelRangeError, match=name):
        indoor_loss_db(**{"freq_mhz": 900.0, **changes})  # type: ignore[arg-type]
