import math

import numpy as np
import pytest

from coverage.errors import CoverageError
from coverage.planning.covering import best_under_budget, cheapest_cover
from coverage.planning.selection import rank_greedily
from tests.planning.choices import budget_of, drawn, every_choice, optimum, options, shuffled

RELAY = {
    # A and B need the relay, which costs 5; C stands by itself.
    "reach": np.eye(3),
    "weight": [10, 8, 15],
    "cost": [5, 4, 8],
    "needs": [[1], [1], [0]],
    "items": [5],
}


def test_a_budget_below_the_cheapest_buys_nothing():
    found = best_under_budget(options([[1]], [5], [10]), budget_usd=9)
    assert (found.options, found.value, found.bound, found.gap, found.cost_usd) == ((), 0, 0, 0, 0)


@pytest.mark.parametrize("made", [options([], [1], []), options([[0]], [1], [1]), options([[1]], [0], [1])])
def test_where_nobody_is_reached_nothing_is_built(made):
    found = best_under_budget(made, budget_usd=9)
    assert (found.options, found.value, found.bound) == ((), 0, 0)
    cover = cheapest_cover(made, share=1)
    assert (cover.options, cover.cost_usd, cover.bound_usd, cover.gap) == ((), 0, 0, 0)


def test_the_optimum_beats_the_ranking_where_greed_is_wrong():
    # By ratio the first (4 a piece) comes first; the other two (3.5) would use up the money.
    made = options([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1]], [4, 4, 3, 3], [2, 2, 2])
    assert [pick.option for pick in rank_greedily(made, sites=9, budget_usd=4)] == [0, 1]
    found = best_under_budget(made, budget_usd=4)
    assert (found.options, found.value, found.bound, found.gap) == ((1, 2), 14, 14, 0)


def test_a_relay_is_paid_once():
    # 14 buy A, B and the relay (18), or C and one of nothing else (15).
    made = options(**RELAY)
    assert best_under_budget(made, budget_usd=13.9).options == (2,)
    found = best_under_budget(made, budget_usd=14)
    assert (found.options, found.value, found.cost_usd) == ((0, 1), 18, 14)


def test_a_mast_that_serves_nobody_is_built_for_what_it_provides():
    # The relay costs 9, the mast that is one 4: with it A and B cost 13, without it 18.
    made = options(
        [[1, 0], [0, 1], [0, 0]], [10, 8], [5, 4, 4], needs=[[1], [1], [0]], provides=[[0], [0], [1]], items=[9]
    )
    found = best_under_budget(made, budget_usd=13)
    assert (found.options, found.value, found.cost_usd) == ((0, 1, 2), 18, 13)
    assert best_under_budget(made, budget_usd=13, sites=2).options == (0, 2)
    cover = cheapest_cover(made, share=1)
    assert (cover.options, cover.cost_usd, cover.bound_usd) == ((0, 1, 2), 13, 13)


def test_what_is_locked_is_built_and_paid_for():
    made = options(**RELAY, locked=[1])
    found = best_under_budget(made, budget_usd=14)
    assert (found.options, found.value) == ((0, 1), 18)
    assert best_under_budget(made, budget_usd=13).options == (1,)
    with pytest.raises(CoverageError, match="the 1 locked options cost 9 USD; expected at most the budget of 8"):
        best_under_budget(made, budget_usd=8)
    cover = cheapest_cover(made, share=0)
    assert (cover.options, cover.cost_usd, cover.value) == ((1,), 9, 8)


def test_a_locked_relay_mast_that_costs_nothing_frees_the_others_of_the_relay():
    made = options(
        [[1, 0], [0, 1], [0, 0]], [10, 8], [5, 4, 0], needs=[[1], [1], [0]], provides=[[0], [0], [1]], items=[9],
        locked=[2],
    )  # fmt: skip
    assert best_under_budget(made, budget_usd=9).value == 18


def test_the_cheapest_cover_of_a_share_is_found_by_hand():
    # Of 33: C alone is 15 (45 %) for 8; A and B 18 (55 %) for 14; C and A 25 (76 %) for 18, C and B 23 for 17.
    made = options(**RELAY)
    for share, chosen, cost in ((0, (), 0), (0.45, (2,), 8), (0.5, (0, 1), 14), (0.69, (1, 2), 17), (0.75, (0, 2), 18)):
        cover = cheapest_cover(made, share=share)
        assert (cover.options, cover.cost_usd, cover.bound_usd) == (chosen, cost, pytest.approx(cost))
        assert cover.target == pytest.approx(33 * share)
        assert cover.gap == pytest.approx(0)


def test_the_share_may_be_of_households():
    made = options(np.eye(2), [1, 9], [1, 1])
    assert cheapest_cover(made, share=0.5).options == (1,)
    assert cheapest_cover(made, share=0.5, weight=np.array([80.0, 60.0])).options == (0,)


def test_a_share_that_needs_two_options_of_one_position_is_said_to_be_out_of_reach():
    made = options([[1, 1, 0], [0, 1, 1]], [30, 50, 20], [1, 1], position=["A", "A"])
    assert cheapest_cover(made, share=0.8).options == (0,)
    with pytest.raises(CoverageError, match=r"serve 81\.00% .* not possible: at most 80\.00%"):
        cheapest_cover(made, share=0.81)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(CoverageError, match="expected 0 to 1"):
        cheapest_cover(options(**RELAY), share=share)


def test_limits_that_make_no_sense_are_refused():
    for limits in ({"budget_usd": -1}, {"budget_usd": math.nan}, {"budget_usd": 1, "sites": -1}):
        with pytest.raises(CoverageError, match="expected 0 or more"):
            best_under_budget(options(**RELAY), **limits)
    for limits in ({"time_limit_s": -1}, {"gap": -1}, {"gap": math.nan}):
        with pytest.raises(CoverageError, match="expected 0 or more of both"):
            best_under_budget(options(**RELAY), budget_usd=14, **limits)


def test_no_sites_no_money_and_no_limit_of_money_are_limits_too():
    made = options(**RELAY)
    assert best_under_budget(made, budget_usd=99, sites=0).options == ()
    assert best_under_budget(made, budget_usd=0).options == ()
    assert best_under_budget(made, budget_usd=None, sites=2).options == (0, 2)
    assert best_under_budget(made, budget_usd=math.inf).options == (0, 1, 2)


def test_without_time_the_ranking_stands_and_the_bound_is_true():
    made = drawn(11, most=14)
    found = best_under_budget(made, budget_usd=80_000, time_limit_s=0)
    ranked = rank_greedily(made, sites=99, budget_usd=80_000)
    assert found.value >= sum(pick.gain for pick in ranked)
    assert found.bound >= optimum(made, budget=80_000)
    assert cheapest_cover(made, share=0.5, time_limit_s=0).bound_usd <= cheapest_cover(made, share=0.5).cost_usd


@pytest.mark.parametrize("seed", range(120))
def test_the_programme_finds_what_brute_force_finds(seed):
    made = drawn(seed)
    budget = budget_of(made, seed)
    found = best_under_budget(made, budget_usd=budget)
    assert found.value == made.value(found.options) == optimum(made, budget=budget)
    assert found.bound == pytest.approx(found.value)
    assert found.cost_usd == made.total_usd(found.options) <= budget
    assert len({made.position[i] for i in found.options}) == len(found.options)
    assert set(np.flatnonzero(made.locked)) <= set(found.options)
    sites = int(made.locked.sum()) + seed % 4
    assert best_under_budget(made, budget_usd=budget, sites=sites).value == optimum(made, budget=budget, sites=sites)


@pytest.mark.parametrize("seed", range(120))
def test_the_cheapest_cover_is_the_one_that_brute_force_finds(seed):
    made = drawn(seed)
    target = (0.4, 0.7, 1.0)[seed % 3] * made.weight[np.unique(made.reach.indices)].sum()
    _, cost, value = every_choice(made, at_most=None)
    enough = value >= target * (1 - 1e-9)
    if not enough.any():
        with pytest.raises(CoverageError, match="not possible"):
            cheapest_cover(made, share=(0.4, 0.7, 1.0)[seed % 3])
        return
    cover = cheapest_cover(made, share=(0.4, 0.7, 1.0)[seed % 3])
    assert cover.cost_usd == made.total_usd(cover.options) == cost[enough].min()
    assert cover.bound_usd == pytest.approx(cover.cost_usd)
    assert cover.value == made.value(cover.options)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_sixteen_options_and_costs_to_the_cent_come_out_as_brute_force_has_them(seed):
    rng = np.random.default_rng(seed)
    made = options(rng.random((16, 30)) < 0.2, rng.integers(1, 50, 30) * 0.6, rng.uniform(40_000, 90_000, 16).round(2))
    found = best_under_budget(made, budget_usd=300_000)
    assert found.value == pytest.approx(optimum(made, budget=300_000), rel=1e-12)
    assert found.gap == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_numbering_of_options_changes_nothing_and_twice_is_the_same(seed):
    made = drawn(seed)
    other, order = shuffled(made, seed)
    budget = budget_of(made, seed)
    first, again, second = (best_under_budget(one, budget_usd=budget) for one in (made, made, other))
    assert first == again
    assert sorted(made.position[i] for i in first.options) == sorted(made.position[order[i]] for i in second.options)
    assert (first.value, first.cost_usd) == (second.value, pytest.approx(second.cost_usd))
