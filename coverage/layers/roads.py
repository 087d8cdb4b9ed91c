"""Roads: lines along which people and crews travel."""

from coverage.layers.draft import Draft
from coverage.layers.lines import read_lines
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_roads(study: Study, land: Land | None = None) -> Draft:
    """Return the roads of a study; rows without a line are left out and reported."""
    return read_lines(study, "roads", land, called="a road")
