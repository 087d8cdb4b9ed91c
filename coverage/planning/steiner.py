"""Which targets to join to the network and along what: the tree that collects the most for a budget."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from coverage.planning.steiner_bound import most_worth
from coverage.planning.steiner_exact import is_few
from coverage.planning.steiner_graph import ROOT, Graph, Ints
from coverage.planning.steiner_offers import offers, whole
from coverage.planning.steiner_tree import Option, hang, undominated, within_span

_BOUND_VERTICES = 150
"""Larger clusters of many targets are not held against a linear programme, which would take longer than the search."""
_ROUNDED_UP = 1 + 1e-12
"""A budget that is just enough must not fail by the order in which costs are summed up."""


@dataclass(frozen=True)
class Choice:
    """A tree of trenches, and how far from the best possible it can be."""

    edges: list[int]
    cost: float
    prize: float
    budget: float | None
    bound: float | None
    """With a budget: no tree collects more. Without: no tree that joins all targets costs less. None: not proven."""

    @property
    def gap(self) -> float | None:
        """Share of the bound that may be missing, or of the cost that may be saved; 0 is proven best."""
        if self.bound is None:
            return None
        less, more = (self.bound, self.cost) if self.budget is None else (self.prize, self.bound)
        return max(0.0, 1 - less / more) if more > 0 else 0.0


@dataclass(frozen=True)
class _Cluster:
    """What hangs together without the root, with the root."""

    graph: Graph
    edges: Ints
    """Their numbers in the graph that it is part of."""

    @property
    def is_small(self) -> bool:
        """Whether its offers are the best of all."""
        return is_few(self.graph)

    @property
    def is_unproven(self) -> bool:
        """Whether nobody can tell soon how good its offers are."""
        return not self.is_small and len(self.graph.prize) > _BOUND_VERTICES


def best_tree(graph: Graph, *, budget: float | None = None, span_m: float = math.inf, seed: int = 0) -> Choice:
    """
    Choose targets, and a tree that joins them to the root: the most prizes for a budget.

    The graph falls apart at the root into clusters. One of few targets offers the cheapest tree for every sum of
    prizes; one of many offers the best parts of trees that a local search found. A knapsack takes one offer of each.

    Parameters
    ----------
    graph
        As `reduce` returns it, which makes it fall into many small clusters.
    budget
        Cost not to be exceeded; without one all targets are joined.
    span_m
        Length of new trench from the network, as it stands by then, to a target, m.
    seed
        The same gives the same tree.

    Returns
    -------
    Choice
        The bound takes no notice of the span; without a budget there is none where the span forbids a target.
    """
    clusters = list(_clusters(graph))
    limit = math.inf if budget is None else budget * _ROUNDED_UP
    if budget is None:
        offered = [[whole(cluster.graph, seed=seed)] for cluster in clusters]
        bound = _least(clusters, [offer for (offer,) in offered])
    else:
        offered = [offers(cluster.graph, limit, seed=seed) for cluster in clusters]
        bound = _most(clusters, offered, limit)
    taken = _knapsack(offered, limit)
    picked = [int(own) for cluster, offer in zip(clusters, taken, strict=True) for own in cluster.edges[[*offer.edges]]]
    edges = sorted(_in_spans(graph, picked, limit, span_m))
    joined = hang(graph, edges).vertex
    if budget is None and not set(graph.targets) <= set(joined):
        bound = None
    return Choice(edges, math.fsum(graph.cost[edges]), math.fsum(graph.prize[joined]), budget, bound)


def _clusters(graph: Graph) -> Iterator[_Cluster]:
    n = len(graph.prize)
    inland = (graph.ends != ROOT).all(axis=1)
    links = coo_array((np.ones(inland.sum()), tuple(graph.ends[inland].T)), shape=(n, n))
    label = connected_components(links, directed=False)[1]
    of_edge = label[graph.ends.max(axis=1)]  # the root is the lowest number
    for cluster in np.unique(of_edge):
        edges = np.flatnonzero(of_edge == cluster)
        vertices, ends = np.unique(np.append(graph.ends[edges].ravel(), ROOT), return_inverse=True)
        own = Graph(graph.prize[vertices], ends[:-1].reshape(-1, 2), graph.cost[edges], graph.length_m[edges])
        yield _Cluster(own, edges)


def _knapsack(offered: list[list[Option]], budget: float) -> list[Option]:
    """Take one offer of each cluster, so that all together bring the most for the budget."""
    cost = prize = np.zeros(1)
    steps: list[tuple[Ints, Ints]] = []
    for offer in offered:
        own = np.array([(option.cost, option.prize) for option in offer])
        costs, prizes = np.add.outer(cost, own[:, 0]).ravel(), np.add.outer(prize, own[:, 1]).ravel()
        kept = undominated(costs, prizes, budget=budget)
        steps.append((kept // len(own), kept % len(own)))
        cost, prize = costs[kept], prizes[kept]
    taken: list[Option] = []
    state = len(cost) - 1
    for offer, (before, number) in zip(reversed(offered), reversed(steps), strict=True):
        taken.append(offer[int(number[state])])
        state = int(before[state])
    return taken[::-1]


def _least(clusters: list[_Cluster], trees: list[Option]) -> float | None:
    """Return what joining all targets costs at least."""
    if any(cluster.is_unproven for cluster in clusters):
        return None
    return math.fsum(
        tree.cost if cluster.is_small else tree.prize - most_worth(cluster.graph, price=1.0, every=True).worth
        for cluster, tree in zip(clusters, trees, strict=True)
    )


def _most(clusters: list[_Cluster], offered: list[list[Option]], budget: float) -> float | None:
    """
    Return what no tree within the budget exceeds.

    At any price of cost, a tree within the budget is worth at most the budget at that price and, of each cluster, the
    most that prizes less priced cost can come to (Lagrange). Two prices are tried: the prize per cost of the step along
    the hulls of the offers at which the budget runs out, and none.
    """
    if any(cluster.is_unproven for cluster in clusters):
        return None
    left, price = budget, 0.0
    for cost, prize in sorted((step for offer in offered for step in _hull(offer)), key=lambda step: step[0] / step[1]):
        if cost > left:
            price = prize / cost
            break
        left -= cost

    def worth(cluster: _Cluster, offer: list[Option], price: float) -> float:
        if cluster.is_small:
            return max(option.prize - price * option.cost for option in offer if option.cost <= budget)
        return most_worth(cluster.graph, price=price).worth if price > 0 else math.fsum(cluster.graph.prize)

    return min(
        at * budget + math.fsum(worth(cluster, offer, at) for cluster, offer in zip(clusters, offered, strict=True))
        for at in (0.0, price)
    )


def _hull(offer: list[Option]) -> list[tuple[float, float]]:
    """Return the steps of cost and prize along the upper hull of offers."""
    hull: list[Option] = []
    for option in offer:
        while len(hull) > 1 and (option.prize - hull[-1].prize) * (hull[-1].cost - hull[-2].cost) >= (
            hull[-1].prize - hull[-2].prize
        ) * (option.cost - hull[-1].cost):
            hull.pop()
        hull.append(option)
    return [(more.cost - less.cost, more.prize - less.prize) for less, more in pairwise(hull)]


def _in_spans(graph: Graph, edges: list[int], budget: float, span_m: float) -> list[int]:
    """Return a tree that spans of limited length can build: cut where they cannot, then grown by such spans."""
    kept = within_span(graph, hang(graph, edges), span_m)
    if len(kept) == len(edges):
        return kept
    left = budget - graph.total(kept)
    while True:
        inside = hang(graph, kept).vertex
        far, before, _ = dijkstra(graph.matrix, indices=inside, return_predecessors=True, min_only=True)
        best: tuple[float, int, list[int]] | None = None
        for target in sorted(set(graph.targets).difference(inside)):
            vertex, way = target, []
            while before[vertex] >= 0:
                way.append(graph.edge_of[int(before[vertex]), vertex])
                vertex = int(before[vertex])
            per_cost = float(graph.prize[target] / far[target])
            if far[target] <= left and graph.length_m[way].sum() <= span_m and (best is None or per_cost > best[0]):
                best = per_cost, target, way
        if best is None:
            return kept
        kept += best[2]
        left -= graph.total(best[2])
