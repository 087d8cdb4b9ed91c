"""How good a tree can be at best: a linear programme with cuts, and the same in whole numbers for small graphs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, csr_array, vstack
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from coverage.planning.steiner_graph import ROOT, Floats, Graph, Ints
from coverage.planning.steiner_tree import hang

_WHOLE = 1_000_000
"""Flows are counted in whole millionths, as scipy's are."""
_VIOLATED = 1e-4
_ROUNDS = 200
"""Enough for hundreds of vertices; after fewer the bound is valid, if not the best."""
_INFEASIBLE = 2
"""As scipy's `milp` says it."""


@dataclass(frozen=True)
class Bound:
    """The most that a tree can be worth."""

    worth: float
    """No tree is worth more: prizes less priced cost."""
    edges: tuple[int, ...] | None
    """A tree that is worth just that, where whole numbers were asked for and settled it."""


def most_worth(
    graph: Graph, *, price: float = 0.0, budget: float | None = None, every: bool = False, exact: bool = False
) -> Bound:
    """
    Return the most that a tree with the root can be worth.

    Every edge stands for two arcs, and a target that is joined needs an arc into every set of vertices that holds it
    and not the root. Such cuts are added as long as one is violated (found by maximum flow), so that every round gives
    a valid bound and the last one that of all cuts.

    Parameters
    ----------
    graph
        Costs positive, no edges parallel.
    price
        What a unit of cost takes off the worth.
    budget
        Cost not to be exceeded; None is no limit.
    every
        Whether all targets must be joined.
    exact
        Solve in whole numbers: for graphs of a few dozen edges.

    Returns
    -------
    Bound
        Without `exact` that of the relaxation, which on roads is mostly that of a tree. If not every target can be
        joined though it must, minus infinity.

    References
    ----------
    Wong, A dual ascent approach for Steiner tree problems on a directed graph, 1984 (the directed cut formulation);
    Ljubić et al., An algorithmic framework for the exact solution of the prize-collecting Steiner tree problem, 2006.
    """
    model = _Model.of(graph, price, budget, every)
    rows, lowest = model.rows, np.zeros(model.rows.shape[0])
    whole, worth = False, np.inf
    for _ in range(_ROUNDS):
        solved = milp(
            model.loss,
            integrality=np.concatenate([np.full(model.arcs, whole), np.zeros(len(graph.targets))]),
            bounds=Bounds(np.concatenate([np.zeros(model.arcs), model.least]), 1.0),
            constraints=[LinearConstraint(rows, lb=lowest), *model.within_budget],
            options={"mip_rel_gap": 0.0},
        )
        if solved.status == _INFEASIBLE:
            return Bound(-np.inf, None)
        if solved.x is None or solved.fun is None:
            raise RuntimeError(f"HiGHS: {solved.message}")
        worth = -float(solved.mip_dual_bound if whole and solved.mip_dual_bound is not None else solved.fun)
        cuts = model.violated(solved.x)
        if cuts is not None:
            rows, lowest = vstack([rows, cuts], format="csr"), np.append(lowest, np.zeros(cuts.shape[0]))
        elif whole:
            used = np.unique(np.flatnonzero(solved.x[: model.arcs] > 0.5) % len(graph.cost))
            return Bound(worth, tuple(sorted(hang(graph, used.tolist()).edge[1:])))
        elif exact:
            whole = True
        else:
            break
    return Bound(worth, None)


@dataclass(frozen=True)
class _Model:
    """Unknowns: each arc is used (first all edges one way, then the other way), each target is joined; 0 to 1."""

    graph: Graph
    tail: Ints
    head: Ints
    loss: Floats
    least: Floats
    """[targets] 1 where it must be joined."""
    rows: csr_array
    """Not negative at any tree."""
    within_budget: list[LinearConstraint]

    @property
    def arcs(self) -> int:
        return len(self.tail)

    @classmethod
    def of(cls, graph: Graph, price: float, budget: float | None, every: bool) -> "_Model":
        targets, n, m = np.array(graph.targets, dtype=np.int64), len(graph.prize), len(graph.cost)
        tail, head = np.concatenate([graph.ends, graph.ends[:, ::-1]]).T
        cost = np.concatenate([graph.cost, graph.cost])
        into = coo_array((np.ones(2 * m), (head, np.arange(2 * m))), shape=(n, 2 * m)).tocsr()
        # A target that is joined has an arc into it; an arc out of a vertex other than the root has one into it that
        # is not its own way back.
        joined = block_array([[into[targets], -_pick(np.arange(len(targets)), len(targets))]])
        inner = np.flatnonzero(tail != ROOT)
        back = (inner + m) % (2 * m)
        passed = into[tail[inner]] - _pick(back, 2 * m) - _pick(inner, 2 * m)
        passed = block_array([[passed, csr_array((len(inner), len(targets)))]])
        limit = [] if budget is None else [LinearConstraint(np.append(cost, 0 * targets)[None, :], ub=budget)]
        return cls(
            graph,
            tail,
            head,
            np.concatenate([price * cost, -graph.prize[targets]]),
            np.full(len(targets), float(every)),
            vstack([joined, passed], format="csr"),
            limit,
        )

    def violated(self, x: Floats) -> csr_array | None:
        """Return rows of cuts that a solution violates: for each target the one nearest the root and nearest to it."""
        n, used = len(self.graph.prize), np.rint(x[: self.arcs] * _WHOLE).astype(np.int32)
        room = coo_array((used, (self.tail, self.head)), shape=(n, n)).tocsr()
        found: dict[tuple[bytes, int], NDArray[np.bool_]] = {}
        for number, target in enumerate(self.graph.targets):
            asked = x[self.arcs + number]
            if asked <= _VIOLATED:
                continue
            flow = maximum_flow(room, ROOT, target)
            if flow.flow_value / _WHOLE >= asked - _VIOLATED:
                continue
            left = csr_array(room - flow.flow)
            left.eliminate_zeros()
            near_root = np.zeros(n, dtype=bool)
            near_root[breadth_first_order(left, ROOT, return_predecessors=False)] = True
            near_target = np.zeros(n, dtype=bool)
            near_target[breadth_first_order(csr_array(left.T), target, return_predecessors=False)] = True
            for inside in (~near_root, near_target):
                found[inside.tobytes(), number] = inside
        if not found:
            return None
        cuts = np.zeros((len(found), len(x)))
        for row, ((_, number), inside) in zip(cuts, found.items(), strict=True):
            row[: self.arcs] = inside[self.head] & ~inside[self.tail]
            row[self.arcs + number] = -1
        return csr_array(cuts)


def _pick(columns: Ints, width: int) -> csr_array:
    """Return rows that are 1 in one column each."""
    return csr_array((np.ones(len(columns)), (np.arange(len(columns)), columns)), shape=(len(columns), width))
