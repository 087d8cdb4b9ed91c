"""Options: what could be built, and what any choice of it serves and costs."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coverage.errors import CoverageError

Numbers = NDArray[np.int64]
_ROUNDING = 1e-9
"""Share of a budget that a sum of costs may exceed it by: as much as summing in another order changes, no more."""


def _none() -> csr_array:
    return csr_array((0, 0), dtype=bool)


@dataclass(frozen=True)
class Options:
    """
    What could be built, what each would serve, and for how much.

    Ways to build at one position - another height, another backhaul - are options of the same position. What several
    options need and only one has to pay for - a relay, a power line - is an item.

    Raises
    ------
    CoverageError
        A cost or weight is negative or not a finite number, sizes disagree, or two locked options share a position.
    """

    reach: csr_array
    """[options, places] of bool, indices sorted."""
    weight: NDArray[np.float64]
    """[places] what serving a place is worth, not negative."""
    cost_usd: NDArray[np.float64]
    """[options] without its items, not negative."""
    position: Sequence[str]
    """[options] of those at one position at most one is built; also decides between equals."""
    needs: csr_array = field(default_factory=_none)
    """[options, items] of bool: what must be there, every item behind an item included."""
    provides: csr_array = field(default_factory=_none)
    """[options, items] of bool: what costs nothing once the option is built."""
    item_cost_usd: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """[items] paid once, however many need it; not negative."""
    locked: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """[options] those that are decided: every choice has them, and pays for them."""

    def __post_init__(self) -> None:
        """Fill in what was left out, and refuse what cannot be reckoned with."""
        count, items = len(self.position), len(self.item_cost_usd)
        for name in ("needs", "provides"):
            if getattr(self, name).shape == (0, 0):
                object.__setattr__(self, name, csr_array((count, items), dtype=bool))
        for name in ("reach", "needs", "provides"):
            object.__setattr__(self, name, _tidy(getattr(self, name)))
        if len(self.locked) == 0:
            object.__setattr__(self, "locked", np.zeros(count, dtype=bool))
        sizes = {
            "reach": (self.reach.shape, (count, len(self.weight))),
            "cost_usd": (np.shape(self.cost_usd), (count,)),
            "needs": (self.needs.shape, (count, items)),
            "provides": (self.provides.shape, (count, items)),
            "locked": (np.shape(self.locked), (count,)),
        }
        for name, (found, expected) in sizes.items():
            if found != expected:
                raise CoverageError(f"planning options: {name} has the shape {found}; expected {expected}.")
        _refuse_bad("options", "cost in USD", self.cost_usd, self.position)
        _refuse_bad("items", "cost in USD", self.item_cost_usd)
        _refuse_bad("places", "weight", self.weight)
        decided = [self.position[i] for i in np.flatnonzero(self.locked).tolist()]
        if len(set(decided)) < len(decided):
            twice = next(name for name in decided if decided.count(name) > 1)
            raise CoverageError(
                f"planning options: {decided.count(twice)} locked options stand at {twice}; expected one at most. "
                "Lock one of them."
            )

    def places(self, option: int) -> Numbers:
        """Return the places that an option serves."""
        return entries(self.reach, option)

    def value(self, chosen: Iterable[int]) -> float:
        """Return the weight of all places that a choice serves."""
        served = np.zeros(len(self.weight), dtype=bool)
        for option in chosen:
            served[self.places(option)] = True
        return math.fsum(self.weight[served])

    def total_usd(self, chosen: Iterable[int]) -> float:
        """Return what a choice costs: each option, and once each item that is needed and that none of them provides."""
        needed, provided = (np.zeros(len(self.item_cost_usd), dtype=bool) for _ in range(2))
        options = list(chosen)
        for option in options:
            needed[entries(self.needs, option)] = True
            provided[entries(self.provides, option)] = True
        return math.fsum([*self.cost_usd[options], *self.item_cost_usd[needed & ~provided]])

    def in_order(self) -> Numbers:
        """Return the options by position, cost and what they serve: an order that their numbering has no part in."""
        return np.array(
            sorted(
                range(len(self.position)),
                key=lambda i: (
                    self.position[i],
                    self.cost_usd[i],
                    *(entries(rows, i).tobytes() for rows in (self.reach, self.needs, self.provides)),
                ),
            ),
            dtype=np.int64,
        )


def affordable(usd: float, budget_usd: float | None) -> bool:
    """Say whether a sum of costs keeps to a budget, rounding forgiven."""
    return budget_usd is None or usd <= budget_usd * (1 + _ROUNDING)


def check_limits(options: Options, budget_usd: float | None, sites: int | None) -> None:
    """Refuse limits that make no sense, or that the locked options alone do not keep."""
    if budget_usd is not None and not budget_usd >= 0:
        raise CoverageError(f"planning: the budget is {budget_usd:g} USD; expected 0 or more. Correct budget_usd.")
    if sites is not None and sites < 0:
        raise CoverageError(f"planning: {sites} sites are asked for; expected 0 or more. Correct sites.")
    locked = np.flatnonzero(options.locked)
    taken_usd = options.total_usd(locked)
    if not affordable(taken_usd, budget_usd):
        raise CoverageError(
            f"planning: the {len(locked)} locked options cost {taken_usd:,.0f} USD; expected at most the budget of "
            f"{budget_usd:,.0f}. Raise the budget, or lock fewer."
        )
    if sites is not None and len(locked) > sites:
        raise CoverageError(
            f"planning: {len(locked)} options are locked; expected at most the {sites} sites that are asked for. "
            "Ask for more, or lock fewer."
        )


def entries(matrix: csr_array, row: int) -> Numbers:
    """Return the columns that a row of a sparse matrix has."""
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.int64)


def _tidy(matrix: csr_array) -> csr_array:
    if matrix.has_canonical_format and matrix.data.all():
        return matrix
    matrix = matrix.copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _refuse_bad(what: str, of: str, values: NDArray[np.float64], names: Sequence[str] | None = None) -> None:
    bad = np.flatnonzero(~(np.isfinite(values) & (np.asarray(values) >= 0)))
    if len(bad):
        first = f"number {bad[0]}" if names is None else names[bad[0]]
        raise CoverageError(
            f"planning: {len(bad)} of {len(values)} {what} have a {of} that is negative or not a finite number "
            f"(first: {first}, {values[bad[0]]:g}); expected 0 or more. Correct it, or leave them out."
        )
