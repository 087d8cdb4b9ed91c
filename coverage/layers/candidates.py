"""Candidates: positions that the planner already has in mind."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.layers.draft import Draft, fill_ids, open_layer, validate
from coverage.study import Study


def read_candidates(study: Study) -> Draft:
    """Return the candidate positions of a study."""
    draft = open_layer(study, "candidates")
    fill_ids(draft, "site_id", pd.Series("candidate", index=draft.frame.index))
    draft.report(
        draft.frame.geometry.isna(),
        lambda row: f"candidate {row['site_id']} without a point",
        "longitude and latitude",
        "Give its position, or remove the row.",
    )
    validate(draft)
    return draft


def check_terrain(draft: Draft, grid: Grid, terrain_m: NDArray[np.float32]) -> None:
    """Note candidates that stand outside the terrain, and leave them out; `draft` is in WGS 84."""
    points = draft.frame.geometry.to_crs(grid.crs)
    outside = pd.Series(np.isnan(grid.sample(terrain_m, points.x, points.y)), index=draft.frame.index) & points.notna()
    draft.report(
        outside,
        lambda row: f"candidate {row['site_id']} stands outside the terrain or on a void; it is left out",
        "a terrain height under every candidate",
        "Correct the position, or supply terrain that reaches there.",
        fatal=False,
    )
    draft.drop(outside)
