"""Terrain: heights above sea level, and the grid of every raster, which follows from it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from coverage.errors import CoverageError, LayerError, Problem, refuse
from coverage.grid import Grid, strips
from coverage.layers.position.reference import WGS84
from coverage.layers.sources import files
from coverage.layers.sources.gridded import onto_grid
from coverage.layers.sources.mosaic import missing_part, open_tiles
from coverage.layers.sources.raster import Bounds, Raster, fits
from coverage.study import Study

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""No land lies beyond; a height there is a void whose value the file does not declare."""
MARGIN_M = 20_000.0
"""Terrain kept around villages, housing and sites: the reach of the widest preset (2G)."""


def open_terrain(study: Study, *, whole: bool = True) -> Raster:
    """
    Open the terrain of a study and, unless a part of it is all that is wanted, read it once to its end.

    Raises
    ------
    LayerError
        No such file, or it cannot be used.
    """
    return open_tiles(study, "terrain", files.find_source(study, "terrain"), holds="heights in m", whole=whole)


def choose_grid(study: Study, raster: Raster, points: Sequence["gpd.GeoSeries"]) -> Grid:
    """
    Return the grid of a study: the box around its points with a margin, as far as the terrain reaches.

    Parameters
    ----------
    study
        Its `[grid]` comes first; what it leaves open follows the terrain.
    raster
        The terrain.
    points
        Villages, housing and cells in WGS 84. Communes do not count: one of them may reach far out to sea.

    Raises
    ------
    LayerError
        `[grid] crs` is no projected system in metres, or the points and the terrain do not meet.
    """
    crs, cell_m = pixels_of(study, raster)
    boxes = np.array([series.to_crs(crs).total_bounds for series in points if series.notna().any()]).reshape(-1, 4)
    around = (*(boxes[:, :2].min(axis=0) - MARGIN_M), *(boxes[:, 2:].max(axis=0) + MARGIN_M)) if len(boxes) else None
    land = raster.bounds_in(crs)
    box = land if around is None else _common(around, land)
    west, north, shape = _snapped(raster, crs, cell_m, box)
    if box[0] >= box[2] or box[1] >= box[3] or min(shape) < 1:
        found, remedy = (
            "no terrain within 20 km of the villages and sites",
            "Check the CRS of the layers, or the terrain.",
        )
        raise refuse(raster.name, found, "terrain under them", remedy, kind="terrain_elsewhere")
    try:
        return Grid(crs, Affine(cell_m, 0.0, west, 0.0, -cell_m, north), shape)
    except CoverageError:
        raise LayerError([_no_metres(str(study.grid.crs))]) from None


def grid_around(study: Study, raster: Raster, box: Bounds) -> Grid:
    """
    Return the part of a study's grid that holds a box, as far as the terrain reaches, in the same pixels.

    Parameters
    ----------
    study, raster
        As for `choose_grid`.
    box
        In the CRS of the grid (`pixels_of`); some of it must lie on the terrain.
    """
    crs, cell_m = pixels_of(study, raster)
    west, north, shape = _snapped(raster, crs, cell_m, _common(box, raster.bounds_in(crs)))
    return Grid(crs, Affine(cell_m, 0.0, west, 0.0, -cell_m, north), shape)


def pixels_of(study: Study, raster: Raster) -> tuple[CRS, float]:
    """Return the CRS of a study's grid and the side of its pixels, m; LayerError where that CRS is not in metres."""
    crs = _crs(study, raster)
    return crs, study.grid.cell_m or _cell_m(raster, crs)


def _snapped(raster: Raster, crs: CRS, cell_m: float, box: Bounds) -> tuple[float, float, tuple[int, int]]:
    """Return the west and the north edge, and rows and columns, of the pixels that hold a box."""
    origin = (raster.transform.c, raster.transform.f) if fits(raster, crs, cell_m) else (0.0, 0.0)
    west, east = _snap(box[0], origin[0], cell_m, up=False), _snap(box[2], origin[0], cell_m, up=True)
    south, north = _snap(box[1], origin[1], cell_m, up=False), _snap(box[3], origin[1], cell_m, up=True)
    return west, north, (round((north - south) / cell_m), round((east - west) / cell_m))


def heights(raster: Raster, grid: Grid) -> tuple[NDArray[np.float32], list[Problem]]:
    """Return terrain heights on the grid, m, and what is wrong with them."""
    values = onto_grid(raster, grid)
    ranges = [_range(values[rows]) for rows in strips(len(values))]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if low > high:
        found, remedy = "no height near the villages and sites", "Supply terrain that covers them."
        return values, [Problem(raster.name, found, "heights in m", remedy, kind="no_heights")]
    if low < LOWEST_M or high > HIGHEST_M:
        found = f"heights of {low if low < LOWEST_M else high:g} m"
        remedy = "Declare the value of voids as the file's nodata."
        return values, [
            Problem(
                raster.name, found, f"{LOWEST_M:g}…{HIGHEST_M:g} m, voids as nodata", remedy, kind="impossible_heights"
            )
        ]
    return values, [*_in_feet(raster), *missing_part(raster, grid)]


def _range(values: NDArray[np.float32]) -> tuple[float, float]:
    """Return the lowest and the highest value; infinity and its negative where there is none."""
    known = values[np.isfinite(values)]
    return float(known.min(initial=np.inf)), float(known.max(initial=-np.inf))


def _in_feet(raster: Raster) -> list[Problem]:
    if raster.unit_m == 1.0:
        return []
    found, remedy = f"heights in a unit of {raster.unit_m:.7g} m, turned into metres", "Check that they are in feet."
    return [Problem(raster.name, found, "heights in m", remedy, fatal=False, kind="terrain_in_feet")]


def off_terrain(points: "gpd.GeoSeries", grid: Grid, terrain_m: NDArray[np.float32]) -> "pd.Series":
    """Return a mask of points that have no height under them; rows without a point do not count."""
    import pandas as pd

    placed = points.to_crs(grid.crs)
    missing = np.isnan(grid.sample(terrain_m, placed.x, placed.y)) & placed.notna().to_numpy()
    return pd.Series(missing, index=points.index)


def _crs(study: Study, raster: Raster) -> CRS:
    if study.grid.crs is not None:
        try:
            crs = CRS.from_user_input(study.grid.crs)
        except CRSError:
            raise LayerError([_no_metres(study.grid.crs)]) from None
        if not _metres(crs):
            raise LayerError([_no_metres(study.grid.crs)])
        return crs
    return raster.crs if _metres(raster.crs) else utm(raster.bounds_in(WGS84))


def utm(bounds: Bounds) -> CRS:
    """Return the UTM zone, on WGS 84, of the centre of bounds in degrees."""
    lon, lat = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    zone = int((lon + 180.0) // 6.0) % 60 + 1
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def _metres(crs: CRS) -> bool:
    return bool(crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info[:2]))


def _no_metres(written: str) -> Problem:
    remedy = "Set EPSG:9206 or another one, or remove it to follow the terrain."
    return Problem(
        "coverage.toml", f"[grid] crs = {written!r}", "a projected system in metres", remedy, kind="wrong_grid"
    )


def _cell_m(raster: Raster, crs: CRS) -> float:
    """Return the mean of a pixel's sides in metres, at the raster's centre, to 0.1 m unless the pixels are kept."""
    step = raster.transform
    if raster.upright and raster.crs.equals(crs, ignore_axis_order=True) and fits(raster, crs, step.a):
        return float(step.a)
    return max(round(sum(raster.sides_m) / 2, 1), 0.1)


def _common(a: Bounds, b: Bounds) -> Bounds:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _snap(value: float, origin: float, cell_m: float, *, up: bool) -> float:
    """Return the pixel edge at or beyond a value; a value within 1e-6 of an edge lies on it."""
    cells = (value - origin) / cell_m
    edge = round(cells) if abs(cells - round(cells)) < 1e-6 else np.ceil(cells) if up else np.floor(cells)
    return float(origin + edge * cell_m)
