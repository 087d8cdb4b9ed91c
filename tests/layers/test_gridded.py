"""A raster on a grid is the same however few rows are read at a time, and a large one needs no memory."""

import mmap
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

from coverage.errors import CoverageError
from coverage.grid import Grid, strips
from coverage.layers.sources import gridded
from coverage.layers.sources.gridded import gathered, nearest_by_strips, onto_grid
from coverage.layers.sources.raster import Raster, open_raster
from coverage.study import Study
from tests.layers.conftest import write_terrain

MakeStudy = Callable[..., Study]
GRID = Grid(CRS.from_epsg(9206), Affine(100, 0, 487_000, 0, -100, 2_372_000), (190, 170))
"""Within and around the terrain that `write_terrain` writes, whose pixels are about 104 by 111 m."""


def rough(seed: int = 3) -> np.ndarray:
    heights = np.random.default_rng(seed).uniform(100, 2900, (140, 140)).astype(np.float32)
    heights[60:70, 30:45] = -9999
    return heights


def written(study: Study, path: Path, heights: np.ndarray, **profile: object) -> Raster:
    write_terrain(path, heights=heights, **{"nodata": -9999, **profile})
    return open_raster(study, "terrain", path, name=path.name)


@pytest.mark.parametrize(
    ("pixels", "degrees", "cell_m"),
    [(600, 0.00086, 90), (300, 0.0008, 90), (800, 0.0002, 90)],
    ids=["as fine as the grid", "a little finer", "four times finer"],
)
def test_strips_of_any_height_give_equal_bytes(
    make_study: MakeStudy, tmp_path: Path, pixels: int, degrees: float, cell_m: float
) -> None:
    heights = np.random.default_rng(3).uniform(100, 2900, (pixels, pixels)).astype(np.float32)
    heights[60:70, 30:45] = -9999
    place = Affine(degrees, 0, 103, 0, -degrees, 22)
    raster = written(make_study(), tmp_path / "rough.tif", heights, transform=place)
    west, south, east, north = raster.bounds_in(GRID.crs)
    rows, cols = int((north - south) / cell_m), int((east - west) / cell_m)
    grid = Grid(GRID.crs, Affine(cell_m, 0, west, 0, -cell_m, north), (rows, cols))
    whole = onto_grid(raster, grid, height=rows)
    assert np.isfinite(whole).sum() > 0.9 * whole.size
    for height in (200, 64, 7):
        assert onto_grid(raster, grid, height=height).tobytes() == whole.tobytes()


def test_a_height_is_that_of_its_exact_place(make_study: MakeStudy, tmp_path: Path) -> None:
    """Linear between the four pixel centres around each cell's own, which another library finds."""
    from pyproj import Transformer
    from scipy.ndimage import map_coordinates

    heights = np.random.default_rng(3).uniform(100, 2900, (140, 140))
    found = onto_grid(written(make_study(), tmp_path / "rough.tif", heights.astype(np.float32)), GRID)
    x, y = GRID.centre(*np.indices(GRID.shape))
    lon, lat = Transformer.from_crs(GRID.crs, 4326, always_xy=True).transform(x, y)
    with rasterio.open(tmp_path / "rough.tif") as dataset:
        col, row = ~dataset.transform @ (lon, lat)
    inside = (row > 1) & (row < 139) & (col > 1) & (col < 139)
    expected = map_coordinates(heights, [row - 0.5, col - 0.5], order=1)
    np.testing.assert_allclose(found[inside], expected[inside], atol=0.01)


@pytest.mark.parametrize("tiled", [False, True])
def test_what_a_mask_hides_is_no_height(make_study: MakeStudy, tmp_path: Path, tiled: bool) -> None:
    study, here = make_study(), Affine(100, 0, 487_000, 0, -100, 2_372_000)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=tiled):
        raster = written(study, tmp_path / "a.tif", rough(), nodata=None, crs="EPSG:9206", transform=here)
        with rasterio.open(tmp_path / "a.tif", "r+") as dataset:
            dataset.write_mask(rough() != -9999)
    found = onto_grid(raster, GRID)
    assert np.isnan(found[60:70, 30:45]).all()
    assert np.isfinite(found[:140, :140]).sum() == 140 * 140 - 150
    assert np.isnan(found[140:]).all()


def test_a_lowest_number_of_float32_is_a_void_where_the_file_says_so(make_study: MakeStudy, tmp_path: Path) -> None:
    lowest = float(np.finfo(np.float32).min)
    heights = np.where(rough() == -9999, np.float32(lowest), rough())
    found = onto_grid(written(make_study(), tmp_path / "low.tif", heights, nodata=lowest), GRID)
    known = found[np.isfinite(found)]
    assert known.size
    assert known.min() >= 100


def test_a_grid_far_from_a_raster_has_none_of_its_values(make_study: MakeStudy, tmp_path: Path) -> None:
    raster = written(make_study(), tmp_path / "rough.tif", rough())
    far = Grid(CRS.from_epsg(32748), Affine(100, 0, 500_000, 0, -100, 5_000_000), (3, 4))
    assert np.isnan(onto_grid(raster, far)).all()


def test_classes_come_in_strips_from_the_top(make_study: MakeStudy, tmp_path: Path) -> None:
    raster = written(make_study(), tmp_path / "rough.tif", rough())
    grid = Grid(GRID.crs, GRID.transform, (2100, 3))
    found = list(nearest_by_strips(raster, grid))
    assert [rows for rows, _ in found] == [slice(0, 1024), slice(1024, 2048), slice(2048, 2100)]
    assert [values.shape for _, values in found] == [(1024, 3), (1024, 3), (52, 3)]


def test_strips_cover_every_row_once() -> None:
    assert list(strips(5, 2)) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert list(strips(4, 4)) == [slice(0, 4)]
    assert list(strips(0)) == []


def test_a_large_raster_lies_in_a_file_that_nobody_sees(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gridded, "_IN_MEMORY_PIXELS", 11)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    values = np.arange(12, dtype=np.float32).reshape(4, 3)
    found = gathered((values[rows] for rows in strips(4, 3)), (4, 3))
    assert isinstance(found.base, mmap.mmap)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, values)
    assert list(tmp_path.iterdir()) == []
    plain = gathered((values[rows, :2] for rows in strips(4, 3)), (4, 2))
    assert type(plain) is np.ndarray


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_full_disk_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gridded, "_IN_MEMORY_PIXELS", 1)
    monkeypatch.setattr(tempfile, "TemporaryFile", partial(Path("/dev/full").open, "wb"))
    with pytest.raises(CoverageError, match=r"No space left on device.*TMPDIR") as caught:
        gathered([np.zeros((2, 3), dtype=np.float32)], (2, 3))
    assert "\n" not in str(caught.value)
