import math

import numpy as np
import pytest

from coverage.errors import CoverageError
from coverage.planning.selection import greedy_under_budget, rank_greedily
from tests.planning.choices import budget_of, drawn, optimum, options, shuffled

RELAY = {
    # A and B need the relay, which costs 5; C and D stand by themselves.
    "reach": np.eye(4),
    "weight": [10, 8, 9, 5],
    "cost": [5, 4, 8, 5.5],
    "needs": [[1], [1], [0], [0]],
    "items": [5],
}


def numbers(picks):
    return [pick.option for pick in picks]


def eager(made, budget, sites):
    """Rank as the lazy way must, with every gain and every cost computed anew at every step, from whole choices."""
    reach, needs, provides = (rows.toarray() for rows in (made.reach, made.needs, made.provides))

    def worth(chosen):
        return made.weight[reach[chosen].any(axis=0)].sum() if chosen else 0.0

    def price(chosen):
        paid = needs[chosen].any(axis=0) & ~provides[chosen].any(axis=0)
        return made.cost_usd[chosen].sum() + made.item_cost_usd[paid].sum()

    def keys(ranking, among):
        for i in among:
            gain, extra = worth([*ranking, i]) - worth(ranking), price([*ranking, i]) - price(ranking)
            ratio = 0 if gain == 0 else math.inf if extra <= 0 else gain / extra
            serves = made.reach.indices[slice(*made.reach.indptr[i : i + 2])].tobytes()
            yield -ratio, -gain, made.position[i], made.cost_usd[i], serves, i, extra

    ranking = []
    locked = set(np.flatnonzero(made.locked).tolist())
    while locked:
        ranking.append(min(keys(ranking, locked))[5])
        locked.remove(ranking[-1])
    while len(ranking) < sites:
        taken = {made.position[j] for j in ranking}
        free = [i for i in range(len(made.position)) if made.position[i] not in taken]
        left = budget - price(ranking)
        found = [key for key in keys(ranking, free) if key[1] < 0 and (key[6] <= 0 or key[6] <= left + 1e-6)]
        if not found:
            break
        ranking.append(min(found)[5])
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


def test_a_budget_is_kept_to_the_cent_but_not_to_the_last_digit():
    made = options(np.eye(3), [3, 2, 1], [0.1, 0.1, 0.1])  # summed, more than 0.3
    assert len(rank_greedily(made, sites=9, budget_usd=0.3)) == 3
    assert len(rank_greedily(made, sites=9, budget_usd=0.299)) == 2


def test_one_position_is_built_once_and_equals_go_by_name():
    made = options([[1, 0], [1, 1]], [10, 1], [1, 2], position=["A", "A"])
    assert numbers(rank_greedily(made, sites=9)) == [0]
    assert numbers(rank_greedily(options([[1, 0], [0, 1]], [1, 1], [1, 1], position=["B", "A"]), sites=9)) == [1, 0]


def test_what_costs_nothing_comes_first_and_what_weighs_nothing_never():
    assert numbers(rank_greedily(options([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [9, 1, 0], [1, 0, 0]), sites=9)) == [1, 0]


def test_a_relay_is_paid_by_the_first_that_needs_it_and_then_the_next_moves_up():
    # C 9/8, A 10/10 with the relay; B would be 8/9 with it, behind D's 5/5.5, and is 8/4 now that it stands.
    picks = rank_greedily(options(**RELAY), sites=9)
    assert numbers(picks) == [2, 0, 1, 3]
    assert [pick.cost_usd for pick in picks] == [8, 10, 4, 5.5]
    assert [pick.items.tolist() for pick in picks] == [[], [0], [], []]


def test_an_option_too_dear_for_the_budget_is_looked_at_again_once_its_relay_is_paid():
    # A with the relay leads (20/10). It takes 10 of 13: B alone is dearer than all that, and costs 3 now.
    made = options(np.eye(2), [20, 9], [2, 3], needs=[[1], [1]], items=[8])
    assert numbers(rank_greedily(made, sites=9, budget_usd=13)) == [0, 1]
    assert numbers(rank_greedily(made, sites=9, budget_usd=12.9)) == [0]
    # The dear one of another relay waits until the mast that provides it stands.
    made = options(np.eye(3), [9, 20, 1], [3, 1, 4], needs=[[1], [0], [0]], provides=[[0], [0], [1]], items=[8])
    assert numbers(rank_greedily(made, sites=9, budget_usd=8)) == [1, 2, 0]


def test_what_a_mast_provides_costs_the_others_nothing():
    # The mast 0 is a relay itself: B is 8 for 4 behind it, where it was 8 for 9.
    made = options(np.eye(3), [12, 8, 9], [6, 4, 6], needs=[[0], [1], [0]], provides=[[1], [0], [0]], items=[5])
    picks = rank_greedily(made, sites=9)
    assert numbers(picks) == [0, 1, 2]
    assert [pick.cost_usd for pick in picks] == [6, 4, 6]
    assert all(len(pick.items) == 0 for pick in picks)


def test_a_mast_that_makes_a_paid_relay_needless_is_credited_with_it():
    made = options(np.eye(2), [30, 1], [5, 8], needs=[[1], [0]], provides=[[0], [1]], items=[5])
    picks = rank_greedily(made, sites=9)
    assert [pick.cost_usd for pick in picks] == [10, 3]
    assert made.total_usd([0, 1]) == 13


def test_who_needs_what_it_provides_pays_nothing_for_it():
    made = options([[1]], [1], [2], needs=[[1]], provides=[[1]], items=[5])
    assert [pick.cost_usd for pick in rank_greedily(made, sites=1, budget_usd=2)] == [2]


def test_locked_options_come_first_and_are_paid_for():
    made = options(**RELAY, locked=[3, 1])
    picks = rank_greedily(made, sites=9, budget_usd=20)
    assert numbers(picks) == [3, 1, 0]  # 5/5.5 and 8/9, then A, whose relay stands, for 5; C no longer fits
    assert [pick.cost_usd for pick in picks] == [5.5, 9, 5]
    assert numbers(rank_greedily(options(np.eye(2), [1, 0], [1, 1], locked=[1]), sites=9)) == [1, 0]


def test_beside_a_locked_option_no_other_of_its_position_is_built():
    made = options([[1, 0], [1, 1]], [1, 9], [1, 1], position=["A", "A"], locked=[0])
    assert numbers(rank_greedily(made, sites=9)) == [0]


@pytest.mark.parametrize("seed", range(80))
def test_the_lazy_ranking_is_the_eager_one(seed):
    made = drawn(seed)
    budget = budget_of(made, seed)
    most = max(5, int(made.locked.sum()))
    ranking = rank_greedily(made, sites=most, budget_usd=budget)
    assert numbers(ranking) == eager(made, budget, most)
    assert sum(pick.gain for pick in ranking) == made.value(numbers(ranking))
    assert sum(pick.cost_usd for pick in ranking) == pytest.approx(made.total_usd(numbers(ranking)))
    assert made.total_usd(numbers(ranking)) <= budget


@pytest.mark.parametrize("seed", range(20))
def test_the_numbering_of_options_changes_nothing(seed):
    made = drawn(seed)
    other, order = shuffled(made, seed)
    first, second = rank_greedily(made, sites=99), rank_greedily(other, sites=99)
    for one, two in zip(first, second, strict=True):
        was = order[two.option]
        assert (made.position[one.option], one.gain, one.cost_usd) == (made.position[was], two.gain, two.cost_usd)
        assert one.places.tolist() == two.places.tolist()


@pytest.mark.parametrize("seed", range(30))
def test_every_prefix_is_within_one_minus_one_over_e_of_the_best_for_its_cost(seed):
    made = drawn(seed, most=14, items=0, alternatives=False, locked=False)
    ranking = numbers(rank_greedily(made, sites=99))
    for length in range(1, len(ranking) + 1):
        begun = ranking[:length]
        assert made.value(begun) >= (1 - 1 / math.e) * optimum(made, budget=made.total_usd(begun))


@pytest.mark.parametrize("seed", range(30))
def test_with_equal_costs_every_prefix_is_within_one_minus_one_over_e_of_the_best_of_its_length(seed):
    made = drawn(seed, most=14, items=0, alternatives=False, locked=False)
    made = options(made.reach.toarray(), made.weight, np.ones(len(made.position)))
    gained = np.cumsum([pick.gain for pick in rank_greedily(made, sites=99)])
    for length, value in enumerate(gained, start=1):
        assert value >= (1 - 1 / math.e) * optimum(made, sites=length)


def test_under_a_budget_the_largest_alone_may_beat_the_ranking():
    # By ratio the 2 for 1 come first, and leave too little for the 10 for 10.
    made = options([[1, 0], [0, 1]], [2, 10], [1, 10])
    assert numbers(rank_greedily(made, sites=9, budget_usd=10)) == [0]
    assert greedy_under_budget(made, budget_usd=10) == (1,)
    assert greedy_under_budget(made, budget_usd=11) == (0, 1)


@pytest.mark.parametrize("seed", range(40))
def test_under_a_budget_the_better_of_both_serves_half_of_one_minus_one_over_e(seed):
    made = drawn(seed, most=14, items=0, alternatives=False, locked=False)
    budget = budget_of(made, seed)
    chosen = greedy_under_budget(made, budget_usd=budget)
    assert made.total_usd(chosen) <= budget
    assert made.value(chosen) >= (1 - 1 / math.e) / 2 * optimum(made, budget=budget)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cost": [1, -2]}, "1 of 2 options have a cost in USD that is negative .*first: N-001, -2"),
        ({"cost": [math.nan, 2]}, "first: N-000, nan"),
        ({"cost": [math.inf, 2]}, "first: N-000, inf"),
        ({"weight": [1, math.nan]}, "1 of 2 places have a weight .*first: number 1, nan"),
        ({"weight": [-1, 1]}, "first: number 0, -1"),
        ({"items": [-3]}, "1 of 1 items have a cost"),
        ({"position": ["A", "A"], "locked": [0, 1]}, "2 locked options stand at A"),
    ],
)
def test_what_cannot_be_reckoned_with_is_refused(given, said):
    with pytest.raises(CoverageError, match=said):
        options(**{"reach": np.eye(2), "weight": [1, 1], "cost": [1, 1], **given})


def test_tables_of_different_size_are_refused():
    made = options(np.eye(2), [1, 1], [1, 1])
    with pytest.raises(CoverageError, match=r"reach has the shape \(2, 2\); expected \(2, 1\)"):
        type(made)(made.reach, np.ones(1), made.cost_usd, made.position)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"sites": 9, "budget_usd": -1}, "the budget is -1 USD"),
        ({"sites": 9, "budget_usd": math.nan}, "the budget is nan USD"),
        ({"sites": -1}, "-1 sites"),
        ({"sites": 1}, "2 options are locked; expected at most the 1 sites"),
        ({"sites": 9, "budget_usd": 12}, "the 2 locked options cost 14 USD; expected at most the budget of 12"),
    ],
)
def test_limits_that_cannot_be_kept_are_refused(limits, said):
    with pytest.raises(CoverageError, match=said):
        rank_greedily(options(**RELAY, locked=[3, 1]), **limits)


def test_a_place_that_a_matrix_stores_as_not_served_is_not_served():
    made = options([[1, 1]], [1, 1], [1])
    reach = made.reach.copy()
    reach.data[0] = False
    assert type(made)(reach, made.weight, made.cost_usd, made.position).value([0]) == 1
