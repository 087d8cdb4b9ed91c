"""Which villages of the map a proposal helps."""

import geopandas as gpd
import pandas as pd


def helped_villages(
    proposals: gpd.GeoDataFrame, villages: gpd.GeoDataFrame, *, within_m: float, column: str = "villages"
) -> list[list[int]]:
    """
    Return the rows of the villages that each proposal names.

    Parameters
    ----------
    proposals
        Names in `column`, joined by `; `, and those of `villages` where the run is still in memory as ids in
        `village_ids`, likewise.
    villages
        Of the same run, in the same CRS.
    within_m
        Without ids, how far a village so named may lie from the proposal, m: names recur all over a province.
    column
        `villages`, or one of those whose status changes.

    Returns
    -------
    list of list of int
        In the order of the names. Without ids, a name that several villages in reach share stands for none of them.
    """
    by_id = {str(village_id): row for row, village_id in enumerate(villages["village_id"])}
    by_name: dict[str, list[int]] = {}
    for row, name in enumerate(villages["name"].astype(str)):
        by_name.setdefault(name, []).append(row)
    points = villages.geometry.to_numpy()
    known = column == "villages" and "village_ids" in proposals
    ids = proposals["village_ids"] if known else pd.Series(pd.NA, index=proposals.index)
    found = []
    for listed, names, shape in zip(ids, proposals[column], proposals.geometry, strict=True):
        if isinstance(listed, str):
            found.append([by_id[one] for one in listed.split("; ") if one in by_id])
            continue
        rows = []
        for name in names.split("; ") if isinstance(names, str) else []:
            near = [row for row in by_name.get(name, []) if points[row] is not None
                    and shape is not None and shape.distance(points[row]) <= within_m]  # fmt: skip
            rows += near if len(near) == 1 else []
        found.append(rows)
    return found
