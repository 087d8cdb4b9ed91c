"""Rivers and streams: the map shows them; nothing is computed from them."""

from coverage.layers.draft import Draft
from coverage.layers.lines import read_lines
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_rivers(study: Study, land: Land | None = None) -> Draft:
    """Return the rivers of a study; rows without a line are left out and reported."""
    return read_lines(study, "rivers", land, called="a river")
