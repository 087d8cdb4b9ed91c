"""Terrain keeps its pixels where it can, and a void never leaks into its neighbours."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from coverage.columns.inputs import CELLS_IN, COMMUNES_IN, HOUSING_IN, VILLAGES_IN
from coverage.grid import Grid
from coverage.layers import check_layers, read_layers
from coverage.layers.sources.gridded import onto_grid
from coverage.layers.sources.raster import open_raster
from coverage.layers.terrain import MARGIN_M, utm
from coverage.study import Study
from tests.layers.conftest import COMMUNES, box, features, write_terrain

MakeStudy = Callable[..., Study]
VN2000 = CRS.from_epsg(9206)
BIG = Affine(90, 0, 440_010, 0, -90, 2_410_020)
"""Upper left of 1,100 by 700 pixels of 90 m, more than 20 km around the study on every side but the east."""


def big_terrain(path: Path) -> np.ndarray:
    heights = np.random.default_rng(2).uniform(100, 2900, (1100, 700)).astype(np.float32)
    return write_terrain(path, heights=heights, crs="EPSG:9206", transform=BIG)


def test_terrain_in_metres_keeps_its_pixels_exactly(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    heights = big_terrain(tmp_path / "terrain.tif")
    layers = read_layers(study)
    grid = layers.grid
    assert grid.crs == VN2000
    assert grid.cell_m == 90
    row, col = round((BIG.f - grid.transform.f) / 90), round((grid.transform.c - BIG.c) / 90)
    assert (grid.transform.c, grid.transform.f) == (BIG.c + 90 * col, BIG.f - 90 * row)
    rows, cols = grid.shape
    assert (rows, cols) < heights.shape
    np.testing.assert_array_equal(layers.terrain_m, heights[row : row + rows, col : col + cols])


def test_the_grid_reaches_20_km_beyond_the_points_and_no_farther(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    big_terrain(tmp_path / "terrain.tif")
    layers = read_layers(study)
    west, south, _, north = np.array([frame.total_bounds for frame in (layers.villages, layers.cells)]).min(axis=0)
    north = max(layers.villages.total_bounds[3], layers.cells.total_bounds[3])
    west = min(west, layers.housing.total_bounds[0])
    south = min(south, layers.housing.total_bounds[1])
    left, bottom, right, top = layers.grid.bounds
    assert 0 <= (west - MARGIN_M) - left < 90
    assert 0 <= (south - MARGIN_M) - bottom < 90
    assert 0 <= top - (north + MARGIN_M) < 90
    assert right == BIG.c + 700 * 90  # the terrain ends here


def test_a_commune_far_out_at_sea_does_not_size_the_grid(make_study: MakeStudy, tmp_path: Path) -> None:
    wide = features(
        ({"code": "03646", "name": "Tô Hiệu"}, box(103.90, 21.30, 103.95, 21.40)),
        ({"code": "03670", "name": "Trường Sa"}, box(103.95, 21.30, 117.80, 21.40)),
    )
    plain, study = make_study(), make_study(communes=wide)
    big_terrain(tmp_path / "terrain.tif")
    assert read_layers(study).grid == read_layers(plain).grid


def test_geographic_terrain_goes_to_its_utm_zone_and_its_own_resolution(make_study: MakeStudy) -> None:
    layers = read_layers(make_study())
    assert layers.grid.crs == CRS.from_epsg(32648)
    # 0.001 degree at 21.35 N: 110.72 m along the meridian, 111.32 cos(21.35) = 103.7 m along the parallel.
    assert layers.grid.cell_m == pytest.approx((110.7 + 103.75) / 2, abs=0.3)


def test_a_plane_stays_a_plane_when_it_is_warped(make_study: MakeStudy) -> None:
    layers = read_layers(make_study(settings={"grid": {"crs": "EPSG:9206", "cell_m": 100}}))
    assert (layers.grid.crs, layers.grid.cell_m) == (VN2000, 100)
    row, col = (index.ravel() for index in np.indices(layers.grid.shape))
    centres = gpd.GeoSeries(gpd.points_from_xy(*layers.grid.centre(row, col)), crs=9206).to_crs(4326)
    # The fixture's height is 500 + column, so 500 + (lon - 103.88) / 0.001 - 0.5 between pixel centres.
    expected = 500 + (centres.x.to_numpy() - 103.88) / 0.001 - 0.5
    heights = layers.terrain_m.ravel()
    inside = (expected > 501) & (expected < 638) & np.isfinite(heights)
    assert inside.sum() > 0.9 * heights.size
    np.testing.assert_allclose(heights[inside], expected[inside], atol=0.05)


@pytest.mark.parametrize("void", [-9999.0, np.nan])
def test_a_void_is_nan_and_never_blended_into_its_neighbours(
    make_study: MakeStudy, tmp_path: Path, void: float
) -> None:
    study = make_study(settings={"grid": {"crs": "EPSG:9206", "cell_m": 37}})
    heights = np.full((140, 140), 700, dtype=np.float32)
    heights[40:60, 40:60] = void
    write_terrain(tmp_path / "terrain.tif", heights=heights, nodata=None if np.isnan(void) else void)
    layers = read_layers(study)
    known = layers.terrain_m[np.isfinite(layers.terrain_m)]
    assert known.min() == known.max() == 700
    middle = gpd.GeoSeries(gpd.points_from_xy([103.88 + 0.050], [21.42 - 0.050]), crs=4326).to_crs(9206)
    assert np.isnan(layers.grid.sample(layers.terrain_m, middle.x, middle.y)).all()
    # It does not grow either: 20 pixels of 103.8 m by 20 of 110.7 m, of which the rim may be known from its neighbours.
    edge = layers.grid.pixel(*(values.to_numpy() for values in (middle.x, middle.y)))
    around = layers.terrain_m[int(edge[0][0]) - 40 : int(edge[0][0]) + 41, int(edge[1][0]) - 40 : int(edge[1][0]) + 41]
    void_km2 = np.isnan(around).sum() * 0.037**2
    assert 19**2 * 0.1038 * 0.1107 * 0.98 < void_km2 < 20**2 * 0.1038 * 0.1107 * 1.01


def test_scaled_heights_are_metres(make_study: MakeStudy, tmp_path: Path) -> None:
    import rasterio

    study = make_study()
    write_terrain(tmp_path / "terrain.tif", heights=np.full((140, 140), 1000, dtype=np.int16))
    with rasterio.open(tmp_path / "terrain.tif", "r+") as dataset:
        dataset.scales, dataset.offsets = (0.5,), (100.0,)
    heights = read_layers(study).terrain_m
    assert set(np.unique(heights[np.isfinite(heights)])) == {600.0}


def test_a_grid_beyond_the_terrain_is_nan_outside_and_exact_inside(make_study: MakeStudy, tmp_path: Path) -> None:
    study = make_study()
    heights = np.arange(12, dtype=np.float32).reshape(3, 4)
    transform = Affine(10, 0, 500_000, 0, -10, 2_350_000)
    write_terrain(tmp_path / "small.tif", heights=heights, crs="EPSG:9206", transform=transform)
    raster = open_raster(study, "terrain", tmp_path / "small.tif", name="small.tif")
    grid = Grid(VN2000, Affine(10, 0, 499_980, 0, -10, 2_350_010), (5, 7))
    expected = np.full((5, 7), np.nan, dtype=np.float32)
    expected[1:4, 2:6] = heights
    np.testing.assert_array_equal(onto_grid(raster, grid), expected)


@pytest.mark.parametrize(
    ("lon", "lat", "code"), [(103.9, 21.3, 32648), (-118.2, 34.3, 32611), (151, -33, 32756), (108.99, 11.5, 32649)]
)
def test_utm_zones(lon: float, lat: float, code: int) -> None:
    assert utm((lon, lat, lon, lat)) == CRS.from_epsg(code)


def test_points_land_where_the_published_transformation_puts_them(make_study: MakeStudy) -> None:
    villages = "name,lon,lat,households\nA,103.914,21.327,5\n"
    study = make_study(villages=villages, housing=None, settings={"grid": {"crs": "EPSG:9206"}})
    point = read_layers(study).villages.geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((490883.05, 2359155.24), abs=0.01)


def test_frames_have_every_column_in_the_crs_of_the_grid(make_study: MakeStudy) -> None:
    layers = read_layers(make_study())
    for frame, table in (
        (layers.communes, COMMUNES_IN),
        (layers.villages, VILLAGES_IN),
        (layers.cells, CELLS_IN),
        (layers.housing, HOUSING_IN),
    ):
        assert list(frame.columns) == [*table.names, "geometry"]
        assert frame.crs == layers.grid.crs
        assert list(frame.index) == list(range(len(frame)))
        kinds = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}
        assert [str(frame[column.name].dtype) for column in table.columns] == [kinds[c.kind] for c in table.columns]


def test_every_file_that_was_read_has_its_fingerprint(make_study: MakeStudy) -> None:
    import hashlib

    layers = read_layers(make_study())
    found = {file.layer: file for file in layers.files}
    assert set(found) == {"communes", "villages", "sites", "housing", "terrain"}
    assert found["communes"].sha256 == hashlib.sha256(COMMUNES.encode()).hexdigest()
    assert found["communes"].bytes == len(COMMUNES.encode())


def test_a_shapefile_is_fingerprinted_with_all_its_parts(make_study: MakeStudy, tmp_path: Path) -> None:
    gpd.read_file(COMMUNES).to_file(tmp_path / "c.shp", engine="pyogrio")
    files = read_layers(make_study(communes=Path("c.shp"))).files
    assert {file.path for file in files if file.layer == "communes"} == {
        "c.shp", "c.shx", "c.dbf", "c.prj", "c.cpg",
    }  # fmt: skip


def in_tiles(folder: Path, heights: np.ndarray, *, void: int = -32768) -> None:
    """Write a raster as four tiles that share the row and column of pixels where they meet, as SRTM does."""
    folder.mkdir(exist_ok=True)
    half = len(heights) // 2
    for row in (0, half):
        for col in (0, half):
            part = heights[row : row + half + 1, col : col + half + 1]
            transform = Affine(0.001, 0, 103.88 + 0.001 * col, 0, -0.001, 21.42 - 0.001 * row)
            write_terrain(folder / f"{row}_{col}.tif", heights=part, nodata=void, transform=transform)


@pytest.mark.parametrize(
    "source", ["tiles", "tiles/*.tif", ["tiles/0_0.tif", "tiles/0_70.tif", "tiles/70_0.tif", "tiles/70_70.tif"]]
)
def test_tiles_are_read_as_the_one_raster_they_were(make_study: MakeStudy, tmp_path: Path, source: object) -> None:
    heights = np.random.default_rng(4).integers(200, 2000, (140, 140)).astype(np.int16)
    heights[30:40, 30:40] = -32768
    in_tiles(tmp_path / "tiles", heights)
    write_terrain(tmp_path / "whole.tif", heights=heights, nodata=-32768)
    whole = read_layers(make_study(terrain=Path("whole.tif")))
    paths = make_study().layers.model_dump()
    tiled = read_layers(make_study(settings={"layers": {**paths, "terrain": source}}))
    assert tiled.grid == whole.grid
    np.testing.assert_allclose(tiled.terrain_m, whole.terrain_m, atol=0.01)
    assert tiled.problems == whole.problems


def test_a_missing_tile_is_a_void_and_is_named(make_study: MakeStudy, tmp_path: Path) -> None:
    in_tiles(tmp_path / "tiles", np.full((140, 140), 700, np.int16))
    (tmp_path / "tiles" / "0_0.tif").unlink()
    study = make_study(terrain=Path("tiles"))
    found = [problem.found for problem in check_layers(study) if "no tile" in problem.found]
    assert len(found) == 1
    assert "25 % of the area, at longitude 103.880…103.950, latitude 21.350…21.420" in found[0]


def test_tiles_that_do_not_fit_are_named(make_study: MakeStudy, tmp_path: Path) -> None:
    in_tiles(tmp_path / "tiles", np.full((140, 140), 700, np.int16))
    aside = Affine(0.001, 0, 103.8804, 0, -0.001, 21.42)
    write_terrain(tmp_path / "tiles" / "odd.tif", transform=aside)
    assert any(
        "0_0.tif and odd.tif lie 0.40 of a pixel aside" in str(each)
        for each in check_layers(make_study(terrain=Path("tiles")))
    )


def test_heights_in_feet_become_metres(make_study: MakeStudy, tmp_path: Path) -> None:
    import rasterio

    study = make_study()
    write_terrain(tmp_path / "terrain.tif", heights=np.full((140, 140), 1000, dtype=np.int16))
    with rasterio.open(tmp_path / "terrain.tif", "r+") as dataset:
        dataset.units = ("ft",)
    layers = read_layers(study)
    heights = layers.terrain_m[np.isfinite(layers.terrain_m)]
    np.testing.assert_allclose(heights, 304.8, rtol=1e-6)
    assert any("turned into metres" in problem.found for problem in layers.problems)


def test_tiles_of_srtm_join_at_their_shared_edge_and_keep_their_voids(make_study: MakeStudy, tmp_path: Path) -> None:
    """A tile of 3″ has 1201 × 1201 heights, high byte first, the last column of one being the first of the next."""
    heights = np.tile(1000 + np.arange(2401), (1201, 1)).astype(">i2")
    heights[800:820, 1100:1120] = -32768
    (tmp_path / "srtm").mkdir()
    for name, west in (("N21E103", 0), ("N21E104", 1200)):
        (tmp_path / "srtm" / f"{name}.hgt").write_bytes(heights[:, west : west + 1201].tobytes())
    paths = make_study().layers.model_dump()
    layers = read_layers(make_study(settings={"layers": {**paths, "terrain": "srtm/*.hgt"}}))
    sites = gpd.GeoSeries.from_xy([103.95, 104.0, 104.05], [21.36, 21.35, 21.31], crs=4326).to_crs(layers.grid.crs)
    found = layers.grid.sample(layers.terrain_m, sites.x, sites.y)
    np.testing.assert_allclose(found, [1000 + 1140, 1000 + 1200, 1000 + 1260], atol=1.5)  # a pixel is 1 m of slope
    void = gpd.GeoSeries.from_xy([103.925], [21.325], crs=4326).to_crs(layers.grid.crs)
    assert np.isnan(layers.grid.sample(layers.terrain_m, void.x, void.y)).all()
