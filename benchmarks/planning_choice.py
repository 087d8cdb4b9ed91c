"""The choice of sites: against spopt's maximal covering on the same matrix, and on a province like the sample."""

import argparse
import math
import statistics
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from benchmarks.signal_runs import apart, measured
from coverage.planning.selection import Options, best_under_budget, budget_curve, prefixes, rank_greedily
from coverage.radio import _numba

SIDE_KM, RADIUS_KM = 120.0, 6.0
SOLVERS = {"spopt, CBC": "cbc", "spopt, HiGHS": "highs"}
_LIMIT_S = 600.0
Figures = dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what may be asked for."""
    parser.add_argument("--candidates", type=int, default=3_000)
    parser.add_argument("--villages", type=int, default=3_000)
    parser.add_argument("--sites", type=int, nargs="+", default=[30, 100], help="to be chosen, one after the other")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--positions", type=int, default=1_500, help="of the province")


def versions() -> str:
    """Return those of the solvers, for the line about the machine."""
    names = ("scipy", "highspy", "spopt", "pulp")
    return "".join(f", {name} {version(name)}" for name in names)


def measure(options: argparse.Namespace, earlier: Figures) -> Figures:
    """Measure us and spopt in turn, each run in a process of its own, then the province."""
    try:
        version("spopt")
    except PackageNotFoundError:
        sys.exit(
            "benchmarks.planning choice: spopt, which the choice is measured against, is not installed; install it "
            "into this environment (pip install spopt). The toolkit itself does not need it."
        )
    size = (options.candidates, options.villages)
    rows: list[Figures] = []
    for sites in options.sites:
        for run in range(options.runs):
            for name, solver in {"coverage": "", **SOLVERS}.items():
                found = apart(theirs, *size, sites, solver) if solver else apart(ours, *size, sites)
                rows.append({"peer": name, "sites": sites, "run": run, **found})
                print(rows[-1], file=sys.stderr, flush=True)
    provinces = [apart(province, options.positions, shared) for shared in (False, True)]
    return {"candidates": size[0], "villages": size[1], "rows": rows, "provinces": provinces}


def strewn(count: int, homes: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return candidates and villages, km, along valleys: the first near the second."""
    random = np.random.default_rng(seed)
    valleys = random.uniform(0, SIDE_KM, (max(homes // 10, 1), 2))
    villages = valleys[random.integers(0, len(valleys), homes)] + random.normal(0, 3, (homes, 2))
    return villages[random.integers(0, homes, count)] + random.normal(0, 3, (count, 2)), villages


def seen(candidates: NDArray[np.float64], villages: NDArray[np.float64], radius_km: float, seed: int) -> csr_array:
    """Return [candidates, villages] within the radius, less what a hill hides: three in ten."""
    near = cKDTree(candidates).sparse_distance_matrix(cKDTree(villages), radius_km, output_type="coo_matrix")
    shown = np.random.default_rng(seed).random(near.nnz) < 0.7
    order = np.lexsort((near.col, near.row))
    rows, columns = near.row[order][shown], near.col[order][shown]
    return csr_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=near.shape)


def matrix(candidates: int, villages: int) -> tuple[csr_array, NDArray[np.float64]]:
    """Return what is solved by both, and the households of the villages."""
    where, homes = strewn(candidates, villages, 7)
    return seen(where, homes, RADIUS_KM, 8), np.random.default_rng(9).integers(20, 200, villages).astype(float)


def ours(candidates: int, villages: int, sites: int) -> Figures:
    """Choose by `best_under_budget`."""
    reach, households = matrix(candidates, villages)
    names = [f"N-{number:04d}" for number in range(candidates)]
    figures: Figures = {"served_by_one": reach.nnz / candidates}
    with measured(figures):
        options = Options(reach, households, np.ones(candidates), names)
        found = best_under_budget(options, budget_usd=None, sites=sites, time_limit_s=_LIMIT_S)
    ranked = sum(pick.gain for pick in rank_greedily(options, sites=sites))
    return figures | {"value": found.value, "bound": found.bound, "ranked": ranked, "solver_s": None}


def theirs(candidates: int, villages: int, sites: int, solver: str) -> Figures:
    """Choose by spopt's MCLP, with its programme made from a matrix of 0 where served and 1 where not."""
    assert _numba.njit  # spopt loads numba, which cannot be loaded beside us but by that file
    import pulp
    from spopt.locate import MCLP

    reach, households = matrix(candidates, villages)
    costs = 1.0 - reach.toarray().T.astype(float)
    settings = {"msg": False, "threads": 1, "timeLimit": _LIMIT_S}
    figures: Figures = {}
    with measured(figures):
        model = MCLP.from_cost_matrix(costs, households, 0.5, p_facilities=sites)
        start = time.perf_counter()
        model.solve(pulp.HiGHS(**settings) if solver == "highs" else pulp.PULP_CBC_CMD(**settings), results=False)
        figures["solver_s"] = time.perf_counter() - start
    chosen = [number for number, built in enumerate(model.fac_vars) if (built.value() or 0) > 0.5]
    served = np.unique(reach[chosen].indices)
    return figures | {"value": math.fsum(households[served]), "status": pulp.LpStatus[model.problem.status]}


def like_the_sample(positions: int, shared: bool) -> Options:
    """
    Return a province: two heights at each position, prices that differ, and groups of houses to be served.

    With `shared`, half of the positions come in by a relay, and half need a line to their valley; what is paid once is
    an item. A few positions are relays themselves.
    """
    random = np.random.default_rng(3)
    where, homes = strewn(positions, 4 * positions, 4)
    low, high = (seen(where, homes, radius_km, 5) for radius_km in (RADIUS_KM, 1.2 * RADIUS_KM))
    reach = csr_array((low + high)[np.repeat(np.arange(positions), 2)])
    small = csr_array(low[np.repeat(np.arange(positions), 2)])
    odd = csr_array(np.arange(2 * positions)[:, None] % 2 == 1)
    reach = csr_array(small + reach.multiply(odd))
    names = [f"N-{number // 2:04d}" for number in range(2 * positions)]
    access = random.lognormal(9.5, 0.8, positions)
    usd = (40_000 + np.repeat(access, 2) + np.tile([0.0, 12_000.0], positions)).round()
    weight = random.integers(1, 30, 4 * positions) * random.choice([0.5, 1.0, 1.2], 4 * positions)
    if not shared:
        return Options(reach, weight, usd, names)
    relays, lines = positions // 15, positions // 30
    items = np.concatenate([random.choice([30_000.0, 40_000.0, 80_000.0], relays), random.uniform(1e4, 6e4, lines)])
    needs = np.zeros((positions, relays + lines), dtype=bool)
    for offset, count in ((0, relays), (relays, lines)):
        at = where[random.choice(positions, count, replace=False)]
        nearest = cKDTree(at).query(where)[1]
        asks = random.random(positions) < 0.5
        needs[np.flatnonzero(asks), offset + nearest[asks]] = True
    provides = np.zeros_like(needs)
    provides[random.choice(positions, relays // 3, replace=False), random.choice(relays, relays // 3)] = True
    both = np.repeat(np.arange(positions), 2)
    return Options(reach, weight, usd, names, csr_array(needs[both]), csr_array(provides[both]), items)


def province(positions: int, shared: bool) -> Figures:
    """Rank 60 sites, hold every beginning against the best for its cost, and find what five budgets buy."""
    options = like_the_sample(positions, shared)
    figures: Figures = {"shared": shared, "options": options.reach.shape[0], "places": options.reach.shape[1]}
    start = time.perf_counter()
    picks = rank_greedily(options, sites=60)
    figures["ranking_s"] = time.perf_counter() - start
    whole = options.total_usd([pick.option for pick in picks])
    figures["budgets"] = []
    for asked in (0.01, 0.0):
        for part in (0.25, 0.5, 1.0):
            start = time.perf_counter()
            (point,) = budget_curve(options, budgets_usd=[part * whole], gap=asked)
            figures["budgets"].append(
                {
                    "asked": asked,
                    "budget_usd": part * whole,
                    "wall_s": time.perf_counter() - start,
                    "greedy": point.greedy,
                    "value": point.optimum.value,
                    "bound": point.optimum.bound,
                    "gap": point.optimum.gap,
                    "sites": len(point.optimum.options),
                }
            )
    start = time.perf_counter()
    ratios = [one.ratio for one in prefixes(options, picks, lengths=[*range(1, 10), *range(10, 61, 10)], gap=0.001)]
    figures |= {"prefixes_s": time.perf_counter() - start, "least": min(ratios), "mean": statistics.mean(ratios)}
    return figures | {"prefixes": len(ratios)}


def describe(found: Figures) -> str:
    """Return the section as Markdown."""
    rows = found["rows"]
    lines = []
    for sites in dict.fromkeys(row["sites"] for row in rows):
        of = [row for row in rows if row["sites"] == sites]
        own_s = statistics.median(row["wall_s"] for row in of if row["peer"] == "coverage")
        own = next(row for row in of if row["peer"] == "coverage")
        for peer in dict.fromkeys(row["peer"] for row in of):
            runs = [row for row in of if row["peer"] == peer]
            wall = [row["wall_s"] for row in runs]
            solver = "" if peer == "coverage" else f"{statistics.median(row['solver_s'] for row in runs):.2f}"
            ratio = "" if peer == "coverage" else f"1/{statistics.median(wall) / own_s:.1f}"
            lines.append(
                f"| {sites} | {peer} | {runs[0]['value']:,.0f} | {own['value'] - runs[0]['value']:,.0f} | "
                f"{statistics.median(wall):.2f} | {min(wall):.2f} - {max(wall):.2f} | "
                f"{statistics.median(row['cpu_s'] for row in runs):.2f} | {solver} | {ratio} | "
                f"{statistics.median(row['peak_mb'] for row in runs):,.0f} |"
            )
    ranked = {row["sites"]: row["ranked"] / row["bound"] for row in rows if row["peer"] == "coverage"}
    served = next(row["served_by_one"] for row in rows if row["peer"] == "coverage")
    text = [
        "## Choice",
        "",
        f"The households that so many sites serve at most: {found['candidates']:,} candidates x {found['villages']:,} "
        f"villages along valleys, {served:.0f} served by one candidate, the same matrix for all, one thread each. "
        "Each run in a process of its own, in turn; medians. `solver` is the part of spopt's time in which its solver "
        "works (its files included); the rest is the making of its programme. All ask for the proven optimum. Asked: "
        "never worse, at most 1/5 of spopt's time.",
        "",
        "| sites | | households | ours more by | wall, s | from - to | processor, s | solver, s "
        "| our wall time of theirs | peak, MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *lines,
        "",
        "The ranking serves of the optimum: "
        + ", ".join(f"{100 * share:.2f} % with {sites} sites" for sites, share in ranked.items())
        + ".",
    ]
    for one in found["provinces"]:
        text += ["", *_province(one)]
    return "\n".join(text)


def _province(one: Figures) -> list[str]:
    kind = (
        "Half of the positions come in by a relay and half need a line to their valley, each paid once"
        if one["shared"]
        else "Nothing is shared"
    )
    return [
        f"### A province of {one['options']:,} options at {one['options'] // 2:,} positions, {one['places']:,} groups "
        "of houses",
        "",
        f"{kind}. Two heights at each position, of which one is built. Ranking 60 sites takes "
        f"{one['ranking_s']:.2f} s; the budgets are a quarter, half and all of their cost. Asked: at most 1 % gap.",
        "",
        "| gap asked | budget, million USD | sites | greedy | best | bound | gap | wall, s |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {100 * row['asked']:g} % | {row['budget_usd'] / 1e6:.2f} | {row['sites']} | {row['greedy']:,.0f} | "
            f"{row['value']:,.0f} | {row['bound']:,.0f} | {100 * row['gap']:.2f} % | {row['wall_s']:.1f} |"
            for row in one["budgets"]
        ),
        "",
        f"Of the best for its cost, {one['prefixes']} beginnings of the ranking serve at least "
        f"{100 * one['least']:.1f} %, on average {100 * one['mean']:.1f} %, held against bounds "
        f"(in {one['prefixes_s']:.0f} s).",
    ]
