"""What to build next: candidates, reach, costs, selection, fiber routes."""

from coverage.planning.fiber import plan_fiber, plan_fiber_with_totals
from coverage.planning.ranking import plan_sites, rank_sites

__all__ = ["plan_fiber", "plan_fiber_with_totals", "plan_sites", "rank_sites"]
