"""Ranking: the table of sites to build, and how near it stays to the best that money could buy."""

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from coverage.columns.plans import BUDGET_CURVE, CHEAPEST_COVER, RANKED_SITES, RESILIENCE
from coverage.columns.words import ANY
from coverage.errors import Problem
from coverage.places.networks import Network
from coverage.places.villages import locate
from coverage.planning.bids import Bids, bids_of
from coverage.planning.candidates import existing_positions
from coverage.planning.covering import cheapest_cover
from coverage.planning.curve import budget_curve
from coverage.planning.demand import Demand, unserved
from coverage.planning.gather import find_candidates
from coverage.planning.greedy import Pick, rank_greedily
from coverage.planning.options import Options
from coverage.planning.outcome import changes
from coverage.planning.reach import exact_reach
from coverage.planning.reasons import Merit, passes, reason
from coverage.planning.tables import as_table
from coverage.progress import Progress, Silent
from coverage.result import Layers, Signal, SitePlan
from coverage.study import Study

_STEPS = 10
"""Budgets between nothing and all that gains anything."""
_SHARES = (0.5, 0.75, 0.9, 0.95, 1.0)
"""Of what any candidate serves, that are to be had for the least money."""
_GAP = 0.001
"""Share of an optimum that may be missing: far less than prices are known by."""
_TIME_LIMIT_S = 30.0
"""For each of them; past it the gap says what is proven."""


class Ranking(NamedTuple):
    """What to build, first things first."""

    sites: gpd.GeoDataFrame
    """
    Columns of `columns.RANKED_SITES`, `village_ids` in the order of `villages`, and points in the CRS of the grid.
    Households are those that no site ranked before it covers; villages change with those before it on the air.
    """
    problems: tuple[Problem, ...]
    """What could not be planned for, and why; none of them fatal."""


def rank_sites(
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    progress: Progress | None = None,
    anyone: Network | None = None,
) -> Ranking:
    """
    Rank the sites that would newly cover the most households of dead and weak villages per cost.

    Parameters
    ----------
    layers
        Terrain, cells, and whatever there is of housing, roads, power lines, fiber and the planner's own positions.
        Those of `proposals` come first, whatever they serve.
    signal
        Levels on the grid.
    villages
        As assessed.
    study
        `planning` and `costs`, above all.
    progress
        Told of every candidate examined.
    anyone
        The villages under any operator, where that is known already.

    Returns
    -------
    Ranking
        Empty where nothing can be gained or afforded.

    Raises
    ------
    ModelRangeError
        A frequency or height is out of the model's range.
    StudyError
        The operator that builds has no cell in the sites.
    CoverageError
        The proposals cost more than the budget.
    """
    choice = _Choice(layers, signal, villages, study, progress or Silent(), anyone)
    return Ranking(choice.table(), choice.problems)


def plan_sites(
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    progress: Progress | None = None,
    anyone: Network | None = None,
) -> SitePlan:
    """
    Rank as `rank_sites` does, and find what each budget could buy at best.

    Parameters
    ----------
    layers, signal, villages, study, progress, anyone
        As `rank_sites` takes them, which says what it raises.

    Returns
    -------
    SitePlan
        Without `resilience` and `losses`, which are no matter of building.
    """
    choice = _Choice(layers, signal, villages, study, progress or Silent(), anyone)
    demand = choice.demand
    dead = int(demand.households[demand.dead].sum())
    return SitePlan(
        study=study,
        sites=choice.table(),
        budgets=choice.budgets(),
        covers=choice.covers(),
        households_dead=dead,
        households_weak=int(demand.households.sum()) - dead,
        resilience=as_table(RESILIENCE, {}, [], layers),
        problems=choice.problems,
    )


@dataclass(frozen=True)
class _Considered:
    """What could be built, and its ranking."""

    bids: Bids
    options: Options
    picks: list[Pick]


class _Choice:
    """The candidates of a study, priced, with all that is asked of them."""

    def __init__(
        self,
        layers: Layers,
        signal: Signal,
        villages: gpd.GeoDataFrame,
        study: Study,
        progress: Progress,
        anyone: Network | None,
    ) -> None:
        self.layers, self.villages, self.study, self.progress = layers, villages, study, progress
        self.anyone = anyone or Network(ANY, locate(layers, study), layers, signal, study)
        self.demand = unserved(layers, signal, villages, study, settlement=self.anyone.places.settlement)
        self.problems: tuple[Problem, ...] = ()
        self._considered = self._consider()

    def _consider(self) -> _Considered | None:
        layers, study, demand = self.layers, self.study, self.demand
        decided = frozenset() if layers.proposals is None else frozenset(map(str, layers.proposals["site_id"]))
        if len(demand) == 0 and not decided:
            return None
        positions = existing_positions(layers.cells)
        with self.progress.step("candidates"):
            found = find_candidates(layers, positions, demand, study)
            self.problems = found.problems
        candidates = found.candidates
        reach = exact_reach(candidates, demand, layers, study, progress=self.progress)
        wanted = np.isin(candidates.site_id.astype(str), list(decided))
        useful = np.flatnonzero((np.diff(reach.indptr) > 0) | wanted)
        with self.progress.step("ranking"):
            bids = bids_of(candidates.take(useful), positions, layers, study)
            options = bids.options(csr_array(reach[useful]), demand, decided)
            planning = study.planning
            return _Considered(
                bids, options, rank_greedily(options, sites=planning.sites, budget_usd=planning.budget_usd)
            )

    def budgets(self) -> pd.DataFrame:
        """Return the table of what each budget buys, by the best choice and by the ranking."""
        if self._considered is None or not self._considered.picks:
            return pd.DataFrame(columns=BUDGET_CURVE.names)
        options, planning = self._considered.options, self.study.planning
        least = options.total_usd(np.flatnonzero(options.locked).tolist())
        most = planning.budget_usd
        if most is None:
            most = options.total_usd([pick.option for pick in rank_greedily(options, sites=planning.sites)])
        steps = [max(least, most * step / _STEPS) for step in range(1, _STEPS + 1)]
        rows = []
        with self.progress.step("budgets"):
            for point in budget_curve(
                options, budgets_usd=sorted(set(steps)), sites=planning.sites, time_limit_s=_TIME_LIMIT_S, gap=_GAP
            ):
                best = point.optimum
                ranked = rank_greedily(options, sites=planning.sites, budget_usd=point.budget_usd)
                value = sum(pick.gain for pick in ranked)
                rows.append(
                    {
                        "budget_usd": point.budget_usd,
                        "sites": len(best.options),
                        "cost_usd": best.cost_usd,
                        "households": self._households(best.options),
                        "value": best.value,
                        "bound": best.bound,
                        "gap_percent": 100 * best.gap,
                        "ranking_sites": len(ranked),
                        "ranking_households": self._households([pick.option for pick in ranked]),
                        "ranking_value": value,
                        "ranking_percent": 100 * value / best.bound if best.bound > 0 else 100.0,
                    }
                )
        return pd.DataFrame(rows, columns=BUDGET_CURVE.names)

    def covers(self) -> pd.DataFrame:
        """Return the table of the cheapest choices that serve given shares of what can be served."""
        if self._considered is None or not self._considered.picks:
            return pd.DataFrame(columns=CHEAPEST_COVER.names)
        options, heads = self._considered.options, self.demand.households.astype(float)
        reachable = float(heads[np.unique(options.reach.indices)].sum())
        rows = []
        with self.progress.step("covers"):
            for share in _SHARES:
                cover = cheapest_cover(options, share=share, weight=heads, time_limit_s=_TIME_LIMIT_S, gap=_GAP)
                rows.append(
                    {
                        "percent": 100 * share,
                        "households": self._households(cover.options),
                        "reachable_households": reachable,
                        "sites": len(cover.options),
                        "cost_usd": cover.cost_usd,
                        "bound_usd": cover.bound_usd,
                        "gap_percent": 100 * cover.gap,
                    }
                )
        return pd.DataFrame(rows, columns=CHEAPEST_COVER.names)

    def _households(self, chosen: "list[int] | tuple[int, ...]") -> int:
        served = np.zeros(len(self.demand), dtype=bool)
        for option in chosen:
            served[self._considered.options.places(option)] = True  # type: ignore[union-attr]
        return int(self.demand.households[served].sum())

    def table(self) -> gpd.GeoDataFrame:
        """Return the ranking."""
        if self._considered is None:
            return as_table(RANKED_SITES, {}, [], self.layers)
        bids, picks = self._considered.bids, self._considered.picks
        rows: list[dict[str, object]] = []
        cumulative, everybody = 0, int(self.demand.households.sum())
        chosen = bids.candidate[[pick.option for pick in picks]] if picks else np.zeros(0, dtype=np.int64)
        sites = bids.candidates.take(chosen)
        lifted = changes(sites, self.anyone, self.villages, self.layers, self.study)
        for rank, (pick, change) in enumerate(zip(picks, lifted, strict=True), start=1):
            row = {**self._row(pick, bids), **change}
            cumulative += int(row["new_households"])  # type: ignore[call-overload]
            percent = 100 * cumulative / everybody if everybody else None
            rows.append({"rank": rank, **row, "cumulative_households": cumulative, "cumulative_percent": percent})
        points = gpd.points_from_xy(sites.x_m, sites.y_m)
        table: dict[str, object] = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
        table["terrain_m"] = bids.around.terrain_m[chosen]
        return as_table(RANKED_SITES, table, points, self.layers)

    def _row(self, pick: Pick, bids: Bids) -> dict[str, object]:
        demand, number = self.demand, int(bids.candidate[pick.option])
        cost, way_in = bids.cost_of(pick), bids.backhauls[pick.option]
        road, line = bids.around.roads[number], bids.around.lines[number]
        operators = bids.operators[number]
        households = demand.households[pick.places]
        dead, total = int(households[demand.dead[pick.places]].sum()), int(households.sum())
        merit = Merit(
            kind=str(bids.candidates.kind[number]),
            technology=self.study.planning.technology,
            households_dead=dead,
            households_weak=total - dead,
            per_1000_usd=1000 * total / cost.total.central if cost.total.central > 0 else None,
            road_km=road.length_km if road else None,
            power_km=line.length_km if line else None,
            backhaul=way_in,
            cost=cost,
            site_id=str(bids.candidates.site_id[number]),
            operators=() if operators == (ANY,) else operators,
            hosts=bids.hosts[number],
        )
        return {
            "site_id": merit.site_id,
            "kind": merit.kind,
            "height_m": bids.candidates.height_m[number],
            "technology": merit.technology,
            "new_households": total,
            "new_households_dead": dead,
            "new_households_weak": total - dead,
            "cost_low_usd": cost.total.low,
            "cost_central_usd": cost.total.central,
            "cost_high_usd": cost.total.high,
            **_helped(pick, demand, self.villages),
            "households_per_1000_usd": merit.per_1000_usd,
            "road_km": merit.road_km,
            "power_km": merit.power_km,
            "backhaul": way_in.kind,
            "backhaul_km": way_in.length_km,
            "reason": reason(merit, self.study.study.language),
            "slope_deg": bids.around.slope_deg[number],
            "power": cost.power,
            "access": cost.access,
            "via": passes(way_in, merit.site_id),
            "operators": "; ".join(operators),
        }


def _helped(pick: Pick, demand: Demand, villages: gpd.GeoDataFrame) -> dict[str, object]:
    """Return the villages that a pick newly serves, those with most households first."""
    helped, where = np.unique(demand.village[pick.places], return_inverse=True)
    most_first = helped[np.lexsort((helped, -np.bincount(where, demand.households[pick.places], len(helped))))]
    return {
        column: "; ".join(str(villages[name].iloc[village]) for village in most_first)
        for column, name in (("villages", "name"), ("village_ids", "village_id"))
    }
