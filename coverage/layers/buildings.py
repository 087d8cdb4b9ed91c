"""Buildings: where people live, without saying of which village."""

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_buildings(study: Study, land: Land | None = None) -> Draft:
    """Return the buildings of a study; rows without a point are left out and reported."""
    draft = open_layer(study, "buildings", land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere,
        "a building without a point",
        "longitude and latitude",
        "Give its place; until then it is left out.",
        fatal=False,
        kind="no_point",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft
