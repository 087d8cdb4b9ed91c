"""The tables of communes: the sums of their villages, and what reaches their centres, those of before July 2025 too."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from coverage.classes import SignalClass
from coverage.columns.results import COMMUNES, FORMER_COMMUNES
from coverage.columns.words import ANY, STATUSES
from coverage.places.fiber_access import fiber_access
from coverage.places.levels import Heard
from coverage.result import Layers, Signal
from coverage.study import Study


def assess_communes(layers: Layers, signal: Signal, villages: gpd.GeoDataFrame, study: Study) -> gpd.GeoDataFrame:
    """
    Sum villages up to communes, and look at every commune's centre.

    Parameters
    ----------
    layers
        Communes, fiber and roads.
    signal
        Levels on the grid.
    villages
        As `assess_villages` returns them.
    study
        Definitions.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.COMMUNES`, one row per commune of the layer, those without villages included. The centre
        is the layer's own, else the point of the commune's largest village.
    """
    communes = layers.communes
    codes = pd.Index(communes["code"])
    row = codes.get_indexer(villages["commune_code"])
    known = row >= 0

    def count(condition: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(row[known & condition], minlength=len(codes))

    def total(column: str) -> NDArray[np.int64]:
        values = villages[column].to_numpy(dtype=float, na_value=0.0)[known]
        return np.bincount(row[known], values, len(codes)).astype(np.int64)

    centre = commune_centres(layers, villages)
    table = {
        "commune_code": codes.to_numpy(),
        "commune_name": communes["name"].to_numpy(),
        "villages": count(np.ones(len(villages), dtype=bool)),
        **{status: count((villages["status"] == status).to_numpy()) for status in STATUSES},
        "households": total("households"),
        "households_covered": total("households_covered"),
        "fiber_served": count((villages["fiber"] == "served").to_numpy()),
        **_at_centres(centre, layers, signal, study),
        "definition_id": study.definition_id,
    }
    return gpd.GeoDataFrame(table, geometry=communes.geometry.array, crs=layers.grid.crs)[[*COMMUNES.names, "geometry"]]


def assess_former_communes(layers: Layers, signal: Signal, study: Study) -> gpd.GeoDataFrame:
    """
    Look at the centre of every commune of before July 2025, which is where people still go.

    Parameters
    ----------
    layers, signal, study
        As for `assess_communes`.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.FORMER_COMMUNES`; no row where the communes of the layer are those of before.
    """
    former = layers.former_communes
    if former is None:
        nothing = pd.DataFrame(columns=FORMER_COMMUNES.names)
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=layers.grid.crs))
    centre = np.column_stack([former.geometry.x, former.geometry.y])
    table = former.assign(**_at_centres(centre, layers, signal, study), definition_id=study.definition_id)
    return gpd.GeoDataFrame(table[[*FORMER_COMMUNES.names, "geometry"]])


def _at_centres(centre: NDArray[np.float64], layers: Layers, signal: Signal, study: Study) -> dict[str, Any]:
    """Return what reaches [places, 2] centres in the grid's CRS; nothing is said of NaN, nor off the grid."""
    heard = Heard(signal, ANY, centre, study)
    unknown = layers.grid.pixel(centre[:, 0], centre[:, 1])[0] < 0
    good = pd.array(heard.best_class(["4g"]) == SignalClass.GOOD, dtype="boolean")
    either = pd.array(heard.best_class(["3g", "4g"]) >= SignalClass.WEAK, dtype="boolean")
    good[unknown] = either[unknown] = pd.NA
    return {"centre_4g": good, "centre_3g_4g": either, "centre_fiber": fiber_access(centre, layers, study).status}


def commune_centres(layers: Layers, villages: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return [communes, 2] centres in the grid's CRS; NaN where there is no centre and no village with a point."""
    communes = layers.communes
    row = pd.Index(communes["code"]).get_indexer(villages["commune_code"])
    to_grid = Transformer.from_crs("EPSG:4326", layers.grid.crs, always_xy=True)
    lon, lat = (communes[name].to_numpy(dtype=float, na_value=np.nan) for name in ("centre_lon", "centre_lat"))
    given = np.isfinite(lon) & np.isfinite(lat)
    centre = np.full((len(communes), 2), np.nan)
    centre[given] = np.column_stack(to_grid.transform(lon[given], lat[given]))
    size = villages["households"].to_numpy(dtype=float, na_value=0.0)
    xy = np.column_stack([villages.geometry.x, villages.geometry.y])
    order = np.argsort(size, kind="stable")  # the largest comes last and stays
    order = order[(row[order] >= 0) & np.isfinite(xy[order]).all(axis=1)]
    largest = np.full((len(communes), 2), np.nan)
    largest[row[order]] = xy[order]
    return np.where(given[:, None], centre, largest)
