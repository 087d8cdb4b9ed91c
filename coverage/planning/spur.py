"""Spur: the cheapest trench from a place to existing fiber, along roads where there are any."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from coverage.places.fiber_access import road_graph
from coverage.planning.costs import slope_factor
from coverage.planning.ground import Floats, mean_slope_deg, nearest, shapes_of
from coverage.result import Layers
from coverage.study import Study

_ROAD_STEP_M = 250.0
"""A trench leaves a road at steps this far apart."""
_NOTHING_M = 1e-3
"""Stands for 0 where a sparse matrix would take 0 for "no link"."""


@dataclass(frozen=True)
class Spurs:
    """The cheapest trench to each of some places; arrays of one entry per place."""

    length_m: Floats
    effort_m: Floats
    """Length, made longer by slope off the road: a kilometre of effort costs the price of a kilometre."""
    via: NDArray[np.object_]
    """The fiber route or node that it starts from."""


def fiber_spurs(x_m: Floats, y_m: Floats, layers: Layers, study: Study) -> Spurs | None:
    """
    Find the cheapest trench from each place to existing fiber.

    A trench follows roads at their length. It leaves them for the place where they come nearest to it, and for fiber
    within `fiber.near_straight_m` of them, or from the point of the roads nearest to it. Fiber within that distance of
    the place may also be reached straight. Where there are no roads a trench runs straight, however far. A piece of the
    road network that no fiber lies beside is as good as no road.

    Parameters
    ----------
    x_m, y_m
        [places] in the CRS of the grid, finite.
    layers
        Fiber, roads and terrain.
    study
        Distances, and what slope costs.

    Returns
    -------
    Spurs
        None where there is no fiber.
    """
    fiber, names = _named_fiber(layers)
    straight = nearest(fiber, x_m, y_m)
    if straight is None:
        return None

    def effort_m(x0_m: Floats, y0_m: Floats, x1_m: Floats, y1_m: Floats) -> Floats:
        steep_deg = mean_slope_deg(layers.grid, layers.terrain_m, x0_m, y0_m, x1_m, y1_m)
        factor = np.array([slope_factor(float(deg), study.costs) for deg in steep_deg], dtype=float)
        return np.asarray(np.hypot(x1_m - x0_m, y1_m - y0_m) * factor, dtype=float)

    across_m = effort_m(x_m, y_m, straight.x_m, straight.y_m)
    best = Spurs(straight.distance_m, across_m, names[straight.index])
    vertices, links, lengths = _graph(layers.roads)
    # Where fiber meets the roads, and what the drop between them takes.
    drop = nearest(fiber, vertices[:, 0], vertices[:, 1]) if len(vertices) else None
    if drop is None:
        return best
    lit = drop.distance_m <= study.fiber.near_straight_m
    lit[
        shapely.STRtree(np.asarray(shapely.points(vertices), dtype=object)).query_nearest(fiber, all_matches=False)[1]
    ] = True
    at = np.flatnonzero(lit)
    drop_m = np.full(len(vertices), np.inf)
    drop_m[at] = effort_m(drop.x_m[at], drop.y_m[at], vertices[at, 0], vertices[at, 1])
    along_m, source = _from_fiber(links, lengths, drop_m)

    # From there to the places.
    joined = np.flatnonzero(np.isfinite(along_m))
    walk_m, nearest_joined = cKDTree(vertices[joined]).query(np.column_stack([x_m, y_m]))
    leave = joined[nearest_joined]
    start = source[leave]
    by_road_m = along_m[leave] + effort_m(vertices[leave, 0], vertices[leave, 1], x_m, y_m)
    length_m = walk_m + along_m[leave] - drop_m[start] + drop.distance_m[start]

    direct = (straight.distance_m <= study.fiber.near_straight_m) & (across_m <= by_road_m)
    return Spurs(
        np.where(direct, best.length_m, length_m),
        np.where(direct, best.effort_m, by_road_m),
        np.where(direct, best.via, names[drop.index[start]]),
    )


def _named_fiber(layers: Layers) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the shapes of fiber routes and nodes, and the ids of these."""
    shapes: list[gpd.GeoDataFrame] = []
    names: list[NDArray[np.object_]] = []
    for frame, column in ((layers.fiber_routes, "route_id"), (layers.fiber_nodes, "node_id")):
        if frame is not None:
            there = frame[~(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()]
            shapes.append(there)
            names.append(there[column].to_numpy(dtype=object))
    return shapes_of(shapes), np.concatenate([np.zeros(0, dtype=object), *names])


def _graph(roads: gpd.GeoDataFrame | None) -> tuple[Floats, NDArray[np.int64], Floats]:
    if roads is None or roads.empty:
        return np.zeros((0, 2)), np.zeros((0, 2), dtype=np.int64), np.zeros(0)
    return road_graph(roads, step_m=_ROAD_STEP_M)


def _from_fiber(links: NDArray[np.int64], lengths: Floats, drop_m: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the least effort from fiber to each point of the roads, inf where no way leads, and where it starts."""
    n, lit = len(drop_m), np.flatnonzero(np.isfinite(drop_m))
    # One more node stands for all fiber; it is linked to every point that fiber lies beside.
    start = np.concatenate([links[:, 0], np.full(len(lit), n)])
    end = np.concatenate([links[:, 1], lit])
    weight = np.concatenate([lengths, np.maximum(drop_m[lit], _NOTHING_M)])
    graph = coo_array((weight, (start, end)), shape=(n + 1, n + 1)).tocsr()
    effort_m, before = dijkstra(graph, directed=False, indices=np.array([n]), return_predecessors=True)
    first = (before[0, :n] == n) | (before[0, :n] < 0)
    source = np.where(first, np.arange(n), before[0, :n]).astype(np.int64)
    while (source[source] != source).any():  # each round doubles how far back it points
        source = source[source]
    return np.asarray(effort_m[0, :n], dtype=float), source
