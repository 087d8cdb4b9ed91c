"""Demand: the households without signal that something new could serve."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.classes import SignalClass
from coverage.places.levels import best_class, not_modelled
from coverage.places.settlement import Settlement, settle
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


def unserved(
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    settlement: Settlement | None = None,
) -> Demand:
    """
    Find the households of dead and weak villages that no technology in service reaches.

    Households lie where `settle` places them, in whole numbers; those of a village of which nothing is known but its
    centre lie there. A place where nothing is modelled has no signal if it lies on the terrain, for then it is beyond
    the reach of every mast; a place off the terrain, or with a void on the way from a mast in reach, is left out, as
    nothing can be claimed.

    Parameters
    ----------
    layers
        The villages and what tells where their households live, and terrain.
    signal
        Levels on the grid.
    villages
        As assessed, in the order of the layer: status, households, programme, and the centre as geometry.
    study
        Technologies in service, thresholds and weights.
    settlement
        Where the households live, where that is known already.

    Returns
    -------
    Demand
        In the order of the villages, then of their places. Villages whose number of households is unknown are left out.
    """
    status = villages["status"].to_numpy()
    wanted = np.isin(status, ("dead", "weak"))
    places = _places(settlement or settle(layers, study), villages)
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


def _places(settlement: Settlement, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return every place with its village and whole households; the centre stands for a village without places."""
    points = settlement.points[settlement.counted[settlement.points["village"]]]
    # Rounded as they add up, so that a village's whole number stays whole and no corner of it has them all.
    whole = np.diff(np.rint(np.cumsum(points["households"].to_numpy())), prepend=0.0)
    known = {"x": points["x_m"], "y": points["y_m"], "households": whole, "village": points["village"]}
    x, y = villages.geometry.x.to_numpy(), villages.geometry.y.to_numpy()
    alone = np.isfinite(x) & np.isfinite(y)
    alone[settlement.points["village"].unique()] = False
    households = villages["households"].astype("Float64").fillna(0).to_numpy(dtype=float)
    lone = {"x": x[alone], "y": y[alone], "households": households[alone], "village": np.flatnonzero(alone)}
    return pd.concat([pd.DataFrame(known), pd.DataFrame(lone)])
