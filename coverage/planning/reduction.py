"""Reduction: the same problem with fewer options, places and items, and the same optimum."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from coverage.planning.options import Numbers, Options

_BLOCK = 1_000
"""Options that are held against all others at a time; keeps memory within bounds."""


@dataclass(frozen=True)
class Reduced:
    """What is left of a problem once all that cannot change its optimum is gone."""

    options: Options
    """Those that are left, with places that are served together merged into one."""
    origin: Numbers
    """[options] their numbers before."""
    secured: float
    """Weight that the locked options serve; their places are gone."""


def reduce(options: Options) -> Reduced:
    """
    Leave out what no optimum misses, for any budget, number of sites or share to be served.

    Gone are: places that are worth nothing, that nobody serves or that a locked option serves; alternatives to locked
    options; items that cost nothing or that nobody needs; options that are dominated. Places that exactly the same
    options serve become one. An item that only one position needs, and nobody provides, becomes part of the costs.

    Parameters
    ----------
    options
        What could be built.

    Returns
    -------
    Reduced
        Its options come in an order that their numbering has no part in.
    """
    order = options.in_order()
    locked = np.flatnonzero(options.locked).tolist()
    served = np.zeros(len(options.weight), dtype=bool)
    for option in locked:
        served[options.places(option)] = True
    decided = {options.position[option] for option in locked}
    kept = np.array([options.locked[i] or options.position[i] not in decided for i in order], dtype=bool)
    left = _take(options, order[kept], np.flatnonzero(~served & (options.weight > 0)))
    left = _own_items(left)
    origin = order[kept]
    while True:
        left = _merged(left)
        stay = ~_useless(left)
        stay[stay] = ~_dominated(_take(left, np.flatnonzero(stay)))
        if stay.all():
            return Reduced(left, origin, float(options.value(locked)))
        origin, left = origin[stay], _own_items(_take(left, np.flatnonzero(stay)))


def _take(options: Options, chosen: Numbers, places: Numbers | None = None) -> Options:
    reach = options.reach[chosen]
    return replace(
        options,
        reach=csr_array(reach if places is None else reach[:, places]),
        weight=options.weight if places is None else options.weight[places],
        cost_usd=options.cost_usd[chosen],
        position=[options.position[i] for i in chosen],
        needs=csr_array(options.needs[chosen]),
        provides=csr_array(options.provides[chosen]),
        locked=options.locked[chosen],
    )


def _own_items(options: Options) -> Options:
    """Leave the items that several positions share; those of one position become part of its costs."""
    brought = options.needs.multiply(options.provides).astype(np.int8)  # by the option itself, so it costs nothing
    needs = csr_array(options.needs.astype(np.int8) - brought, dtype=bool)
    provided = np.zeros(len(options.item_cost_usd), dtype=bool)
    provided[options.provides.indices] = True
    _, group = np.unique(np.asarray(options.position, dtype=str), return_inverse=True)
    columns = csc_array(needs)
    positions = np.array(
        [
            len(np.unique(group[columns.indices[columns.indptr[item] : columns.indptr[item + 1]]]))
            for item in range(len(options.item_cost_usd))
        ],
        dtype=np.int64,
    )
    costly = options.item_cost_usd > 0
    private = costly & (positions == 1) & ~provided
    shared = np.flatnonzero(costly & (positions > 0) & ~private)
    return replace(
        options,
        cost_usd=options.cost_usd + needs[:, np.flatnonzero(private)] @ options.item_cost_usd[private],
        needs=csr_array(needs[:, shared]),
        provides=csr_array(options.provides[:, shared]),
        item_cost_usd=options.item_cost_usd[shared],
    )


def _merged(options: Options) -> Options:
    """Make one place of those that exactly the same options serve, and drop those that none serves."""
    columns = csc_array(options.reach)
    columns.sort_indices()
    groups: dict[bytes, int] = {}
    group = np.full(len(options.weight), -1, dtype=np.int64)
    for place in range(len(options.weight)):
        servers = columns.indices[columns.indptr[place] : columns.indptr[place + 1]]
        if len(servers):
            group[place] = groups.setdefault(servers.tobytes(), len(groups))
    _, first = np.unique(group, return_index=True)
    first = first[group[first] >= 0]
    weight = np.bincount(group[group >= 0], options.weight[group >= 0], minlength=len(groups)).astype(float)
    return replace(options, reach=csr_array(columns[:, first]), weight=weight)


def _useless(options: Options) -> NDArray[np.bool_]:
    idle = (np.diff(options.reach.indptr) == 0) & (np.diff(options.provides.indptr) == 0)
    return np.asarray(idle & ~options.locked, dtype=np.bool_)


def _dominated(options: Options) -> NDArray[np.bool_]:
    """
    Find options that can be exchanged for another in any choice, without loss or further cost.

    Option i gives way to j where j serves all that i serves, for no more money even if j has to pay for every item that
    i does not need; i provides no item; and, should another option k already stand where j would, i is not missed
    beside it, because every k at that position serves all that i serves.
    """
    count, size = len(options.position), np.diff(options.reach.indptr)
    i, j = _within(options.reach)
    names, position = np.unique(np.asarray(options.position, dtype=str), return_inverse=True)
    _, pair, serve_all = np.unique(i * len(names) + position[j], return_inverse=True, return_counts=True)
    fits = (position[i] == position[j]) | (serve_all[pair] == np.bincount(position, minlength=len(names))[position[j]])
    fits &= ~options.locked[i] & (np.diff(options.provides.indptr)[i] == 0)
    # Better first, equals by number: without it two equals would each give way to the other.
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((np.arange(count), np.diff(options.needs.indptr), options.cost_usd, -size))] = np.arange(count)
    fits &= (rank[j] < rank[i]) & (options.cost_usd[j] <= options.cost_usd[i])
    i, j = i[fits], j[fits]
    price = csr_array(options.needs.multiply(options.item_cost_usd))
    alike_usd = price[i].multiply(options.needs[j]).sum(axis=1)
    more_usd = np.maximum(price.sum(axis=1)[j] - alike_usd, 0)
    gone = np.zeros(count, dtype=bool)
    gone[i[options.cost_usd[i] >= options.cost_usd[j] + more_usd]] = True
    return gone


def _within(reach: csr_array) -> tuple[Numbers, Numbers]:
    """Return all pairs of rows of which the second has every column that the first has."""
    size, rows = np.diff(reach.indptr), reach.astype(np.int32)
    found: list[tuple[Numbers, Numbers]] = []
    for begin in range(0, len(size), _BLOCK):
        common = (rows[begin : begin + _BLOCK] @ rows.T).tocoo()
        i, j = common.coords[0].astype(np.int64) + begin, common.coords[1].astype(np.int64)
        kept = (common.data == size[i]) & (i != j)
        found.append((i[kept], j[kept]))
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *(i for i, _ in found)]), np.concatenate([none, *(j for _, j in found)])
