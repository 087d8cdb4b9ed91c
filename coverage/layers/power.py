"""Power lines: where the grid can be reached."""

from coverage.layers.draft import Draft
from coverage.layers.lines import read_lines
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_power_lines(study: Study, land: Land | None = None) -> Draft:
    """Return the power lines of a study; rows without a line are left out and reported."""
    return read_lines(study, "power_lines", land, called="a power line")
