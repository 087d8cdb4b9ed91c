"""Demand: the households without signal that something new could serve."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.classes import SignalClass
from coverage.places.levels import best_class, not_modelled
from coverage.result import Layers, Signal
from coverage.study import Study


@dataclass(frozen=True)
class Demand:
    """Places where households live without signal; arrays of one entry per place."""

    x_m: NDArray[np.float64]
    """In the CRS of the grid."""
    y_m: NDArray[np.float64]
    households: NDArray[np.int64]
    village: NDArray[np.int64]
    """Row in the table of villages."""
    dead: NDArray[np.bool_]
    """The village is dead; otherwise it is weak."""
    weight: NDArray[np.float64]
    """What serving the place is worth: households times the weights of the study."""

    def __len__(self) -> int:
        return len(self.x_m)


def unserved(layers: Layers, signal: Signal, villages: gpd.GeoDataFrame, study: Study) -> Demand:
    """
    Find the households of dead and weak villages that no technology in service reaches.

    Households lie where the housing layer puts them; those of a village without housing lie at its centre. A place
    where nothing is modelled has no signal if it lies on the terrain, for then it is beyond the reach of every mast; a
    place off the terrain, or with a void on the way from a mast in reach, is left out, as nothing can be claimed.

    Parameters
    ----------
    layers
        Housing and terrain.
    signal
        Levels on the grid.
    villages
        As assessed: status, households, programme, and the centre as geometry.
    study
        Technologies in service, thresholds and weights.

    Returns
    -------
    Demand
        In the order of the villages, then of the housing. Villages whose number of households is unknown are left out.
    """
    status = villages["status"].to_numpy()
    wanted = np.isin(status, ("dead", "weak"))
    places = pd.concat([_housing(layers.housing, villages), _centres(layers.housing, villages)])
    village = places["village"].to_numpy(dtype=np.int64)
    places = places[wanted[village] & (places["households"].to_numpy() > 0)].sort_values("village", kind="stable")
    x, y = places["x"].to_numpy(), places["y"].to_numpy()
    lacking = best_class(signal, x, y, study.in_service(), study) == SignalClass.NONE
    places = places[lacking & ~not_modelled(signal, layers.terrain_m, x, y, study.in_service())]

    village = places["village"].to_numpy(dtype=np.int64)
    households = places["households"].to_numpy(dtype=np.int64)
    dead = status[village] == "dead"
    programme = villages["programme"].astype("boolean").fillna(False).to_numpy(dtype=bool)[village]
    planning = study.planning
    weight = households * np.where(dead, planning.weight_dead, planning.weight_weak)
    weight = weight * np.where(programme, planning.weight_programme, 1.0)
    return Demand(places["x"].to_numpy(), places["y"].to_numpy(), households, village, dead, weight)


def _housing(housing: gpd.GeoDataFrame | None, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    if housing is None:
        return _places([], [], [], [])
    village = pd.Index(villages["village_id"]).get_indexer(housing["village_id"])
    known = housing[village >= 0]
    return _places(known.geometry.x, known.geometry.y, known["households"], village[village >= 0])


def _centres(housing: gpd.GeoDataFrame | None, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the centres that stand for a whole village because no housing does."""
    alone = np.isfinite(villages.geometry.x.to_numpy()) & np.isfinite(villages.geometry.y.to_numpy())
    if housing is not None:
        placed = housing["village_id"][housing["households"].to_numpy(dtype=float, na_value=0.0) > 0]
        alone &= ~villages["village_id"].isin(placed).to_numpy()
    lone = villages[alone]
    return _places(lone.geometry.x, lone.geometry.y, lone["households"], np.flatnonzero(alone))


def _places(x: object, y: object, households: object, village: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "x": np.asarray(x, dtype=float),
            "y": np.asarray(y, dtype=float),
            "households": pd.Series(households, dtype="Float64").fillna(0).to_numpy(dtype=float),
            "village": np.asarray(village, dtype=np.int64),
        }
    )
