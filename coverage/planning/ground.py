"""Straight lines over the terrain: to the nearest of a layer, how steep they run, what stands in their way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.radio._numba import njit
from coverage.radio.fresnel import EARTH_M, LIGHT_M_MHZ, MEDIAN_K

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nearest:
    """The nearest of some shapes to each of some points."""

    distance_m: Floats
    x_m: Floats
    """The place on the shape, in the CRS of the points."""
    y_m: Floats
    index: NDArray[np.int64]
    """Row of the shape."""


def shapes_of(layers: Sequence[gpd.GeoDataFrame | None]) -> NDArray[np.object_]:
    """Return the geometries of some layers that may be absent, in order, without the empty ones."""
    found = [frame.geometry.to_numpy() for frame in layers if frame is not None]
    shapes = np.concatenate([np.empty(0, dtype=object), *found])
    return np.asarray(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))], dtype=object)


def nearest(shapes: NDArray[np.object_], x_m: Floats, y_m: Floats) -> Nearest | None:
    """Return the nearest of some shapes to points with finite coordinates; None where there is no shape."""
    if len(shapes) == 0:
        return None
    points = shapely.points(x_m, y_m)
    index = shapely.STRtree(shapes).query_nearest(points, all_matches=False)[1]
    ends = shapely.get_point(shapely.shortest_line(points, shapes[index]), -1)
    return Nearest(shapely.distance(points, shapes[index]), shapely.get_x(ends), shapely.get_y(ends), index)


def mean_slope_deg(
    grid: Grid, terrain_m: NDArray[np.float32], x0_m: Floats, y0_m: Floats, x1_m: Floats, y1_m: Floats
) -> Floats:
    """
    How steep straight lines run on average.

    Parameters
    ----------
    grid, terrain_m
        Heights above sea level, m.
    x0_m, y0_m, x1_m, y1_m
        [lines] ends in the CRS of the grid.

    Returns
    -------
    array
        [lines] degrees: all metres up and down over the metres along. Stretches without terrain do not count; a line
        of no length, or with no terrain at all, is 0.
    """
    row0, col0 = _pixels(grid, x0_m, y0_m)
    row1, col1 = _pixels(grid, x1_m, y1_m)
    return np.asarray(_mean_slopes_deg(terrain_m, grid.cell_m, row0, col0, row1, col1), dtype=float)


def slope_deg(grid: Grid, terrain_m: NDArray[np.float32], x_m: Floats, y_m: Floats) -> Floats:
    """
    How steep the ground is at points.

    Parameters
    ----------
    grid, terrain_m
        Heights above sea level, m.
    x_m, y_m
        [points] in the CRS of the grid.

    Returns
    -------
    array
        [points] degrees, from the pixels on either side, or from one of them and the point's own beside a void; NaN
        where even those are missing.
    """
    here = grid.sample(terrain_m, x_m, y_m).astype(float)
    step = grid.cell_m
    grades = []
    for east, north in ((step, 0.0), (0.0, step)):
        ahead = grid.sample(terrain_m, x_m + east, y_m + north).astype(float)
        behind = grid.sample(terrain_m, x_m - east, y_m - north).astype(float)
        run = step * (np.isfinite(ahead).astype(float) + np.isfinite(behind))
        rise = np.where(np.isfinite(ahead), ahead, here) - np.where(np.isfinite(behind), behind, here)
        grades.append(np.divide(rise, run, out=np.full(len(here), np.nan), where=run > 0))
    return np.asarray(np.degrees(np.arctan(np.hypot(*grades))), dtype=float)


def clearance(
    grid: Grid,
    terrain_m: NDArray[np.float32],
    starts: tuple[Floats, Floats, Floats],
    ends: tuple[Floats, Floats, Floats],
    *,
    freq_mhz: float,
    k: float = MEDIAN_K,
) -> Floats:
    """
    Room between a straight ray and the ground, in radii of the first Fresnel zone, where it is least.

    Parameters
    ----------
    grid, terrain_m
        Heights above sea level, m.
    starts, ends
        x, y in the CRS of the grid and height above ground in m, [paths] each.
    freq_mhz
        Frequency, MHz.
    k
        Radius of the Earth over which rays run straight, in radii of the Earth; above 0.

    Returns
    -------
    array
        [paths] dimensionless; below 0 the ground stands in the ray's way, inf where the ends are neighbours. NaN where
        an end or a stretch has no terrain.

    References
    ----------
    Fresnel radius: ITU-R P.526-15, equation (2) with n = 1. The Earth bulges by d1 d2 / 2 k a.
    """
    row0, col0 = _pixels(grid, starts[0], starts[1])
    row1, col1 = _pixels(grid, ends[0], ends[1])
    wavelength_m = LIGHT_M_MHZ / freq_mhz
    found = _clearances(terrain_m, grid.cell_m, k * EARTH_M, wavelength_m, row0, col0, starts[2], row1, col1, ends[2])
    return np.asarray(found, dtype=float)


def _pixels(grid: Grid, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Return fractional rows and columns; pixel i reaches from i to i + 1."""
    step = grid.transform
    return (y_m - step.f) / step.e, (x_m - step.c) / step.a


@njit
def _height(terrain_m: Any, row: float, col: float) -> float:
    i, j = math.floor(row), math.floor(col)
    if i < 0 or j < 0 or i >= terrain_m.shape[0] or j >= terrain_m.shape[1]:
        return math.nan
    return float(terrain_m[i, j])


@njit
def _mean_slopes_deg(terrain_m: Any, cell_m: float, row0: Any, col0: Any, row1: Any, col1: Any) -> Any:
    slope = np.zeros(len(row0))
    for line in range(len(row0)):
        drow, dcol = row1[line] - row0[line], col1[line] - col0[line]
        steps = max(1, math.ceil(max(abs(drow), abs(dcol))))
        step_m = math.hypot(drow, dcol) * cell_m / steps
        rise = run = 0.0
        before = _height(terrain_m, row0[line], col0[line])
        for i in range(1, steps + 1):
            here = _height(terrain_m, row0[line] + drow * i / steps, col0[line] + dcol * i / steps)
            if math.isfinite(here) and math.isfinite(before):
                rise += abs(here - before)
                run += step_m
            before = here
        # Ends a step apart but in two pixels would look like a cliff: measure them over a whole pixel.
        if run > 0:
            slope[line] = math.degrees(math.atan(rise / max(run, cell_m)))
    return slope


@njit
def _clearances(
    terrain_m: Any,
    cell_m: float,
    earth_m: float,
    wavelength_m: float,
    row0: Any,
    col0: Any,
    above0_m: Any,
    row1: Any,
    col1: Any,
    above1_m: Any,
) -> Any:
    found = np.empty(len(row0))
    for path in range(len(row0)):
        drow, dcol = row1[path] - row0[path], col1[path] - col0[path]
        steps = math.ceil(max(abs(drow), abs(dcol)))
        length_m = math.hypot(drow, dcol) * cell_m
        start_m = _height(terrain_m, row0[path], col0[path]) + above0_m[path]
        end_m = _height(terrain_m, row1[path], col1[path]) + above1_m[path]
        least = math.inf if math.isfinite(start_m) and math.isfinite(end_m) else math.nan
        for i in range(1, steps):
            share = i / steps
            ground_m = _height(terrain_m, row0[path] + drow * share, col0[path] + dcol * share)
            near_m, far_m = length_m * share, length_m * (1 - share)
            bulge_m = near_m * far_m / (2 * earth_m)
            fresnel_m = math.sqrt(wavelength_m * near_m * far_m / length_m)
            room = (start_m + (end_m - start_m) * share - ground_m - bulge_m) / fresnel_m
            if not room >= least:  # also where room is NaN, which then stays
                least = room
            if math.isnan(least):
                break
        found[path] = least
    return found
