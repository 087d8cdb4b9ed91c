from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.calibration.comparison import compare, uncalibrated
from coverage.calibration_result import Measurements
from coverage.radio.clutter import CATEGORIES
from coverage.result import InputFile
from coverage.settings.radio import Calibration, TechnologyCalibration
from coverage.signal.hearing import cell_levels
from coverage.signal.prediction import predict
from tests.signal.test_calibrated import calibrated, world
from tests.signal.test_hearing import middle
from tests.worlds import CRS_M, study

PLACES = [(8, 3, "viettel", "4g", "", ""), (8, 3, "viettel", "4g", "", "C1"), (24, 22, "vnpt", "4g", "", ""),
          (8, 4, "viettel", "4g", "A", ""), (28, 14, "viettel", "4g", "C", ""), (39, 39, "viettel", "2g", "", "A2"),
          (8, 3, "viettel", "4g", "B", "")]  # fmt: skip
"""Row, column, operator, technology, site and cell that are named."""


def test_a_reading_is_held_against_the_best_server_or_against_the_cell_that_it_names(tmp_path: Path) -> None:
    settings, layers = calibrated(tmp_path), world()
    signal = predict(layers, settings)
    names = ["row", "col", "operator", "technology", "site_id", "cell_id"]
    table = pd.DataFrame(PLACES, columns=names)
    x, y = middle(table["row"].to_numpy(), table["col"].to_numpy())
    frame = gpd.GeoDataFrame(table.assign(level_dbm=-90.0), geometry=gpd.points_from_xy(x, y), crs=CRS_M)
    measured = Measurements(frame, InputFile("measurements", "m.csv", "", 0), len(frame))
    found = compare(measured, layers, signal, settings).set_index(names)
    levels = cell_levels(layers, settings, x, y).set_index(["place", "cell"])["level_dbm"]

    def of(number: int) -> pd.Series:
        return found.loc[PLACES[number]]

    best = np.asarray(signal.levels["viettel", "4g"])
    assert of(0)["predicted_dbm"] == best[8, 3]
    assert of(0)["cell"] == 0
    assert of(1)["predicted_dbm"] == levels[1, 3]  # C1 is the fourth cell; it is weaker there than A1
    assert of(1)["predicted_dbm"] < of(0)["predicted_dbm"]
    assert of(2)["predicted_dbm"] == np.asarray(signal.levels["vnpt", "4g"])[24, 22]
    assert of(3)["cell"] == 0
    assert of(3)["predicted_dbm"] == levels[3, 0]
    assert np.float32(of(4)["predicted_dbm"]) == np.float32(levels[4, 3]) == best[28, 14]
    assert of(5)["predicted_dbm"] == -np.inf  # too far from the mast
    assert (of(5)["cell"], np.isnan(of(5)["distance_km"])) == (-1, True)
    assert of(6)["predicted_dbm"] == -np.inf  # B is of another operator
    assert of(1)["distance_km"] == 0.1 * np.hypot(8 - 30, 3 - 12)
    assert [CATEGORIES[int(of(number)["category"])] for number in (0, 2)] == ["open", "urban_trees"]


def test_what_is_measured_is_held_against_the_plain_model_outdoors() -> None:
    calibration = Calibration(
        kind="measurements", model="p1812", land_cover=False, technologies={"4g": TechnologyCalibration(offset_db=3.0)}
    )
    radio = {"building": "traditional", "location_percent": 90.0, "calibration": calibration, "rx_height_m": 2.0}
    plain = uncalibrated(study(radio=radio)).radio
    assert (plain.calibration, plain.building, plain.location_percent, plain.rx_height_m) == (None, "none", 50.0, 2.0)
