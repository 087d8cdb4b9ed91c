"""Backhaul: the ways in which a site could be joined to the network, and the relays that several may share."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from coverage.planning.candidates import Candidates
from coverage.planning.costs import Backhaul, Usd, hop_usd, price
from coverage.planning.hops import Masts, clear_hops
from coverage.planning.relay import Relays, detours, possible_relays
from coverage.planning.spur import fiber_spurs
from coverage.result import Layers
from coverage.study import Study

_ENDS_TRIED = 24
"""Nearest ends looked at per site: on a knoll one of them is in sight, in a gorge more would not help."""
_SAME_PLACE_KM = 0.05
"""A mast this near to one with transmission shares it: a cable across the yard."""


@dataclass(frozen=True)
class Ways:
    """The ways into the network of some candidates."""

    ways: list[list[Backhaul]]
    """Per candidate at least one, the cheapest without a relay first; no way costs as much as one that needs less."""
    relays: Relays
    """All that a way needs."""

    def cheapest(self) -> list[Backhaul]:
        """Return each candidate's cheapest way by central cost, as if it alone paid for its relay."""
        number = self.relays.numbers()

        def alone(way: Backhaul) -> Backhaul:
            return way if way.relay is None else replace(way, cost=way.cost + self.relays.usd(number[way.relay]))

        return [min(map(alone, few), key=lambda way: way.cost.central) for few in self.ways]


def backhauls(candidates: Candidates, positions: pd.DataFrame, layers: Layers, study: Study) -> Ways:
    """
    Find the ways in which each candidate could be joined to the network.

    Parameters
    ----------
    candidates
        On the terrain.
    positions
        Existing positions as `existing_positions` sums them up.
    layers
        Fiber, roads and terrain.
    study
        Prices, and the microwave band, its clearance and its longest hop.

    Returns
    -------
    Ways
        `existing` where the position has transmission, or stands beside one that has. Else the cheaper of a fiber spur
        and a hop to the nearest mast with transmission in sight; and hops through a relay where those cost less than
        that, the relay left aside. `unknown`, at no cost, where there is nothing.

        A standing mast without transmission that others use as a relay shares its hop with them: it relays for itself.
    """
    connected = positions["connected"].to_numpy(dtype=bool)
    there = positions[connected]
    ends = Masts(
        there.index.to_numpy(dtype=object), *(there[name].to_numpy(dtype=float) for name in ("x", "y", "height_m"))
    )
    plain = _without_relay(candidates, ends, layers, study)
    plain_usd = np.array([np.inf if way.kind == "unknown" else way.cost.central for way in plain], dtype=float)
    relays = possible_relays(candidates, positions, ends, layers, study)
    found = detours(candidates, plain_usd, relays, layers, study)
    used = np.unique(found.relay)
    number_of = {str(relays.relay_id[relay]): int(relay) for relay in used}
    ways: list[list[Backhaul]] = []
    for way, site_id, kind in zip(plain, candidates.site_id, candidates.kind, strict=True):
        relay = number_of.get(str(site_id)) if kind == "upgrade" and way.kind != "existing" else None
        own = [] if relay is None else [_through(relays, relay, 0.0, Usd())]
        keeps = way.kind == "fiber" or not own
        ways.append([way] * keeps + own)
    for number, relay, km in zip(found.candidate, found.relay, found.length_km, strict=True):
        ways[number].append(_through(relays, int(relay), float(km), hop_usd(float(km), study.costs)))
    ways = [[way for way in few if way.kind != "unknown"] or few for few in ways]
    return Ways(ways, relays.take(used))


def _without_relay(candidates: Candidates, ends: Masts, layers: Layers, study: Study) -> list[Backhaul]:
    """Return each candidate's cheapest way without a relay; `unknown` where there is none."""
    starts = Masts(candidates.site_id, candidates.x_m, candidates.y_m, candidates.height_m)
    to, length_km = clear_hops(starts, ends, layers, study, tried=_ENDS_TRIED).first(len(candidates))
    spurs = fiber_spurs(candidates.x_m, candidates.y_m, layers, study)
    linked = set(ends.mast_id)
    found = []
    for number, (site_id, kind) in enumerate(zip(candidates.site_id, candidates.kind, strict=True)):
        km, via = float(length_km[number]), str(ends.mast_id[to[number]]) if to[number] >= 0 else None
        few = []
        if kind == "upgrade" and site_id in linked:
            few.append(Backhaul("existing"))
        elif km <= _SAME_PLACE_KM:
            few.append(Backhaul("existing", via=via))
        elif spurs is not None:
            cost = price(study.costs.fiber_usd_per_km) * (float(spurs.effort_m[number]) / 1000)
            few.append(Backhaul("fiber", float(spurs.length_m[number]) / 1000, str(spurs.via[number]), cost))
        if via is not None:
            few.append(Backhaul("microwave", km, via, hop_usd(km, study.costs)))
        found.append(min(few, key=lambda way: way.cost.central, default=Backhaul("unknown")))
    return found


def _through(relays: Relays, relay: int, length_km: float, cost: Usd) -> Backhaul:
    """Return the way through a relay to which a hop is so long and costs so much."""
    whole_km = length_km + float(relays.length_km[relay])
    return Backhaul("microwave", whole_km, str(relays.via[relay]), cost, str(relays.relay_id[relay]))
