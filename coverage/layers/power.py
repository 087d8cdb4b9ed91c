"""Power lines: where the grid can be reached."""

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_power_lines(study: Study, land: Land | None = None) -> Draft:
    """Return the power lines of a study; rows without a line are left out and reported."""
    draft = open_layer(study, "power_lines", land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere,
        "a power line without a line",
        "a line",
        "Supply it; until then it is left out.",
        fatal=False,
        kind="no_line",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft
