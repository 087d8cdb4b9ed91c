"""Selection: which candidates to build - a ranking good at every length, and the optimum of one budget."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, csr_array, eye_array


@dataclass(frozen=True)
class Options:
    """What could be built, what each would serve, and for how much."""

    reach: csr_array
    """[options, places] of bool, indices sorted."""
    weight: NDArray[np.float64]
    """[places] what serving a place is worth, not negative."""
    cost_usd: NDArray[np.float64]
    """[options] not negative."""
    position: Sequence[str]
    """[options] of those at one position at most one is built; also decides between equals."""

    def places(self, option: int) -> NDArray[np.int64]:
        """Return the places that an option serves."""
        return np.asarray(self.reach.indices[self.reach.indptr[option] : self.reach.indptr[option + 1]], dtype=np.int64)


@dataclass(frozen=True)
class Pick:
    """One option of a ranking."""

    option: int
    places: NDArray[np.int64]
    """Places that it serves and no option before it."""
    gain: float
    """Their weight."""


@dataclass(frozen=True)
class Optimum:
    """A choice, and how far from the best possible it can be."""

    options: tuple[int, ...]
    value: float
    """Weight of all places served."""
    bound: float
    """No choice can serve more."""

    @property
    def gap(self) -> float:
        """Share of the bound that may be missing; 0 is proven best."""
        return 0.0 if self.bound <= 0 else max(0.0, 1 - self.value / self.bound)


def rank_greedily(options: Options, *, sites: int, budget_usd: float | None = None) -> list[Pick]:
    """
    Rank options by the weight newly served per cost, each given all before it.

    Lazy evaluation: a gain only shrinks as others are chosen, so an option whose gain, computed anew, still leads need
    not be held against the rest. Equals are decided by weight, then by position, then by number.

    Parameters
    ----------
    options
        What could be built.
    sites
        Length of the ranking at most.
    budget_usd
        Sum of costs not to be exceeded; an option that no longer fits is passed over. None is no limit.

    Returns
    -------
    list of Pick
        Shorter where nothing more can be gained or afforded.

    References
    ----------
    Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978.
    """
    served = np.zeros(len(options.weight), dtype=bool)

    def key(option: int) -> tuple[float, float, str, int]:
        places = options.places(option)
        gain = math.fsum(options.weight[places[~served[places]]])
        cost = float(options.cost_usd[option])
        ratio = gain / cost if cost > 0 else math.inf
        return (-ratio if gain > 0 else 0.0, -gain, options.position[option], option)

    queue = [key(option) for option in range(len(options.position))]
    heapq.heapify(queue)
    left = math.inf if budget_usd is None else budget_usd
    built: set[str] = set()
    picks: list[Pick] = []
    while queue and len(picks) < sites:
        option = heapq.heappop(queue)[3]
        if options.position[option] in built or options.cost_usd[option] > left:
            continue
        now = key(option)
        if now[1] == 0:
            continue
        if queue and now > queue[0]:
            heapq.heappush(queue, now)
            continue
        places = options.places(option)
        new = places[~served[places]]
        served[new] = True
        built.add(options.position[option])
        left -= float(options.cost_usd[option])
        picks.append(Pick(option, new, -now[1]))
    return picks


def best_under_budget(
    options: Options, *, budget_usd: float, sites: int | None = None, time_limit_s: float = 60.0
) -> Optimum:
    """
    Serve the most weight for a budget: maximal covering as a mixed-integer programme, solved by HiGHS.

    Parameters
    ----------
    options
        What could be built.
    budget_usd
        Sum of costs not to be exceeded.
    sites
        How many at most; None is no limit.
    time_limit_s
        After it the best choice so far is returned, with the bound known by then.

    Returns
    -------
    Optimum
        Never worse than the ranking under the same budget.

    References
    ----------
    Church and ReVelle, The maximal covering location problem, 1974.
    """
    ranked = rank_greedily(options, sites=len(options.position) if sites is None else sites, budget_usd=budget_usd)
    fallback = tuple(sorted(pick.option for pick in ranked))
    total = math.fsum(options.weight[np.unique(options.reach.indices)])
    n, places = options.reach.shape
    if not ranked:
        return Optimum((), 0.0, 0.0)
    # Unknowns: x, an option is built (0 or 1), and y, a place is served (0 to 1, at most as often as options serve it).
    served_by = options.reach.astype(float).T
    _, group = np.unique(np.asarray(options.position, dtype=str), return_inverse=True)
    one_each = coo_array((np.ones(n), (group, np.arange(n))), shape=(group.max() + 1, n))
    rows = block_array(
        [
            [-served_by, eye_array(places)],
            [csr_array(options.cost_usd[None, :]), None],
            [csr_array(np.ones((1, n))), None],
            [one_each, None],
        ],
        format="csr",
    )
    most = n if sites is None else sites
    upper = np.concatenate([np.zeros(places), [budget_usd, most], np.ones(one_each.shape[0])])
    solved = milp(
        np.concatenate([np.zeros(n), -options.weight]),
        integrality=np.concatenate([np.ones(n), np.zeros(places)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows.astype(float), ub=upper),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    bound = total if solved.mip_dual_bound is None else min(total, -float(solved.mip_dual_bound))
    found = fallback if solved.x is None else tuple(int(i) for i in np.flatnonzero(solved.x[:n] > 0.5))
    best = max((found, fallback), key=lambda choice: _value(options, choice))
    value = _value(options, best)
    return Optimum(best, value, max(bound, value))


def _value(options: Options, chosen: tuple[int, ...]) -> float:
    served = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(options.places(option) for option in chosen)]))
    return math.fsum(options.weight[served])
