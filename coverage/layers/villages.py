"""Villages: a name, a point, the commune they belong to."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.grid import Grid
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, fill_ids, validate
from coverage.layers.position.placing import Land
from coverage.layers.terrain import off_terrain
from coverage.layers.text import slug
from coverage.layers.units.crosswalk import CHANGED, Crosswalk
from coverage.layers.units.declared import Declared, declared
from coverage.study import Study


def read_villages(study: Study, land: Land | None = None) -> Draft:
    """Return the villages of a study as their file has them; communes and ids come with `join_communes`."""
    draft = open_layer(study, "villages", land)
    draft.report(
        draft.nowhere(),
        lambda row: f"village {row['name']} without a point",
        "longitude and latitude",
        "Give its centre; until then that of its homes stands for it, and without homes it is not assessed.",
        fatal=False,
        kind="no_point",
    )
    if "households" in draft.given:
        draft.report(
            draft.frame["households"].isna() & ~draft.misread("households"),
            lambda row: f"no number of households for {row['name']}",
            "a whole number",
            "Fill it in; the village counts without its households until then.",
            column="households",
            fatal=False,
            kind="missing_households",
        )
    else:
        draft.report_file(
            "no households",
            "a column households",
            "Add it; villages count alone until then.",
            fatal=False,
            kind="no_households_column",
        )
    return draft


def join_communes(draft: Draft, communes: gpd.GeoDataFrame | None, crosswalk: Crosswalk) -> None:
    """
    Give every village its commune: the one it declares, else the one it lies in; then an id where it has none.

    Parameters
    ----------
    draft
        Villages in WGS 84; filled in place.
    communes
        In WGS 84; None where that layer cannot be used, and then only ids are made.
    crosswalk
        Communes before and since 1 July 2025: codes and names of the one are never taken for those of the other.
    """
    if communes is not None:
        _place(draft, communes, crosswalk)
    code = draft.frame["commune_code"].fillna("00000")
    fill_ids(draft, "village_id", code + "-" + draft.frame["name"].fillna("").map(slug))
    validate(draft)


def _place(draft: Draft, communes: gpd.GeoDataFrame, crosswalk: Crosswalk) -> None:
    frame, inside = draft.frame, located(draft.frame, communes)
    names = communes.drop_duplicates("code").set_index("code")["name"]
    said = declared(frame, communes, crosswalk, located=inside)
    report_declared(draft, said, names)
    code = said.code.where(said.options.map(len) > 0, frame["commune_code"])
    frame["former_commune"] = frame["former_commune"].where(frame["former_commune"].notna(), said.former)
    _report_placed(draft, code, inside, names.index, silent=said.contradictory | (said.options.map(len) > 1))
    frame["commune_code"] = code.where(code.notna(), inside)
    frame["commune_name"] = frame["commune_code"].map(names).astype("str")


def report_declared(draft: Draft, said: Declared, names: pd.Series, *, result: str = "villages.csv") -> None:
    """Note what villages say of their commune that cannot be, or is not of today; `result` shows how it was read."""
    column = "commune_code" if "commune_code" in draft.given else "commune_name"
    then, now = ("of before", "since") if said.layer == "new" else ("since", "of before")
    moved, total = said.moved & said.code.notna(), len(draft.frame)
    count = f"{moved.sum()} of {total} rows ({moved.sum() / max(total, 1):.0%})"
    draft.report(
        moved,
        lambda row: (
            f"village {row['name']} in commune {_spoken(row)} {then} {CHANGED}, "
            f"read as {said.code[row.name]} {names.get(said.code[row.name], '')}".rstrip()
            + f", as in {count}"
        ),
        f"codes and names {now} {CHANGED}, as in the commune layer",
        f"Look through the communes of {result} in the results, and ask for the table with those codes.",
        column=column,
        fatal=False,
        kind="earlier_commune" if said.layer == "new" else "later_commune",
    )
    draft.report(
        said.doubtful,
        lambda row: (
            f"village {row['name']} in {_spoken(row)}, which is another commune since {CHANGED} than before; "
            f"read as {said.code[row.name]}"
        ),
        "a code and a name, or a point",
        "Give the code of its commune, and its point.",
        column=column,
        fatal=False,
        kind="commune_of_two_dates",
    )
    draft.report(
        said.contradictory,
        lambda row: (
            f"village {row['name']} in commune {_spoken(row)}: that code never had that name, "
            f"neither before {CHANGED} nor since"
        ),
        "a code and a name of one commune",
        "Correct the code or the name, or empty the wrong one.",
        column=column,
        kind="commune_code_and_name",
    )
    draft.report(
        said.code.isna() & (said.options.map(len) > 1),
        lambda row: (
            f"village {row['name']} in commune {_spoken(row)}, which may be "
            f"{' or '.join(_listed(said.options[row.name], names))}; no point in one of them tells"
        ),
        "one commune",
        "Give the code since 1 July 2025, the district before it, or the point of the village.",
        column=column,
        kind="ambiguous_commune",
    )
    draft.report(
        said.unknown_name,
        lambda row: f"village {row['name']} in commune {_spoken(row)}, a name that no commune there has or had",
        "the name of a commune",
        "Correct the name; until then its code counts, else its point.",
        column="commune_name",
        fatal=False,
        kind="unknown_commune_name",
    )


def _spoken(row: pd.Series) -> str:
    """Return the commune as a row of villages writes it."""
    said = [row["commune_code"], row["commune_name"]]
    said = [text for text in said if isinstance(text, str)] or [row["former_commune"]]
    district = [f"({row['former_district']})"] if isinstance(row["former_district"], str) else []
    return " ".join([*said, *district])


def _listed(codes: frozenset[str], names: pd.Series) -> list[str]:
    return [f"{code} {names.get(code, '')}".rstrip() for code in sorted(codes)]


def _report_placed(
    draft: Draft, code: pd.Series, located: pd.Series, known_codes: pd.Index, *, silent: pd.Series
) -> None:
    """Note villages without a commune, and those whose point lies in another."""
    frame = draft.frame
    known = code.isin(known_codes)
    draft.report(
        code.str.fullmatch(r"\d{5}").eq(True) & ~known & ~silent,
        lambda row: f"village {row['name']} in commune {code[row.name]}, which the commune layer lacks",
        "a code of that layer",
        "Correct the code (codes changed on 1 July 2025), or empty it to place the village by its point.",
        column="commune_code",
        kind="unknown_commune",
    )
    homeless = code.isna() & located.isna() & ~silent
    draft.report(
        homeless & frame.geometry.notna(),
        lambda row: f"village {row['name']} at {row['lon']:.5f}, {row['lat']:.5f} lies in no commune",
        "a point inside a commune, or a commune_code",
        "Correct the point, or give the code.",
        kind="point_in_no_commune",
    )
    draft.report(
        homeless & draft.nowhere(),
        lambda row: f"village {row['name']} has neither a point nor a commune_code",
        "one of them",
        "Give the code of its commune.",
        kind="no_point_no_commune",
    )
    draft.report(
        known & located.notna() & (located != code),
        lambda row: (
            f"village {row['name']} declared in {code[row.name]} but its point lies in {located[row.name]}; "
            "the declared code is kept"
        ),
        "the same commune",
        "Correct the point or the code.",
        fatal=False,
        kind="outside_declared_commune",
    )
    draft.report(
        known & located.isna() & frame.geometry.notna(),
        lambda row: f"village {row['name']} declared in {code[row.name]} but its point lies in no commune",
        "a point in its commune",
        "Correct the point.",
        fatal=False,
        kind="point_in_no_commune",
    )


def located(frame: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.Series:
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
        kind="outside_terrain",
    )
