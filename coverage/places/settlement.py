"""Settlement: where the households of each village live, told by the best that is known of it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coverage.grid import Grid, strips
from coverage.result import Layers
from coverage.study import Study

_BATCH = 1 << 18
"""Buildings at a time."""
_MOST_PLACES, _MOST_IN_BOX = 400, 40_000
"""Of one village's area, and of the box around it."""

Points = pd.DataFrame
"""`village` (row number), `x_m`, `y_m` in the grid's CRS, and `households`: how many live there, or what share."""


@dataclass(frozen=True)
class Settlement:
    """Where people live; arrays of one entry per village."""

    points: Points
    """
    Sorted by village, then as their source has them. Of `housing` its own numbers; else the village's number shared
    out, in fractions that sum up to it, or to 1 where it is not known.
    """
    source: NDArray[np.object_]
    """What placed the households, one of `columns.HOUSEHOLD_SOURCES`; `centre` and `none` have no points."""
    counted: NDArray[np.bool_]
    """Whether the points carry households; otherwise shares alone."""
    people: NDArray[np.float64] | None
    """Of the population raster, NaN where it has none in reach; None where the study has no such raster."""


def settle(layers: Layers, study: Study) -> Settlement:
    """
    Place the households of every village by the best of housing, buildings, population, its area, its centre.

    A building belongs to the village whose area holds it, else to the nearest of its commune within
    `places.building_m`; a populated pixel likewise, but always to a village of its own commune. A village's households
    are shared over its buildings by what these state or evenly, over its pixels by their people, over its area evenly.
    A village of no households has nobody to place.

    Parameters
    ----------
    layers
        Villages, communes, and whatever there is of housing, buildings, population and areas of villages.
    study
        `[places]`.

    Returns
    -------
    Settlement
        `people` of the villages of a commune sum up to those of the raster within it, wherever one of them has people
        in reach: those farther away are counted with the others, in proportion.
    """
    homes = _homes(layers, study)
    n = len(homes.xy)
    own = layers.villages["households"].to_numpy(dtype=float, na_value=np.nan)
    pixels, people = _people(layers, homes)
    source = np.where(np.isfinite(homes.xy).all(axis=1), "centre", "none").astype(object)
    counted = np.isfinite(own)
    unplaced = np.ones(n, dtype=bool)
    makers: dict[str, Callable[[NDArray[np.bool_]], Points]] = {
        "housing": lambda _: _housing(layers),
        "buildings": lambda _: _buildings(layers, homes),
        "population": lambda _: pixels,
        "polygon": lambda wanted: _spread(layers.grid, homes, wanted),
    }
    parts = []
    for name, make in makers.items():
        free = unplaced if name == "housing" else unplaced & (own != 0)
        points = make(free)
        total = np.bincount(points["village"], points["households"], n)
        placed = free & (total > 0)
        points = points[placed[points["village"]]]
        if name == "housing":
            counted |= placed
        else:
            each = np.divide(np.where(counted, own, 1.0), total, out=np.zeros(n), where=placed)
            points = points.assign(households=points["households"] * each[points["village"]])
        parts.append(points)
        source[placed] = name
        unplaced &= ~placed
    points = pd.concat(parts, ignore_index=True).sort_values("village", kind="stable", ignore_index=True)
    return Settlement(points, source, counted, people)


@dataclass(frozen=True)
class _Homes:
    """Where villages are, by which it is told which of them a place belongs to."""

    xy: NDArray[np.float64]
    """[villages, 2]; NaN where there is no point."""
    commune: NDArray[np.int64]
    """[villages] row number in the communes; -1 where there is none."""
    areas: NDArray[np.object_]
    """Polygons, in the order of `owner`."""
    owner: NDArray[np.int64]
    """Ascending row numbers of the villages that have an area."""
    within_m: float

    def of(
        self, x: NDArray[np.float64], y: NDArray[np.float64], commune: NDArray[np.int64], *, across: bool
    ) -> NDArray[np.int64]:
        """
        Return the village that each place belongs to, -1 where there is none.

        Parameters
        ----------
        x, y, commune
            Of the places; row number of the commune, -1 where there is none.
        across
            Whether the area of a village holds what lies in it of another commune too.
        """
        village = np.full(len(x), -1)
        if len(self.owner):
            area = _holder(x, y, self.areas)
            village = np.where(area >= 0, self.owner[area], -1)
            if not across:
                village[self.commune[village] != commune] = -1
        order = np.argsort(commune, kind="stable")
        for places in np.split(order, np.flatnonzero(np.diff(commune[order])) + 1):
            left = places[village[places] < 0]
            here = commune[left[0]] if len(left) else -1
            theirs = np.flatnonzero((self.commune == here) & np.isfinite(self.xy).all(axis=1))
            if here < 0 or len(theirs) == 0:
                continue
            away_m, nearest = cKDTree(self.xy[theirs]).query(np.column_stack([x[left], y[left]]))
            village[left] = np.where(away_m <= self.within_m, theirs[nearest], -1)
        return village


def _homes(layers: Layers, study: Study) -> _Homes:
    villages, drawn = layers.villages, layers.village_areas
    owner, areas = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)
    if drawn is not None:
        row = pd.Index(villages["village_id"]).get_indexer(drawn["village_id"])
        order = np.argsort(row, kind="stable")
        order = order[row[order] >= 0]
        owner, areas = row[order], drawn.geometry.to_numpy()[order]
    commune = pd.Index(layers.communes["code"]).get_indexer(villages["commune_code"])
    xy = np.column_stack([villages.geometry.x, villages.geometry.y])
    return _Homes(xy, commune, areas, owner, study.places.building_m)


def _holder(x: NDArray[np.float64], y: NDArray[np.float64], polygons: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the number of the first polygon that holds each point, -1 where none does."""
    points = np.asarray(shapely.points(x, y), dtype=object)
    polygon, point = shapely.STRtree(points).query(polygons, predicate="intersects")
    first = np.full(len(points), len(polygons))
    np.minimum.at(first, point, polygon)
    return np.where(first < len(polygons), first, -1)


def _housing(layers: Layers) -> Points:
    """Return the housing of known villages, those of 0 households too: a fiber route may pass them."""
    if layers.housing is None:
        return _points([], [], [], [])
    village = pd.Index(layers.villages["village_id"]).get_indexer(layers.housing["village_id"])
    known = layers.housing[village >= 0]
    households = known["households"].to_numpy(dtype=float, na_value=0.0)
    return _points(village[village >= 0], known.geometry.x, known.geometry.y, households)


def _buildings(layers: Layers, homes: _Homes) -> Points:
    """Return buildings with the village of each and the households that it states, one where it states none."""
    if layers.buildings is None:
        return _points([], [], [], [])
    x, y = layers.buildings.geometry.x.to_numpy(), layers.buildings.geometry.y.to_numpy()
    village = np.full(len(x), -1)
    borders = layers.communes.geometry.to_numpy()
    for few in strips(len(x), _BATCH):
        commune = _holder(x[few], y[few], borders)
        village[few] = homes.of(x[few], y[few], commune, across=True)
    known = village >= 0
    weight = layers.buildings["households"].to_numpy(dtype=float, na_value=1.0)
    return _points(village[known], x[known], y[known], weight[known])


def _people(layers: Layers, homes: _Homes) -> tuple[Points, NDArray[np.float64] | None]:
    """Return pixels with the village of each and its people, and the people of every village."""
    if layers.population is None:
        return _points([], [], [], []), None
    points = pd.concat([_points([], [], [], []), *_by_commune(layers.population, homes)], ignore_index=True)
    found = np.bincount(points["village"], points["households"], len(homes.xy))
    return points, np.where(found > 0, found, np.nan)


def _by_commune(pixels: pd.DataFrame, homes: _Homes) -> Iterator[Points]:
    """Yield the pixels of one commune after another that a village has in reach, with all people of the commune."""
    commune = pixels["commune"].to_numpy()
    for start, stop in pairwise(np.flatnonzero(np.diff(commune, prepend=-1, append=-1))):
        x, y, people = (pixels[name].to_numpy()[start:stop].astype(float) for name in ("x_m", "y_m", "people"))
        village = homes.of(x, y, commune[start:stop].astype(np.int64), across=False)
        near = village >= 0
        if near.any():
            yield _points(village[near], x[near], y[near], people[near] * (people.sum() / people[near].sum()))


def _spread(grid: Grid, homes: _Homes, wanted: NDArray[np.bool_]) -> Points:
    """Return places all over the areas of the villages that are wanted: centres of cells of the grid, or of blocks."""
    parts = [_points([], [], [], [])]
    for village, area in zip(homes.owner, homes.areas, strict=True):
        if not wanted[village]:
            continue
        west, south, east, north = area.bounds
        box_m2 = (east - west) * (north - south)
        side_m = math.sqrt(max(area.area / _MOST_PLACES, box_m2 / _MOST_IN_BOX))
        step_m = grid.cell_m * max(math.ceil(side_m / grid.cell_m), 1)
        left, top = grid.transform.c, grid.transform.f
        columns = np.arange(math.floor((west - left) / step_m), math.ceil((east - left) / step_m))
        rows = np.arange(math.floor((top - north) / step_m), math.ceil((top - south) / step_m))
        x, y = (each.ravel() for each in np.meshgrid(left + (columns + 0.5) * step_m, top - (rows + 0.5) * step_m))
        inside = shapely.contains_xy(area, x, y)
        if not inside.any():
            middle = area.point_on_surface()
            x, y, inside = np.array([middle.x]), np.array([middle.y]), np.array([True])
        parts.append(_points(np.full(inside.sum(), village), x[inside], y[inside], np.ones(inside.sum())))
    return pd.concat(parts, ignore_index=True)


def _points(village: object, x_m: object, y_m: object, households: object) -> Points:
    """Return a frame of points."""
    return pd.DataFrame(
        {
            "village": np.asarray(village, dtype=np.int64),
            "x_m": np.asarray(x_m, dtype=float),
            "y_m": np.asarray(y_m, dtype=float),
            "households": np.asarray(households, dtype=float),
        }
    )
