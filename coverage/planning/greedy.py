"""Greedy: which options to build first, in a ranking that is good at every length."""

import heapq
import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from coverage.planning.options import Numbers, Options, affordable, check_limits, entries


@dataclass(frozen=True)
class Pick:
    """One option of a ranking."""

    option: int
    places: Numbers
    """Places that it serves and no option before it."""
    gain: float
    """Their weight."""
    cost_usd: float
    """What it adds to the cost of those before it; below 0 where it saves them an item that costs more than itself."""
    items: Numbers
    """Items that are paid for with it."""


def rank_greedily(options: Options, *, sites: int, budget_usd: float | None = None) -> list[Pick]:
    """
    Rank options by the weight newly served per cost newly caused, each given all before it.

    Locked options come first. Lazy evaluation: a gain only shrinks as others are chosen, so an option whose ratio,
    computed anew, still leads need not be held against the rest. A cost changes only with the items that an option
    shares: where a choice pays for an item or provides it, exactly those options are put in the queue anew. Equals are
    decided by weight, then by position, then by cost and what they serve.

    Without a budget, items and alternatives, the first k options serve at least 1 - 1/e (63 %) of what any choice of
    their cost could serve (Wolsey); with equal costs that is any k options (Nemhauser et al.).

    Parameters
    ----------
    options
        What could be built.
    sites
        Length of the ranking at most.
    budget_usd
        Sum of costs not to be exceeded; an option that does not fit is passed over unless an item makes it cheaper.
        None is no limit.

    Returns
    -------
    list of Pick
        Shorter where nothing more can be gained or afforded.

    Raises
    ------
    CoverageError
        The locked options are too many or too dear.

    References
    ----------
    Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978. Nemhauser, Wolsey and Fisher,
    An analysis of approximations for maximizing submodular set functions, 1978. Wolsey, Maximising real-valued
    submodular functions: primal and dual heuristics for location problems, 1982.
    """
    check_limits(options, budget_usd, sites)
    return _rank(options, np.flatnonzero(options.locked), sites, budget_usd)


def greedy_under_budget(options: Options, *, budget_usd: float | None, sites: int | None = None) -> tuple[int, ...]:
    """
    Choose by ratio or, where that serves more, begin with the option that alone serves most.

    Ranking by ratio alone can serve next to nothing of what a budget allows: a small option with a good ratio can leave
    too little for the large one. The better of the two serves, without items and alternatives, at least half of
    1 - 1/e (32 %) of what any choice under the budget could serve.

    Parameters
    ----------
    options
        What could be built.
    budget_usd
        Sum of costs not to be exceeded; None is no limit.
    sites
        How many at most; None is no limit.

    Returns
    -------
    tuple of int
        Options, in rising order.

    References
    ----------
    Khuller, Moss and Naor, The budgeted maximum coverage problem, 1999.
    """
    check_limits(options, budget_usd, sites)
    most = len(options.position) if sites is None else sites
    first = np.flatnonzero(options.locked)
    choices = [_rank(options, first, most, budget_usd)]
    plan = _Plan(options, first, budget_usd)
    free = [int(i) for i in plan.order if plan.is_free(i) and plan.affords(plan.extra_usd(i))]
    if free and len(first) < most:
        largest = max(free, key=plan.gain)
        choices.append(_rank(options, np.append(first, largest), most, budget_usd))
    chosen = [tuple(sorted(pick.option for pick in picks)) for picks in choices]
    return max(chosen, key=options.value)


class _Plan:
    """What is built so far, and what one more option would add to it."""

    def __init__(self, options: Options, first: Numbers, budget_usd: float | None) -> None:
        self.options, self.budget_usd, self.spent_usd = options, budget_usd, 0.0
        self.served = np.zeros(len(options.weight), dtype=bool)
        self.needed, self.provided = (np.zeros(len(options.item_cost_usd), dtype=bool) for _ in range(2))
        self.built: set[str] = set()
        self.order = options.in_order()
        self.tie = np.argsort(self.order)
        waiting = {int(option) for option in first}
        self.picks: list[Pick] = []
        while waiting:
            leader = min(waiting, key=self.key)
            waiting.remove(leader)
            self.build(leader)

    def is_free(self, option: int) -> bool:
        return self.options.position[option] not in self.built

    def affords(self, extra_usd: float) -> bool:
        return extra_usd <= 0 or affordable(self.spent_usd + extra_usd, self.budget_usd)

    def gain(self, option: int) -> float:
        places = self.options.places(option)
        return math.fsum(self.options.weight[places[~self.served[places]]])

    def unpaid(self, option: int) -> Numbers:
        """Return the items that would have to be paid for with an option."""
        needs = entries(self.options.needs, option)
        needs = needs[~self.needed[needs] & ~self.provided[needs]]
        return np.setdiff1d(needs, entries(self.options.provides, option))

    def extra_usd(self, option: int) -> float:
        """Return what a choice costs more with an option than without."""
        provides = entries(self.options.provides, option)
        saved = provides[self.needed[provides] & ~self.provided[provides]]
        item_usd = self.options.item_cost_usd
        return math.fsum([self.options.cost_usd[option], *item_usd[self.unpaid(option)], *-item_usd[saved]])

    def key(self, option: int) -> tuple[float, float, int]:
        """Return what orders options, the best first."""
        gain, extra_usd = self.gain(option), self.extra_usd(option)
        ratio = 0.0 if gain == 0 else gain / extra_usd if extra_usd > 0 else math.inf
        return (-ratio, -gain, int(self.tie[option]))

    def build(self, option: int) -> Numbers:
        """Add an option; return the items that others now get for less, or can no longer save."""
        needs, provides = entries(self.options.needs, option), entries(self.options.provides, option)
        places = self.options.places(option)
        new = places[~self.served[places]]
        extra_usd, items = self.extra_usd(option), self.unpaid(option)
        self.picks.append(Pick(option, new, self.gain(option), extra_usd, items))
        changed = np.union1d(needs[~self.needed[needs]], provides[~self.provided[provides]])
        self.served[new] = self.needed[needs] = self.provided[provides] = True
        self.built.add(self.options.position[option])
        self.spent_usd += extra_usd
        return changed


def _rank(options: Options, first: Numbers, sites: int, budget_usd: float | None) -> list[Pick]:
    plan = _Plan(options, first, budget_usd)
    sharing = csr_array((options.needs + options.provides).T)
    queue = [(plan.key(option), 0) for option in range(len(options.position))]
    heapq.heapify(queue)
    version = np.zeros(len(options.position), dtype=np.int64)
    dear: set[int] = set()  # Passed over as too dear; they get another chance when money is saved.
    while queue and len(plan.picks) < sites:
        (_, _, tie), of = heapq.heappop(queue)
        option = int(plan.order[tie])
        if of < version[option] or not plan.is_free(option):
            continue
        now = plan.key(option)
        if now[1] == 0:
            continue
        extra_usd = plan.extra_usd(option)
        if not plan.affords(extra_usd):
            dear.add(option)
            continue
        if queue and now > queue[0][0]:
            heapq.heappush(queue, (now, of))
            continue
        again = {int(other) for item in plan.build(option) for other in entries(sharing, int(item))}
        if extra_usd < 0:
            again, dear = again | dear, set()
        for other in sorted(again):
            if plan.is_free(other):
                version[other] += 1
                heapq.heappush(queue, (plan.key(other), int(version[other])))
    return plan.picks
