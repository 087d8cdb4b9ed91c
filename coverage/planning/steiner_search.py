"""Cheap trees over given targets: the nearest pieces joined, then local search until no exchange makes it cheaper."""

import heapq
import math
from collections.abc import Container, Iterable, Mapping

import numpy as np

from coverage.planning.steiner_graph import ROOT, Graph

_EDGES = 4_000
"""The search starts from so many trees that their graphs have about so many edges together,"""
_FEWEST, _MOST = 4, 40
"""but at least and at most from so many."""
_DISTURBED = 0.35
"""Costs are raised by up to this share, to start elsewhere."""
_LESS = 1 - 1e-12
"""Cheaper is what is cheaper by more than rounding."""


def join(
    graph: Graph,
    home: Mapping[int, int],
    *,
    mainland: Container[int] = (),
    limit: float = math.inf,
    cost: list[float] | None = None,
) -> set[int] | None:
    """
    Join pieces by the cheapest links between neighbours, neighbours being pieces whose regions touch.

    Parameters
    ----------
    graph
        Costs positive.
    home
        Vertex -> the piece that it belongs to, from 0; pieces are connected by themselves.
    mainland
        Vertices that, but for those in `home`, are piece 0, around which no region grows: where the other pieces are
        few and small, little of the graph is looked at.
    limit
        Every link must be cheaper.
    cost
        [edges] in place of those of the graph.

    Returns
    -------
    set of int
        Edges that make all pieces one, without cycles; None where that is not possible.

    References
    ----------
    Mehlhorn, A faster approximation algorithm for the Steiner problem in graphs, 1988.
    """
    beside, ends_of = graph.beside, graph.ends_of
    far = dict.fromkeys(home, 0.0)
    region = dict(home)
    back: dict[int, int] = {}
    queue = [(0.0, vertex) for vertex in home]
    heapq.heapify(queue)
    links: list[tuple[float, int]] = []
    while queue:
        here, vertex = heapq.heappop(queue)
        if here > far[vertex]:
            continue
        own = region[vertex]
        for other, own_cost, edge in beside[vertex]:
            there = here + (own_cost if cost is None else cost[edge])
            if there >= limit:
                continue
            if other not in region and other in mainland:
                links.append((there, edge))
            elif there < far.get(other, math.inf):
                far[other], region[other], back[other] = there, own, edge
                heapq.heappush(queue, (there, other))
            elif region[other] != own:
                links.append((there + far[other], edge))
    group = {0: 0} | {piece: piece for piece in home.values()}

    def group_of(piece: int) -> int:
        while group[piece] != piece:
            piece = group[piece]
        return piece

    chosen: set[int] = set()
    apart = len(group) - 1
    for through, edge in sorted(links):
        one, other = ends_of[edge]
        left, right = group_of(region.get(one, 0)), group_of(region.get(other, 0))
        if left == right or through >= limit:
            continue
        group[left] = right
        apart -= 1
        chosen.add(edge)
        for vertex in (one, other):
            while vertex in back:
                edge = back[vertex]
                chosen.add(edge)
                first, second = ends_of[edge]
                vertex = second if vertex == first else first
        if apart == 0:
            break
    return None if apart else chosen


class _Search:
    """One tree, changed in place."""

    def __init__(self, graph: Graph, edges: Iterable[int], keys: set[int]) -> None:
        self.graph = graph
        self.keys = keys
        """Vertices that the tree must hold."""
        self.beside: dict[int, dict[int, int]] = {vertex: {} for vertex in keys}
        """Per vertex of the tree: neighbour in the tree -> edge."""
        for edge in edges:
            self._add(edge)

    def edges(self) -> set[int]:
        return {edge for around in self.beside.values() for edge in around.values()}

    def run(self) -> set[int]:
        """Exchange until nothing gets cheaper."""
        self._prune(list(self.beside))
        changed = True
        while changed:
            changed = False
            tried: set[int] = set()
            for edge in sorted(self.edges()):
                one, other = self.graph.ends_of[edge]
                if edge not in tried and self.beside.get(one, {}).get(other) == edge:
                    way = self._way(one, other) + self._way(other, one)[1:]
                    tried.update(way)
                    changed |= self._exchange(way)
            for vertex in sorted(self.beside):
                if vertex != ROOT and vertex in self.beside and self._is_key(vertex):
                    ways = (self._way(vertex, other) for other in self.beside[vertex])
                    changed |= self._exchange([edge for way in ways for edge in way])
        return self.edges()

    def _is_key(self, vertex: int) -> bool:
        return vertex in self.keys or len(self.beside[vertex]) > 2

    def _way(self, start: int, vertex: int) -> list[int]:
        """Return the edges from a vertex, by way of a neighbour, to the next key vertex."""
        found = [self.beside[start][vertex]]
        while not self._is_key(vertex):
            start, vertex = vertex, next(other for other in self.beside[vertex] if other != start)
            found.append(self.beside[start][vertex])
        return found

    def _exchange(self, ways: list[int]) -> bool:
        """Take ways out and join what is left anew, if that is cheaper."""
        total = self.graph.cost
        before = sum(float(total[edge]) for edge in ways)
        for edge in ways:
            self._remove(edge)
        ends = {vertex for edge in ways for vertex in self.graph.ends_of[edge]}
        loose = [vertex for vertex in sorted(ends) if vertex in self.beside]
        new = join(self.graph, self._islands(loose), mainland=self.beside, limit=before)
        better = new is not None and sum(float(total[edge]) for edge in new) < before * _LESS
        for edge in new if new is not None and better else ways:
            self._add(edge)
        if better:
            self._prune(loose)
        return better

    def _islands(self, starts: list[int]) -> dict[int, int]:
        """
        Return vertex -> piece, from 1, for the pieces that hold some starts, but for the largest: that is the mainland.

        All grow by turns, and when one is left it need not be known any further.
        """
        piece = {start: number for number, start in enumerate(starts, start=1)}
        growing = {number: [start] for number, start in enumerate(starts, start=1)}
        while len(growing) > 1:
            for number, waiting in list(growing.items()):
                vertex = waiting.pop()
                for other in self.beside[vertex]:
                    if other not in piece:
                        piece[other] = number
                        waiting.append(other)
                if not waiting:
                    del growing[number]
        return {vertex: number for vertex, number in piece.items() if number not in growing}

    def _add(self, edge: int) -> None:
        one, other = self.graph.ends_of[edge]
        self.beside.setdefault(one, {})[other] = edge
        self.beside.setdefault(other, {})[one] = edge

    def _remove(self, edge: int) -> None:
        one, other = self.graph.ends_of[edge]
        for vertex, neighbour in ((one, other), (other, one)):
            del self.beside[vertex][neighbour]
            if not self.beside[vertex] and vertex not in self.keys:
                del self.beside[vertex]

    def _prune(self, vertices: list[int]) -> None:
        """Take off dead ends that nobody asked for."""
        for vertex in vertices:
            while vertex not in self.keys and len(self.beside.get(vertex, {})) == 1:
                ((above, edge),) = self.beside[vertex].items()
                self._remove(edge)
                vertex = above


def tidy(graph: Graph, edges: Iterable[int], targets: Iterable[int]) -> set[int]:
    """
    Make a tree cheaper by local search, its targets unchanged.

    Two exchanges, until neither helps: a way between two key vertices (targets, root, forks) is taken out, or all ways
    at one key vertex, and what has come apart is joined anew by the cheapest links.

    Parameters
    ----------
    graph
        Costs positive.
    edges
        A tree with the root and all targets.
    targets
        Vertices that it must keep.

    Returns
    -------
    set of int
        Edges of a tree that is never dearer.

    References
    ----------
    Uchoa and Werneck, Fast local search for the Steiner problem in graphs, 2012: key-path exchange, key-vertex
    elimination.
    """
    return _Search(graph, edges, {ROOT, *targets}).run()


def cheap_tree(graph: Graph, targets: list[int], *, seed: int = 0) -> set[int]:
    """
    Return a cheap tree with the root and given targets; often the cheapest.

    Local search from several trees: the first on the costs as they are; then by turns on costs a little disturbed, and
    with other vertices to join as well, which are let go in the search unless the tree forks there.

    Parameters
    ----------
    graph
        Costs positive, all targets within reach of the root.
    targets
        Vertices to join.
    seed
        Of what is left to chance; the same gives the same tree.
    """
    keys = [ROOT, *targets]
    others = np.setdiff1d(np.arange(len(graph.prize)), keys)
    random = np.random.default_rng(seed)
    least: tuple[float, set[int]] = (math.inf, set())
    for start in range(min(max(_EDGES // max(len(graph.cost), 1), _FEWEST), _MOST)):
        ends, cost = keys, None
        if start % 2 and len(others):
            some = random.choice(others, min(len(others) - 1, len(targets) // 3), replace=False)
            ends = list(dict.fromkeys([*keys, int(others[start // 2 % len(others)]), *some.tolist()]))
        elif start:
            cost = (graph.cost * (1 + random.uniform(0, _DISTURBED, len(graph.cost)))).tolist()
        joined = join(graph, {vertex: number for number, vertex in enumerate(ends)}, cost=cost)
        if joined is None:
            raise ValueError("a target cannot be reached from the root; reduce() leaves such out")
        found = tidy(graph, joined, targets)
        least = min(least, (math.fsum(graph.cost[edge] for edge in found), found), key=lambda tree: tree[0])
    return least[1]
