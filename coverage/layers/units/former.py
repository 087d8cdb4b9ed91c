"""The communes of before 1 July 2025 that became those of a layer of today, with the places of their centres."""

import geopandas as gpd
import pandas as pd

from coverage.columns.results import FORMER_COMMUNES
from coverage.layers.units.crosswalk import Crosswalk
from coverage.layers.units.declared import layer_generation

_PLACES = {"old_lon": "lon", "old_lat": "lat"}
_NAMES = {"old_code": "former_code", "old_ward": "former_name", "old_district": "former_district"}


def former_communes(communes: pd.DataFrame, crosswalk: Crosswalk) -> gpd.GeoDataFrame | None:
    """
    Find the former communes of a layer, each with the one of today that it became, or that most of it became.

    Parameters
    ----------
    communes
        With `code` and `name`.
    crosswalk
        Communes before and since.

    Returns
    -------
    GeoDataFrame or None
        Columns of `columns.FORMER_COMMUNES` up to `lat`, points in WGS 84, by code; None where the communes are those
        of before themselves, or none of them is known.
    """
    generation, _ = layer_generation(communes, crosswalk)
    rows = crosswalk.rows
    became = rows[rows["new_code"].isin(communes["code"]) & rows["old_code"].notna()]
    if generation == "old" or became.empty:
        return None
    main = (became["kind"] == "whole") | became["default"].astype("boolean").fillna(False)
    first = became.assign(main=main).sort_values(["old_code", "main"], ascending=[True, False], kind="stable")
    found = first.drop_duplicates("old_code").rename(columns={**_NAMES, **_PLACES, "new_code": "commune_code"})
    found["commune_name"] = found["commune_code"].map(communes.set_index("code")["name"])
    kept = FORMER_COMMUNES.names[: FORMER_COMMUNES.names.index("lat") + 1]
    table = found[kept].reset_index(drop=True)
    points = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float), crs="EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=points)
