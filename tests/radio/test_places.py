import numpy as np
import pytest
from scipy.stats import norm

from coverage.errors import ModelRangeError
from coverage.radio.indoor import indoor_loss_db
from coverage.radio.places import share_of_places


@pytest.mark.parametrize(
    ("margin_db", "percent", "share"),
    [(0.0, 50, 0.5), (5.5, 50, 0.8413), (-5.5, 50, 0.1587), (0.0, 90, 0.9), (-7.05, 90, 0.5), (-np.inf, 50, 0.0)],
)
def test_levels_between_places_are_normal_in_db(margin_db: float, percent: float, share: float) -> None:
    assert share_of_places(margin_db, percent=percent, location_sigma_db=5.5) == pytest.approx(share, abs=5e-4)


def test_without_a_spread_all_places_have_the_level_or_none() -> None:
    found = share_of_places([0.0, -0.1, np.nan], percent=90, location_sigma_db=0.0)
    assert found.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found[2])


def test_in_a_building_the_level_that_a_share_of_the_places_has_gives_that_share_back() -> None:
    for percent in (10.0, 50.0, 90.0):
        found = share_of_places(0.0, percent=percent, building="traditional", freq_mhz=900.0)
        assert found == pytest.approx(percent / 100, abs=1e-4)
    # what the median of the places has is, outdoors at the median, the loss of entering above the threshold
    entering_db = indoor_loss_db(freq_mhz=900.0, percent=50.0)
    at_90 = indoor_loss_db(freq_mhz=900.0, percent=90.0)
    assert share_of_places(at_90 - entering_db, building="traditional", freq_mhz=900.0) == pytest.approx(0.9, abs=1e-4)


def test_a_million_drawn_places_agree() -> None:
    rng = np.random.default_rng(1)
    levels = -100.0 + 8.0 * rng.standard_normal(1_000_000)
    median = norm.ppf(0.25, -100.0, 8.0)  # three of four places have more
    assert share_of_places(median + 108.0, percent=75, location_sigma_db=8.0) == pytest.approx(
        np.mean(levels >= -108.0), abs=2e-3
    )


@pytest.mark.parametrize("setting", [{"percent": 0.5}, {"percent": 99.5}, {"location_sigma_db": -1.0}])
def test_a_setting_out_of_range_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ModelRangeError, match=next(iter(setting))):
        share_of_places(0.0, **setting)
