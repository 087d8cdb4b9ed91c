"""Trenches: where fiber could run, along roads and straight across country, and how dear that is."""

from dataclasses import dataclass

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
from coverage.planning.steiner_graph import Graph
from coverage.settings.planning import Costs

_ROAD_STEP_M = 250.0
"""A trench leaves a road at steps this far apart."""
_NEIGHBOURS = 5
"""Targets that a trench may go to directly from a target."""

_NOTHING_M = 1e-9
"""Stands for 0 where a sparse matrix would take 0 for "no link"."""

FIBER = -1
"""Stands for existing fiber where a trench ends there."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Trenches:
    """
    Every place a trench may pass, and every straight piece of trench between two of them.

    Effort is length in metres, made longer by slope off the road: a kilometre of effort costs the price of a kilometre.
    """

    xy: Floats
    """[nodes, 2] roads first, then targets; m."""
    first_target: int
    links: Ints
    """[links, 2] nodes; the second is `FIBER` where existing fiber is reached straight."""
    to_fiber: Floats
    """[nodes, 2] the nearest place on existing fiber, m."""
    length_m: Floats
    """[links]."""
    effort_m: Floats
    """[links] at least the length."""

    def graph(self, prize: Floats) -> Graph:
        """Return the graph in which fiber is vertex 0 and a node one more than its number; [targets] of prizes."""
        prizes = np.concatenate([np.zeros(1 + self.first_target), prize])
        return Graph(prizes, self.links + 1, self.effort_m, self.length_m)

    def segments(self, links: list[int]) -> list[Segment]:
        """Return the straight pieces of some links."""
        return [
            _segment(self.xy[one], self.to_fiber[one] if other == FIBER else self.xy[other])
            for one, other in self.links[links].tolist()
        ]


def plan_trenches(
    roads: gpd.GeoDataFrame | None,
    targets_xy: Floats,
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
    line from a target to the nearest road and to its neighbour targets, between pieces of the road network, and to
    existing fiber from wherever that is near, from the road nearest to it, and, if there are no roads, from anywhere.

    Parameters
    ----------
    roads
        Lines, or None.
    targets_xy
        [targets, 2] places to be connected, m.
    fiber
        Shapes of existing nodes and routes, at least one.
    grid, terrain_m, costs
        For the slope, and what it costs.
    longest_across_m
        Where there are roads, fiber this near may be reached straight across country, m.

    Returns
    -------
    Trenches
        From any target there is a way to fiber, by bridges if the roads are in pieces.
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
    xy = np.concatenate([road_xy, targets_xy])
    straight = np.concatenate(
        [_bridges(road_xy, links), _to_roads(road_xy, targets_xy), first + _to_neighbours(targets_xy)]
    )
    end = nearest(fiber, xy[:, 0], xy[:, 1])
    if end is None:
        raise ValueError("plan_trenches needs fiber to start from")
    to_fiber = np.column_stack([end.x_m, end.y_m])
    direct = np.ones(len(xy), dtype=bool) if first == 0 else end.distance_m <= longest_across_m
    if first:
        road_points = np.asarray(shapely.points(road_xy), dtype=object)
        direct[shapely.STRtree(road_points).query_nearest(fiber, all_matches=False)[1]] = True
    starts = np.flatnonzero(direct)
    begin = np.concatenate([xy[straight[:, 0]], xy[starts]])
    finish = np.concatenate([xy[straight[:, 1]], to_fiber[starts]])
    return Trenches(
        xy=xy,
        first_target=first,
        links=np.concatenate([links, straight, np.column_stack([starts, np.full(len(starts), FIBER)])]),
        to_fiber=to_fiber,
        length_m=np.concatenate([lengths, np.hypot(*(finish - begin).T)]),
        effort_m=np.concatenate([lengths, across(begin, finish)]),
    )


def _to_roads(road_xy: Floats, targets_xy: Floats) -> Ints:
    if len(road_xy) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    _, nearest_road = cKDTree(road_xy).query(targets_xy)
    return np.column_stack([nearest_road, len(road_xy) + np.arange(len(targets_xy))]).astype(np.int64)


def _to_neighbours(targets_xy: Floats) -> Ints:
    count = min(_NEIGHBOURS, len(targets_xy) - 1)
    if count < 1:
        return np.zeros((0, 2), dtype=np.int64)
    _, near = cKDTree(targets_xy).query(targets_xy, k=list(range(1, count + 2)))
    pairs = np.column_stack([np.repeat(np.arange(len(targets_xy)), count + 1), np.asarray(near).ravel()])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], dtype=np.int64)


def _bridges(road_xy: Floats, links: Ints) -> Ints:
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
