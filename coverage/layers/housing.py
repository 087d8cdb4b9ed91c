"""Housing: where the households of a village live."""

import geopandas as gpd

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_housing(study: Study, land: Land | None = None) -> Draft:
    """Return the housing of a study; rows without a point are left out and reported."""
    draft = open_layer(study, "housing", land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere,
        lambda row: f"housing of {row['village_id']} without a point",
        "longitude and latitude",
        "Give its place; until then it is left out.",
        fatal=False,
        kind="no_point",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft


def check_villages(draft: Draft, villages: gpd.GeoDataFrame) -> None:
    """Note housing of villages that the village layer lacks; fatal where no row fits."""
    stray = ~draft.frame["village_id"].isin(villages["village_id"])
    draft.report(
        stray,
        lambda row: f"housing of village {row['village_id']}, which the village layer lacks",
        "a village_id of that layer",
        "Correct the id; the two layers do not fit."
        if stray.all()
        else "Correct the id; until then it is not counted.",
        column="village_id",
        fatal=bool(stray.all()),
        kind="unknown_village",
    )
