import numpy as np
import pandas as pd
import pytest

from coverage.calibration.averaging import average, mean_above_median_db
from tests.worlds import NORTH, WEST, grid


def readings(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["operator", "technology", "cell_id", "level_dbm"]).assign(site_id=None)


def test_equal_readings_of_a_pixel_are_one_and_networks_and_named_cells_stay_apart() -> None:
    table = readings(
        ("viettel", "4g", "A1", -90.0), ("viettel", "4g", "A1", -90.0), ("viettel", "4g", "A2", -99.0),
        ("vnpt", "4g", "", -80.0), ("viettel", "2g", "", -70.0), ("viettel", "4g", "A1", -60.0),
    )  # fmt: skip
    x, y = np.full(6, WEST + 50.0), np.full(6, NORTH - 50.0)
    x[5] = WEST - 1.0  # outside the grid
    found = average(table, x, y, grid())
    assert found[["operator", "technology", "cell_id", "readings"]].to_numpy().tolist() == [
        ["viettel", "2g", "", 1],
        ["viettel", "4g", "A1", 2],
        ["viettel", "4g", "A2", 1],
        ["vnpt", "4g", "", 1],
    ]
    np.testing.assert_allclose(found["level_dbm"], [-70.0, -90.0, -99.0, -80.0], atol=1e-9)


def test_many_readings_about_a_median_give_that_median_and_not_the_mean_power() -> None:
    random = np.random.default_rng(8)
    n, pixels = 400, 30
    level = random.normal(-95.0, 5.0, n * pixels)
    table = readings(*(("viettel", "4g", "", one) for one in level))
    x = WEST + 50.0 + 100.0 * np.arange(pixels).repeat(n)
    found = average(table, x, np.full(n * pixels, NORTH - 50.0), grid())
    assert found["level_dbm"].mean() == pytest.approx(-95.0, abs=0.15)
    mean_power = 10 * np.log10(np.mean(10 ** (level / 10)))
    assert mean_power == pytest.approx(-95.0 + 5.0**2 * np.log(10) / 20, abs=0.15)  # 2.9 dB above


@pytest.mark.parametrize(("n", "spread_db"), [(1, 6.0), (2, 4.0), (5, 6.0), (50, 6.0)])
def test_the_mean_power_of_some_readings_lies_that_far_above_their_median(n: int, spread_db: float) -> None:
    drawn = np.random.default_rng(n).normal(0.0, spread_db, (20_000, n))
    above = float(np.mean(10 * np.log10(np.mean(10 ** (drawn / 10), axis=1))))
    assert mean_above_median_db(n, spread_db) == pytest.approx(above, abs=0.35)
