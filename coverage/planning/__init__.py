"""What to build next: candidates, reach, costs, selection, fiber routes."""
