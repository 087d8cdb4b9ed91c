"""Hops: microwave paths that keep clear of the terrain, and how clear is enough."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coverage.planning.ground import Floats, clearance
from coverage.radio.fresnel import LOW_K, MEDIAN_K
from coverage.result import Layers
from coverage.study import Study


@dataclass(frozen=True)
class Masts:
    """What a hop starts from or ends at; arrays of one entry per mast."""

    mast_id: NDArray[np.object_]
    x_m: Floats
    """In the CRS of the grid."""
    y_m: Floats
    height_m: Floats
    """Antenna above ground."""

    def __len__(self) -> int:
        return len(self.mast_id)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Masts":
        """Return some of the masts, by number or mask."""
        return Masts(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class Hops:
    """Clear paths; arrays of one entry per path, sorted by start, of one start the shortest first."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length_km: Floats

    def first(self, starts: int) -> tuple[NDArray[np.int64], Floats]:
        """Return the end of each start's shortest path, -1 where there is none, and its length, inf there."""
        to, length_km = np.full(starts, -1, dtype=np.int64), np.full(starts, np.inf)
        which, path = np.unique(self.start, return_index=True)
        to[which], length_km[which] = self.end[path], self.length_km[path]
        return to, length_km


def keeps_clear(median_f1: Floats, low_f1: Floats, *, least_f1: float) -> NDArray[np.bool_]:
    """
    Tell which paths keep clear enough of the ground for a microwave hop without diversity.

    Parameters
    ----------
    median_f1
        [paths] clearance with k = 4/3 where it is least, in radii of the first Fresnel zone; NaN where unknown.
    low_f1
        [paths] the same with k = 2/3, when the air bends rays away from the ground.
    least_f1
        What the first must be at least; the second must be at least 0, so that the ray still grazes the ground.

    Returns
    -------
    array
        [paths] False where a clearance is unknown.

    References
    ----------
    ITU-R P.530-18, section 2.2.2: the higher antennas of those that one clearance asks at the median k, 4/3, and
    another at the k that is exceeded for 99.9 % of the worst month. The latter is 0 over a single obstacle in a
    temperate climate; that it is 0.3 along an extended one, and 0.6 in the tropics beyond some 30 km, is left to the
    design of the hop. At the median k it asks 1.0; 0.6 is where an edge costs nothing, ITU-R P.526-15, equation (31).
    """
    return (median_f1 >= least_f1) & (low_f1 >= 0)


def clear_hops(starts: Masts, ends: Masts, layers: Layers, study: Study, *, tried: int) -> Hops:
    """
    Find the hops that keep clear of the terrain, from each mast to those nearest to it.

    Parameters
    ----------
    starts, ends
        With finite coordinates.
    layers
        Terrain.
    study
        Carrier, clearance, and the longest hop.
    tried
        So many of the nearest ends are looked at for each start.

    Returns
    -------
    Hops
        Those at most `planning.microwave_max_km` long.
    """
    count = min(tried, len(ends))
    if count == 0 or len(starts) == 0:
        return Hops(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    tree = cKDTree(np.column_stack([ends.x_m, ends.y_m]))
    found = tree.query(np.column_stack([starts.x_m, starts.y_m]), k=list(range(1, count + 1)))
    length_km, end = np.asarray(found[0]).ravel() / 1000, np.asarray(found[1]).ravel().astype(np.int64)
    start = np.repeat(np.arange(len(starts)), count)
    near = length_km <= study.planning.microwave_max_km
    start, end, length_km = start[near], end[near], length_km[near]

    def room_f1(these: NDArray[np.bool_], k: float) -> Floats:
        ends_of = tuple(
            (masts.x_m[which[these]], masts.y_m[which[these]], masts.height_m[which[these]])
            for masts, which in ((starts, start), (ends, end))
        )
        room = np.full(len(start), np.nan)
        room[these] = clearance(layers.grid, layers.terrain_m, *ends_of, freq_mhz=study.planning.microwave_mhz, k=k)
        return room

    least_f1 = study.planning.microwave_clear_f1
    median_f1 = room_f1(np.ones(len(start), dtype=bool), MEDIAN_K)
    low_f1 = room_f1(median_f1 >= least_f1, LOW_K)
    clear = keeps_clear(median_f1, low_f1, least_f1=least_f1)
    return Hops(start[clear], end[clear], length_km[clear])
