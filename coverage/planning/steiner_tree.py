"""Trees that hang from the network: their best parts for every budget, and the best order to build them in."""

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coverage.planning.steiner_graph import ROOT, Floats, Graph, Ints

_STATES = 4_000
"""Sums of cost and prize that are carried along at most; of those that lie closer, the one of the highest prize."""
_ROUNDING_M = 1e-3
"""A limit is not broken by less: the same trench is summed up in several orders."""


@dataclass(frozen=True)
class Tree:
    """A tree in preorder: the root first, every parent before its children, every branch in one piece."""

    vertex: list[int]
    parent: list[int]
    """Position of the parent; -1 of the root."""
    edge: list[int]
    """Edge to the parent; -1 of the root."""

    @cached_property
    def size(self) -> list[int]:
        """Vertices of the branch that hangs on each, itself among them."""
        found = [1] * len(self.vertex)
        for position in range(len(self.vertex) - 1, 0, -1):
            found[self.parent[position]] += found[position]
        return found


def hang(graph: Graph, edges: Iterable[int]) -> Tree:
    """Return the tree that edges make, as it hangs from the root; edges that do not hang there are left out."""
    beside: dict[int, list[tuple[int, int]]] = {}
    for edge in sorted(edges):
        one, other = graph.ends_of[edge]
        beside.setdefault(one, []).append((other, edge))
        beside.setdefault(other, []).append((one, edge))
    tree = Tree([], [], [])
    seen: set[int] = set()
    waiting = [(ROOT, -1, -1)]
    while waiting:
        vertex, parent, edge = waiting.pop()
        if vertex in seen:
            continue
        seen.add(vertex)
        waiting += [(other, len(tree.vertex), link) for other, link in reversed(beside.get(vertex, [])) if link != edge]
        tree.vertex.append(vertex)
        tree.parent.append(parent)
        tree.edge.append(edge)
    return tree


@dataclass(frozen=True)
class Option:
    """One tree that could be built."""

    cost: float
    prize: float
    edges: tuple[int, ...]


def undominated(cost: Floats, prize: Floats, *, budget: float = math.inf, states: int = _STATES) -> Ints:
    """
    Return which sums are worth keeping, by rising cost: none kept costs as much and brings no more.

    Parameters
    ----------
    cost, prize
        [sums].
    budget
        Dearer ones are left out.
    states
        How many at most. Beyond that the costs are cut into so many steps, and of each step only the highest prize
        stays: what is lost is then less than the last step of cost could bring.
    """
    order = np.flatnonzero(cost <= budget)
    order = order[np.lexsort((-prize[order], cost[order]))]
    best = np.maximum.accumulate(np.concatenate([[-math.inf], prize[order]]))
    order = order[prize[order] > best[:-1]]
    if len(order) > states:
        step = np.floor(cost[order] / cost[order[-1]] * (states - 1))
        order = order[np.concatenate([step[1:] != step[:-1], [True]])]
    return np.asarray(order, dtype=np.int64)


def parts(
    graph: Graph, tree: Tree, *, budget: float = math.inf, states: int = _STATES, last_only: bool = False
) -> list[Option]:
    """
    Return the best parts of a tree that hang from its root: for every budget the one of the highest prize.

    A knapsack in which a vertex may be taken only with its parent. From the last position to the first, either the
    vertex is taken and the next one decides, or its whole branch is skipped.

    Parameters
    ----------
    graph, tree
        What there is.
    budget
        Cost not to be exceeded.
    states
        As for `undominated`; with fewer parts than that the answer is exact.
    last_only
        Return the one of the highest prize alone.

    Returns
    -------
    list of Option
        By rising cost and prize; the first is nothing at all.

    References
    ----------
    Johnson and Niemi, On knapsacks, partitions, and a new dynamic programming technique for trees, 1983.
    """
    n = len(tree.vertex)
    nothing = np.zeros(1)
    sums: list[tuple[Floats, Floats]] = [(nothing, nothing)] * (n + 1)
    steps: list[tuple[NDArray[np.bool_], Ints]] = [(np.zeros(1, dtype=bool), np.zeros(1, dtype=np.int64))] * (n + 1)
    for position in range(n - 1, 0, -1):
        with_it, without = sums[position + 1], sums[position + tree.size[position]]
        cost = np.concatenate([without[0], with_it[0] + graph.cost[tree.edge[position]]])
        prize = np.concatenate([without[1], with_it[1] + graph.prize[tree.vertex[position]]])
        kept = undominated(cost, prize, budget=budget, states=states)
        taken = kept >= len(without[0])
        sums[position] = cost[kept], prize[kept]
        steps[position] = taken, np.where(taken, kept - len(without[0]), kept)
    found = []
    costs, prizes = (column.tolist() for column in sums[min(1, n)])
    for last in [len(costs) - 1] if last_only else range(len(costs)):
        edges, position, state = [], 1, last
        while position < n:
            taken, before = steps[position]
            state, take = int(before[state]), bool(taken[state])
            if take:
                edges.append(tree.edge[position])
            position += 1 if take else tree.size[position]
        found.append(Option(costs[last], prizes[last], tuple(edges)))
    return found


@dataclass(frozen=True)
class Block:
    """Part of a tree that is best built at once."""

    positions: tuple[int, ...]
    """In the tree, parents before children."""
    cost: float
    prize: float


def in_best_order(graph: Graph, tree: Tree) -> list[Block]:
    """
    Cut a tree into blocks in the order in which to build them: highest prize per cost first, parents before children.

    Of all orders that never build a vertex before its parent, none has collected more at a cost at which a block ends.

    Parameters
    ----------
    graph, tree
        Every leaf has a prize, every edge costs something.

    Returns
    -------
    list of Block
        Prize per cost never rises from one to the next. Equals stay apart, the one nearer the front of the tree first.

    References
    ----------
    Horn, Single-machine job sequencing with treelike precedence ordering and linear delay penalties, 1972: the best of
    all vertices is built right after its parent, so the two are one.
    """
    members = {position: [position] for position in range(1, len(tree.vertex))}
    cost = [graph.cost[edge] if edge >= 0 else 0.0 for edge in tree.edge]
    prize = [float(graph.prize[vertex]) for vertex in tree.vertex]
    top = list(range(len(tree.vertex)))

    def top_of(position: int) -> int:
        while top[position] != position:
            top[position] = top[top[position]]
            position = top[position]
        return position

    queue = [(-prize[position] / cost[position], position) for position in members]
    heapq.heapify(queue)
    blocks = []
    while queue:
        ratio, position = heapq.heappop(queue)
        if top[position] != position or ratio != -prize[position] / cost[position]:
            continue  # it belongs to another by now, or has grown since
        above = top_of(tree.parent[position])
        top[position] = above
        if above == 0:
            blocks.append(Block(tuple(sorted(members[position])), float(cost[position]), prize[position]))
            continue
        members[above] += members[position]
        cost[above] += cost[position]
        prize[above] += prize[position]
        heapq.heappush(queue, (-prize[above] / cost[above], above))
    return blocks


def within_span(graph: Graph, tree: Tree, span_m: float) -> list[int]:
    """
    Return the edges of a tree without the branches that cannot be built in spans of limited length.

    A span runs from the network, as it stands by then, to a target. The nearest target being built first everywhere,
    this asks of every edge that from its upper end a target below it is within the span.

    Parameters
    ----------
    graph, tree
        As built.
    span_m
        Length of new trench from the network to a target, m.
    """
    down_m = [0.0 if graph.prize[vertex] > 0 else math.inf for vertex in tree.vertex]
    keeps = [True] * len(tree.vertex)
    for position in range(len(tree.vertex) - 1, 0, -1):
        way_m = down_m[position] + graph.length_m[tree.edge[position]]
        keeps[position] = bool(way_m <= span_m + _ROUNDING_M)
        if keeps[position]:
            down_m[tree.parent[position]] = min(down_m[tree.parent[position]], way_m)
    edges = []
    for position in range(1, len(tree.vertex)):
        keeps[position] &= keeps[tree.parent[position]]
        if keeps[position]:
            edges.append(tree.edge[position])
    return edges


def in_spans(graph: Graph, tree: Tree, blocks: list[Block], span_m: float) -> list[list[int]]:
    """
    Cut blocks where the way from the network to a target would be too long, so that all can be built one by one.

    Parameters
    ----------
    graph, tree
        As `within_span` leaves them.
    blocks
        As `in_best_order` returns them.
    span_m
        Length of new trench from the network, as it stands by then, to a target, m.

    Returns
    -------
    list of list of int
        Positions in the tree, parents before children. Where a block has no target near enough, one of a later block
        that hangs on it comes first: the nearest.
    """
    standing = {0}
    found: list[list[int]] = []

    def ways(positions: Iterable[int]) -> dict[int, float]:
        """Return length from the network, m, of positions that hang together from it, parents first."""
        length: dict[int, float] = {}
        for position in positions:
            length[position] = length.get(tree.parent[position], 0.0) + graph.length_m[tree.edge[position]]
        return length

    def build(targets: Iterable[int]) -> None:
        new: set[int] = set()
        for position in targets:
            while position not in standing and position not in new:
                new.add(position)
                position = tree.parent[position]
        standing.update(new)
        found.append(sorted(new))

    for block in blocks:
        while rest := [position for position in block.positions if position not in standing]:
            length = ways(rest)
            near = [p for p in rest if graph.prize[tree.vertex[p]] > 0 and length[p] <= span_m + _ROUNDING_M]
            if not near:
                branch = range(rest[0], rest[0] + tree.size[rest[0]])
                length = ways(branch)
                targets = [position for position in branch if graph.prize[tree.vertex[position]] > 0]
                near = [min(targets, key=lambda position: (length[position], position))]
            build(near)
    return found
