"""What a calibration adds is in the rasters, in what each place hears and in the reach of candidates, alike."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage.planning.candidates import Candidates
from coverage.planning.demand import Demand
from coverage.planning.reach import exact_reach, rough_reach
from coverage.progress import Silent
from coverage.radio.clutter import CATEGORIES
from coverage.result import Layers
from coverage.settings.radio import CLUTTER, TechnologyCalibration
from coverage.signal.hearing import cell_levels, positions_heard
from coverage.signal.prediction import predict
from coverage.study import Study
from tests.signal.test_hearing import CUTS, ROUGH, middle
from tests.worlds import cell, layers, study

ROW, COL = (axis.ravel() for axis in np.mgrid[0:40, 0:40])
COVER = np.repeat(np.uint8([40, 10]), 20)[np.newaxis].repeat(40, axis=0)
"""Fields in the west, trees in the east; the heights of both are set to 0, so that the loss is the same."""


def world() -> Layers:
    weak = {"eirp_dbm": 22.0, "tilt_deg": 4.0, "beamwidth_deg": 65.0}
    cells = [
        cell(*middle(5, 5), site_id="A", cell_id="A1", azimuth_deg=30.0, **weak),
        cell(*middle(5, 5), site_id="A", cell_id="A2", technology="2g", eirp_dbm=22.0, bandwidth_mhz=0.2),
        cell(*middle(25, 22), site_id="B", cell_id="B1", operator="vnpt", eirp_dbm=36.0),
        cell(*middle(30, 12), site_id="C", cell_id="C1", antenna="panel", azimuth_deg=90.0, eirp_dbm=25.0),
    ]
    return replace(layers(cells=cells, terrain_m=ROUGH), antennas={"panel": CUTS}, land_cover=COVER)


def calibrated(folder: Path, **technologies: Any) -> Study:
    radii = {name: {"max_radius_km": 2.5} for name in ("2g", "3g", "4g", "5g")}
    radio: dict[str, Any] = {"clutter_m": {"10": 0.0, "40": 0.0}}
    if technologies:
        found = {"kind": "measurements", "model": "p1812", "land_cover": True}
        radio["calibration"] = {**found, "technologies": {f"{name[1:]}": row for name, row in technologies.items()}}
    paths = {name: name for name in ("communes", "villages", "sites", "terrain", "land_cover")}
    settings = study().model_dump() | {"folder": folder, "layers": paths, "radio": radio, "technologies": radii}
    return Study.model_validate(settings)


def best(settings: Study, technology: str = "4g", operator: str = "any") -> np.ndarray:
    return np.asarray(predict(world(), settings).levels[operator, technology])


def test_the_settings_know_the_categories_that_the_radio_knows() -> None:
    assert CLUTTER == CATEGORIES
    with pytest.raises(ValueError, match=r"clutter_db\.swamp is unknown"):
        TechnologyCalibration(offset_db=0.0, clutter_db={"swamp": 1.0})


def test_a_calibration_of_nothing_changes_no_bit(tmp_path: Path) -> None:
    plain = predict(world(), calibrated(tmp_path))
    nothing = predict(world(), calibrated(tmp_path, _4g={"offset_db": 0.0}, _2g={"offset_db": 0.0}))
    for rasters in ("levels", "seconds", "servers", "overlaps", "voids"):
        ours, theirs = getattr(plain, rasters), getattr(nothing, rasters)
        assert ours.keys() == theirs.keys()
        for pair in ours:
            assert np.asarray(ours[pair]).tobytes() == np.asarray(theirs[pair]).tobytes()


def test_the_level_rises_by_the_offset_of_what_stands_there_and_only_in_its_technology(tmp_path: Path) -> None:
    plain = best(calibrated(tmp_path))
    offsets = {"offset_db": 9.9, "clutter_db": {"open": -4.0, "urban_trees": 2.5}}
    raised = best(calibrated(tmp_path, _4g=offsets))
    both = np.isfinite(plain) & np.isfinite(raised)
    more = np.where(COVER == 40, -4.0, 2.5)
    assert both[:, :20].sum() > 200
    assert both[:, 20:].sum() > 150
    np.testing.assert_allclose(raised[both] - plain[both], more[both], atol=0.051)
    only_raised = np.isfinite(raised) & ~np.isfinite(plain)
    assert (only_raised & (COVER == 10)).any(), "where trees raise it, the footprints go farther"
    np.testing.assert_array_equal(best(calibrated(tmp_path, _4g=offsets), "2g"), best(calibrated(tmp_path), "2g"))


def test_the_slope_follows_the_distance_from_the_mast(tmp_path: Path) -> None:
    sloping = {"offset_db": 0.0, "slope_db": -12.0, "centre_km": 0.5, "from_km": 0.2, "to_km": 1.5}
    plain, tilted = (best(settings, operator="vnpt") for settings in (
        calibrated(tmp_path), calibrated(tmp_path, _4g=sloping)))  # fmt: skip
    km = np.maximum(0.1 * np.hypot(ROW - 25, COL - 22), 0.05).reshape(40, 40)
    expected = -12.0 * np.log10(np.clip(km, 0.2, 1.5) / 0.5)
    both = np.isfinite(plain) & np.isfinite(tilted)
    assert both.sum() > 200
    np.testing.assert_allclose(tilted[both] - plain[both], expected[both], atol=0.051)


CALIBRATED = {"offset_db": 1.0, "clutter_db": {"open": -6.0}, "slope_db": -5.0, "centre_km": 0.7}


def test_a_place_hears_what_the_rasters_show(tmp_path: Path) -> None:
    settings = calibrated(tmp_path, _4g=CALIBRATED)
    shown = best(settings)
    heard, _ = positions_heard(world(), settings, *middle(ROW, COL), ["4g"])
    np.testing.assert_array_equal(np.diff(heard.indptr) > 0, (shown >= -115).ravel())
    cells = cell_levels(world(), settings, *middle(ROW, COL))
    strongest = cells[cells["cell"] != 1].groupby("place")["level_dbm"].max().reindex(range(1600), fill_value=-np.inf)
    known = np.isfinite(shown.ravel())
    np.testing.assert_allclose(strongest[known], shown.ravel()[known], atol=1e-4)


def test_a_candidate_reaches_what_it_would_with_so_much_more_or_less_asked_for(tmp_path: Path) -> None:
    offsets = {"offset_db": 0.0, "clutter_db": {"open": -6.0, "urban_trees": 2.0}}
    x, y = middle(np.array([20]), np.array([20]))
    mast, one = Candidates.of("new", ["N"], x, y, [36.0]), np.ones(1600)
    places = Demand(*middle(ROW, COL), one.astype(int), np.arange(1600), one.astype(bool), one)

    def reach(weak_dbm: float, **technologies: Any) -> tuple[np.ndarray, np.ndarray]:
        settings = calibrated(tmp_path, **technologies)
        classes = {"4g": {"good": -60.0, "weak": weak_dbm}}
        other = study(
            technologies={"4g": {"max_radius_km": 2.5, "eirp_dbm": 30.0}}, definitions={"classes_dbm": classes}
        )
        settings = settings.model_copy(update={"definitions": other.definitions, "technologies": other.technologies})
        exact = exact_reach(mast, places, world(), settings, progress=Silent()).toarray()[0]
        return exact, rough_reach(mast, places, world(), settings).toarray()[0]

    found = reach(-100.0, _4g=offsets)
    less, more = reach(-94.0), reach(-102.0)
    for ours, west, east in zip(found, less, more, strict=True):
        np.testing.assert_array_equal(ours, np.where(COL < 20, west, east))
        assert (west != east).sum() > 5


def test_a_calibration_of_another_model_or_another_ground_is_refused(tmp_path: Path) -> None:
    found = calibrated(tmp_path, _4g={"offset_db": 1.0}).model_dump()
    with pytest.raises(ValueError, match="is of the model 'p1812', not of 'itm'"):
        Study.model_validate(found | {"radio": found["radio"] | {"model": "itm"}})
    with pytest.raises(ValueError, match="fitted with a layer of land cover"):
        Study.model_validate(found | {"layers": found["layers"] | {"land_cover": None}})
    with pytest.raises(ValueError, match="6g is unknown"):
        calibrated(tmp_path, _6g={"offset_db": 1.0})
    with pytest.raises(ValueError, match="less than or equal to 40"):
        calibrated(tmp_path, _4g={"offset_db": 55.0})
