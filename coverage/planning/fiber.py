"""Fiber: which villages to connect next, over which trench, in the order of households per cost."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.columns import FIBER_PLAN
from coverage.planning.costs import price
from coverage.planning.ground import shapes_of
from coverage.planning.tables import as_table
from coverage.planning.trench import Trenches, as_lines, plan_trenches
from coverage.progress import Progress, Silent
from coverage.result import Layers
from coverage.study import Study


@dataclass(frozen=True)
class Extension:
    """A trench that would join one village, and others on its way, to the network."""

    goal: int
    """Node of the village at its far end."""
    joined: tuple[int, ...]
    """Nodes of all villages it would connect, the goal first."""
    branches: tuple[tuple[int, int], ...]
    """Villages beside the trench, and where on it they branch off."""
    households: int
    effort_m: float
    length_m: float
    span_m: float
    """Length from the network to the goal, branches left aside."""

    @property
    def ratio(self) -> float:
        """Households per metre of effort."""
        return self.households / self.effort_m if self.effort_m > 0 else math.inf


def plan_fiber(
    layers: Layers, villages: gpd.GeoDataFrame, study: Study, *, progress: Progress | None = None
) -> gpd.GeoDataFrame:
    """
    Rank extensions of the fiber network to villages without it, by households connected per cost.

    Each extension takes the cheapest trench to one village, along roads and across country, and on its way connects the
    villages that this makes it cheaper per household to connect at once. What is built belongs to the network, so that
    the next extension starts from it: a shared trench is paid once.

    Parameters
    ----------
    layers
        Fiber nodes and routes; roads and terrain.
    villages
        As assessed; those `near` or `unserved` are to be connected.
    study
        `planning.fiber_extensions`, `fiber_budget_usd`, `max_span_km`, and prices.
    progress
        Told of every extension.

    Returns
    -------
    GeoDataFrame
        Columns of `columns.FIBER_PLAN`, `village_ids` in the order of `villages`, and the trench as lines in the CRS of
        the grid. Empty without fiber to start from, or where nobody can be connected.
    """
    fiber = shapes_of([layers.fiber_nodes, layers.fiber_routes])
    located = np.isfinite(villages.geometry.x.to_numpy()) & np.isfinite(villages.geometry.y.to_numpy())
    targets = villages[villages["fiber"].isin(("near", "unserved")).to_numpy() & located]
    if len(fiber) == 0 or targets.empty:
        return as_table(FIBER_PLAN, {}, [], layers)
    households = targets["households"].astype("Int64").fillna(0).to_numpy(dtype=np.int64)
    with (progress or Silent()).step("fiber", min(study.planning.fiber_extensions, len(targets))) as advance:
        trenches = plan_trenches(
            layers.roads,
            np.column_stack([targets.geometry.x, targets.geometry.y]),
            fiber,
            grid=layers.grid,
            terrain_m=layers.terrain_m,
            costs=study.costs,
            longest_across_m=study.fiber.near_straight_m,
        )
        built = _extend(trenches, households, targets["village_id"].tolist(), study, advance)
    per_km = price(study.costs.fiber_usd_per_km)
    ids, names, codes = (targets[column].to_numpy(dtype=object) for column in ("village_id", "name", "commune_code"))
    rows = [np.array(extension.joined) - trenches.first_village for extension, _ in built]
    costs = [per_km * (extension.effort_m / 1000) for extension, _ in built]
    table = {
        "rank": range(1, len(built) + 1),
        "villages": ["; ".join(str(name) for name in names[row]) for row in rows],
        "village_ids": ["; ".join(str(village_id) for village_id in ids[row]) for row in rows],
        "households": [extension.households for extension, _ in built],
        "length_km": [extension.length_m / 1000 for extension, _ in built],
        "cost_low_usd": [cost.low for cost in costs],
        "cost_central_usd": [cost.central for cost in costs],
        "cost_high_usd": [cost.high for cost in costs],
        "cost_per_household_usd": [
            cost.central / extension.households for cost, (extension, _) in zip(costs, built, strict=True)
        ],
        "commune_code": [codes[row[0]] for row in rows],
    }
    return as_table(FIBER_PLAN, table, [line for _, line in built], layers)


def _extend(
    trenches: Trenches, households: NDArray[np.int64], ids: Sequence[str], study: Study, advance: Callable[[int], None]
) -> list[tuple[Extension, shapely.Geometry]]:
    """Build the best extension again and again; return each with its line."""
    planning, usd_per_m = study.planning, study.costs.fiber_usd_per_km.central / 1000
    left = math.inf if planning.fiber_budget_usd is None else planning.fiber_budget_usd
    first = trenches.first_village
    waiting = {first + number: int(count) for number, count in enumerate(households) if count > 0}
    beside = _beside_roads(trenches, waiting)
    offers = {goal: _offer(trenches, goal, waiting, beside) for goal in waiting}
    built: list[tuple[Extension, shapely.Geometry]] = []
    while len(built) < planning.fiber_extensions:
        possible = [
            offer
            for offer in offers.values()
            if offer.span_m <= 1000 * planning.max_span_km and offer.effort_m * usd_per_m <= left
        ]
        if not possible:
            break
        best = min(possible, key=lambda offer: (-offer.ratio, -offer.households, ids[offer.goal - first]))
        nodes = [*trenches.way(best.goal), *(village for village, _ in best.branches)]
        segments = trenches.segments(best.goal) + [trenches.segment(*branch) for branch in best.branches]
        built.append((best, as_lines(segments)))
        left -= best.effort_m * usd_per_m
        changed = trenches.build(nodes)
        for village in best.joined:
            del waiting[village], offers[village]
        for goal, offer in offers.items():
            if goal in changed or not waiting.keys() >= set(offer.joined):
                offers[goal] = _offer(trenches, goal, waiting, beside)
        advance(1)
    return built


def _beside_roads(trenches: Trenches, villages: Iterable[int]) -> dict[int, list[tuple[int, float]]]:
    """Return, per node of a road, the villages that would leave the road there, and their effort from it."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for village in villages:
        for node, effort_m in trenches.neighbours[village]:
            if node < trenches.first_village:
                beside.setdefault(node, []).append((village, effort_m))
    return beside


def _offer(
    trenches: Trenches, goal: int, waiting: Mapping[int, int], beside: Mapping[int, list[tuple[int, float]]]
) -> Extension:
    """Return the extension to a village as the network stands."""
    nodes = list(trenches.way(goal))
    joined = [node for node in nodes if node in waiting]
    households, effort_m = sum(waiting[node] for node in joined), float(trenches.effort_m[goal])
    span_m = length_m = sum(math.dist(*segment) for segment in trenches.segments(goal))
    near = {
        (village, node): more_m
        for node in nodes
        for village, more_m in beside.get(node, [])
        if village in waiting and village not in joined
    }
    branches = []
    for (village, node), more_m in sorted(near.items(), key=lambda item: (item[1] / waiting[item[0][0]], item[0])):
        if waiting[village] * effort_m <= households * more_m:  # it would not raise households per effort
            break
        branches.append((village, node))
        households, effort_m = households + waiting[village], effort_m + more_m
        length_m += math.dist(*trenches.segment(village, node))
    joined += [village for village, _ in branches]
    return Extension(goal, tuple(joined), tuple(branches), households, effort_m, length_m, span_m)
