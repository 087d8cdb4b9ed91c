"""The cheapest tree over every choice of a few targets at once, by dynamic programming."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from coverage.planning.steiner_graph import ROOT, Floats, Graph
from coverage.planning.steiner_tree import Option, undominated

_FEW_TARGETS = 12
"""The time grows with 3 to the power of the targets, and with 2 to that power times the square of the vertices."""
_MUCH = 2e8
"""Such products up to this take well below a second."""


@dataclass(frozen=True)
class _Table:
    """A choice of targets is a number whose bit i says whether target i is in it."""

    cost: Floats
    """[choices, vertices] of the cheapest tree that joins a choice and a vertex."""
    fork: NDArray[np.int32]
    """[choices, vertices] the vertex where that tree, seen from the vertex, parts in two."""
    half: NDArray[np.int32]
    """[choices, vertices] the choice on one side, if it parts at this vertex."""
    toward: NDArray[np.int32]
    """[vertices, vertices] the one before the second on the cheapest way from the first."""


def is_few(graph: Graph) -> bool:
    """Tell whether an exact answer takes well below a second."""
    few = len(graph.targets) <= _FEW_TARGETS
    return few and float(len(graph.prize)) ** 2 * 2 ** len(graph.targets) <= _MUCH


def exact_options(graph: Graph) -> list[Option]:
    """
    Return the cheapest tree for every sum of prizes that is worth its cost.

    Parameters
    ----------
    graph
        `is_few`, connected; costs positive, no edges parallel.

    Returns
    -------
    list of Option
        By rising cost and prize, from nothing to all targets; no tree collects more at the cost of one of them.

    References
    ----------
    Dreyfus and Wagner, The Steiner problem in graphs, 1971.
    """
    targets = graph.targets
    if not is_few(graph):
        raise ValueError(f"{len(targets)} targets among {len(graph.prize)} vertices are too many for an exact answer")
    table = _fill(graph, targets)
    chosen = np.arange(1 << len(targets))
    prize = sum((graph.prize[target] * (chosen >> bit & 1) for bit, target in enumerate(targets)), np.zeros(1))
    kept = undominated(table.cost[:, ROOT], prize, states=len(chosen))
    options = []
    for choice in kept.tolist():
        edges = _edges(table, graph, choice)
        options.append(Option(float(table.cost[choice, ROOT]), float(prize[choice]), tuple(sorted(edges))))
    return options


def _fill(graph: Graph, targets: list[int]) -> _Table:
    n, choices = len(graph.prize), 1 << len(targets)
    far, toward = dijkstra(graph.matrix, directed=True, return_predecessors=True)
    cost = np.full((choices, n), np.inf)
    fork, half = (np.full((choices, n), -1, dtype=np.int32) for _ in range(2))
    cost[0] = 0.0
    every = np.arange(n)
    for choice in range(1, choices):
        bits = [1 << bit for bit in range(len(targets)) if choice >> bit & 1]
        if len(bits) == 1:
            cost[choice], fork[choice] = far[targets[bits[0].bit_length() - 1]], targets[bits[0].bit_length() - 1]
            continue
        one_side = np.array(bits[:1])  # the lowest target is on this side; each other one on either
        for bit in bits[1:]:
            one_side = np.concatenate([one_side, one_side | bit])
        one_side = one_side[:-1]
        both = cost[one_side] + cost[choice ^ one_side]
        best = both.argmin(axis=0)
        half[choice] = one_side[best]
        through = both[best, every][:, None] + far
        fork[choice] = through.argmin(axis=0)
        cost[choice] = through[fork[choice], every]
    return _Table(cost, fork, half, toward)


def _edges(table: _Table, graph: Graph, choice: int) -> set[int]:
    """Return the edges of the tree from the root to a choice of targets."""
    edges: set[int] = set()
    waiting = [(choice, ROOT)] if choice else []
    while waiting:
        choice, vertex = waiting.pop()
        fork = int(table.fork[choice, vertex])
        while vertex != fork:
            before = int(table.toward[fork, vertex])
            edges.add(graph.edge_of[before, vertex])
            vertex = before
        if (half := int(table.half[choice, fork])) >= 0:
            waiting += [(half, fork), (choice ^ half, fork)]
    return edges
