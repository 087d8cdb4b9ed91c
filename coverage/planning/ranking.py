"""Ranking: the table of sites to build, in the order of newly covered households per cost."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.columns import RANKED_SITES
from coverage.places.settlement import Settlement
from coverage.planning.backhaul import backhauls, ways
from coverage.planning.candidates import (
    Candidates,
    existing_positions,
    proposed,
    standing_ground,
    thin,
    upgrades,
)
from coverage.planning.costs import Backhaul, SiteCost, Way, site_cost
from coverage.planning.demand import Demand, unserved
from coverage.planning.reach import exact_reach, on_terrain, radius_m, rough_reach
from coverage.planning.reasons import Merit, reason
from coverage.planning.selection import Options, Pick, rank_greedily
from coverage.planning.tables import as_table
from coverage.progress import Progress, Silent
from coverage.result import Layers, Signal
from coverage.study import Study


def rank_sites(
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    progress: Progress | None = None,
    settlement: Settlement | None = None,
) -> gpd.GeoDataFrame:
    """
    Rank the sites that would newly cover the most households of dead and weak villages per cost.

    Parameters
    ----------
    layers
        Terrain, cells, and whatever there is of housing, roads, power lines, fiber and the planner's own candidates.
    signal
        Levels on the grid.
    villages
        As assessed.
    study
        `planning` and `costs`, above all.
    progress
        Told of every candidate examined.
    settlement
        Where the households live, where that is known already.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.RANKED_SITES`, `village_ids` in the order of `villages`, and points in the CRS of the grid.
        Households are those that no site ranked before it covers. Empty where nothing can be gained or afforded.

    Raises
    ------
    ModelRangeError
        A frequency or height is out of the model's range.
    """
    progress = progress or Silent()
    demand = unserved(layers, signal, villages, study, settlement=settlement)
    if len(demand) == 0:
        return as_table(RANKED_SITES, {}, [], layers)
    positions = existing_positions(layers.cells)
    with progress.step("candidates"):
        candidates = find_candidates(layers, positions, demand, study)
    reach = exact_reach(candidates, demand, layers, study, progress=progress)
    useful = np.flatnonzero(np.diff(reach.indptr) > 0)
    with progress.step("ranking"):
        bids = _price(candidates.take(useful), positions, layers, study)
        options = Options(reach[useful], demand.weight, bids.central_usd, bids.candidates.site_id.tolist())
        picks = rank_greedily(options, sites=study.planning.sites, budget_usd=study.planning.budget_usd)
        return _table(picks, bids, demand, villages, layers, study)


def find_candidates(layers: Layers, positions: pd.DataFrame, demand: Demand, study: Study) -> Candidates:
    """
    Gather the candidates that are worth an exact look: upgrades, the planner's proposals, and new positions.

    New positions are those that would roughly serve the most per rough cost (backhaul left aside), spaced from masts,
    proposals and each other, at most `planning.max_candidates`; they are called N-001 … from north to south.
    """
    planning = study.planning
    standing = upgrades(positions, planning.technology)
    wished = proposed(layers.candidates, planning.heights_m)
    standing, wished = (group.take(on_terrain(group, layers)) for group in (standing, wished))
    standing = standing.take(np.diff(rough_reach(standing, demand, layers, study).indptr) > 0)

    x, y = standing_ground(layers.grid, layers.terrain_m, demand, spacing_m=planning.spacing_m, reach_m=radius_m(study))
    ground = Candidates.of("new", [""] * len(x), x, y, np.full(len(x), max(planning.heights_m)))
    rough = rough_reach(ground, demand, layers, study)
    roads, lines = ways(ground, layers, "roads"), ways(ground, layers, "power_lines")
    rough_usd = np.array(
        [
            site_cost("new", road, line, Backhaul("existing"), study.costs).total.central
            for road, line in zip(roads, lines, strict=True)
        ]
    )
    masts = np.concatenate([positions[["x", "y"]].to_numpy(dtype=float), np.column_stack([wished.x_m, wished.y_m])])
    chosen = thin(
        x,
        y,
        (rough @ demand.weight) / np.maximum(rough_usd, 1.0),
        [np.unique(demand.village[places]) for places in np.split(rough.indices, rough.indptr[1:-1])],
        occupied=masts,
        spacing_m=planning.spacing_m,
        limit=planning.max_candidates,
    )
    taken = {str(site_id) for site_id in (*positions.index, *wished.site_id)}
    names = (name for number in range(1, len(chosen) + len(taken) + 1) if (name := f"N-{number:03d}") not in taken)
    new = ground.take(chosen).with_ids(np.array([next(names) for _ in chosen], dtype=object))
    heights = [
        Candidates(new.site_id, new.kind, new.x_m, new.y_m, np.full(len(new), height)) for height in planning.heights_m
    ]
    return Candidates.join([standing, wished, *heights])


@dataclass(frozen=True)
class _Bids:
    """Candidates with what they would take."""

    candidates: Candidates
    roads: list[Way | None]
    lines: list[Way | None]
    backhauls: list[Backhaul]
    costs: list[SiteCost]

    @property
    def central_usd(self) -> NDArray[np.float64]:
        return np.array([cost.total.central for cost in self.costs], dtype=float)


def _price(candidates: Candidates, positions: pd.DataFrame, layers: Layers, study: Study) -> _Bids:
    roads, lines = ways(candidates, layers, "roads"), ways(candidates, layers, "power_lines")
    joined = backhauls(candidates, positions, layers, study)
    costs = [
        site_cost(kind, road, line, way_in, study.costs)
        for kind, road, line, way_in in zip(candidates.kind, roads, lines, joined, strict=True)
    ]
    return _Bids(candidates, roads, lines, joined, costs)


def _table(
    picks: list[Pick], bids: _Bids, demand: Demand, villages: gpd.GeoDataFrame, layers: Layers, study: Study
) -> gpd.GeoDataFrame:
    rows: list[dict[str, object]] = []
    cumulative = 0
    ids, names = (villages[column].to_numpy(dtype=object) for column in ("village_id", "name"))
    for rank, pick in enumerate(picks, start=1):
        cost, way_in = bids.costs[pick.option], bids.backhauls[pick.option]
        road, line = bids.roads[pick.option], bids.lines[pick.option]
        households = demand.households[pick.places]
        dead = int(households[demand.dead[pick.places]].sum())
        total = int(households.sum())
        cumulative += total
        helped, where = np.unique(demand.village[pick.places], return_inverse=True)
        most_first = np.lexsort((helped, -np.bincount(where, households)))
        per_1000 = 1000 * total / cost.total.central if cost.total.central > 0 else None
        merit = Merit(
            kind=str(bids.candidates.kind[pick.option]),
            technology=study.planning.technology,
            households_dead=dead,
            households_weak=total - dead,
            per_1000_usd=per_1000,
            road_km=road.length_km if road else None,
            power_km=line.length_km if line else None,
            backhaul=way_in,
            cost=cost,
        )
        rows.append(
            {
                "rank": rank,
                "site_id": bids.candidates.site_id[pick.option],
                "kind": merit.kind,
                "height_m": bids.candidates.height_m[pick.option],
                "technology": merit.technology,
                "new_households": total,
                "new_households_dead": dead,
                "new_households_weak": total - dead,
                "cost_low_usd": cost.total.low,
                "cost_central_usd": cost.total.central,
                "cost_high_usd": cost.total.high,
                "cumulative_households": cumulative,
                "villages": "; ".join(str(names[village]) for village in helped[most_first]),
                "village_ids": "; ".join(str(ids[village]) for village in helped[most_first]),
                "households_per_1000_usd": per_1000,
                "road_km": merit.road_km,
                "power_km": merit.power_km,
                "backhaul": way_in.kind,
                "backhaul_km": way_in.length_km,
                "reason": reason(merit, study.study.language),
            }
        )
    chosen = np.array([pick.option for pick in picks], dtype=np.int64)
    x, y = bids.candidates.x_m[chosen], bids.candidates.y_m[chosen]
    points = gpd.points_from_xy(x, y)
    table: dict[str, object] = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    table["terrain_m"] = layers.grid.sample(layers.terrain_m, x, y).astype(float)
    return as_table(RANKED_SITES, table, points, layers)
