"""Areas of villages: polygons, and which village each belongs to."""

import geopandas as gpd
import pandas as pd
import shapely

from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.layers.units.crosswalk import commune_key
from coverage.layers.vietnamese.names import name_key
from coverage.study import Study


def read_village_areas(study: Study, land: Land | None = None) -> Draft:
    """Return the areas of villages of a study; rows without a polygon are left out and reported."""
    draft = open_layer(study, "village_areas", land)
    nowhere = draft.nowhere()
    draft.report(
        nowhere,
        lambda row: f"the area of village {_spoken(row)} without a polygon",
        "a polygon",
        "Draw it; until then it is left out.",
        fatal=False,
        kind="no_boundary",
    )
    draft.drop(nowhere)
    validate(draft)
    return draft


def join_villages(draft: Draft, villages: gpd.GeoDataFrame) -> None:
    """
    Give every area the id of its village, and leave out those that fit none or several.

    Parameters
    ----------
    draft
        Areas in WGS 84. One that has no id is of the village of its name, in the commune it declares; where several
        have that name, or it has none, of the one whose point it holds.
    villages
        In WGS 84, each with its id and its commune.
    """
    frame = draft.frame
    stray = frame["village_id"].notna() & ~frame["village_id"].isin(villages["village_id"])
    draft.report(
        stray,
        lambda row: f"the area of village {row['village_id']}, which the village layer lacks",
        "a village_id of that layer",
        "Correct the id; until then it is left out.",
        column="village_id",
        fatal=False,
        kind="unknown_village",
    )
    unsaid = frame["village_id"].isna()
    choices = _choices(frame[unsaid], villages).reindex(frame.index)
    number = choices.map(len, na_action="ignore")
    draft.report(
        number == 0,
        lambda row: f"the area of {_spoken(row)}, which fits no village",
        "a village_id, or the name and the commune of a village",
        "Give the id; until then it is left out.",
        fatal=False,
        kind="area_of_no_village",
    )
    draft.report(
        number > 1,
        lambda row: f"the area of {_spoken(row)}, which may be that of {', '.join(sorted(choices[row.name]))}",
        "a village_id, or a name that one village of the commune has",
        "Give the id; until then it is left out.",
        fatal=False,
        kind="area_of_several_villages",
    )
    one = number == 1
    frame.loc[one, "village_id"] = choices[one].map(lambda ids: next(iter(ids)))
    draft.drop(stray | (unsaid & ~one))


def areas_of(village_id: pd.Series, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return `village_id` and one area for each village that has any; the parts of one are put together."""
    there = shapes.notna().to_numpy() & village_id.notna().to_numpy()
    areas = gpd.GeoDataFrame({"village_id": village_id[there]}, geometry=shapes[there].to_numpy(), crs=shapes.crs)
    return areas.dissolve("village_id", as_index=False) if areas["village_id"].duplicated().any() else areas


def _choices(areas: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    """Return for each area the set of ids of villages that it may be of."""
    ids = villages["village_id"].to_numpy()
    inside, holder = shapely.STRtree(villages.geometry.to_numpy()).query(
        areas.geometry.to_numpy(), predicate="intersects"
    )[::-1]
    held = pd.Series(ids[inside]).groupby(holder).agg(frozenset)
    holds = held.reindex(range(len(areas))).to_numpy()
    named, coded, placed = (
        pd.Series(ids).groupby(keys.to_numpy()).agg(frozenset).to_dict()
        for keys in (
            villages["name"].map(name_key, na_action="ignore"),
            villages["commune_code"],
            villages["commune_name"].map(commune_key, na_action="ignore"),
        )
    )
    found = []
    for row, here in zip(areas.itertuples(), holds, strict=True):
        here = here if isinstance(here, frozenset) else frozenset()
        mine = named.get(name_key(row.name), frozenset()) if isinstance(row.name, str) else here
        if row.commune_code in coded:
            mine = mine & coded[row.commune_code]
        elif isinstance(row.commune_name, str) and commune_key(row.commune_name) in placed:
            mine = mine & placed[commune_key(row.commune_name)]
        found.append(mine if len(mine) < 2 else (mine & here or mine))
    return pd.Series(found, index=areas.index, dtype=object)


def _spoken(row: pd.Series) -> str:
    """Return a village as a row of areas names it."""
    said = [row[name] for name in ("village_id", "name", "commune_code", "commune_name")]
    return " ".join(text for text in said if isinstance(text, str)) or "a nameless village"
