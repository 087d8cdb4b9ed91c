"""What a fiber plan comes to, held against the same places joined in simpler ways and against the best possible."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from coverage.planning.costs import Usd
from coverage.planning.steiner_graph import ROOT, Floats, Graph


@dataclass(frozen=True)
class Trenching:
    """So much trench."""

    length_km: float = 0.0
    cost: Usd = field(default_factory=Usd)


@dataclass(frozen=True)
class FiberTotals:
    """The sums of a fiber plan."""

    villages: int = 0
    centres: int = 0
    households: int = 0
    plan: Trenching = field(default_factory=Trenching)
    spanning_tree: Trenching = field(default_factory=Trenching)
    """The same places joined by a minimum spanning tree of the ways between them and to the network."""
    unshared: Trenching = field(default_factory=Trenching)
    """The same places, each joined by a trench of its own on the cheapest way."""
    gap: float | None = 0.0
    """
    Of the tree that the list is taken from: without a budget the share of its cost that may be saved, with one the
    share of weight that may be missing. 0 is proven best, None is not proven.
    """
    cheapest_usd: float | None = None
    """Central cost of joining whichever place costs least; None where there is none to be joined."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Why -> villages and centres without fiber: `no_households`, `off_terrain`, `not_in_plan`."""


def spanning_tree(graph: Graph, targets: list[int]) -> tuple[float, float]:
    """
    Return length (m) and cost of a minimum spanning tree over targets and the root, every link on its cheapest way.

    Parameters
    ----------
    graph
        As `reduce` returns it.
    targets
        Vertices.
    """
    keys = [ROOT, *targets]
    far, before = dijkstra(graph.matrix, indices=keys, return_predecessors=True)
    tree = coo_array(minimum_spanning_tree(far[:, keys]))
    ends = zip(*(numbers.tolist() for numbers in tree.coords), strict=True)
    length_m = sum(_length_m(graph, before[one], keys[other]) for one, other in ends)
    return length_m, float(tree.data.sum())


def ways_from_root(graph: Graph, targets: list[int]) -> tuple[Floats, Floats]:
    """Return length (m) and cost of the cheapest way from the root to each target, [targets] each."""
    far, before = dijkstra(graph.matrix, indices=[ROOT], return_predecessors=True)
    lengths_m = [_length_m(graph, before[0], target) for target in targets]
    return np.array(lengths_m, dtype=float), np.asarray(far[0, targets], dtype=float)


def _length_m(graph: Graph, before: NDArray[np.int32], vertex: int) -> float:
    """Return the length of the way to a vertex, whose vertices lead back to its start."""
    length_m = 0.0
    while before[vertex] >= 0:
        length_m += float(graph.length_m[graph.edge_of[int(before[vertex]), vertex]])
        vertex = int(before[vertex])
    return length_m
