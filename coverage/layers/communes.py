"""Communes: polygons with a code and a name."""

import pandas as pd

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.study import Study


def read_communes(study: Study, land: Land | None = None) -> Draft:
    """Return the communes of a study, each code once, each boundary valid."""
    draft = open_layer(study, "communes", land)
    empty = draft.frame.geometry.isna()
    draft.report(
        empty,
        lambda row: f"commune {row['code']} without a boundary",
        "a polygon",
        "Draw it, or remove the row.",
        kind="no_boundary",
    )
    validate(draft)
    return draft


def check_villages(draft: Draft, villages: pd.DataFrame) -> None:
    """Note communes in which no village lies."""
    draft.report(
        draft.frame["code"].notna() & ~draft.frame["code"].isin(villages["commune_code"].dropna()),
        lambda row: f"commune {row['code']} {row['name']} has no village",
        "at least one village in every commune",
        "Check whether its villages are missing.",
        fatal=False,
        kind="commune_without_village",
    )
