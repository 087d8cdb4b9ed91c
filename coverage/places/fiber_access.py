"""Fiber access: how far a place is from fiber, in a straight line and along roads, and whether a route passes it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from coverage.result import Layers
from coverage.study import Study

_JOIN_M = 1.0
"""Road vertices are rounded to this, so that ends that touch are one junction."""
_ROAD_STEP_M = 100.0
"""Roads are cut this fine, so that a place finds the road beside it and not the next junction."""


@dataclass(frozen=True)
class FiberAccess:
    """Fiber access of places; arrays of one entry per place."""

    status: NDArray[np.object_]
    """`served`, `near`, `unserved` or `not_assessed`."""
    distance_km: NDArray[np.float64]
    """Straight-line distance to the nearest node or route, km; NaN where not assessed."""


def fiber_access(
    xy: NDArray[np.float64], layers: Layers, study: Study, *, passed: NDArray[np.bool_] | None = None
) -> FiberAccess:
    """
    Classify places by their access to fiber.

    Parameters
    ----------
    xy
        [places, 2] in the grid's CRS, m; NaN where a place has no point.
    layers
        Fiber nodes and routes, and roads; without any fiber layer nothing is assessed.
    study
        Distances.
    passed
        [places] True where a route runs through the housing; such a place is served.

    Returns
    -------
    FiberAccess
        Status and distance.
    """
    has_point = np.isfinite(xy).all(axis=1)
    parts = [
        frame.geometry.to_numpy()
        for frame in (layers.fiber_nodes, layers.fiber_routes)
        if frame is not None and len(frame)
    ]
    if not parts:
        return FiberAccess(np.full(len(xy), "not_assessed", dtype=object), np.full(len(xy), np.nan))
    fiber = np.concatenate(parts)
    distance_m = np.full(len(xy), np.nan)
    distance_m[has_point] = distance_to(xy[has_point], fiber)

    near = distance_m <= study.fiber.near_straight_m
    if layers.roads is not None and len(layers.roads):
        by_road = _road_distance_m(
            xy[has_point], layers.roads, fiber, limit_m=study.fiber.near_road_m, reach_m=study.fiber.served_m
        )
        near = np.zeros(len(xy), dtype=bool)
        near[has_point] = by_road <= study.fiber.near_road_m
    served = (distance_m <= study.fiber.served_m) | (np.zeros(len(xy), dtype=bool) if passed is None else passed)
    status = np.select([~has_point, served, near], ["not_assessed", "served", "near"], "unserved").astype(object)
    return FiberAccess(status, distance_m / 1000)


def distance_to(xy: NDArray[np.float64], shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the distance in metres from each of the points to the nearest of the shapes."""
    tree = shapely.STRtree(shapes)
    distance = np.full(len(xy), np.nan)
    (points, _), found = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
    distance[points] = found
    return distance


def route_passes(
    places: pd.DataFrame, xy: NDArray[np.float64], layers: Layers, study: Study
) -> NDArray[np.bool_] | None:
    """Tell which villages a route passes within `fiber.passes_m` of their places or centre; None without routes."""
    if layers.fiber_routes is None or layers.fiber_routes.empty:
        return None
    routes = layers.fiber_routes.geometry.to_numpy()
    passes = np.zeros(len(xy), dtype=bool)
    has_point = np.isfinite(xy).all(axis=1)
    passes[has_point] = distance_to(xy[has_point], routes) <= study.fiber.passes_m
    close = distance_to(places[["x_m", "y_m"]].to_numpy(), routes) <= study.fiber.passes_m
    passes[places["village"].to_numpy()[close]] = True
    return passes


def _road_distance_m(
    xy: NDArray[np.float64], roads: gpd.GeoDataFrame, fiber: NDArray[np.object_], *, limit_m: float, reach_m: float
) -> NDArray[np.float64]:
    """Return the distance to fiber along roads, which it meets within `reach_m` of one; inf beyond `limit_m`."""
    vertices, links, lengths = road_graph(roads)
    to_fiber = distance_to(vertices, fiber)
    lit = np.flatnonzero(to_fiber <= reach_m)
    if len(lit) == 0:
        return np.full(len(xy), np.inf)
    n = len(vertices)
    # One source that stands for all fiber, linked to every lit vertex by the drop from fiber to the road.
    start = np.concatenate([links[:, 0], np.full(len(lit), n)])
    end = np.concatenate([links[:, 1], lit])
    weight = np.concatenate([lengths, np.maximum(to_fiber[lit], 1e-3)])
    graph = coo_array((weight, (start, end)), shape=(n + 1, n + 1)).tocsr()
    along = dijkstra(graph, directed=False, indices=np.array([n]), limit=limit_m)[0, :n]
    walk, nearest = cKDTree(vertices).query(xy)
    return np.asarray(walk + along[nearest], dtype=float)


def road_graph(
    roads: gpd.GeoDataFrame, *, step_m: float = _ROAD_STEP_M
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return vertices [n, 2], links [m, 2] and their lengths, m, of roads cut into steps; ends that touch are one."""
    lines = shapely.get_parts(shapely.segmentize(roads.geometry.to_numpy(), step_m))
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    _, first, vertex = np.unique(
        np.round(coordinates / _JOIN_M).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    same_line = line[1:] == line[:-1]
    links = np.column_stack([vertex.ravel()[:-1], vertex.ravel()[1:]])[same_line]
    lengths = np.hypot(*(coordinates[1:] - coordinates[:-1])[same_line].T)
    links, keep = np.unique(np.sort(links, axis=1), axis=0, return_index=True)
    proper = (links[:, 0] != links[:, 1]) & (lengths[keep] > 0)
    return coordinates[first], links[proper], lengths[keep][proper]
