"""Networks that the signal is measured on: a province at 30 m, a country by simulation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.warp import Resampling, reproject

from benchmarks.signal_runs import ROOT
from coverage.columns.inputs import CELLS_IN
from coverage.grid import Grid, strips
from coverage.result import Layers
from coverage.signal.footprint import Mast, bands_of
from coverage.study import Study

CRS_M = CRS.from_epsg(9206)
COUNTRY_KM2, COUNTRY_MASTS = 330_000.0, 45_000
COUNTRY_CELL_M, FINE_CELL_M, FINE_RADIUS_KM = 90.0, 30.0, 15.0
FINE_MHZ = {"2g": 900.0, "4g": 1800.0, "3g": 2100.0}
_TERRAIN = ROOT / "data/terrain/terrain.tif"
_SITES = ROOT / "data/sites/bts.csv"
_OPERATORS, _SHARES = ("viettel", "vnpt", "mobifone"), (0.5, 0.3, 0.2)
_GENTLE = 0.04
"""Relief of the plains against that of the sample: some 110 m from the lowest to the highest."""
_PLAINS_SHARE = 0.75
"""Of the masts of the country."""
_FOOTHILLS_M = 30_000.0


def fine(folder: Path, count: int) -> tuple[Layers, Study]:
    """
    Return the masts of the sample, each with three bands of three sectors, on its terrain brought to 30 m.

    Of a part the masts nearest to the middle are taken, with the ground around them, so that they lie as close together
    as all of them do.
    """
    sites = pd.read_csv(_SITES).drop_duplicates("site_id")
    points = gpd.GeoSeries.from_xy(sites["lon"], sites["lat"], crs=4326).to_crs(CRS_M)
    where = np.column_stack((points.x, points.y))
    near = np.argsort(np.hypot(*(where - np.median(where, axis=0)).T), kind="stable")[:count]
    where, height_m = where[near], sites["height_m"].to_numpy(float)[near]
    with rasterio.open(_TERRAIN) as source:
        margin_m = 1000.0 * FINE_RADIUS_KM + FINE_CELL_M
        west, south = np.maximum(where.min(axis=0) - margin_m, source.bounds[:2])
        east, north = np.minimum(where.max(axis=0) + margin_m, source.bounds[2:])
        shape = (int((north - south) / FINE_CELL_M), int((east - west) / FINE_CELL_M))
        grid = Grid(CRS_M, Affine(FINE_CELL_M, 0, west, 0, -FINE_CELL_M, north), shape)
        terrain_m = _on_disk(folder, shape)
        reproject(
            rasterio.band(source, 1), terrain_m, dst_transform=grid.transform, dst_crs=CRS_M, dst_nodata=np.nan,
            resampling=Resampling.bilinear,
        )  # fmt: skip
    radii = {name: {"freq_mhz": FINE_MHZ.get(name, 3700.0), "max_radius_km": FINE_RADIUS_KM} for name in FINE_MHZ}
    study = _study(folder, technologies=radii)
    cells = _cells(where, height_m, np.full(len(where), _OPERATORS[0]), tuple(FINE_MHZ), study)
    return _layers(grid, terrain_m, cells), study


def country(folder: Path, part: float) -> tuple[Layers, Study]:
    """
    Return a square country at 90 m, or a smaller one as dense.

    The relief of the sample, mirrored over and over, in the west; the same at a few hundredths of its height in the
    east, where three masts of four stand. Every mast carries all technologies, three sectors each, of one operator.
    """
    side = round(float(np.sqrt(part * COUNTRY_KM2) * 1000.0 / COUNTRY_CELL_M))
    grid = Grid(CRS_M, Affine(COUNTRY_CELL_M, 0, 200_000, 0, -COUNTRY_CELL_M, 2_600_000), (side, side))
    with rasterio.open(_TERRAIN) as source:
        relief_m = source.read(1)
    far = (np.arange(side) - side / 2) * COUNTRY_CELL_M / _FOOTHILLS_M + 0.5
    flatter = 1.0 - (1.0 - _GENTLE) * np.clip(far, 0.0, 1.0).astype(np.float32)
    terrain_m = _on_disk(folder, grid.shape)
    across = _mirrored(np.arange(side), relief_m.shape[1])
    for rows in strips(side):
        down = _mirrored(np.arange(rows.start, rows.stop), relief_m.shape[0])
        terrain_m[rows] = relief_m[down[:, np.newaxis], across] * flatter
    random = np.random.default_rng(45)
    count = round(part * COUNTRY_MASTS)
    share = random.uniform(size=(count, 2))
    share[:, 0] = 0.5 * (share[:, 0] + (random.uniform(size=count) < _PLAINS_SHARE))
    where = share * side * COUNTRY_CELL_M * (1, -1) + (grid.transform.c, grid.transform.f)
    study = _study(folder)
    height_m = np.full(count, study.radio.antenna_height_m)
    cells = _cells(where, height_m, random.choice(_OPERATORS, count, p=_SHARES), tuple(study.technologies), study)
    return _layers(grid, terrain_m, cells), study


def swept_pixels(masts: Sequence[Mast], grid: Grid) -> int:
    """Return the pixels within the radii of masts and on the grid, once for every band."""
    rows, cols = grid.shape
    total = 0
    for mast in masts:
        bands = bands_of(mast)
        n = max(band.radius_m for band in bands) / grid.cell_m
        row = np.arange(max(mast.row - int(n), 0), min(mast.row + int(n), rows - 1) + 1)
        half = np.sqrt(n**2 - (row - mast.row) ** 2).astype(int)
        width = np.minimum(mast.col + half, cols - 1) - np.maximum(mast.col - half, 0) + 1
        total += len(bands) * int(width.sum())
    return total


def _on_disk(folder: Path, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return a raster that lies in a file, as layers keep large ones."""
    return np.memmap(folder / "terrain.raw", np.float32, "w+", shape=shape)


def _mirrored(at: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return places in an axis that is mirrored at its ends over and over."""
    at = at % (2 * size)
    return np.where(at < size, at, 2 * size - 1 - at)


def _cells(
    where: NDArray[np.float64],
    height_m: NDArray[np.float64],
    operator: NDArray[np.str_],
    technologies: tuple[str, ...],
    study: Study,
) -> gpd.GeoDataFrame:
    """Return three sectors of each technology on every mast, powers and widths as the study gives them."""
    per_mast = 3 * len(technologies)
    mast = np.repeat(np.arange(len(where)), per_mast)
    which = np.tile(np.repeat(np.arange(len(technologies)), 3), len(where))
    first_deg = np.random.default_rng(3).integers(0, 120, len(where))
    presets = [study.technologies[name] for name in technologies]
    given: dict[str, Any] = {
        "site_id": np.char.add("M", mast.astype(str)),
        "cell_id": np.char.add("C", np.arange(len(mast)).astype(str)),
        "operator": operator[mast],
        "technology": np.array(technologies)[which],
        "freq_mhz": np.array([preset.freq_mhz for preset in presets])[which],
        "bandwidth_mhz": np.array([preset.bandwidth_mhz for preset in presets])[which],
        "eirp_dbm": np.array([preset.eirp_dbm for preset in presets])[which],
        "height_m": height_m[mast],
        "azimuth_deg": (first_deg[mast] + 120.0 * (np.arange(len(mast)) % 3)) % 360.0,
        "tilt_deg": np.full(len(mast), 5.0),
        "beamwidth_deg": np.full(len(mast), study.radio.beamwidth_deg),
    }
    dtypes: dict[str, Any] = {"text": "str", "number": "float64", "integer": "Int64", "flag": "boolean"}
    nothing = pd.Series(np.full(len(mast), np.nan))
    columns = {
        column.name: pd.Series(given.get(column.name, nothing)).astype(dtypes[column.kind])
        for column in CELLS_IN.columns
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*where[mast].T), crs=CRS_M)


def _study(folder: Path, **settings: Any) -> Study:
    names = dict.fromkeys(("communes", "villages", "sites", "terrain"), "simulated")
    return Study.model_validate({"folder": folder, "layers": names, "study": {"as_of": "2026-09-01"}, **settings})


def _layers(grid: Grid, terrain_m: NDArray[np.float32], cells: gpd.GeoDataFrame) -> Layers:
    nobody = gpd.GeoDataFrame(geometry=[], crs=CRS_M)
    return Layers(grid=grid, terrain_m=terrain_m, communes=nobody, villages=nobody, cells=cells)
