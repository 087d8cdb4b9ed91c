import numpy as np
import pytest

from coverage.planning.reduction import reduce
from tests.planning.choices import drawn, every_choice, options


def test_places_that_the_same_options_serve_become_one():
    left = reduce(options([[1, 1, 0, 1], [0, 0, 1, 1]], [1, 2, 3, 4], [1, 1]))
    assert left.options.weight.tolist() == [3, 3, 4]
    assert left.options.reach.toarray().tolist() == [[True, False, True], [False, True, True]]


def test_what_is_worth_nothing_is_gone_and_who_serves_nobody():
    left = reduce(options([[1, 0], [0, 1], [0, 0]], [0, 2], [1, 1, 1]))
    assert left.origin.tolist() == [1]
    assert left.options.weight.tolist() == [2]


def test_an_option_that_serves_less_for_no_less_is_gone():
    assert reduce(options([[1, 1], [1, 0]], [1, 1], [2, 2])).origin.tolist() == [0]
    assert reduce(options([[1, 1], [1, 0]], [1, 1], [2, 1.9])).origin.tolist() == [0, 1]
    assert reduce(options([[1], [1]], [1], [2, 2])).origin.tolist() == [0]  # of two equals one stays


def test_a_better_option_elsewhere_counts_only_if_it_can_always_be_had():
    # C is worse than A. Where B of A's position is built instead, C adds the third place, unless B serves that too.
    reach = [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    assert reduce(options(reach, [1, 9, 1], [2, 2, 2], ["A", "A", "C"])).origin.tolist() == [0, 1, 2]
    assert reduce(options(reach, [1, 9, 1], [2, 2, 2], ["A", "B", "C"])).origin.tolist() == [0, 1]
    reach[1] = [0, 1, 1]
    assert reduce(options(reach, [1, 9, 1], [2, 2, 2], ["A", "A", "C"])).origin.tolist() == [0, 1]


def test_a_better_option_counts_with_the_items_that_it_alone_needs():
    reach, needs = [[1, 1], [1, 0], [0, 1]], [[1], [0], [1]]
    assert reduce(options(reach, [1, 1], [2, 6, 2], needs=needs, items=[5])).origin.tolist() == [0, 1]
    assert reduce(options(reach, [1, 1], [2, 7, 2], needs=needs, items=[5])).origin.tolist() == [0]
    provides = [[0], [1], [0]]
    assert 1 in reduce(options(reach, [1, 1], [2, 9, 2], needs=needs, items=[5], provides=provides)).origin


def test_an_item_of_one_position_becomes_part_of_its_cost():
    made = options(np.eye(3), [1, 1, 1], [1, 2, 3], ["A", "A", "B"], needs=[[1, 1], [0, 1], [0, 1]], items=[10, 20])
    left = reduce(made).options
    assert left.cost_usd.tolist() == [11, 2, 3]
    assert left.item_cost_usd.tolist() == [20]


def test_locked_options_stay_and_their_places_and_rivals_go():
    left = reduce(options([[1, 1, 0], [1, 0, 1], [0, 1, 1]], [1, 2, 4], [5, 1, 1], ["A", "A", "B"], locked=[0]))
    assert left.origin.tolist() == [0, 2]
    assert left.secured == 3
    assert left.options.weight.tolist() == [4]


@pytest.mark.parametrize("seed", range(60))
def test_for_any_budget_and_number_of_sites_the_optimum_stays(seed):
    made = drawn(seed)
    left = reduce(made)
    whole, rest = every_choice(made, at_most=None), every_choice(left.options, at_most=None)
    for budget in np.unique(whole[1]):
        for sites in range(int(whole[0].min()), int(whole[0].max()) + 1):
            best = whole[2][(whole[1] <= budget) & (whole[0] <= sites)].max(initial=-1)
            kept = rest[2][(rest[1] <= budget + 1e-6) & (rest[0] <= sites)].max(initial=-1 - left.secured)
            assert kept + left.secured == best
