"""Fiber: which villages and commune centres to join next, over which trench, in the order of households per cost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.columns.plans import FIBER_PLAN
from coverage.places.fiber_access import distance_to
from coverage.planning.costs import Usd, price
from coverage.planning.fiber_targets import Targets, fiber_targets
from coverage.planning.fiber_totals import FiberTotals, Trenching, spanning_tree, ways_from_root
from coverage.planning.ground import shapes_of
from coverage.planning.steiner import Choice, best_tree
from coverage.planning.steiner_graph import Reduced, reduce
from coverage.planning.steiner_tree import hang, in_best_order, in_spans
from coverage.planning.tables import as_table
from coverage.planning.trench import as_lines, plan_trenches
from coverage.progress import Progress, Silent
from coverage.result import Layers
from coverage.study import Study


@dataclass(frozen=True)
class FiberPlan:
    """Ranked extensions of the fiber network, and what they come to."""

    table: gpd.GeoDataFrame
    """Columns of `columns.FIBER_PLAN`, `village_ids`, and the trench as lines in the CRS of the grid."""
    totals: FiberTotals


@dataclass(frozen=True)
class _Extension:
    """Part of the tree that is built at once."""

    places: list[int]
    """Targets that it joins, most households first."""
    line: shapely.Geometry
    length_km: float
    cost: Usd


def plan_fiber(
    layers: Layers,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    progress: Progress | None = None,
    ranked_sites: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the table of `plan_fiber_with_totals`."""
    return plan_fiber_with_totals(layers, villages, study, progress=progress, ranked_sites=ranked_sites).table


def plan_fiber_with_totals(
    layers: Layers,
    villages: gpd.GeoDataFrame,
    study: Study,
    *,
    progress: Progress | None = None,
    ranked_sites: gpd.GeoDataFrame | None = None,
) -> FiberPlan:
    """
    Rank extensions of the fiber network to villages and commune centres without it, by households per cost.

    First the tree of trenches is chosen that joins the most households for the budget (without one: everybody, for the
    least), so that a shared trench is paid once. Then it is cut into extensions, in the order that has joined the most
    at every cost: each starts at the network as it stands after those before it.

    Parameters
    ----------
    layers
        Fiber nodes and routes; roads and terrain; communes with their centres.
    villages
        As assessed; those `near` or `unserved` are to be joined.
    study
        `planning.fiber_extensions`, `fiber_budget_usd`, `max_span_km`, `weight_centre_households`, and prices.
    progress
        Told of every extension.
    ranked_sites
        Planned masts as `rank_sites` returns them, to tell which of them an extension would feed.

    Returns
    -------
    FiberPlan
        Empty without fiber to start from, or where nobody can be joined.
    """
    fiber = shapes_of([layers.fiber_nodes, layers.fiber_routes])
    if len(fiber) == 0:
        return FiberPlan(as_table(FIBER_PLAN, {}, [], layers), FiberTotals())
    targets = fiber_targets(layers, villages, fiber, study)
    if len(targets) == 0:
        return FiberPlan(as_table(FIBER_PLAN, {}, [], layers), FiberTotals(left_out=targets.left_out))
    with (progress or Silent()).step("fiber", min(study.planning.fiber_extensions, len(targets))) as advance:
        trenches = plan_trenches(
            layers.roads,
            targets.xy,
            fiber,
            grid=layers.grid,
            terrain_m=layers.terrain_m,
            costs=study.costs,
            longest_across_m=study.fiber.near_straight_m,
        )
        small = reduce(trenches.graph(targets.weight))
        places_at: dict[int, list[int]] = {}
        for place, vertex in enumerate(small.vertex[1 + trenches.first_target :].tolist()):
            places_at.setdefault(vertex, []).append(place)
        usd_per_m = study.costs.fiber_usd_per_km.central / 1000
        budget = study.planning.fiber_budget_usd if usd_per_m > 0 else None
        choice = best_tree(
            small.graph,
            budget=None if budget is None else budget / usd_per_m,
            span_m=1000 * study.planning.max_span_km,
        )
        extensions = [
            _Extension(
                places=sorted(
                    (place for vertex in vertices for place in places_at.get(vertex, [])),
                    key=lambda place: (-targets.households[place], place),
                ),
                line=as_lines(trenches.segments(small.whole(edges))),
                length_km=float(small.graph.length_m[edges].sum()) / 1000,
                cost=price(study.costs.fiber_usd_per_km) * (small.graph.total(edges) / 1000),
            )
            for edges, vertices in _in_order(small, choice, study)
        ]
        advance(len(extensions))
    table = _table(extensions, targets, villages, layers)
    if ranked_sites is not None:
        waiting = ranked_sites[~_beside(ranked_sites, fiber, study.fiber.served_m)]
        table["feeds_sites"] = ["; ".join(ids) for ids in sites_fed(table, waiting, within_m=study.fiber.served_m)]
    return FiberPlan(table, _totals(extensions, targets, small, places_at, choice, study))


def sites_fed(extensions: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, *, within_m: float) -> list[list[str]]:
    """
    Tell which planned masts each extension would feed.

    Parameters
    ----------
    extensions
        Lines in the order in which they are built.
    sites
        Points with a `site_id`, in the same CRS.
    within_m
        Longest drop from a trench to a mast, m.

    Returns
    -------
    list of list of str
        Per extension, ids in the order of `sites`; each site at the first extension that comes near enough.

    Raises
    ------
    ValueError
        The two are in different CRSs.
    """
    if extensions.crs != sites.crs:
        raise ValueError(f"extensions are in {extensions.crs}, sites in {sites.crs}; bring them to one CRS")
    fed: list[list[str]] = [[] for _ in range(len(extensions))]
    tree = shapely.STRtree(extensions.geometry.to_numpy())
    site, line = tree.query(sites.geometry.to_numpy(), predicate="dwithin", distance=within_m)
    first: dict[int, int] = {}
    for number, extension in zip(site.tolist(), line.tolist(), strict=True):
        first[number] = min(extension, first.get(number, extension))
    ids = sites["site_id"].to_numpy(dtype=object)
    for number in sorted(first):
        fed[first[number]].append(str(ids[number]))
    return fed


def _beside(sites: gpd.GeoDataFrame, fiber: NDArray[np.object_], within_m: float) -> NDArray[np.bool_]:
    """Tell which sites have fiber beside them already."""
    return distance_to(np.column_stack([sites.geometry.x, sites.geometry.y]), fiber) <= within_m


def _in_order(small: Reduced, choice: Choice, study: Study) -> list[tuple[list[int], list[int]]]:
    """Return edges and vertices of every extension in the order in which to build them, as many as are asked for."""
    tree = hang(small.graph, choice.edges)
    blocks = in_best_order(small.graph, tree)
    parts = in_spans(small.graph, tree, blocks, 1000 * study.planning.max_span_km)
    return [
        ([tree.edge[position] for position in part], [tree.vertex[position] for position in part])
        for part in parts[: study.planning.fiber_extensions]
    ]


def _table(
    extensions: Sequence[_Extension], targets: Targets, villages: gpd.GeoDataFrame, layers: Layers
) -> gpd.GeoDataFrame:
    ids, names, codes = (villages[column].to_numpy(dtype=object) for column in ("village_id", "name", "commune_code"))
    centre_codes, centre_names = (layers.communes[column].to_numpy(dtype=object) for column in ("code", "name"))
    nobody = np.zeros(0, dtype=np.int64)
    rows = [np.concatenate([nobody, *(targets.villages[place] for place in one.places)]) for one in extensions]
    centres = [np.concatenate([nobody, *(targets.centres[place] for place in one.places)]) for one in extensions]
    households = [int(targets.households[one.places].sum()) for one in extensions]

    def listed(values: NDArray[np.object_], chosen: list[NDArray[np.int64]]) -> list[str]:
        return ["; ".join(str(value) for value in values[row]) for row in chosen]

    table = {
        "rank": range(1, len(extensions) + 1),
        "villages": listed(names, rows),
        "village_ids": listed(ids, rows),
        "households": households,
        "length_km": [one.length_km for one in extensions],
        "cost_low_usd": [one.cost.low for one in extensions],
        "cost_central_usd": [one.cost.central for one in extensions],
        "cost_high_usd": [one.cost.high for one in extensions],
        "cost_per_household_usd": [
            one.cost.central / count if count else None for one, count in zip(extensions, households, strict=True)
        ],
        "commune_code": [
            codes[row[0]] if len(row) else centre_codes[centre[0]] for row, centre in zip(rows, centres, strict=True)
        ],
        "villages_gained": [len(row) for row in rows],
        "centres": listed(centre_names, centres),
        "centres_gained": [len(centre) for centre in centres],
    }
    return as_table(FIBER_PLAN, table, [one.line for one in extensions], layers)


def _totals(
    extensions: Sequence[_Extension],
    targets: Targets,
    small: Reduced,
    places_at: dict[int, list[int]],
    choice: Choice,
    study: Study,
) -> FiberTotals:
    per_km = price(study.costs.fiber_usd_per_km)

    def trenching(length_m: float, effort_m: float) -> Trenching:
        return Trenching(length_m / 1000, per_km * (effort_m / 1000))

    joined = sorted(place for one in extensions for place in one.places)
    missing = set(range(len(targets))).difference(joined)
    vertices = [vertex for vertex, places in places_at.items() if not missing.issuperset(places)]
    lengths_m, efforts_m = ways_from_root(small.graph, small.graph.targets)
    asked = np.isin(small.graph.targets, vertices)
    return FiberTotals(
        villages=sum(len(targets.villages[place]) for place in joined),
        centres=sum(len(targets.centres[place]) for place in joined),
        households=int(targets.households[joined].sum()),
        plan=Trenching(math.fsum(one.length_km for one in extensions), sum((one.cost for one in extensions), Usd())),
        spanning_tree=trenching(*spanning_tree(small.graph, vertices)),
        unshared=trenching(float(lengths_m[asked].sum()), float(efforts_m[asked].sum())),
        gap=choice.gap,
        cheapest_usd=(per_km * (float(efforts_m.min()) / 1000)).central if len(efforts_m) else None,
        left_out={
            **targets.left_out,
            "not_in_plan": sum(len(targets.villages[place]) + len(targets.centres[place]) for place in missing),
        },
    )
