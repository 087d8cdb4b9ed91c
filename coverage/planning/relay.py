"""Relays: positions from which a hop goes on where the terrain stands in the way of a direct one."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.planning.candidates import Candidates
from coverage.planning.costs import Usd, hop_usd, line_usd, price
from coverage.planning.ground import Floats, shapes_of
from coverage.planning.hops import Masts, clear_hops
from coverage.planning.surroundings import ways_to
from coverage.result import Layers
from coverage.study import Study

_ENDS_TRIED = 24
"""Nearest ends looked at per relay: on a knoll one of them is in sight, in a gorge more would not help."""
_RELAYS_TRIED = 48
"""Nearest relays looked at per site: more than of ends, as those next to a hidden site are mostly as hidden."""


@dataclass(frozen=True)
class Relays:
    """Relays, each paid once however many sites use it; arrays of one entry per relay."""

    relay_id: NDArray[np.object_]
    """A standing position without transmission, or a candidate's position."""
    x_m: Floats
    """In the CRS of the grid."""
    y_m: Floats
    height_m: Floats
    """Antenna above ground."""
    via: NDArray[np.object_]
    """Position with transmission at the far end of the hop from here."""
    length_km: Floats
    """Of that hop."""
    low_usd: Floats
    """Of that hop; and of mast and track where no mast stands."""
    central_usd: Floats
    high_usd: Floats

    def __len__(self) -> int:
        return len(self.relay_id)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Relays":
        """Return some of the relays, by number or mask."""
        return Relays(*(getattr(self, field.name)[which] for field in fields(self)))

    def numbers(self) -> dict[str, int]:
        """Return the place of each relay in the table."""
        return {str(relay_id): number for number, relay_id in enumerate(self.relay_id)}

    def usd(self, number: int) -> Usd:
        """Return what a relay costs, all who use it together."""
        return Usd(float(self.low_usd[number]), float(self.central_usd[number]), float(self.high_usd[number]))


@dataclass(frozen=True)
class Detours:
    """Hops of candidates to relays; arrays of one entry per hop, sorted by candidate, the cheapest in all first."""

    candidate: NDArray[np.int64]
    relay: NDArray[np.int64]
    length_km: Floats
    """Of the hop to the relay alone."""


def possible_relays(
    candidates: Candidates, positions: pd.DataFrame, ends: Masts, layers: Layers, study: Study
) -> Relays:
    """
    Find the positions from which a hop could go on to transmission.

    Parameters
    ----------
    candidates
        Where something new is proposed there could stand a relay instead.
    positions
        Existing positions; those without transmission have a mast for a relay.
    ends
        Masts with transmission.
    layers, study
        Terrain, roads, prices, and what a hop must keep clear.

    Returns
    -------
    Relays
        Standing positions first, then the others, each once however many options it has.
    """
    standing = positions[~positions["connected"].to_numpy(dtype=bool)]
    anew = candidates.take(np.flatnonzero(candidates.kind != "upgrade"))
    anew = anew.take(np.sort(np.unique(anew.site_id.astype(str), return_index=True)[1]))
    spots = Masts(
        np.concatenate([standing.index.to_numpy(dtype=object), anew.site_id]),
        np.concatenate([standing["x"].to_numpy(dtype=float), anew.x_m]),
        np.concatenate([standing["y"].to_numpy(dtype=float), anew.y_m]),
        np.concatenate([standing["height_m"].to_numpy(dtype=float), np.full(len(anew), study.planning.relay_height_m)]),
    )
    to, length_km = clear_hops(spots, ends, layers, study, tried=_ENDS_TRIED).first(len(spots))
    useful = np.flatnonzero(to >= 0)
    spots, to, length_km, stands = spots.take(useful), to[useful], length_km[useful], useful < len(standing)
    roads = ways_to(shapes_of([layers.roads]), spots.x_m, spots.y_m, layers)
    mast = price(study.costs.relay_usd)
    costs = []
    for number, road in enumerate(roads):
        cost = hop_usd(float(length_km[number]), study.costs)
        if not stands[number]:
            cost = cost + mast + (line_usd(road, study.costs.access_usd_per_km, study.costs) if road else Usd())
        costs.append(cost)
    usd = np.array([(cost.low, cost.central, cost.high) for cost in costs], dtype=float).reshape(-1, 3)
    return Relays(spots.mast_id, spots.x_m, spots.y_m, spots.height_m, ends.mast_id[to], length_km, *usd.T)


def detours(candidates: Candidates, plain_usd: Floats, relays: Relays, layers: Layers, study: Study) -> Detours:
    """
    Find for candidates the relay that is cheapest in all, and the one that most others could share.

    Parameters
    ----------
    candidates
        That lack transmission, or do not.
    plain_usd
        [candidates] central cost of the best way in without a relay; inf where there is none. A hop to a relay that
        costs as much is of no use, for the relay comes on top.
    relays
        Where a hop could go on.
    layers, study
        Terrain, prices, and what a hop must keep clear.

    Returns
    -------
    Detours
        At most two for each candidate. Of equals the relay that more could use, then the nearest, comes first. The
        second is left out where the hop to it alone costs what the first does with its relay.
    """
    costs = study.costs
    least_usd = min(
        hop.central for hop in (costs.microwave_short_usd, costs.microwave_medium_usd, costs.microwave_long_usd)
    )
    needing = np.flatnonzero(plain_usd > least_usd)
    starts = Masts(candidates.site_id, candidates.x_m, candidates.y_m, candidates.height_m).take(needing)
    masts = Masts(relays.relay_id, relays.x_m, relays.y_m, relays.height_m)
    hops = clear_hops(starts, masts, layers, study, tried=_RELAYS_TRIED)
    candidate, relay, length_km = needing[hops.start], hops.end, hops.length_km
    own_usd = np.array([hop_usd(float(km), costs).central for km in length_km], dtype=float)
    use = (own_usd < plain_usd[candidate]) & (relays.relay_id[relay] != candidates.site_id[candidate])
    candidate, relay, length_km, own_usd = candidate[use], relay[use], length_km[use], own_usd[use]

    total_usd = own_usd + relays.central_usd[relay]
    users = np.bincount(relay, minlength=len(relays))[relay]
    cheapest = np.lexsort((relay, length_km, -users, total_usd, candidate))
    cheapest = cheapest[np.unique(candidate[cheapest], return_index=True)[1]]
    shared = np.lexsort((relay, length_km, total_usd, -users, candidate))
    shared = shared[np.unique(candidate[shared], return_index=True)[1]]
    both = np.concatenate([cheapest, shared[own_usd[shared] < total_usd[cheapest]]])
    both = both[np.sort(np.unique(both, return_index=True)[1])]
    both = both[np.argsort(candidate[both], kind="stable")]
    return Detours(candidate[both], relay[both], length_km[both])
