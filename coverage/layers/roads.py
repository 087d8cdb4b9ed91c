"""Roads: lines along which people and crews travel."""

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_roads(study: Study, land: Land | None = None) -> Draft:
    """Return the roads of a study; rows without a line are left out and reported."""
    draft = open_layer(study, "roads", land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere, "a road without a line", "a line", "Supply it; until then it is left out.", fatal=False, kind="no_line"
    )
    draft.drop(nowhere)
    validate(draft)
    return draft
