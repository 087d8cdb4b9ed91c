"""Villages: a name, a point, the commune they belong to."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, fill_ids, validate
from coverage.layers.terrain import off_terrain
from coverage.layers.text import slug
from coverage.study import Study


def read_villages(study: Study) -> Draft:
    """Return the villages of a study as their file has them; communes and ids come with `join_communes`."""
    draft = open_layer(study, "villages")
    draft.report(
        draft.nowhere(),
        lambda row: f"village {row['name']} without a point",
        "longitude and latitude",
        "Give its centre; until then it is not assessed.",
        fatal=False,
    )
    if "households" in draft.given:
        draft.report(
            draft.frame["households"].isna() & ~draft.misread("households"),
            lambda row: f"no number of households for {row['name']}",
            "a whole number",
            "Fill it in; the village counts without its households until then.",
            column="households",
            fatal=False,
        )
    else:
        draft.report_file(
            "no households", "a column households", "Add it; villages count alone until then.", fatal=False
        )
    return draft


def join_communes(draft: Draft, communes: gpd.GeoDataFrame | None) -> None:
    """
    Give every village its commune: the one it declares, else the one it lies in; then an id where it has none.

    Parameters
    ----------
    draft
        Villages in WGS 84; filled in place.
    communes
        In WGS 84; None where that layer cannot be used, and then only ids are made.
    """
    if communes is not None:
        _place(draft, communes)
    code = draft.frame["commune_code"].fillna("00000")
    fill_ids(draft, "village_id", code + "-" + draft.frame["name"].fillna("").map(slug))
    validate(draft)


def _place(draft: Draft, communes: gpd.GeoDataFrame) -> None:
    frame = draft.frame
    declared, located = frame["commune_code"], _located(frame, communes)
    names = communes.drop_duplicates("code").set_index("code")["name"]
    unknown = declared.str.fullmatch(r"\d{5}").eq(True) & ~declared.isin(names.index)
    draft.report(
        unknown,
        lambda row: f"village {row['name']} in commune {row['commune_code']}, which the commune layer lacks",
        "a code of that layer",
        "Correct the code (codes changed on 1 July 2025), or empty it to place the village by its point.",
        column="commune_code",
    )
    homeless = declared.isna() & located.isna()
    draft.report(
        homeless & frame.geometry.notna(),
        lambda row: f"village {row['name']} at {row['lon']:.5f}, {row['lat']:.5f} lies in no commune",
        "a point inside a commune, or a commune_code",
        "Correct the point, or give the code.",
    )
    draft.report(
        homeless & draft.nowhere(),
        lambda row: f"village {row['name']} has neither a point nor a commune_code",
        "one of them",
        "Give the code of its commune.",
    )
    known = declared.isin(names.index)
    apart = known & located.notna() & (located != declared)
    draft.report(
        apart,
        lambda row: (
            f"village {row['name']} declared in {row['commune_code']} but its point lies in {located[row.name]}; "
            "the declared code is kept"
        ),
        "the same commune",
        "Correct the point or the code.",
        fatal=False,
    )
    outside = known & located.isna() & frame.geometry.notna()
    draft.report(
        outside,
        lambda row: f"village {row['name']} declared in {row['commune_code']} but its point lies in no commune",
        "a point in its commune",
        "Correct the point.",
        fatal=False,
    )
    frame["commune_code"] = declared.where(declared.notna(), located)
    frame["commune_name"] = frame["commune_code"].map(names).astype("str")


def _located(frame: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the commune that holds each point; on a border the first code counts."""
    order = np.argsort(communes["code"].to_numpy(), kind="stable")
    points = frame.geometry.to_numpy()
    found, polygons = communes.geometry.sindex.query(points, predicate="intersects")
    rank = np.empty(len(communes), dtype=np.int64)
    rank[order] = np.arange(len(communes))
    best = np.full(len(frame), len(communes), dtype=np.int64)
    np.minimum.at(best, found, rank[polygons])
    codes = np.array([*communes["code"].iloc[order], None], dtype=object)
    return pd.Series(codes[best], index=frame.index, dtype="str")


def check_terrain(draft: Draft, grid: Grid, terrain_m: NDArray[np.float32]) -> None:
    """Note villages beyond the terrain, which cannot be assessed; `draft` is in WGS 84."""
    draft.report(
        off_terrain(draft.frame.geometry, grid, terrain_m),
        lambda row: f"village {row['name']} is outside the terrain or on a void",
        "a terrain height at every village",
        "Correct the point, or supply terrain that reaches there; until then it is not assessed.",
        fatal=False,
    )
