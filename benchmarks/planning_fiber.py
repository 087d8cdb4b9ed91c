"""Fiber trees against networkx's and the best possible: `python -m benchmarks.planning_fiber`."""

import datetime
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import networkx as nx
import numpy as np
from networkx.algorithms.approximation import steiner_tree
from scipy.spatial import Delaunay

from benchmarks.machine import describe
from coverage.layers import read_layers
from coverage.places.fiber_access import fiber_access
from coverage.planning.fiber import plan_fiber_with_totals
from coverage.planning.fiber_targets import fiber_targets
from coverage.planning.ground import shapes_of
from coverage.planning.steiner import best_tree
from coverage.planning.steiner_bound import most_worth
from coverage.planning.steiner_exact import exact_options, is_few
from coverage.planning.steiner_graph import ROOT, Graph, reduce
from coverage.planning.steiner_search import cheap_tree
from coverage.planning.steiner_tree import hang, in_best_order
from coverage.planning.trench import plan_trenches
from coverage.study import load_study

SEEDS = range(10)
SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
INSTANCES = ((60, 6), (60, 10), (300, 30), (1_000, 100), (3_000, 300))
"""Junctions and targets of made road networks."""
_PROVEN = 400
"""Junctions up to which the bound of the linear programme is asked for."""


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def as_networkx(graph: Graph) -> nx.Graph:
    """Return a graph with its costs as weights; of parallel edges the cheapest."""
    found = nx.Graph()
    for edge in np.argsort(-graph.cost, kind="stable").tolist():
        found.add_edge(*graph.ends_of[edge], weight=float(graph.cost[edge]))
    return found


def roads(seed: int, junctions: int, targets: int) -> Graph:
    """Return junctions strewn over a square and joined like roads, some of them targets; the first is the root."""
    random = np.random.default_rng(seed)
    xy = random.random((junctions, 2)) * 100
    corners = Delaunay(xy).simplices
    sides = np.unique(np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0)
    whole = nx.Graph(sides.tolist())
    for one, other in whole.edges:
        whole[one][other]["weight"] = float(np.hypot(*(xy[one] - xy[other])))
    needed = {tuple(sorted(pair)) for pair in nx.minimum_spanning_tree(whole).edges}
    kept = [pair for pair in map(tuple, sides.tolist()) if pair in needed or random.random() < 0.5]
    ends = np.array(kept)
    cost = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T) * random.uniform(1, 1.5, len(ends))
    prize = np.zeros(junctions)
    prize[1 + random.choice(junctions - 1, targets, replace=False)] = random.integers(10, 120, targets)
    return Graph(prize, ends, cost, cost)


def against_networkx(junctions: int, targets: int) -> str:
    """Return a row: one size of made networks."""
    longer: dict[str, list[float]] = {"kou": [], "mehlhorn": []}
    slower: dict[str, list[float]] = {"kou": [], "mehlhorn": []}
    missed, seconds = [], []
    for seed in SEEDS:
        whole = roads(seed, junctions, targets)
        other = as_networkx(whole)

        def ours(whole: Graph = whole) -> tuple[Graph, float]:
            small = reduce(whole).graph
            return small, small.total(sorted(cheap_tree(small, small.targets)))

        (small, cost), spent = timed(ours)
        seconds.append(spent)
        for method in longer:
            theirs, theirs_s = timed(lambda m=method, g=other, w=whole: steiner_tree(g, [ROOT, *w.targets], method=m))
            longer[method].append(theirs.size("weight") / cost)
            slower[method].append(theirs_s / spent)
        if is_few(small):
            missed.append(cost / exact_options(small)[-1].cost - 1)
        elif len(small.prize) <= _PROVEN:
            missed.append(cost / (small.prize.sum() - most_worth(small, price=1.0, every=True).worth) - 1)
    said = [f"{median(longer[m]):.3f} ({min(longer[m]):.3f})" for m in longer]
    times = [f"{median(slower[m]):.2f}" for m in slower]
    gap = f"{100 * median(missed):.2f} ({100 * max(missed):.2f})" if missed else "not proven"
    kind = "exact" if targets <= 10 else "bound"
    cells = [f"{junctions:,}", str(targets), *said, *times, f"{median(seconds):.2f}", gap, kind]
    return f"| {' | '.join(cells)} |"


def sample() -> dict[str, Any]:
    """Plan the fiber of the sample; every other figure is taken on its graph."""
    study = load_study(Path())
    layers = read_layers(study)
    frame = layers.villages
    xy = np.column_stack([frame.geometry.x, frame.geometry.y])
    villages = frame.assign(fiber=fiber_access(xy, layers, study).status)
    plan_fiber_with_totals(layers, villages.iloc[:50], study)  # loads what is compiled
    plan, plan_s = timed(lambda: plan_fiber_with_totals(layers, villages, study))
    fiber = shapes_of([layers.fiber_nodes, layers.fiber_routes])
    targets = fiber_targets(layers, villages, fiber, study)
    trenches, trenches_s = timed(
        lambda: plan_trenches(
            layers.roads, targets.xy, fiber, grid=layers.grid, terrain_m=layers.terrain_m, costs=study.costs,
            longest_across_m=study.fiber.near_straight_m,
        )
    )  # fmt: skip
    whole = trenches.graph(targets.weight)
    reduced, reduce_s = timed(lambda: reduce(whole))
    small = reduced.graph
    tree, tree_s = timed(lambda: best_tree(small))
    theirs = {
        method: timed(lambda m=method: steiner_tree(as_networkx(small), [ROOT, *small.targets], method=m))
        for method in ("kou", "mehlhorn")
    }
    lines = [
        f"- graph {len(whole.prize):,} vertices, {len(whole.cost):,} edges; cut down to {len(small.prize):,} and "
        f"{len(small.cost):,} in {reduce_s:.2f} s; {len(small.targets)} targets",
        f"- tree of all targets in {tree_s:.2f} s: {tree.cost / 1000:,.1f} km of effort, gap {_percent(tree.gap)}",
        *(
            f"- networkx `steiner_tree({method})` on the small graph: {found.size('weight') / tree.cost:.4f} of its "
            f"cost, {spent / tree_s:.2f} of its time"
            for method, (found, spent) in theirs.items()
        ),
        f"- the list of {len(plan.table)} extensions in {plan_s:.1f} s, of which {trenches_s:.1f} s for the places a "
        f"trench may pass: {plan.totals.villages} villages, {plan.totals.centres} centres, "
        f"{plan.totals.households:,} households, {plan.totals.plan.length_km:.1f} km, "
        f"{plan.totals.plan.cost.central:,.0f} USD",
        *(
            f"- the same places {how}: {other.length_km:.1f} km, "
            f"{other.cost.central / plan.totals.plan.cost.central:.3f} of the cost"
            for how, other in (
                ("by a minimum spanning tree", plan.totals.spanning_tree),
                ("each by a trench of its own", plan.totals.unshared),
            )
        ),
    ]
    return {"lines": lines, "budgets": _budgets(small, tree.cost), "prefixes": _prefixes(small, tree.edges)}


def _budgets(small: Graph, total: float) -> list[str]:
    rows = []
    for share in SHARES:
        found, spent = timed(lambda b=share * total: best_tree(small, budget=b))
        rows.append(f"| {share:.0%} | {found.prize / small.prize.sum():.1%} | {_percent(found.gap)} | {spent:.2f} |")
    return rows


def _prefixes(small: Graph, edges: list[int]) -> list[str]:
    """Return what the order of the tree of all targets has joined at some costs, against the best for that cost."""
    blocks = in_best_order(small, hang(small, edges))
    cost, prize = np.cumsum([block.cost for block in blocks]), np.cumsum([block.prize for block in blocks])
    rows = []
    for number in np.unique(np.linspace(0, len(blocks) - 1, 12).astype(int)).tolist():
        best = best_tree(small, budget=float(cost[number]) * (1 + 1e-9))
        bound = f"{prize[number] / best.bound:.3f}" if best.bound else "not proven"
        rows.append(f"| {number + 1} | {prize[number]:,.0f} | {prize[number] / best.prize:.3f} | {bound} |")
    return rows


def _percent(gap: float | None) -> str:
    return "not proven" if gap is None else f"{100 * gap:.2f} %"


TEXT = """# The fiber plan

Made by `python -m benchmarks.planning_fiber` on {day:%Y-%m-%d}. Machine: {machine}, {libraries}.

## The sample

{sample}

Under a budget, as a share of what joining all costs:

| budget | of all weight joined | gap, at most | s |
|---|---|---|---|
{budgets}

The order in which the tree of all targets is built, held against the best tree for the cost of each prefix:

| extensions | weight joined | of the best found | of the bound |
|---|---|---|---|
{prefixes}

## Against networkx

Made road networks: junctions strewn over a square, a minimum spanning tree of their Delaunay triangles and half of the
other sides; {seeds} of each size. Lengths and times of networkx's `steiner_tree` over ours, both from the whole graph:
medians, in brackets the worst for us. Ours is the local search alone, without the exact answer that the plan takes
where targets are few. The last columns: how much longer it is than the shortest, or than the bound of the linear
programme; median, in brackets the worst.

| junctions | targets | length, kou | length, mehlhorn | time, kou | time, mehlhorn | ours, s | longer by, % | than |
|---|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure, and write planning_fiber.md."""
    found = sample()
    for part in found.values():
        print("\n".join(part), flush=True)
    rows = []
    for junctions, targets in INSTANCES:
        rows.append(against_networkx(junctions, targets))
        print(rows[-1], flush=True)
    libraries = ", ".join(f"{name} {version(name)}" for name in ("scipy", "networkx"))
    text = TEXT.format(
        day=datetime.date.today(), machine=describe(), libraries=libraries, seeds=len(SEEDS),
        sample="\n".join(found["lines"]),
        budgets="\n".join(found["budgets"]), prefixes="\n".join(found["prefixes"]), rows="\n".join(rows),
    )  # fmt: skip
    Path(__file__).with_name("planning_fiber.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
