"""What measurements or published shares say of a prediction. No logic, only shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coverage.errors import Problem
from coverage.result import InputFile
from coverage.study import Study

if TYPE_CHECKING:  # frames are only spoken of here
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Measurements:
    """Levels that somebody measured, as far as they can be used."""

    table: gpd.GeoDataFrame
    """Columns of `columns.MEASUREMENTS_IN`, one row per reading, in the CRS of the grid."""
    file: InputFile
    rows: int
    """Of the file."""
    problems: tuple[Problem, ...] = ()
    """What was left out or converted, and why."""


@dataclass(frozen=True)
class Scores:
    """How far a prediction is from what was measured."""

    bias_db: float
    """Mean of predicted less measured."""
    sigma_db: float
    """Standard deviation of it."""
    rmse_db: float
    right_percent: float
    """Pixels whose class (good, weak, none) is the measured one."""


@dataclass(frozen=True)
class HeldOut:
    """A technology predicted where it was not fitted."""

    pixels: int
    """Of bias, deviation and RMSE: those that the floor of the instrument does not distort."""
    classed: int
    """Of the classes: all that are modelled."""
    blocks: int
    parts: int
    """Held out in turn."""
    least_fitted_on: int
    """Pixels, of the part with the fewest."""
    before: Scores
    after: Scores
    confusion_before: pd.DataFrame
    """Pixels by measured class (down) and predicted class (across)."""
    confusion_after: pd.DataFrame


@dataclass(frozen=True)
class Calibrated:
    """What was found out about the levels of a study."""

    study: Study
    """With the calibration in the place of any other."""
    held_out: Mapping[str, HeldOut]
    """Technology -> how well it does; empty for published shares, which validate nothing."""
    pixels: pd.DataFrame
    """Every pixel that was compared: `technology`, `x_m`, `y_m`, `category` (name), `distance_km`, `block`,
    `measured_dbm`, `predicted_dbm`, and `held_out_dbm`, corrected by the other blocks."""
    shares: pd.DataFrame
    """Of published shares: `technology`, `of`, `operator`, `percent`, `before_percent` and `after_percent`."""
    problems: tuple[Problem, ...] = ()
