"""Fiber: routes as lines, nodes as points."""

import pandas as pd

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, fill_ids, validate
from coverage.layers.position.placing import Land
from coverage.layers.sites import operator_names
from coverage.study import Study


def read_fiber_routes(study: Study, land: Land | None = None) -> Draft:
    """Return the fiber routes of a study; rows without a line are left out and reported."""
    return _read(study, land, "fiber_routes", "route_id", "route", "a line")


def read_fiber_nodes(study: Study, land: Land | None = None) -> Draft:
    """Return the fiber nodes of a study; rows without a point are left out and reported."""
    return _read(study, land, "fiber_nodes", "node_id", "node", "a point")


def _read(study: Study, land: Land | None, layer: str, key: str, stem: str, shape: str) -> Draft:
    draft = open_layer(study, layer, land)
    draft.frame["operator"] = operator_names(draft.frame["operator"])
    fill_ids(draft, key, pd.Series(stem, index=draft.frame.index))
    nowhere = draft.nowhere()
    remedy = "Supply it; until then the row is left out."
    draft.report(
        nowhere,
        lambda row: f"{stem} {row[key]} without {shape}",
        shape,
        remedy,
        fatal=False,
        kind="no_line" if shape == "a line" else "no_point",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft
