"""What to build next: candidates, reach, costs, selection, fiber routes."""

from coverage.planning.fiber import plan_fiber
from coverage.planning.ranking import rank_sites

__all__ = ["plan_fiber", "rank_sites"]
