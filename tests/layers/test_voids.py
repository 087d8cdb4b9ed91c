"""Voids of the terrain, filled where the answer is known: on a plane."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coverage.layers import check_layers, read_layers
from coverage.layers.voids import fill_voids
from coverage.study import Study
from tests.layers.conftest import VILLAGES, write_terrain

ROWS, COLS = np.mgrid[0:40, 0:50]
PLANE = (500 + 3 * ROWS - 7 * COLS).astype(np.float32)


def holed(*holes: tuple[slice, slice]) -> np.ndarray:
    terrain = PLANE.copy()
    for hole in holes:
        terrain[hole] = np.nan
    return terrain


def test_a_plane_with_holes_becomes_the_plane_again() -> None:
    terrain = holed(np.s_[10:15, 10:20], np.s_[30:31, 30:31], np.s_[15:17, 20:22])  # the last touches the first
    kept = terrain.copy()
    filled = fill_voids(terrain, cell_m=30.0, up_to_m=360.0)
    np.testing.assert_allclose(filled.terrain_m, PLANE, atol=1e-3)
    assert filled[1:] == (50 + 1 + 4, 2, 360.0, 0)  # 12 columns of 30 m
    np.testing.assert_array_equal(terrain, kept)


def test_a_void_wider_or_higher_than_asked_for_stays() -> None:
    terrain = holed(np.s_[10:12, 10:20], np.s_[20:30, 30:32], np.s_[5:8, 40:43])
    filled = fill_voids(terrain, cell_m=30.0, up_to_m=90.0)
    assert np.isnan(filled.terrain_m[terrain != terrain]).sum() == 40
    assert filled[1:] == (9, 1, 90.0, 2)


@pytest.mark.parametrize("hole", [np.s_[0:2, 5:7], np.s_[38:40, 5:7], np.s_[5:7, 0:2], np.s_[5:7, 48:50]])
def test_beyond_the_edge_nothing_is_made_up(hole: tuple[slice, slice]) -> None:
    terrain = holed(hole)
    filled = fill_voids(terrain, cell_m=30.0, up_to_m=1e6)
    np.testing.assert_array_equal(filled.terrain_m, terrain)
    assert filled[1:] == (0, 0, 0.0, 0)


def test_an_island_inside_a_void_is_kept_and_interpolated_to() -> None:
    terrain = holed(np.s_[10:17, 10:17])
    terrain[13, 13] = 900
    filled = fill_voids(terrain, cell_m=30.0, up_to_m=210.0).terrain_m
    assert filled[13, 13] == 900
    assert PLANE[13, 12] < filled[13, 12] < 900


def test_the_same_terrain_gives_the_same_heights() -> None:
    rng = np.random.default_rng(5)
    rough = rng.normal(500, 80, (60, 60)).astype(np.float32)
    rough[rng.random((60, 60)) < 0.15] = np.nan
    first, second = (fill_voids(rough, cell_m=30.0, up_to_m=200.0) for _ in range(2))
    np.testing.assert_array_equal(first.terrain_m, second.terrain_m)
    assert first.pixels > 100


def test_a_void_across_strips_is_one_void() -> None:
    """Strips are 1024 rows: one void spans two of them, one is a U that only the lower one joins."""
    rows, cols = np.mgrid[0:1100, 0:40]
    plane = (100 + rows - 3 * cols).astype(np.float32)
    terrain = plane.copy()
    terrain[1020:1030, 3:6] = np.nan
    terrain[1020:1026, 10] = terrain[1020:1026, 14] = terrain[1025, 10:15] = np.nan
    terrain[1023, 20] = terrain[1024, 21] = np.nan  # they touch at a corner
    terrain[1023, 31] = terrain[1024, 30] = np.nan
    filled = fill_voids(terrain, cell_m=10.0, up_to_m=100.0)
    np.testing.assert_allclose(filled.terrain_m, plane, atol=1e-3)
    assert filled[1:] == (30 + 15 + 4, 4, 100.0, 0)
    assert fill_voids(terrain, cell_m=10.0, up_to_m=60.0)[1:] == (15 + 4, 3, 60.0, 1)
    assert fill_voids(terrain, cell_m=10.0, up_to_m=50.0)[1:] == (4, 2, 20.0, 2)


def test_terrain_without_voids_stays_as_it_is() -> None:
    filled = fill_voids(PLANE, cell_m=30.0, up_to_m=200.0)
    np.testing.assert_array_equal(filled.terrain_m, PLANE)
    assert filled[1:] == (0, 0, 0.0, 0)


def test_a_study_fills_what_it_asks_for_and_says_so(make_study: Callable[..., Study], tmp_path: Path) -> None:
    heights = np.tile(500.0 + np.arange(140), (140, 1)).astype(np.float32)
    heights[68:71, 39:42] = np.nan  # under v2 at 103.920, 21.350; about 110 m a pixel
    study = make_study(terrain=write_void(tmp_path, heights))
    left = read_layers(study)
    assert np.isnan(left.grid.sample(left.terrain_m, *v2(left))).all()
    filling = make_study(settings={"grid": {"fill_voids_m": 600}}, terrain=write_void(tmp_path, heights))
    filled = read_layers(filling)
    assert filled.grid.sample(filled.terrain_m, *v2(filled)) == pytest.approx(540, abs=1.5)
    (said,) = [problem for problem in filled.problems if problem.kind == "voids_filled"]
    assert not said.fatal
    assert str(said).startswith("terrain.tif: ")
    assert "in 1 voids interpolated, the largest" in said.found
    assert said in check_layers(filling)


def v2(layers) -> tuple[object, object]:
    point = layers.villages[layers.villages["village_id"] == "v2"].geometry
    return point.x, point.y


def write_void(folder: Path, heights: np.ndarray) -> Path:
    assert "v2,Bản Hụm,03646,103.920,21.350" in VILLAGES
    write_terrain(folder / "terrain.tif", heights=heights, nodata=np.nan)
    return Path("terrain.tif")
