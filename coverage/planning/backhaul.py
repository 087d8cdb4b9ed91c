"""Backhaul: how a new site would be joined to the network - a fiber spur, or a microwave hop with a clear path."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.planning.candidates import Candidates
from coverage.planning.costs import Backhaul, Way, hop_usd, line_usd
from coverage.planning.ground import clearance, mean_slope_deg, nearest, shapes_of
from coverage.result import Layers
from coverage.study import Study

_CLEAR = 0.6
"""Radii of the first Fresnel zone that a hop keeps clear: engineering practice; an edge then costs no signal."""
_HOPS_TRIED = 24
"""Nearest ends looked at per site: on a knoll one of them is in sight, in a gorge more would not help."""


def ways(candidates: Candidates, layers: Layers, *names: str) -> list[Way | None]:
    """Return each candidate's way to the nearest shape of some layers; None where none of them has a shape."""
    to = nearest(shapes_of([getattr(layers, name) for name in names]), candidates.x_m, candidates.y_m)
    if to is None:
        return [None] * len(candidates)
    slope_deg = mean_slope_deg(layers.grid, layers.terrain_m, candidates.x_m, candidates.y_m, to.x_m, to.y_m)
    return [Way(float(m) / 1000, float(deg)) for m, deg in zip(to.distance_m, slope_deg, strict=True)]


def backhauls(candidates: Candidates, positions: pd.DataFrame, layers: Layers, study: Study) -> list[Backhaul]:
    """
    Choose each candidate's cheapest way into the network, by central cost.

    Parameters
    ----------
    candidates
        On the terrain.
    positions
        Existing positions as `existing_positions` sums them up.
    layers
        Fiber and terrain.
    study
        Prices, and the microwave band and its longest hop.

    Returns
    -------
    list of Backhaul
        `existing` where the position is connected already; else a fiber spur in a straight line, or a hop to the
        nearest connected position in sight, if that is cheaper; `unknown` where there is neither.
    """
    connected = positions[positions["connected"]]
    spurs = ways(candidates, layers, "fiber_routes", "fiber_nodes")
    hops = _hops(candidates, connected, layers, study)
    found = []
    for site_id, kind, spur, hop in zip(candidates.site_id, candidates.kind, spurs, hops, strict=True):
        if kind == "upgrade" and positions.at[site_id, "connected"]:
            found.append(Backhaul("existing"))
            continue
        ways_in = [hop] if hop else []
        if spur is not None:
            cost = line_usd(spur, study.costs.fiber_usd_per_km, study.costs)
            ways_in.insert(0, Backhaul("fiber", spur.length_km, cost=cost))
        found.append(min(ways_in, key=lambda way_in: way_in.cost.central, default=Backhaul("unknown")))
    return found


def _hops(candidates: Candidates, ends: pd.DataFrame, layers: Layers, study: Study) -> list[Backhaul | None]:
    """Return each candidate's shortest hop with a clear path, which is also its cheapest."""
    found: list[Backhaul | None] = [None] * len(candidates)
    if ends.empty or len(candidates) == 0:
        return found
    xy = ends[["x", "y"]].to_numpy(dtype=float)
    tried = min(_HOPS_TRIED, len(ends))
    near = cKDTree(xy).query(np.column_stack([candidates.x_m, candidates.y_m]), k=list(range(1, tried + 1)))
    distance_m, end = np.asarray(near[0]), np.asarray(near[1])
    heights_m = ends["height_m"].to_numpy(dtype=float)
    of = np.repeat(np.arange(len(candidates)), tried)
    to = end.ravel()
    room = clearance(
        layers.grid,
        layers.terrain_m,
        (candidates.x_m[of], candidates.y_m[of], candidates.height_m[of]),
        (xy[to, 0], xy[to, 1], heights_m[to]),
        freq_mhz=study.planning.microwave_mhz,
    ).reshape(end.shape)
    usable = (room >= _CLEAR) & (distance_m <= 1000 * study.planning.microwave_max_km)
    for number in np.flatnonzero(usable.any(axis=1)):
        first = int(np.argmax(usable[number]))
        length_km = float(distance_m[number, first]) / 1000
        via = str(ends.index[end[number, first]])
        found[number] = Backhaul("microwave", length_km, via, hop_usd(length_km, study.costs))
    return found
