import numpy as np
import pytest

from coverage.errors import CoverageError
from coverage.planning.curve import budget_curve, prefixes
from coverage.planning.selection import greedy_under_budget, rank_greedily
from tests.planning.choices import drawn, optimum, options

# By ratio 0 comes first; 1 and 2 together serve more for the same money.
GREED = options([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1]], [4, 4, 3, 3], [2, 2, 2])


def test_each_budget_has_its_greedy_and_its_best_value():
    points = budget_curve(GREED, budgets_usd=[4, 1, 2, 6])
    assert [point.budget_usd for point in points] == [4, 1, 2, 6]
    assert [point.greedy for point in points] == [11, 0, 8, 14]
    assert [point.optimum.value for point in points] == [14, 0, 8, 14]
    assert [point.optimum.bound for point in points] == pytest.approx([14, 0, 8, 14])


def test_steps_lead_up_to_the_cost_of_all_that_gains():
    points = budget_curve(GREED, steps=3)
    assert [point.budget_usd for point in points] == [2, 4, 6]
    assert [point.budget_usd for point in budget_curve(GREED, steps=2, sites=1)] == [1, 2]
    assert budget_curve(options([], [1], []), steps=2)[-1].optimum.value == 0


@pytest.mark.parametrize("seed", range(15))
def test_more_money_never_buys_less(seed):
    made = drawn(seed, locked=False)
    points = budget_curve(made, steps=5)
    for point in points:
        assert point.greedy == made.value(greedy_under_budget(made, budget_usd=point.budget_usd))
        assert point.greedy <= point.optimum.value == optimum(made, budget=point.budget_usd + 1e-6)
    bounds = [point.optimum.bound for point in points]
    assert bounds == sorted(bounds)


def test_the_beginnings_of_a_ranking_are_held_against_the_best_for_their_cost():
    found = prefixes(GREED, rank_greedily(GREED, sites=9))
    assert [(one.length, one.cost_usd, one.value, one.optimum.value) for one in found] == [
        (1, 2, 8, 8),
        (2, 4, 11, 14),
        (3, 6, 14, 14),
    ]
    assert [one.ratio for one in found] == pytest.approx([1, 11 / 14, 1])
    assert [one.length for one in prefixes(GREED, rank_greedily(GREED, sites=9), lengths=[3, 1])] == [1, 3]


def test_the_beginnings_of_a_ranking_may_be_held_against_as_many_sites():
    made = options(np.eye(3), [5, 20, 7], [1, 10, 2])
    picks = rank_greedily(made, sites=9)  # 5, 3.5, 2 a piece
    assert [one.optimum.value for one in prefixes(made, picks)] == [5, 12, 32]
    assert [one.optimum.value for one in prefixes(made, picks, same="sites")] == [20, 27, 32]


def test_beginnings_without_all_that_is_locked_are_left_out():
    made = options(np.eye(3), [5, 20, 7], [1, 10, 2], locked=[1, 2])
    assert [one.length for one in prefixes(made, rank_greedily(made, sites=9))] == [2, 3]


def test_questions_without_an_answer_are_refused():
    with pytest.raises(CoverageError, match="0 steps"):
        budget_curve(GREED, steps=0)
    with pytest.raises(CoverageError, match="lengths 1 to 4 are asked of a ranking of 3"):
        prefixes(GREED, rank_greedily(GREED, sites=9), lengths=[1, 4])
    assert prefixes(GREED, []) == []
