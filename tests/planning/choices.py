"""Toy choices: options made of lists, drawn at random, and the slow way to every choice that there is."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.planning.options import Options


def options(
    reach: object,
    weight: Sequence[float],
    cost: Sequence[float],
    position: Sequence[str] | None = None,
    *,
    needs: object = None,
    provides: object = None,
    items: Sequence[float] = (),
    locked: Sequence[int] = (),
) -> Options:
    """Return options; `items` are the costs of what `needs` and `provides` have columns for."""

    def rows(given: object, columns: int) -> csr_array:
        dense = np.zeros((len(cost), columns)) if given is None else np.array(given)
        return csr_array(dense.reshape(len(cost), columns).astype(bool))

    return Options(
        rows(reach, len(weight)),
        np.array(weight, dtype=float),
        np.array(cost, dtype=float),
        list(position) if position is not None else [f"N-{i:03d}" for i in range(len(cost))],
        rows(needs, len(items)),
        rows(provides, len(items)),
        np.array(items, dtype=float),
        np.isin(np.arange(len(cost)), locked),
    )


def drawn(seed: int, *, most: int = 12, items: int = 3, alternatives: bool = True, locked: bool = True) -> Options:
    """Return random options in tens of thousands of USD, so that many sums and ratios are equal."""
    rng = np.random.default_rng(seed)
    n, places, shared = int(rng.integers(1, most + 1)), int(rng.integers(1, 15)), int(rng.integers(0, items + 1))
    position = [f"P{int(rng.integers(0, max(1, n - 1)))}" if alternatives else f"P{i}" for i in range(n)]
    first = [position.index(name) for name in dict.fromkeys(position)]
    return options(
        rng.random((n, places)) < 0.3,
        rng.integers(0, 20, places),
        rng.integers(1, 9, n) * 10_000.0,
        position,
        needs=rng.random((n, shared)) < 0.4,
        provides=rng.random((n, shared)) < 0.15,
        items=rng.integers(0, 9, shared) * 10_000.0,
        locked=[i for i in first if locked and rng.random() < 0.06],
    )


def budget_of(made: Options, seed: int) -> float:
    """Return a random budget that the locked options keep to."""
    taken = every_choice(made, at_most=None)[1].min(initial=np.inf)
    return float(taken + np.random.default_rng(seed).integers(0, 16) * 10_000)


def every_choice(
    made: Options, *, at_most: float | None
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return number of sites, cost and weight served of every choice that is allowed and costs so much at most."""
    n = len(made.position)
    built = np.array(list(itertools.product([False, True], repeat=n)), dtype=bool).reshape(-1, n)
    built = built[built[:, made.locked].all(axis=1)]
    for name in set(made.position):
        built = built[built[:, [i for i in range(n) if made.position[i] == name]].sum(axis=1) <= 1]
    ones = built.astype(int)
    reach, needs, provides = (rows.toarray().astype(int) for rows in (made.reach, made.needs, made.provides))
    paid = (ones @ needs > 0) & ~(ones @ provides > 0)
    cost = ones @ made.cost_usd + paid @ made.item_cost_usd
    value = (ones @ reach > 0) @ made.weight
    kept = cost <= (np.inf if at_most is None else at_most)
    return ones.sum(axis=1)[kept], cost[kept], value[kept]


def optimum(made: Options, *, budget: float | None = None, sites: int | None = None) -> float:
    """Return the most that any choice serves."""
    count, _, value = every_choice(made, at_most=budget)
    return float(value[count <= (len(made.position) if sites is None else sites)].max())


def shuffled(made: Options, seed: int) -> tuple[Options, NDArray[np.int64]]:
    """Return the same options in another order, and the number that each had."""
    order = np.random.default_rng(seed).permutation(len(made.position))
    return Options(
        made.reach[order],
        made.weight,
        made.cost_usd[order],
        [made.position[i] for i in order],
        made.needs[order],
        made.provides[order],
        made.item_cost_usd,
        made.locked[order],
    ), order
