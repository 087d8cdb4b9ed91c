"""Measured levels beside predicted ones: the best server's at the pixel, or those of the cell that a reading names."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.calibration.averaging import average
from coverage.calibration_result import Measurements
from coverage.radio.clutter import category_numbers
from coverage.result import Layers, Signal
from coverage.signal.hearing import cell_levels
from coverage.study import Study


def uncalibrated(study: Study) -> Study:
    """Return the study whose levels measurements are held against: outdoors, the median of places, no calibration."""
    plain = {"calibration": None, "building": "none", "location_percent": 50.0}
    return study.model_copy(update={"radio": study.radio.model_copy(update=plain)})


def compare(measurements: Measurements, layers: Layers, signal: Signal, study: Study) -> pd.DataFrame:
    """
    Put measured and predicted levels side by side.

    Parameters
    ----------
    measurements
        Usable readings.
    layers, signal, study
        Of the study that `uncalibrated` returns.

    Returns
    -------
    DataFrame
        One row for each pixel, operator, technology and named cell: `row`, `col`, `x_m`, `y_m` (of the pixel's centre),
        `operator`, `technology`, `site_id`, `cell_id` (empty where none was named), `readings`, `measured_dbm`,
        `predicted_dbm` (-inf where no cell reaches, NaN where not modelled), `cell` (row of the server in the layer, -1
        for none), `distance_km` to it (NaN for none) and `category` (number of `clutter.CATEGORIES`).
    """
    points = measurements.table.geometry
    found = average(measurements.table, points.x, points.y, layers.grid).rename(columns={"level_dbm": "measured_dbm"})
    row, col = found["row"].to_numpy(), found["col"].to_numpy()
    found["x_m"], found["y_m"] = layers.grid.centre(row, col)
    predicted_dbm, server = np.full(len(found), np.nan), np.full(len(found), -1)
    for operator, technology in found[["operator", "technology"]].drop_duplicates().itertuples(index=False, name=None):
        here = np.flatnonzero((found["operator"] == operator) & (found["technology"] == technology))
        predicted_dbm[here] = signal.levels[operator, technology][row[here], col[here]]
        server[here] = signal.servers[operator, technology][row[here], col[here]]
    found["predicted_dbm"], found["cell"] = predicted_dbm, server
    named = np.flatnonzero((found["cell_id"] != "") | (found["site_id"] != ""))
    if len(named):
        _named(found, named, layers, study)
    found["distance_km"] = _distance_km(found, layers)
    cover = layers.land_cover
    found["category"] = 0 if cover is None else category_numbers(cover[row, col]).astype(np.int64)
    return found


def _named(found: pd.DataFrame, named: NDArray[np.int64], layers: Layers, study: Study) -> None:
    """Put the level of the cell, or of the strongest cell of the site, that is named in the place of the best one."""
    asked = found.iloc[named]
    levels = cell_levels(layers, study, asked["x_m"].to_numpy(), asked["y_m"].to_numpy())
    cells = layers.cells[["site_id", "cell_id", "operator", "technology"]].astype(str)
    fits = np.ones(len(levels), dtype=bool)
    for column in cells.columns:
        theirs = cells[column].to_numpy()[levels["cell"]]
        ours = asked[column].to_numpy(dtype=str)[levels["place"]]
        fits &= (ours == theirs) | (ours == "")
    best = levels[fits].sort_values(["place", "level_dbm", "cell"], ascending=[True, False, True])
    best = best.drop_duplicates("place").set_index("place")
    unknown = np.isnan(found["predicted_dbm"].to_numpy()[named])  # where the pixel is not modelled nothing is
    level_dbm = best["level_dbm"].reindex(range(len(named)), fill_value=-np.inf).to_numpy()
    server = best["cell"].reindex(range(len(named)), fill_value=-1).to_numpy()
    found.loc[found.index[named], "predicted_dbm"] = np.where(unknown, np.nan, level_dbm)
    found.loc[found.index[named], "cell"] = server


def _distance_km(found: pd.DataFrame, layers: Layers) -> NDArray[np.float64]:
    """Return distances as a correction takes them: between the centres of pixels, half a pixel in the mast's own."""
    mast_row, mast_col = layers.grid.pixel(layers.cells.geometry.x, layers.cells.geometry.y)
    server = found["cell"].to_numpy()
    away = np.hypot(found["row"].to_numpy() - mast_row[server], found["col"].to_numpy() - mast_col[server])
    return np.where(server >= 0, np.maximum(away, 0.5) * layers.grid.cell_m / 1000, np.nan)
