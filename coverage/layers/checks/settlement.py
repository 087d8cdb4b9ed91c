"""Buildings and areas of villages: near a village, within its commune, and none over another."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from coverage.layers.checks.nearness import held, xy_m
from coverage.layers.draft import Draft

_SLIVER = 0.05
"""Of an area; borders that were drawn from different maps differ by as much."""


def check_buildings(
    buildings: Draft, villages: gpd.GeoSeries, areas: NDArray[np.object_], crs: CRS, *, within_m: float
) -> None:
    """
    Note buildings that belong to no village for want of one nearby.

    Parameters
    ----------
    buildings
        In WGS 84.
    villages
        Points of the villages.
    areas
        Of villages, in `crs`; what they hold belongs to them.
    crs
        Measures.
    within_m
        How far a village may be, m.
    """
    frame = buildings.frame
    places, homes = xy_m(frame.geometry, crs), xy_m(villages[villages.notna()], crs)
    away_m = np.full(len(frame), np.inf) if len(homes) == 0 else np.asarray(cKDTree(homes).query(places)[0])
    inside = held(np.asarray(shapely.points(places), dtype=object), areas)
    km = pd.Series(np.where(inside, 0.0, away_m / 1000), index=frame.index)
    buildings.report(
        km > within_m / 1000,
        lambda row: f"a building {km[row.name]:.1f} km from the nearest village",
        f"a village within {within_m / 1000:g} km",
        "Add the village if it is missing, or raise [places] building_m; until then the building is not counted.",
        fatal=False,
        kind="building_far_from_villages",
    )


def check_areas(
    draft: Draft, shapes: gpd.GeoSeries, commune_codes: pd.Series, communes: gpd.GeoDataFrame | None, crs: CRS
) -> None:
    """
    Note areas of villages that reach into another commune than the village's, and those that overlap.

    Parameters
    ----------
    draft
        Where it is noted; with `village_id`.
    shapes, commune_codes
        Area and commune of each row of the draft; None where it has none.
    communes
        `code` and polygons; None where that layer cannot be used.
    crs
        Measures.
    """
    areas = shapes[shapes.notna()].to_crs(crs)
    values, ids = areas.to_numpy(), draft.frame["village_id"].reindex(areas.index)
    if communes is not None:
        theirs = communes.drop_duplicates("code").set_index("code").geometry.to_crs(crs)
        outside = shapely.area(shapely.difference(values, theirs.reindex(commune_codes[areas.index]).to_numpy()))
        share = pd.Series(outside / shapely.area(values), index=areas.index).reindex(draft.frame.index)
        draft.report(
            share > _SLIVER,
            lambda row: (
                f"{share[row.name]:.0%} of the area of village {row['village_id']} lies outside its commune "
                f"{commune_codes[row.name]}; it stays with that commune"
            ),
            "an area within the commune",
            "Correct the area, or the commune of the village.",
            fatal=False,
            kind="area_crosses_communes",
        )
    one, other = shapely.STRtree(values).query(values, predicate="intersects")
    apart = (one < other) & (ids.to_numpy()[one] != ids.to_numpy()[other])
    one, other = one[apart], other[apart]
    common = shapely.area(shapely.intersection(values[one], values[other]))
    wide = common > _SLIVER * np.minimum(shapely.area(values[one]), shapely.area(values[other]))
    partner = pd.Series(ids.to_numpy()[one[wide]], index=areas.index[other[wide]])
    partner = partner[~partner.index.duplicated()]
    draft.report(
        pd.Series(draft.frame.index.isin(partner.index), index=draft.frame.index),
        lambda row: f"the area of village {row['village_id']} overlaps that of {partner[row.name]}",
        "areas side by side",
        "Correct one of them; until then what lies in both is of the village that stands first.",
        fatal=False,
        kind="village_areas_overlap",
    )
