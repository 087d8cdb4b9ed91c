from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage.result import Layers
from coverage.signal.hearing import positions_heard
from coverage.signal.prediction import predict
from coverage.study import Study
from tests.worlds import NORTH, WEST, cell, layers, study

ROUGH = np.random.default_rng(7).uniform(440, 560, (40, 40)).astype(np.float32)
CUTS = (((0.0, 0.0), (90.0, 12.0), (180.0, 25.0)), ((0.0, 0.0), (30.0, 18.0), (90.0, 30.0)))


def middle(row: Any, col: Any) -> tuple[Any, Any]:
    return WEST + 100 * col + 50, NORTH - 100 * row - 50


def network(**changes: Any) -> Layers:
    """Four positions too weak to fill the square, of two operators, with sectors, a measured antenna and a 2G cell."""
    weak = {"eirp_dbm": 22.0, "tilt_deg": 4.0, "beamwidth_deg": 65.0}
    cells = [
        cell(*middle(5, 5), site_id="A", cell_id="A1", azimuth_deg=30.0, **weak),
        cell(*middle(5, 5), site_id="A", cell_id="A2", azimuth_deg=150.0, **weak),
        cell(
            *middle(5, 5), site_id="A", cell_id="A3", technology="2g", freq_mhz=900.0, bandwidth_mhz=0.2, eirp_dbm=32.0
        ),
        cell(*middle(8, 30), site_id="B", cell_id="B1", operator="vnpt", azimuth_deg=200.0, **weak),
        cell(*middle(30, 12), site_id="C", cell_id="C1", antenna="panel", azimuth_deg=90.0, eirp_dbm=25.0),
        cell(*middle(31, 31), site_id="D", cell_id="D1", freq_mhz=2100.0, eirp_dbm=24.0),
    ]
    kept = [row for row in cells if row["site_id"] not in changes.get("without", ())]
    return replace(layers(cells=kept, terrain_m=ROUGH), antennas={"panel": CUTS})


@pytest.fixture
def near(tmp_path: Path) -> Study:
    radii = {name: {"max_radius_km": 2.5} for name in ("2g", "3g", "4g", "5g")}
    return study(technologies=radii).model_copy(update={"folder": tmp_path})


ROW, COL = (axis.ravel() for axis in np.mgrid[0:40, 0:40])


def shown(world: Layers, settings: Study, technology: str) -> np.ndarray:
    """Where the rasters show any operator as weak or better."""
    level = np.asarray(predict(world, settings).levels["any", technology])
    return (level >= settings.thresholds_dbm(technology)[1])[ROW, COL]


@pytest.mark.parametrize("technology", ["2g", "4g"])
def test_a_place_receives_a_position_exactly_where_the_rasters_show_a_signal(near: Study, technology: str) -> None:
    world = network()
    heard, positions = positions_heard(world, near, *middle(ROW, COL), [technology])
    served = shown(world, near, technology)
    assert positions == ["A", "B", "C", "D"]
    np.testing.assert_array_equal(np.diff(heard.indptr) > 0, served)
    assert 50 < served.sum() < 1550, served.sum()


def test_what_remains_without_a_position_is_what_the_others_give(near: Study) -> None:
    heard, positions = positions_heard(network(), near, *middle(ROW, COL), ["4g"])
    for number, position in enumerate(positions):
        others = np.delete(heard.toarray(), number, axis=1).any(axis=1)
        np.testing.assert_array_equal(others, shown(network(without=(position,)), near, "4g"))


def test_several_technologies_count_together_and_those_not_asked_for_do_not(near: Study) -> None:
    both, second, fourth = (
        positions_heard(network(), near, *middle(ROW, COL), names)[0].toarray()
        for names in (["2g", "4g"], ["2g"], ["4g"])
    )
    np.testing.assert_array_equal(both, second | fourth)
    assert not second[:, 1:].any()


def test_outside_the_grid_and_without_masts_nothing_is_received(near: Study) -> None:
    heard, _ = positions_heard(network(), near, np.array([WEST - 1.0, np.nan]), np.array([NORTH, np.nan]), ["4g"])
    assert heard.nnz == 0
    heard, positions = positions_heard(layers(), near, *middle(ROW, COL), ["4g"])
    assert (heard.nnz, heard.shape, positions) == (0, (1600, 0), [])
