"""Trenches: where fiber could run, along roads and straight across country, and how dear that is."""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from coverage.grid import Grid
from coverage.places.fiber_access import road_graph
from coverage.planning.costs import slope_factor
from coverage.planning.ground import mean_slope_deg, nearest
from coverage.settings import Costs

_ROAD_STEP_M = 250.0
"""A trench leaves a road at steps this far apart."""
_NEIGHBOURS = 5
"""Villages that a trench may go to directly from a village."""

_NOTHING_M = 1e-9
"""Stands for 0 where a sparse matrix would take 0 for "no link"."""

_TO_FIBER = -1
_BUILT = -2

Floats = NDArray[np.float64]
Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass
class Trenches:
    """
    Every place a trench may pass, and the cheapest way from each to the network as it stands.

    Effort is length in metres, made longer by slope off the road: a kilometre of effort costs the price of a kilometre.
    """

    xy: Floats
    """[nodes, 2] roads first, then villages; m."""
    first_village: int
    to_fiber: Floats
    """[nodes, 2] the nearest place on existing fiber, m."""
    neighbours: list[list[tuple[int, float]]]
    """Per node: other nodes, and the effort to them, m."""
    effort_m: Floats
    """[nodes] of the cheapest way to the network; 0 on a trench that was built."""
    before: NDArray[np.int64]
    """[nodes] the next node on that way."""

    def way(self, node: int) -> Iterator[int]:
        """Yield the nodes from one to the network, both ends included."""
        while True:
            yield node
            if self.before[node] < 0:
                return
            node = int(self.before[node])

    def segment(self, one: int, other: int) -> Segment:
        """Return the straight piece between two nodes."""
        return _segment(self.xy[one], self.xy[other])

    def segments(self, node: int) -> list[Segment]:
        """Return the straight pieces of the way from a node to the network."""
        nodes = list(self.way(node))
        pieces = [self.segment(one, other) for one, other in pairwise(nodes)]
        if self.before[nodes[-1]] == _TO_FIBER:
            pieces.append(_segment(self.xy[nodes[-1]], self.to_fiber[nodes[-1]]))
        return pieces

    def build(self, nodes: list[int]) -> set[int]:
        """Make nodes part of the network; return those to which the way got cheaper."""
        return self._spread([(0.0, node) for node in nodes], _BUILT)

    def _spread(self, sources: list[tuple[float, int]], reached_by: int) -> set[int]:
        """Let the network grow from nodes at given efforts as far as that is cheaper than before (Dijkstra)."""
        # Of equal ways the one along more nodes: the marks of an end are negative, and the highest number comes first.
        queue: list[tuple[float, int, int]] = [(effort, node, -reached_by) for effort, node in sources]
        heapq.heapify(queue)
        changed: set[int] = set()
        while queue:
            effort, node, minus_before = heapq.heappop(queue)
            if effort >= self.effort_m[node]:
                continue
            self.effort_m[node], self.before[node] = effort, -minus_before
            changed.add(node)
            for other, more in self.neighbours[node]:
                if effort + more < self.effort_m[other]:
                    heapq.heappush(queue, (effort + more, other, -node))
        return changed


def plan_trenches(
    roads: gpd.GeoDataFrame | None,
    villages_xy: Floats,
    fiber: NDArray[np.object_],
    *,
    grid: Grid,
    terrain_m: NDArray[np.float32],
    costs: Costs,
    longest_across_m: float,
) -> Trenches:
    """
    Lay out every place a trench may pass.

    Trenches follow roads at their length. Across country, where slope makes them dearer, they may run in a straight
    line from a village to the nearest road and to its neighbour villages, between pieces of the road network, and to
    existing fiber from wherever that is near, from the road nearest to it, and, if there are no roads, from anywhere.

    Parameters
    ----------
    roads
        Lines, or None.
    villages_xy
        [villages, 2] those to be connected, m.
    fiber
        Shapes of existing nodes and routes, at least one.
    grid, terrain_m, costs
        For the slope, and what it costs.
    longest_across_m
        Where there are roads, fiber this near may be reached straight across country, m.

    Returns
    -------
    Trenches
        With the cheapest way from every node to existing fiber.
    """

    def across(start: Floats, end: Floats) -> Floats:
        slope_deg = mean_slope_deg(grid, terrain_m, start[:, 0], start[:, 1], end[:, 0], end[:, 1])
        factor = np.array([slope_factor(float(deg), costs) for deg in slope_deg], dtype=float)
        return np.asarray(np.hypot(*(end - start).T) * factor, dtype=float)

    if roads is None or roads.empty:
        road_xy, links, lengths = np.zeros((0, 2)), np.zeros((0, 2), dtype=np.int64), np.zeros(0)
    else:
        road_xy, links, lengths = road_graph(roads, step_m=_ROAD_STEP_M)
    first = len(road_xy)
    xy = np.concatenate([road_xy, villages_xy])
    straight = np.concatenate(
        [_bridges(road_xy, links), _to_roads(road_xy, villages_xy), first + _to_neighbours(villages_xy)]
    )
    links = np.concatenate([links, straight])
    efforts = np.concatenate([lengths, across(xy[straight[:, 0]], xy[straight[:, 1]])])
    neighbours: list[list[tuple[int, float]]] = [[] for _ in xy]
    for (one, other), effort in zip(links.tolist(), efforts.tolist(), strict=True):
        neighbours[one].append((other, effort))
        neighbours[other].append((one, effort))

    end = nearest(fiber, xy[:, 0], xy[:, 1])
    if end is None:
        raise ValueError("plan_trenches needs fiber to start from")
    to_fiber = np.column_stack([end.x_m, end.y_m])
    direct = np.ones(len(xy), dtype=bool) if first == 0 else end.distance_m <= longest_across_m
    if first:
        road_points = np.asarray(shapely.points(road_xy), dtype=object)
        direct[shapely.STRtree(road_points).query_nearest(fiber, all_matches=False)[1]] = True
    starts = np.flatnonzero(direct)
    efforts = across(xy[starts], to_fiber[starts])
    trenches = Trenches(
        xy, first, to_fiber, neighbours, np.full(len(xy), math.inf), np.full(len(xy), _TO_FIBER, dtype=np.int64)
    )
    trenches._spread(list(zip(efforts.tolist(), starts.tolist(), strict=True)), _TO_FIBER)
    return trenches


def _to_roads(road_xy: Floats, villages_xy: Floats) -> NDArray[np.int64]:
    if len(road_xy) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    _, nearest_road = cKDTree(road_xy).query(villages_xy)
    return np.column_stack([nearest_road, len(road_xy) + np.arange(len(villages_xy))]).astype(np.int64)


def _to_neighbours(villages_xy: Floats) -> NDArray[np.int64]:
    count = min(_NEIGHBOURS, len(villages_xy) - 1)
    if count < 1:
        return np.zeros((0, 2), dtype=np.int64)
    _, near = cKDTree(villages_xy).query(villages_xy, k=list(range(1, count + 2)))
    pairs = np.column_stack([np.repeat(np.arange(len(villages_xy)), count + 1), np.asarray(near).ravel()])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], dtype=np.int64)


def _bridges(road_xy: Floats, links: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Return the shortest links that join all pieces of a road network.

    They are those of the minimum spanning tree of the vertices in which roads cost nothing; its links between pieces
    are sides of Delaunay triangles. Three far corners keep the triangles proper where all roads lie on one line.
    """
    n = len(road_xy)
    if n < 2:
        return np.zeros((0, 2), dtype=np.int64)
    middle = road_xy.mean(axis=0)
    far = 100 * (1 + np.ptp(road_xy, axis=0).max())
    corners = far * np.array([[-1.0, -0.9], [1.0, -1.1], [0.1, 1.0]])
    triangles = Delaunay(np.concatenate([road_xy - middle, corners])).simplices
    sides = np.unique(
        np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])), axis=0
    )
    road = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n, n))
    _, piece = connected_components(road, directed=False)
    sides = sides[sides[:, 1] < n]  # corners come last
    sides = sides[piece[sides[:, 0]] != piece[sides[:, 1]]]
    lengths = np.hypot(*(road_xy[sides[:, 0]] - road_xy[sides[:, 1]]).T)
    both = np.concatenate([links, sides])
    weights = np.concatenate([np.full(len(links), _NOTHING_M), lengths])
    tree = coo_array(minimum_spanning_tree(coo_array((weights, (both[:, 0], both[:, 1])), shape=(n, n)).tocsr()))
    bridge = tree.data > 2 * _NOTHING_M
    return np.column_stack([tree.coords[0][bridge], tree.coords[1][bridge]]).astype(np.int64)


def _segment(one: Floats, other: Floats) -> Segment:
    return (float(one[0]), float(one[1])), (float(other[0]), float(other[1]))


def as_lines(segments: list[Segment]) -> shapely.Geometry:
    """Return straight pieces as the longest lines they make; those of no length only where there is nothing else."""
    proper = [segment for segment in segments if segment[0] != segment[1]]
    return shapely.line_merge(shapely.multilinestrings([list(segment) for segment in proper or segments[:1]]))
