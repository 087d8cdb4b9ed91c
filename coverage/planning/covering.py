"""Covering: the most that a budget can serve, and the least that serving a share can cost, as proven optima."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from coverage.errors import CoverageError
from coverage.planning.greedy import greedy_under_budget, rank_greedily
from coverage.planning.options import Options, affordable, check_limits
from coverage.planning.programme import Programme, Solution, solve
from coverage.planning.reduction import reduce

Choice = tuple[int, ...]


@dataclass(frozen=True)
class Optimum:
    """A choice, and how far from the best possible it can be."""

    options: Choice
    value: float
    """Weight of all places served."""
    bound: float
    """No choice can serve more."""
    cost_usd: float

    @property
    def gap(self) -> float:
        """Share of the bound that may be missing; 0 is proven best."""
        return 0.0 if self.bound <= 0 else max(0.0, 1 - self.value / self.bound)


@dataclass(frozen=True)
class Cover:
    """A choice that serves what was asked, and how far from the cheapest possible it can be."""

    options: Choice
    cost_usd: float
    bound_usd: float
    """No choice that serves as much can cost less."""
    value: float
    """Weight of all places served."""
    target: float
    """Weight that was asked."""

    @property
    def gap(self) -> float:
        """Share of the cost that may be too much; 0 is proven cheapest."""
        return 0.0 if self.cost_usd <= 0 else max(0.0, 1 - self.bound_usd / self.cost_usd)


def best_under_budget(
    options: Options,
    *,
    budget_usd: float | None,
    sites: int | None = None,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
) -> Optimum:
    """
    Serve the most weight for a budget: maximal covering as a mixed-integer programme.

    Parameters
    ----------
    options
        What could be built.
    budget_usd
        Sum of costs not to be exceeded, items included; None is no limit.
    sites
        How many at most, locked options included; None is no limit.
    time_limit_s
        After it the best choice so far is returned, with the bound known by then.
    gap
        Share of the optimum that may be missing; 0 asks for proof that nothing is.

    Returns
    -------
    Optimum
        Never worse than the ranking under the same budget.

    Raises
    ------
    CoverageError
        The locked options are too many or too dear, or a limit is negative or not a number.

    References
    ----------
    Church and ReVelle, The maximal covering location problem, 1974.
    """
    return Covering(options).best(budget_usd=budget_usd, sites=sites, time_limit_s=time_limit_s, gap=gap)


def cheapest_cover(
    options: Options,
    *,
    share: float,
    weight: NDArray[np.float64] | None = None,
    time_limit_s: float = 60.0,
    gap: float = 0.0,
) -> Cover:
    """
    Find the cheapest choice that serves a share of all that any option could serve.

    Parameters
    ----------
    options
        What could be built.
    share
        0 to 1, of the weight of the places that at least one option serves.
    weight
        [places] what the share is of, households for instance; None is the weight that the options come with.
    time_limit_s
        After it the best choice so far is returned, with the bound known by then.
    gap
        Share of the cost that may be too much; 0 asks for proof that nothing is.

    Returns
    -------
    Cover
        Never dearer than the ranking, cut off where it serves enough.

    Raises
    ------
    CoverageError
        No choice serves so much, because options that would be needed together stand at one position; the share is not
        between 0 and 1, or a limit is negative or not a number.

    References
    ----------
    Daskin and Owen, Two new location covering problems: the partial P-center problem and the partial set covering
    problem, 1999.
    """
    options = options if weight is None else replace(options, weight=np.asarray(weight, dtype=float))
    return Covering(options).cheapest(share=share, time_limit_s=time_limit_s, gap=gap)


class Covering:
    """A covering problem made ready to be solved for one limit after another."""

    def __init__(self, options: Options) -> None:
        self.options = options
        reduced = reduce(options)
        self._small, self._origin, self._secured = reduced.options, reduced.origin, reduced.secured
        self._model = _Model(reduced.options)

    def best(
        self,
        *,
        budget_usd: float | None,
        sites: int | None = None,
        time_limit_s: float = 60.0,
        gap: float = 0.0,
        known: Sequence[Choice] = (),
    ) -> Optimum:
        """Do what `best_under_budget` does; `known` are choices that keep to the limits."""
        budget_usd = None if budget_usd == math.inf else budget_usd
        check_limits(self.options, budget_usd, sites)
        _check_effort(time_limit_s, gap)
        options, model = self.options, self._model
        start = greedy_under_budget(self._small, budget_usd=budget_usd, sites=sites)
        choices = [*known, greedy_under_budget(options, budget_usd=budget_usd, sites=sites), self._named(start)]
        bound = self._secured + math.fsum(self._small.weight)
        if max(map(options.value, choices)) < (1 - gap) * bound:
            limits = []
            if budget_usd is not None:
                scale = max(budget_usd, 1.0)
                limits.append((model.cost_usd / scale, budget_usd / scale))
            if sites is not None:
                limits.append((model.built, float(sites)))
            programme = model.programme(-model.gain, limits, budget_usd)
            found = solve(programme, start=model.x(start), time_limit_s=time_limit_s, gap=gap)
            choices += self._found(found)
            bound = min(bound, self._secured - found.bound)
        kept = [choice for choice in choices if affordable(options.total_usd(choice), budget_usd)]
        kept = [choice for choice in kept if sites is None or len(choice) <= sites]
        best = max(kept, key=lambda choice: (options.value(choice), -options.total_usd(choice)))
        value = options.value(best)
        return Optimum(best, value, max(bound, value), options.total_usd(best))

    def cheapest(self, *, share: float, time_limit_s: float = 60.0, gap: float = 0.0) -> Cover:
        """Do what `cheapest_cover` does."""
        if not 0 <= share <= 1:
            raise CoverageError(f"planning: the share to be served is {share:g}; expected 0 to 1. Correct it.")
        _check_effort(time_limit_s, gap)
        options, model = self.options, self._model
        reachable = math.fsum(options.weight[np.unique(options.reach.indices)])
        target, missing = share * reachable, share * reachable - self._secured
        start = _greedy_cover(self._small, max(missing, 0.0))
        choices = [_greedy_cover(options, target), None if start is None else self._named(start)]
        price = model.programme(model.cost_usd, [] if missing <= 0 else [(-model.gain / missing, -1.0)], None)
        first = None if start is None else model.x(start)
        found = solve(price, start=first, time_limit_s=time_limit_s, gap=gap)
        choices += self._found(found)
        enough = [choice for choice in choices if choice is not None and _reaches(options.value(choice), target)]
        if not enough:
            raise CoverageError(self._not_enough(share, reachable, found.exists, time_limit_s))
        best = min(enough, key=lambda choice: (options.total_usd(choice), -options.value(choice)))
        cost_usd = options.total_usd(best)
        return Cover(best, cost_usd, min(max(found.bound, 0.0), cost_usd), options.value(best), target)

    def _named(self, chosen: Sequence[int]) -> Choice:
        return tuple(sorted(int(self._origin[option]) for option in chosen))

    def _found(self, solution: Solution) -> list[Choice]:
        if solution.x is None:
            return []
        return [self._named([int(i) for i in np.flatnonzero(solution.x[: len(self._origin)] > 0.5)])]

    def _not_enough(self, share: float, reachable: float, exists: bool, time_limit_s: float) -> str:
        asked = f"planning: to serve {share:.2%} of what any option serves"
        if exists:
            return f"{asked}, no choice was found in {time_limit_s:g} s. Give it more time, or ask for less."
        most = self.best(budget_usd=None, time_limit_s=time_limit_s).bound / reachable
        return (
            f"{asked} is not possible: at most {most:.2%} can be served at once, because at one position only one "
            "option is built. Ask for that, or give more options."
        )


class _Model:
    """
    The rows that every covering programme has in common.

    Unknowns are, in this order: an option is built (0 or 1); a place is served (at most as often as its options are
    built); an item is paid for (at least where an option needs it and none provides it).
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        count, items = len(options.position), len(options.item_cost_usd)
        names, position = np.unique(np.asarray(options.position, dtype=str), return_inverse=True)
        at = csr_array((np.ones(count), (position, np.arange(count))), shape=(len(names), count))
        # A place whose options all stand at one position is served just as often as one of them is built.
        several = np.diff(csr_array(options.reach.T.astype(float) @ at.T).indptr) > 1
        own = options.reach[:, np.flatnonzero(~several)] @ options.weight[~several]
        self._reach = csr_array(options.reach[:, np.flatnonzero(several)]).astype(float)
        places = self._reach.shape[1]
        self.gain = np.concatenate([own, options.weight[several], np.zeros(items)])
        self.cost_usd = np.concatenate([options.cost_usd, np.zeros(places), options.item_cost_usd])
        self.built = np.concatenate([np.ones(count), np.zeros(places + items)])

        alternatives = at[np.flatnonzero(np.diff(at.indptr) > 1)]
        needing = options.needs.tocoo()
        option, item = needing.coords
        pairs, pair = np.unique(position[option] * max(items, 1) + item, return_inverse=True)
        of_item = pairs % max(items, 1)
        needed = csr_array((np.ones(len(pair)), (pair, option)), shape=(len(pairs), count))
        paid = csr_array((-np.ones(len(pairs)), (np.arange(len(pairs)), of_item)), shape=(len(pairs), items))
        provided = csr_array(options.provides.T.astype(float))[of_item]
        blocks: list[list[csr_array]] = [
            [csr_array(-self._reach.T), csr_array(eye_array(places)), csr_array((places, items))],
            [alternatives, csr_array((alternatives.shape[0], places + items))],
            [csr_array(needed - provided), csr_array((len(pairs), places)), paid],
        ]
        self._rows = csr_array(vstack([csr_array(hstack(row)) for row in blocks]))
        self._upper = np.concatenate([np.zeros(places), np.ones(alternatives.shape[0]), np.zeros(len(pairs))])

    def programme(
        self,
        price: NDArray[np.float64],
        limits: Sequence[tuple[NDArray[np.float64], float]],
        budget_usd: float | None,
    ) -> Programme:
        """Return what minimises a price under further rows, each with what it must not exceed."""
        count = len(self.options.position)
        low, high = np.zeros(len(price)), np.ones(len(price))
        low[:count][self.options.locked] = 1
        if budget_usd is not None:
            taken_usd = math.fsum(self.options.cost_usd[self.options.locked])
            dear = [not affordable(taken_usd + usd, budget_usd) for usd in self.options.cost_usd]
            high[:count][np.array(dear, dtype=bool) & ~self.options.locked] = 0
        rows = vstack([self._rows, *(csr_array(row[None, :]) for row, _ in limits)], format="csc")
        return Programme(price, rows, np.append(self._upper, [most for _, most in limits]), low, high, count)

    def x(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """Return the unknowns of a choice."""
        options = self.options
        built = np.zeros(len(options.position))
        built[list(chosen)] = 1
        needed, provided = (rows.T.astype(float) @ built > 0 for rows in (options.needs, options.provides))
        return np.concatenate([built, np.minimum(self._reach.T @ built, 1), (needed & ~provided).astype(float)])


def _check_effort(time_limit_s: float, gap: float) -> None:
    if not (time_limit_s >= 0 and gap >= 0):
        raise CoverageError(f"planning: time limit {time_limit_s:g} s, gap {gap:g}; expected 0 or more of both.")


def _reaches(value: float, target: float) -> bool:
    return value >= target * (1 - 1e-9)


def _greedy_cover(options: Options, target: float) -> Choice | None:
    """Return the shortest ranking that serves enough, without what it could do without; None where none does."""
    chosen: list[int] = []
    value = 0.0
    for pick in rank_greedily(options, sites=len(options.position)):
        if _reaches(value, target) and not options.locked[pick.option]:
            break
        chosen.append(pick.option)
        value += pick.gain
    if not _reaches(value, target):
        return None
    times = np.zeros(len(options.weight), dtype=np.int64)
    for option in chosen:
        times[options.places(option)] += 1
    for option in sorted(chosen, key=lambda i: -options.cost_usd[i]):
        places = options.places(option)
        less = value - math.fsum(options.weight[places[times[places] == 1]])
        rest = [other for other in chosen if other != option]
        spared = not options.locked[option] and options.total_usd(rest) <= options.total_usd(chosen)
        if spared and _reaches(less, target):
            chosen, value = rest, less
            times[places] -= 1
    return tuple(sorted(chosen))
