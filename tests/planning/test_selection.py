import itertools
import math

import numpy as np
import pytest
from scipy.sparse import csr_array

from coverage.planning.selection import Options, best_under_budget, rank_greedily


def options(reach, weight, cost, position=None):
    matrix = csr_array(np.array(reach, dtype=bool).reshape(len(cost), len(weight)))
    names = position or [f"N-{i:03d}" for i in range(len(cost))]
    return Options(matrix, np.array(weight, dtype=float), np.array(cost, dtype=float), names)


def numbers(picks):
    return [pick.option for pick in picks]


def random_options(seed):
    rng = np.random.default_rng(seed)
    n, places = int(rng.integers(1, 13)), int(rng.integers(1, 15))
    reach = rng.random((n, places)) < 0.3
    weight = rng.integers(0, 20, places).astype(float)
    cost = rng.integers(1, 9, n) * 10_000.0
    position = [f"P{int(rng.integers(0, max(1, n - 1)))}" for _ in range(n)]
    return options(reach, weight, cost, position), float(rng.integers(1, 16)) * 10_000


def served_weight(made, chosen):
    served = made.reach.toarray()[list(chosen)].any(axis=0)
    return float(made.weight[served].sum())


def brute_force(made, budget, sites):
    best = 0.0
    for size in range(min(sites, len(made.position)) + 1):
        for chosen in itertools.combinations(range(len(made.position)), size):
            distinct = len({made.position[i] for i in chosen}) == size
            if distinct and made.cost_usd[list(chosen)].sum() <= budget:
                best = max(best, served_weight(made, chosen))
    return best


def eager(made, budget, sites):
    """Rank as the lazy way must, with every gain computed anew at every step."""
    reach, served, left, ranking = made.reach.toarray(), np.zeros(len(made.weight), dtype=bool), budget, []
    while len(ranking) < sites:
        keys = []
        for i in range(len(made.position)):
            gain = made.weight[reach[i] & ~served].sum()
            taken = {made.position[j] for j in ranking}
            if gain > 0 and made.position[i] not in taken and made.cost_usd[i] <= left:
                keys.append((-gain / made.cost_usd[i], -gain, made.position[i], i))
        if not keys:
            break
        best = min(keys)[3]
        ranking.append(best)
        left -= made.cost_usd[best]
        served |= reach[best]
    return ranking


def test_the_ranking_goes_by_what_is_new_per_cost():
    # A serves 10 for 1, B 15 for 2 of which 10 are A's, C 6 for 1: A, then C, then B, of which 5 are new (2.5).
    made = options([[1, 0, 0], [1, 1, 0], [0, 0, 1]], [10, 5, 6], [1, 2, 1])
    picks = rank_greedily(made, sites=9)
    assert numbers(picks) == [0, 2, 1]
    assert [pick.gain for pick in picks] == [10, 6, 5]
    assert [pick.places.tolist() for pick in picks] == [[0], [2], [1]]


def test_the_ranking_ends_at_its_length_its_budget_or_when_nothing_is_gained():
    made = options([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 1]], [10, 5, 6], [1, 2, 1, 5])
    assert numbers(rank_greedily(made, sites=2)) == [0, 2]
    assert numbers(rank_greedily(made, sites=9, budget_usd=3)) == [0, 2]
    assert numbers(rank_greedily(made, sites=9)) == [0, 2, 1]
    assert rank_greedily(made, sites=9, budget_usd=0.99) == []
    assert rank_greedily(options([], [1], []), sites=9) == []


def test_an_option_that_no_longer_fits_gives_way_to_a_cheaper_one():
    made = options([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [10, 8, 1], [5, 4.5, 1])
    assert numbers(rank_greedily(made, sites=9, budget_usd=6)) == [0, 2]


def test_one_position_is_built_once_and_equals_go_by_name():
    made = options([[1, 0], [1, 1]], [10, 1], [1, 2], position=["A", "A"])
    assert numbers(rank_greedily(made, sites=9)) == [0]
    assert numbers(rank_greedily(options([[1, 0], [0, 1]], [1, 1], [1, 1], position=["B", "A"]), sites=9)) == [1, 0]


def test_what_costs_nothing_comes_first_and_what_weighs_nothing_never():
    assert numbers(rank_greedily(options([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [9, 1, 0], [1, 0, 0]), sites=9)) == [1, 0]


@pytest.mark.parametrize("seed", range(60))
def test_the_lazy_ranking_is_the_eager_one_and_the_programme_finds_what_brute_force_finds(seed):
    made, budget = random_options(seed)
    ranking = rank_greedily(made, sites=5, budget_usd=budget)
    assert numbers(ranking) == eager(made, budget, 5)
    assert sum(pick.gain for pick in ranking) == served_weight(made, numbers(ranking))
    optimum = best_under_budget(made, budget_usd=budget, sites=5)
    assert optimum.value == brute_force(made, budget, 5) == served_weight(made, optimum.options)
    assert optimum.bound == pytest.approx(optimum.value)
    assert optimum.gap == pytest.approx(0)
    assert made.cost_usd[list(optimum.options)].sum() <= budget


@pytest.mark.parametrize("seed", range(20))
def test_with_equal_costs_every_prefix_of_the_ranking_is_within_one_minus_one_over_e_of_the_optimum(seed):
    made, _ = random_options(seed)
    made = options(made.reach.toarray(), made.weight, np.ones(len(made.position)))
    gained = np.cumsum([pick.gain for pick in rank_greedily(made, sites=12)])
    for length, value in enumerate(gained, start=1):
        assert value >= (1 - 1 / math.e) * brute_force(made, length, length)


def test_a_budget_below_the_cheapest_buys_nothing():
    optimum = best_under_budget(options([[1]], [5], [10]), budget_usd=9)
    assert (optimum.options, optimum.value, optimum.gap) == ((), 0, 0)


def test_the_optimum_beats_the_ranking_where_greed_is_wrong():
    # Greed takes the best ratio (2 for 1) and cannot afford the 10 for 10 any more.
    made = options([[1, 0], [0, 1]], [2, 10], [1, 10])
    assert numbers(rank_greedily(made, sites=9, budget_usd=10)) == [0]
    optimum = best_under_budget(made, budget_usd=10)
    assert (optimum.options, optimum.value, optimum.bound) == ((1,), 10, 10)
