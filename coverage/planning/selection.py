"""Selection: which candidates to build - a ranking good at every length, and the optimum of one budget or one share."""

from coverage.planning.covering import Cover, Optimum, best_under_budget, cheapest_cover
from coverage.planning.curve import BudgetPoint, Prefix, budget_curve, prefixes
from coverage.planning.greedy import Pick, greedy_under_budget, rank_greedily
from coverage.planning.options import Options

__all__ = [
    "BudgetPoint",
    "Cover",
    "Optimum",
    "Options",
    "Pick",
    "Prefix",
    "best_under_budget",
    "budget_curve",
    "cheapest_cover",
    "greedy_under_budget",
    "prefixes",
    "rank_greedily",
]
