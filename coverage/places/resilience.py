"""Resilience: who is left without signal when a position fails."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import csr_array

from coverage.columns.plans import LOSSES, RESILIENCE
from coverage.places.networks import Places
from coverage.result import Layers
from coverage.signal.hearing import positions_heard
from coverage.study import Study

_NOBODY = -1


def resilience(layers: Layers, places: Places, villages: gpd.GeoDataFrame, study: Study) -> gpd.GeoDataFrame:
    """
    Rank the positions by the households that receive no other.

    Parameters
    ----------
    layers
        A network whose signal was predicted.
    places
        Where the villages and their households are.
    villages
        As assessed.
    study
        Thresholds, and the technologies in service, of whichever operator.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.RESILIENCE`, in the CRS of the grid; positions that nobody hangs on are left out.
        Households of a village that has only shares of them count in no sum.
    """
    homes = places.homes
    x, y = np.concatenate([places.xy, homes.xy]).T
    heard, positions = positions_heard(layers, study, x, y, study.in_service())
    only = _only_one(heard)
    centre, home = only[: len(places.xy)], only[len(places.xy) :]
    counted = homes.counted[homes.village]
    cells = layers.cells
    rows = []
    for number in np.unique(only[only != _NOBODY]).tolist():
        mine = (home == number) & counted
        dead = centre == number
        lost = np.bincount(homes.village[mine], homes.households[mine], len(villages))
        helped = np.flatnonzero(dead | (lost > 0))
        order = np.lexsort((helped, -lost[helped]))
        here = cells[(cells["site_id"] == positions[number]).to_numpy()]
        rows.append(
            {
                "site_id": positions[number],
                "operators": "; ".join(sorted(here["operator"].unique())),
                "villages_dead": int(dead.sum()),
                "households_lost": int(np.floor(lost.sum() + 1e-6)),
                "villages": "; ".join(villages["name"].to_numpy(dtype=object)[helped[order]]),
                "geometry": here.geometry.iloc[0],
            }
        )
    ranked = sorted(rows, key=lambda row: (-row["households_lost"], -row["villages_dead"], row["site_id"]))
    found = gpd.GeoDataFrame(ranked, columns=[*_OWN, "geometry"], geometry="geometry", crs=layers.grid.crs)
    found["rank"] = np.arange(1, len(found) + 1)
    to_degrees = Transformer.from_crs(layers.grid.crs, "EPSG:4326", always_xy=True)
    found["lon"], found["lat"] = to_degrees.transform(found.geometry.x.to_numpy(), found.geometry.y.to_numpy())
    communes = layers.communes[["code", "name", "geometry"]].rename(
        columns={"code": "commune_code", "name": "commune_name"}
    )
    joined = found.sjoin(communes, how="left", predicate="within").drop_duplicates("rank")
    return gpd.GeoDataFrame(joined[[*RESILIENCE.names, "geometry"]].reset_index(drop=True))


_OWN = ("site_id", "operators", "villages_dead", "households_lost", "villages")


def _only_one(heard: csr_array) -> NDArray[np.int64]:
    """Return the only position that each place receives; -1 where there is none, or more than one."""
    only = np.full(heard.shape[0], _NOBODY, np.int64)
    alone = np.diff(heard.indptr) == 1
    only[alone] = heard.indices[heard.indptr[:-1][alone]]
    return only


def losses(before: gpd.GeoDataFrame, without: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Tell which villages lose signal when sites fail.

    Parameters
    ----------
    before, without
        The villages as assessed with the whole network and without those sites, in the same order.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.LOSSES`, of the villages whose status or households with signal differ.
    """
    found = before[["village_id", "name", "commune_code", "commune_name", "lon", "lat", "status", "households",
                    "households_covered", "geometry"]].copy()  # fmt: skip
    found["status_without"] = without["status"].to_numpy()
    found["households_covered_without"] = without["households_covered"].array
    found["households_lost"] = found["households_covered"] - found["households_covered_without"]
    changed = (found["status"] != found["status_without"]) | (found["households_lost"].fillna(0) != 0)
    found = found[changed.to_numpy(dtype=bool)]
    order = pd.DataFrame({"lost": -found["households_lost"].fillna(0), "village": found["village_id"]})
    found = found.loc[order.sort_values(["lost", "village"]).index]
    return gpd.GeoDataFrame(found[[*LOSSES.names, "geometry"]].reset_index(drop=True))
