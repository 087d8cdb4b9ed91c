"""python -m benchmarks.planning SECTION: what to build next, measured and written to benchmarks/planning.md."""

from benchmarks import planning_choice
from benchmarks.sections import measure_section

SECTIONS = {"choice": planning_choice}

if __name__ == "__main__":
    measure_section("planning", "What to build next, measured", SECTIONS, __doc__)
