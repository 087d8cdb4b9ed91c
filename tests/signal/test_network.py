from dataclasses import replace

import numpy as np
import pytest

from coverage.radio.antenna import Pattern
from coverage.radio.clutter import WORLDCOVER
from coverage.signal.network import ground_of, masts_of
from tests.worlds import NORTH, WEST, cell, layers, study


def middle(row: int, col: int) -> tuple[float, float]:
    return WEST + 100 * col + 50, NORTH - 100 * row - 50


def test_cells_on_one_pixel_at_one_height_are_one_mast() -> None:
    cells = [
        cell(*middle(5, 5), cell_id="1"),
        cell(*middle(5, 5), cell_id="2", technology="2g", freq_mhz=900.0, bandwidth_mhz=0.2),
        cell(*middle(5, 5), cell_id="3", height_m=45.0),
        cell(*middle(9, 5), cell_id="4"),
    ]
    masts = masts_of(layers(cells=cells), study())
    assert [(mast.row, mast.col, mast.height_m, len(mast.cells)) for mast in masts] == [
        (5, 5, 33.0, 2),
        (5, 5, 45.0, 1),
        (9, 5, 33.0, 1),
    ]


def test_a_cell_without_an_azimuth_is_omnidirectional_and_takes_the_studys_beam() -> None:
    (mast,) = masts_of(layers(cells=[cell(*middle(5, 5))]), study(radio={"beamwidth_deg": 70}))
    (found,) = mast.cells
    assert np.isnan(found.azimuth_deg)
    assert (found.beamwidth_deg, found.tilt_deg) == (70.0, 0.0)
    assert found.power_dbm == pytest.approx(62 - 27.782, abs=1e-3)  # 10 MHz: 600 resource elements


def test_a_cell_that_names_a_pattern_is_given_it_and_one_of_an_unknown_name_is_a_sector() -> None:
    cuts = ((0.0, 0.0), (180.0, 20.0)), ((0.0, 0.0), (180.0, 20.0))
    cells = [cell(*middle(5, 5), antenna=name) for name in ("a.msi", "b.msi")] + [cell(*middle(5, 5))]
    (mast,) = masts_of(replace(layers(cells=cells), antennas={"a.msi": cuts}), study())
    assert [found.pattern for found in mast.cells] == [Pattern(*cuts), None, None]


def covered(codes: np.ndarray):
    return replace(layers(cells=[cell(*middle(20, 5))]), land_cover=codes.astype(np.uint8))


def test_codes_become_heights_once_and_a_study_may_say_others() -> None:
    codes = np.zeros((40, 40))
    codes[0, :4] = [10, 50, 80, 7]
    world = covered(codes)
    assert ground_of(layers(), study()).cover_m is None
    assert ground_of(world, study()).cover_m[0, :5].tolist() == [15.0, 10.0, 0.0, 0.0, 0.0]
    np.testing.assert_array_equal(ground_of(world, study(), np.s_[0:1, 1:3]).cover_m, [[10.0, 0.0]])
    own = ground_of(world, study(radio={"clutter_m": {"10": 22.5, "7": 4.0}}))
    assert own.cover_m[0, :5].tolist() == [22.5, 10.0, 0.0, 4.0, 0.0]


def test_the_layer_accepts_exactly_the_classes_that_have_a_height() -> None:
    from coverage.layers.land_cover import WORLDCOVER_CODES

    assert set(WORLDCOVER_CODES) == set(WORLDCOVER)
