"""The graph that trees of trenches are sought in, and how it is cut down to what a best tree can need."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROOT = 0
"""The vertex that stands for all that is built already; every tree holds it."""


@dataclass(frozen=True)
class Graph:
    """Places and the trenches that could be dug between them; vertex 0 is the network that stands."""

    prize: Floats
    """[vertices] what it is worth to join one, not negative; one with a prize is a target. 0 at the root."""
    ends: Ints
    """[edges, 2] vertices; no order."""
    cost: Floats
    """[edges] finite, not negative."""
    length_m: Floats
    """[edges] not negative."""

    @cached_property
    def targets(self) -> list[int]:
        """Vertices with a prize, in order."""
        return [int(vertex) for vertex in np.flatnonzero(self.prize > 0) if vertex != ROOT]

    @cached_property
    def beside(self) -> list[list[tuple[int, float, int]]]:
        """Per vertex: neighbour, cost, edge."""
        found: list[list[tuple[int, float, int]]] = [[] for _ in self.prize]
        for edge, ((one, other), cost) in enumerate(zip(self.ends.tolist(), self.cost.tolist(), strict=True)):
            found[one].append((other, cost, edge))
            found[other].append((one, cost, edge))
        return found

    @cached_property
    def ends_of(self) -> list[tuple[int, int]]:
        """Per edge: its two vertices, as plain numbers."""
        return [(one, other) for one, other in self.ends.tolist()]

    @cached_property
    def edge_of(self) -> dict[tuple[int, int], int]:
        """Two vertices, either way round -> their edge."""
        return {pair: edge for edge, (one, other) in enumerate(self.ends_of) for pair in ((one, other), (other, one))}

    @cached_property
    def matrix(self) -> csr_array:
        """Symmetric matrix of costs, for scipy; they must be positive, and no edges parallel."""
        (one, other), n = self.ends.T, len(self.prize)
        where = np.concatenate([one, other]), np.concatenate([other, one])
        return csr_array(coo_array((np.concatenate([self.cost, self.cost]), where), shape=(n, n)))

    def total(self, edges: list[int]) -> float:
        """Return what edges cost together."""
        return float(self.cost[edges].sum())


@dataclass(frozen=True)
class Reduced:
    """A smaller graph in which a best tree costs as much and collects as much."""

    graph: Graph
    ways: list[list[int]]
    """Per edge: the edges of the larger graph that it stands for, one after another."""
    vertex: Ints
    """[vertices of the larger graph] their number in this one; -1 where none."""

    def whole(self, edges: list[int]) -> list[int]:
        """Return edges of the larger graph."""
        return [one for edge in edges for one in self.ways[edge]]


def reduce(graph: Graph) -> Reduced:
    """
    Cut a graph down without making any best tree dearer.

    Ends of edges that cost nothing become one vertex, whose prize is the sum (at the root it is had already). Three
    rules then alternate until none applies: an edge dearer than the ways from both its ends to the root is dropped (a
    tree that used it would hang its loose part on the root for less); a vertex without a prize is dropped at a dead
    end, and taken out of the middle of a way. What cannot reach the root is left out.

    Parameters
    ----------
    graph
        Any; parallel edges, loops and pieces apart from the root are allowed.

    Returns
    -------
    Reduced
        A graph with positive costs and at most one edge between two vertices. Vertex 0 is its root.

    References
    ----------
    The first rule is the bottleneck (special distance) test with the root as the only sure terminal: Duin and
    Volgenant, Reduction tests for the Steiner problem in graphs, 1989.
    """
    n = len(graph.prize)
    free = graph.cost <= 0
    label = connected_components(coo_array((np.ones(free.sum()), tuple(graph.ends[free].T)), shape=(n, n)))[1]
    group: Ints = ((label - label[ROOT]) % (label.max() + 1)).astype(np.int64)
    links: dict[tuple[int, int], tuple[float, list[int]]] = {}
    for edge in np.argsort(graph.cost, kind="stable").tolist():
        one, other = sorted((int(group[graph.ends[edge, 0]]), int(group[graph.ends[edge, 1]])))
        if one != other:
            links.setdefault((one, other), (float(graph.cost[edge]), [edge]))
    prize: Floats = np.bincount(group, graph.prize).astype(float)
    prize[ROOT] = 0.0
    while True:
        before = len(links)
        links = _without_detours(links, len(prize))
        links = _without_passages(links, prize > 0)
        if len(links) == before:
            break
    return _renumbered(graph, links, prize, group)


def _without_detours(
    links: dict[tuple[int, int], tuple[float, list[int]]], n: int
) -> dict[tuple[int, int], tuple[float, list[int]]]:
    """Leave out edges dearer than the ways from both their ends to the root, and all that the root cannot reach."""
    if not links:
        return links
    ends, cost = np.array(list(links)), np.array([cost for cost, _ in links.values()])
    graph = coo_array((cost, tuple(ends.T)), shape=(n, n)).tocsr()
    far = dijkstra(graph, directed=False, indices=[ROOT])[0]
    worst = far[ends].max(axis=1)
    # Sums along a way round differently from its single edge: what is equal up to that stays.
    stays = np.isfinite(worst) & (cost <= worst * (1 + 1e-12))
    return {pair: link for (pair, link), stay in zip(links.items(), stays.tolist(), strict=True) if stay}


def _without_passages(
    links: dict[tuple[int, int], tuple[float, list[int]]], has_prize: NDArray[np.bool_]
) -> dict[tuple[int, int], tuple[float, list[int]]]:
    """Drop dead ends without a prize, and join the two edges at a vertex that only passes them on."""
    beside: dict[int, dict[int, tuple[float, list[int]]]] = {ROOT: {}}
    for (one, other), (cost, way) in links.items():
        beside.setdefault(one, {})[other] = (cost, way)
        beside.setdefault(other, {})[one] = (cost, way[::-1])
    waiting = [vertex for vertex in beside if vertex != ROOT and not has_prize[vertex]]
    while waiting:
        vertex = waiting.pop()
        around = beside.get(vertex, {})
        if not 1 <= len(around) <= 2:
            continue
        for other in around:
            del beside[other][vertex]
        if len(around) == 2:
            (one, (cost, back)), (other, (more, on)) = around.items()
            if cost + more < beside[one].get(other, (np.inf, []))[0]:
                way = back[::-1] + on
                beside[one][other], beside[other][one] = (cost + more, way), (cost + more, way[::-1])
        del beside[vertex]
        waiting += [other for other in around if other != ROOT and not has_prize[other]]
    return {(one, other): link for one, around in beside.items() for other, link in around.items() if one < other}


def _renumbered(
    graph: Graph, links: dict[tuple[int, int], tuple[float, list[int]]], prize: Floats, group: Ints
) -> Reduced:
    pairs = sorted(links)
    left = np.unique([ROOT, *(vertex for pair in pairs for vertex in pair)])
    number = np.full(len(prize), -1)
    number[left] = np.arange(len(left))
    ways = [links[pair][1] for pair in pairs]
    small = Graph(
        prize=prize[left],
        ends=number[np.array(pairs, dtype=np.int64).reshape(-1, 2)],
        cost=np.array([links[pair][0] for pair in pairs], dtype=float),
        length_m=np.array([graph.length_m[way].sum() for way in ways], dtype=float),
    )
    return Reduced(small, ways, number[group])
