"""Readings that fall into one pixel, averaged in power and brought to the median that a prediction is."""

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from coverage.grid import Grid

KEY = ["row", "col", "operator", "technology", "site_id", "cell_id"]
_NEPER = math.log(10) / 10
"""Natural logarithm of power per dB."""


def average(readings: pd.DataFrame, x_m: ArrayLike, y_m: ArrayLike, grid: Grid) -> pd.DataFrame:
    """
    Average the readings of each pixel, operator, technology and named cell.

    Parameters
    ----------
    readings
        `operator`, `technology`, `site_id`, `cell_id` (empty where a reading names none) and `level_dbm`.
    x_m, y_m
        [readings] in the CRS of the grid; those outside it are left out.
    grid
        Its pixels.

    Returns
    -------
    DataFrame
        The columns of `KEY`, `level_dbm` (median of the pixel) and `readings` (how many), sorted by `KEY`.
    """
    row, col = grid.pixel(x_m, y_m)
    # Power against a common level, for a sum of powers of ten that far below one would lose digits.
    power = 10 ** ((readings["level_dbm"].to_numpy() + 100.0) / 10)
    frame = readings[["operator", "technology", "site_id", "cell_id", "level_dbm"]].assign(
        row=row, col=col, power=power
    )
    names = ["operator", "technology", "site_id", "cell_id"]
    frame[names] = frame[names].fillna("").astype("category")
    grouped = frame[row >= 0].groupby(KEY, observed=True, sort=True)
    found = grouped.agg(
        power=("power", "mean"), readings=("power", "size"), variance=("level_dbm", "var")
    ).reset_index()
    found[names] = found[names].astype(str)
    found["level_dbm"] = 10 * np.log10(found["power"]) - 100.0
    for technology, part in found.groupby("technology"):
        more = (part["readings"] - 1).to_numpy()
        spread_db = math.sqrt(float((more * part["variance"].fillna(0)).sum()) / max(float(more.sum()), 1.0))
        above_db = mean_above_median_db(part["readings"].to_numpy(), spread_db)
        found.loc[found["technology"] == technology, "level_dbm"] -= above_db
    return found[[*KEY, "level_dbm", "readings"]]


def mean_above_median_db(readings: ArrayLike, spread_db: float) -> NDArray[np.float64]:
    """
    Return by how much the mean power of some readings lies above the median of their place, on average, dB.

    Parameters
    ----------
    readings
        How many, any shape, at least 1.
    spread_db
        Standard deviation of readings within a place, normal in dB.

    References
    ----------
    Fenton, IRE Transactions on Communications Systems 8 (1960): the sum of lognormal powers is about lognormal, with
    the mean and the variance of the sum.
    """
    variance = (spread_db * _NEPER) ** 2
    of_mean = np.log1p(np.expm1(variance) / np.asarray(readings, dtype=np.float64))
    return np.asarray((variance - of_mean) / 2 / _NEPER)
