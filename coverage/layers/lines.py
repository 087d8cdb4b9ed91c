"""Lines of a layer: what is left of it when rows without a line are taken out."""

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_lines(study: Study, layer: str, land: Land | None, *, called: str) -> Draft:
    """Return a layer of lines; rows without one, each `called` so, are left out and reported."""
    draft = open_layer(study, layer, land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere,
        f"{called} without a line",
        "a line",
        "Supply it; until then it is left out.",
        fatal=False,
        kind="no_line",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft
