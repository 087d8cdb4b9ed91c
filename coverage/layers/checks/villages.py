"""Villages and housing: each once, with figures that people can have, at a place and not on a coarse grid."""

import numpy as np
import pandas as pd
from pyproj import CRS

from coverage.layers.checks.nearness import neighbours, xy_m
from coverage.layers.draft import Draft

_ONE_POINT_M = 1.0
_PEOPLE = (1.5, 12.0)
"""People per household beyond which a row is reported; the provinces' means lie between 3.5 and 5."""
_FAR_HOUSING_M = 10_000.0
_SUM_PERCENT = 10.0
"""Housing and village may be counted on different days; a greater difference is reported."""
_COARSE_DEGREES = 0.01
_COARSE_SHARE = 0.9
_ENOUGH = 20
"""Rows from which on a habit of the whole file can be told."""


def check_twins(draft: Draft, crs: CRS) -> None:
    """Note villages at one point, and names that stand twice in a commune; `crs` measures."""
    frame = draft.frame
    placed = frame[frame.geometry.notna()]
    other = neighbours(xy_m(placed.geometry, crs), _ONE_POINT_M)
    name = pd.Series(np.where(other >= 0, placed["name"].to_numpy(dtype=object)[other], None), index=placed.index)
    name = name.where(pd.Series(other >= 0, index=placed.index)).reindex(frame.index)
    shared = pd.Series(other >= 0, index=placed.index).reindex(frame.index).eq(True)
    draft.report(
        shared,
        lambda row: f"villages {row['name']} and {name[row.name]} at one point, {row['lon']:.5f}, {row['lat']:.5f}",
        "a point for each village",
        "Give each its own centre.",
        fatal=False,
        kind="villages_at_one_point",
    )
    # Communes were merged in 2025 and brought villages of one name along: the former commune tells them apart.
    same = pd.DataFrame(
        {"name": frame["name"].str.casefold(), "in": frame["commune_code"], "was": frame["former_commune"]}
    )
    draft.report(
        same.duplicated(keep=False) & frame["name"].notna() & frame["commune_code"].notna(),
        lambda row: f"village {row['name']} more than once in commune {row['commune_code']}",
        "a name once in a commune",
        "Remove the copy, or tell them apart: by a number or by former_commune.",
        column="name",
        fatal=False,
        kind="village_name_twice",
    )


def check_people(draft: Draft) -> None:
    """Note figures of households and people that do not fit each other, and power that is not known."""
    frame = draft.frame
    households, people = (frame[name].astype("float64") for name in ("households", "people"))
    each = people / households.where(households > 0)
    draft.report(
        households == 0,
        lambda row: f"village {row['name']} with 0 households",
        "a village that is lived in",
        "Fill the number in, or remove the village.",
        column="households",
        fatal=False,
        kind="village_without_households",
    )
    draft.report(
        people < households,
        lambda row: f"{row['people']} people in {row['households']} households of {row['name']}",
        "no fewer people than households",
        "Correct the figures; the two columns may be swapped.",
        column="people",
        fatal=False,
        kind="fewer_people_than_households",
    )
    draft.report(
        (people >= households) & ~each.between(*_PEOPLE) & each.notna(),
        lambda row: (
            f"{row['people']} people in {row['households']} households of {row['name']}: {each[row.name]:.1f} to each"
        ),
        f"{_PEOPLE[0]:g}…{_PEOPLE[1]:g} people to a household",
        "Correct the figures.",
        column="people",
        fatal=False,
        kind="people_per_household",
    )
    draft.report(
        frame["has_power"].isna() & ~draft.misread("has_power") & ("has_power" in draft.given),
        lambda row: f"village {row['name']} without a word on grid power",
        "có or không",
        "Fill it in: only villages with power can be chosen for the programme.",
        column="has_power",
        fatal=False,
        kind="power_unknown",
    )


def check_housing(housing: Draft, villages: Draft, crs: CRS) -> None:
    """Note housing far from its village, and villages whose housing does not sum up; `crs` measures."""
    frame = housing.frame
    theirs = villages.frame.drop_duplicates("village_id").set_index("village_id")
    known = frame["village_id"].isin(theirs.index)
    centre = theirs.geometry.reindex(frame["village_id"]).set_axis(frame.index)
    apart_m = np.hypot(*(xy_m(frame.geometry, crs) - xy_m(centre, crs)).T)
    away_m = pd.Series(apart_m, index=frame.index, dtype="float64")
    housing.report(
        away_m > _FAR_HOUSING_M,
        lambda row: f"housing {away_m[row.name] / 1000:.1f} km from its village {row['village_id']}",
        f"housing within {_FAR_HOUSING_M / 1000:g} km of the village",
        "Correct the place or the village_id.",
        fatal=False,
        kind="housing_far_from_its_village",
    )
    total: pd.Series = frame.groupby("village_id")["households"].transform("sum").astype("float64")
    stated: pd.Series = theirs["households"].reindex(frame["village_id"]).set_axis(frame.index).astype("float64")
    apart = known & (stated > 0) & ((total - stated).abs() > stated * _SUM_PERCENT / 100)
    housing.report(
        apart,
        lambda row: (
            f"housing of village {row['village_id']} sums up to {total[row.name]:.0f} households, "
            f"the village has {stated[row.name]:.0f}"
        ),
        "the same number",
        "Correct the figures; the village's own number counts.",
        column="households",
        fatal=False,
        kind="housing_sum_differs",
    )


def check_rounding(draft: Draft) -> None:
    """Note points that were rounded to a grid of about a kilometre."""
    frame = draft.frame
    steps = frame[["lon", "lat"]] / _COARSE_DEGREES
    coarse = (steps - steps.round()).abs().lt(1e-6).all(axis="columns")
    placed = int(steps.notna().all(axis="columns").sum())
    if placed < _ENOUGH or coarse.sum() < _COARSE_SHARE * placed:
        return
    draft.report(
        coarse,
        lambda row: (
            f"coordinates {row['lon']:g}, {row['lat']:g}, rounded to {_COARSE_DEGREES:g}° like most: about 1.1 km"
        ),
        "degrees to at least 4 decimals, about 10 m",
        "Supply the coordinates as they were measured.",
        column="lon",
        fatal=False,
        kind="coordinates_rounded",
    )
