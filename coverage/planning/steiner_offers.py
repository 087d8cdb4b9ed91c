"""What one cluster of targets offers: trees that join some of them, each the best that was found for its cost."""

import math

import numpy as np
from scipy.sparse.csgraph import dijkstra

from coverage.planning.steiner_exact import exact_options, is_few
from coverage.planning.steiner_graph import Graph
from coverage.planning.steiner_search import cheap_tree, join, tidy
from coverage.planning.steiner_tree import Option, hang, parts, undominated

_OPTIONS = 400
"""Trees that a cluster of many targets offers at most."""
_SHARES = (0.75, 0.5, 0.25)
"""Of what joining all of such a cluster costs: budgets for which it is searched beside the one that is given."""
_EDGES = 2_000
"""Each search starts from so many targets that their graphs have about so many edges together,"""
_MOST = 12
"""but at most from so many."""


def whole(graph: Graph, *, seed: int) -> Option:
    """Return a cheap tree over all targets of a cluster, the cheapest where they are few."""
    if is_few(graph):
        return exact_options(graph)[-1]
    return as_option(graph, cheap_tree(graph, graph.targets, seed=seed))


def offers(graph: Graph, budget: float, *, seed: int) -> list[Option]:
    """
    Return trees of a cluster by rising cost and prize, from nothing to all targets.

    Parameters
    ----------
    graph
        A cluster: connected, with the root.
    budget
        What can be spent: of dearer trees some are returned too, but nobody looks for good ones.
    seed
        Of the search where there are many targets; where they are few, the trees are the best of all.
    """
    if is_few(graph):
        return exact_options(graph)
    every = whole(graph, seed=seed)
    found = parts(graph, hang(graph, every.edges), states=_OPTIONS)
    some = graph.targets[:: max(1, math.ceil(len(graph.targets) / min(_MOST, max(1, _EDGES // len(graph.cost)))))]
    ways = [as_option(graph, _by_ways(graph, found[0], [target])) for target in some]
    for limit in [budget, *(share * every.cost for share in _SHARES)]:
        if limit > budget or limit >= every.cost:
            continue
        seen: set[Option] = set()
        for start in (_richest(found, limit), *(way for way in ways if way.cost <= limit)):
            found += _grown(graph, start, limit, seen)
        found += parts(graph, hang(graph, _richest(found, limit).edges), states=_OPTIONS)
    cost, prize = np.array([(option.cost, option.prize) for option in found]).T
    return [found[number] for number in undominated(cost, prize)]


def as_option(graph: Graph, edges: set[int] | tuple[int, ...]) -> Option:
    """Return a tree with its cost and the prizes on it."""
    tree = hang(graph, edges)
    prize = math.fsum(graph.prize[vertex] for vertex in tree.vertex)
    return Option(math.fsum(graph.cost[edge] for edge in edges), prize, tuple(sorted(edges)))


def _grown(graph: Graph, start: Option, budget: float, seen: set[Option]) -> list[Option]:
    """
    Let a tree grow to all targets, cut it back to its best part, make that cheaper; again while it gets better.

    Returns the trees on the way. It ends as well at a tree that was seen before: from there another start went on.
    """
    best, found = start, [start]
    while best not in seen:
        seen.add(best)
        for grown in (_by_links(graph, best), _by_ways(graph, best, graph.targets)):
            (part,) = parts(graph, hang(graph, grown), budget=budget, states=_OPTIONS, last_only=True)
            targets = [vertex for vertex in hang(graph, part.edges).vertex if graph.prize[vertex] > 0]
            found.append(as_option(graph, tidy(graph, part.edges, targets)))
        best = min(best, *found[-2:], key=lambda option: (-option.prize, option.cost))
    return found


def _richest(options: list[Option], budget: float) -> Option:
    return min((one for one in options if one.cost <= budget), key=lambda one: (-one.prize, one.cost))


def _by_links(graph: Graph, option: Option) -> set[int]:
    """Return a tree over all targets around a given one: all that is left joined by the cheapest links."""
    home = dict.fromkeys(hang(graph, option.edges).vertex, 0)
    for number, target in enumerate(graph.targets, start=1):
        home.setdefault(target, number)
    return (join(graph, home) or set()).union(option.edges)


def _by_ways(graph: Graph, option: Option, targets: list[int]) -> set[int]:
    """Return a tree with some targets around a given one: each on its cheapest way to it."""
    start = hang(graph, option.edges).vertex
    before = dijkstra(graph.matrix, indices=start, return_predecessors=True, min_only=True)[1]
    edges = set(option.edges)
    for vertex in targets:
        while before[vertex] >= 0:
            edges.add(graph.edge_of[int(before[vertex]), vertex])
            vertex = int(before[vertex])
    return edges
