"""Bids: every candidate with each of its ways into the network, and what it would take."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.planning.backhaul import backhauls
from coverage.planning.candidates import Candidates, helped, hosts
from coverage.planning.costs import Backhaul, SiteCost, site_cost
from coverage.planning.demand import Demand
from coverage.planning.gather import who_builds
from coverage.planning.greedy import Pick
from coverage.planning.options import Options
from coverage.planning.relay import Relays
from coverage.planning.surroundings import Surroundings, surroundings
from coverage.result import Layers
from coverage.study import Study


@dataclass(frozen=True)
class Bids:
    """What could be built; lists of one entry per bid, arrays of candidates by their number."""

    candidates: Candidates
    around: Surroundings
    operators: list[tuple[str, ...]]
    """[candidates] whose networks each would help."""
    hosts: list[tuple[str, ...]]
    """[candidates] whose mast each goes on, where the operator has nothing there yet."""
    candidate: NDArray[np.int64]
    """[bids] the number of the candidate."""
    backhauls: list[Backhaul]
    costs: list[SiteCost]
    """Without the relay."""
    relays: Relays

    def options(self, reach: csr_array, demand: Demand, decided: frozenset[str]) -> Options:
        """
        Return the bids as options to choose from.

        Parameters
        ----------
        reach
            [candidates, places] of bool.
        demand
            The places and their weights.
        decided
            Positions that are built whatever they serve: each by the bid that serves most, of equals the cheapest.
        """
        position = self.candidates.site_id[self.candidate].tolist()
        number_of = self.relays.numbers()
        relay = np.array([-1 if way.relay is None else number_of[way.relay] for way in self.backhauls], dtype=np.int64)
        using = np.flatnonzero(relay >= 0)
        served = reach[self.candidate]
        options = Options(
            reach=served,
            weight=demand.weight,
            cost_usd=np.array([cost.total.central for cost in self.costs], dtype=float),
            position=position,
            needs=csr_array(
                (np.ones(len(using), dtype=bool), (using, relay[using])), shape=(len(position), len(self.relays))
            ),
            item_cost_usd=np.asarray(self.relays.central_usd, dtype=float),
        )
        weight = served @ demand.weight
        best: dict[str, int] = {}
        for bid, name in enumerate(position):
            if name in decided:
                rank = (-weight[bid], options.total_usd([bid]))
                if name not in best or rank < (-weight[best[name]], options.total_usd([best[name]])):
                    best[name] = bid
        locked = np.zeros(len(position), dtype=bool)
        locked[list(best.values())] = True
        return replace(options, locked=locked)

    def cost_of(self, pick: Pick) -> SiteCost:
        """Return what a pick adds to the cost of those before it, the relays that it is the first to use included."""
        cost = self.costs[pick.option]
        return replace(cost, total=sum((self.relays.usd(int(item)) for item in pick.items), start=cost.total))


def bids_of(candidates: Candidates, positions: pd.DataFrame, layers: Layers, study: Study) -> Bids:
    """
    Find what each candidate would take.

    Parameters
    ----------
    candidates
        On the terrain.
    positions
        Existing positions as `existing_positions` sums them up.
    layers, study
        What tells of access, power and backhaul, and what they cost.
    """
    around = surroundings(candidates, layers, study.costs)
    ways = backhauls(candidates, positions, layers, study)
    candidate = np.repeat(np.arange(len(candidates)), [len(few) for few in ways.ways])
    joined = [way for few in ways.ways for way in few]
    costs = [
        site_cost(
            str(candidates.kind[number]),
            around.roads[number],
            around.lines[number],
            way,
            study.costs,
            height_m=float(candidates.height_m[number]),
            leased=bool(candidates.leased[number]),
        )
        for number, way in zip(candidate, joined, strict=True)
    ]
    operators = helped(candidates, positions, who_builds(positions, study))
    return Bids(candidates, around, operators, hosts(candidates, positions), candidate, joined, costs, ways.relays)
