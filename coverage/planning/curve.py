"""Curve: what each budget buys, and how near the ranking stays to the best that its money could buy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from coverage.errors import CoverageError
from coverage.planning.covering import Choice, Covering, Optimum
from coverage.planning.greedy import Pick, greedy_under_budget, rank_greedily
from coverage.planning.options import Options


@dataclass(frozen=True)
class BudgetPoint:
    """What one budget buys."""

    budget_usd: float
    greedy: float
    """Weight that the greedy choice serves."""
    optimum: Optimum


@dataclass(frozen=True)
class Prefix:
    """The first options of a ranking beside the best choice of the same measure."""

    length: int
    cost_usd: float
    value: float
    """Weight that they serve."""
    optimum: Optimum

    @property
    def ratio(self) -> float:
        """Share of the optimum that they serve at least; 1 where there is nothing to serve."""
        return 1.0 if self.optimum.bound <= 0 else self.value / self.optimum.bound


def budget_curve(
    options: Options,
    *,
    budgets_usd: Sequence[float] | None = None,
    steps: int = 10,
    sites: int | None = None,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
) -> list[BudgetPoint]:
    """
    Find for each budget what greed and the optimum serve.

    Parameters
    ----------
    options
        What could be built.
    budgets_usd
        In any order; None is `steps` equal steps up to the cost of ranking everything that gains anything.
    steps
        How many, where no budgets are given.
    sites
        How many at most; None is no limit.
    time_limit_s
        For each budget.
    gap
        Share of each optimum that may be missing.

    Returns
    -------
    list of BudgetPoint
        In the order of the budgets. More money never serves less, and a bound never exceeds that of more money.

    Raises
    ------
    CoverageError
        A budget is less than the locked options cost, or there are no steps.
    """
    if budgets_usd is None:
        if steps < 1:
            raise CoverageError(f"planning: {steps} steps are asked of the budget curve; expected 1 or more.")
        picks = rank_greedily(options, sites=len(options.position) if sites is None else sites)
        budgets_usd = (options.total_usd([pick.option for pick in picks]) * np.arange(1, steps + 1) / steps).tolist()
    covering = Covering(options)
    points: dict[float, BudgetPoint] = {}
    known: list[Choice] = []
    for budget_usd in sorted(set(budgets_usd)):
        greedy = options.value(greedy_under_budget(options, budget_usd=budget_usd, sites=sites))
        optimum = covering.best(budget_usd=budget_usd, sites=sites, time_limit_s=time_limit_s, gap=gap, known=known)
        known = [optimum.options]  # what less money buys, more money buys as well
        points[budget_usd] = BudgetPoint(budget_usd, greedy, optimum)
    bound = math.inf
    for budget_usd in reversed(points):
        point = points[budget_usd]
        bound = min(bound, point.optimum.bound)
        points[budget_usd] = replace(point, optimum=replace(point.optimum, bound=bound))
    return [points[budget_usd] for budget_usd in budgets_usd]


def prefixes(
    options: Options,
    picks: Sequence[Pick],
    *,
    same: Literal["cost", "sites"] = "cost",
    lengths: Sequence[int] | None = None,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
) -> list[Prefix]:
    """
    Hold the beginnings of a ranking against the best choices that cost as much, or have as many sites.

    A ranking by weight per cost is to be judged at equal cost: there it has its guarantee (see `rank_greedily`). At an
    equal number of sites dear options are favoured, whatever they cost; with equal costs both are the same.

    Parameters
    ----------
    options
        What could be built.
    picks
        The ranking.
    same
        What the best choice must not exceed.
    lengths
        Of the beginnings, 1 or more; None is every one. Those without all locked options are left out.
    time_limit_s
        For each length.
    gap
        Share of each optimum that may be missing; the ratios are against the bounds, so they err to the low side.

    Returns
    -------
    list of Prefix
        By length.

    Raises
    ------
    CoverageError
        A length is not one that the ranking has.
    """
    wanted = sorted(set(range(1, len(picks) + 1) if lengths is None else lengths))
    if wanted and not (wanted[0] >= 1 and wanted[-1] <= len(picks)):
        raise CoverageError(f"planning: lengths {wanted[0]} to {wanted[-1]} are asked of a ranking of {len(picks)}.")
    covering = Covering(options)
    found: list[Prefix] = []
    known: list[Choice] = []
    for length in wanted:
        chosen = tuple(sorted(pick.option for pick in picks[:length]))
        if options.locked.sum() > options.locked[list(chosen)].sum():
            continue
        cost_usd = options.total_usd(chosen)
        optimum = covering.best(
            budget_usd=cost_usd if same == "cost" else None,
            sites=length if same == "sites" else None,
            time_limit_s=time_limit_s,
            gap=gap,
            known=[chosen, *known],
        )
        known = [optimum.options]
        found.append(Prefix(length, cost_usd, options.value(chosen), optimum))
    return found
