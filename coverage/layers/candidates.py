"""Candidates: positions that the planner has in mind, or has settled on."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, fill_ids, validate
from coverage.layers.position.placing import Land
from coverage.layers.terrain import off_terrain
from coverage.study import Study


def read_candidates(study: Study, land: Land | None = None) -> Draft:
    """Return the candidate positions of a study."""
    return _positions(study, "candidates", land)


def read_proposals(study: Study, land: Land | None = None) -> Draft:
    """Return the positions that the planner has settled on."""
    return _positions(study, "proposals", land)


def _positions(study: Study, layer: str, land: Land | None) -> Draft:
    draft = open_layer(study, layer, land)
    what = layer.removesuffix("s")
    fill_ids(draft, "site_id", pd.Series(what, index=draft.frame.index))
    draft.report(
        draft.nowhere(),
        lambda row: f"{what} {row['site_id']} without a point",
        "longitude and latitude",
        "Give its position, or remove the row.",
        kind="no_point",
    )
    validate(draft)
    return draft


def check_terrain(draft: Draft, grid: Grid, terrain_m: NDArray[np.float32]) -> None:
    """Note candidates that stand outside the terrain, and leave them out; `draft` is in WGS 84."""
    what = draft.table.name.removesuffix("s")
    outside = off_terrain(draft.frame.geometry, grid, terrain_m)
    draft.report(
        outside,
        lambda row: f"{what} {row['site_id']} stands outside the terrain or on a void; it is left out",
        "a terrain height under every position",
        "Correct the position, or supply terrain that reaches there.",
        fatal=False,
        kind="outside_terrain",
    )
    draft.drop(outside)
