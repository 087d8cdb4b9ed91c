import math
from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pytest

from coverage.planning import steiner, steiner_offers
from coverage.planning.steiner import best_tree
from coverage.planning.steiner_bound import most_worth
from coverage.planning.steiner_exact import exact_options, is_few
from coverage.planning.steiner_graph import ROOT, Graph, reduce
from coverage.planning.steiner_search import cheap_tree, join, tidy
from coverage.planning.steiner_tree import hang, in_best_order, in_spans, parts, undominated, within_span


def graph(prize, *edges):
    """Return a graph of (vertex, vertex, cost) whose lengths are its costs."""
    ends, cost = np.array([edge[:2] for edge in edges]).reshape(-1, 2), np.array([edge[2] for edge in edges], float)
    return Graph(np.array(prize, float), ends, cost, cost)


def strewn(seed, *, vertices, targets, more):
    """Return a connected graph: points in a square, a tree over them and more edges, dearer than straight by chance."""
    random = np.random.default_rng(seed)
    xy = random.random((vertices, 2)) * 10
    pairs = {(int(random.integers(0, one)), one) for one in range(1, vertices)}
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).argsort(axis=1)
    while len(pairs) < vertices - 1 + more:
        one = int(random.integers(vertices))
        pairs.add(tuple(sorted((one, int(near[one, random.integers(1, min(6, vertices))])))))
    ends = np.array(sorted(pairs))
    cost = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T) * random.uniform(1, 1.5, len(ends)) + 0.01
    prize = np.zeros(vertices)
    prize[random.choice(np.arange(1, vertices), targets, replace=False)] = random.integers(1, 30, targets)
    return Graph(prize, ends, cost, cost)


def every_tree(graph):
    """Return cost and prize of the cheapest tree over every set of vertices that has one (Kruskal): the slow twin."""
    edges = sorted((cost, *ends) for cost, ends in zip(graph.cost.tolist(), graph.ends.tolist(), strict=True))
    found = []
    for count in range(len(graph.prize)):
        for others in combinations(range(1, len(graph.prize)), count):
            group = {vertex: vertex for vertex in (ROOT, *others)}
            total = 0.0
            for cost, one, other in edges:
                if one in group and other in group and group[one] != group[other]:
                    total += cost
                    old = group[one]
                    group = {vertex: group[other] if own == old else own for vertex, own in group.items()}
            if len(set(group.values())) == 1:
                found.append((total, float(graph.prize[[ROOT, *others]].sum())))
    return found


def most(trees, budget):
    return max(prize for cost, prize in trees if cost <= budget + 1e-9)


def is_tree(graph, edges):
    return len(hang(graph, edges).vertex) == len(set(edges)) + 1 == len(edges) + 1


def test_what_no_tree_needs_is_cut_away_and_a_passage_becomes_one_edge():
    # 0 -1- 1 -2- 2(target) -1- 3 (dead end), 2 -9- 4(target), 4 -0- 5 -1- 0, and 6 - 7 out of reach.
    whole = graph(
        [0, 0, 5, 0, 7, 0, 0, 9],
        (0, 1, 1), (1, 2, 2), (2, 3, 1), (2, 4, 9), (4, 5, 0), (5, 0, 1), (0, 2, 4), (5, 5, 3), (6, 7, 1),
    )  # fmt: skip
    small = reduce(whole)
    assert small.graph.prize.tolist() == [0, 5, 7]
    assert small.graph.ends.tolist() == [[0, 1], [0, 2]]
    assert small.graph.cost.tolist() == [3, 1]
    assert sorted(small.whole([0])) == [0, 1]
    assert small.whole([1]) == [5]
    assert small.vertex.tolist() == [0, -1, 1, -1, 2, 2, -1, -1]


def test_a_fork_between_targets_is_found_though_every_direct_way_is_shorter():
    # Three targets 2 from each other, 1.1 from a fork in their middle; the root beside the first.
    whole = graph([0, 5, 5, 5, 0], (0, 1, 1), (1, 2, 2), (2, 3, 2), (3, 1, 2), (1, 4, 1.1), (2, 4, 1.1), (3, 4, 1.1))
    assert whole.total(sorted(cheap_tree(whole, [1, 2, 3]))) == pytest.approx(4.3)
    assert exact_options(whole)[-1].cost == pytest.approx(4.3)
    assert best_tree(whole).gap == pytest.approx(0, abs=1e-12)


def test_under_a_budget_the_richer_place_beats_the_one_with_the_better_ratio():
    # 10 for 1, or 60 for 10: taking the first leaves 9, which is not enough for the second.
    whole = graph([0, 10, 60], (0, 1, 1), (0, 2, 10))
    found = best_tree(whole, budget=10)
    assert (found.edges, found.cost, found.prize) == ([1], 10, 60)
    # Half of what the bound says: at 6 per unit of cost, 10 units and what the first has over: 60 + (10 - 6).
    assert found.bound == pytest.approx(64)
    assert found.gap == pytest.approx(1 - 60 / 64)
    assert best_tree(whole, budget=11).prize == 70
    assert best_tree(whole, budget=0.9).edges == []


def test_a_shared_trench_is_paid_once():
    whole = graph([0, 0, 10, 10], (0, 1, 3), (1, 2, 1), (1, 3, 1), (0, 2, 3.9), (0, 3, 3.9))
    assert best_tree(whole).cost == 5
    assert best_tree(whole, budget=5).prize == 20
    assert best_tree(whole, budget=4.9).cost == 3.9


def test_the_budget_finds_what_trying_every_tree_finds():
    for seed in range(25):
        whole = strewn(seed, vertices=9, targets=4, more=5)
        trees, small = every_tree(whole), reduce(whole).graph
        total = best_tree(small).cost
        assert total == pytest.approx(min(cost for cost, prize in trees if prize == whole.prize.sum()))
        for share in (0.2, 0.4, 0.6, 0.8, 1.0):
            found = best_tree(small, budget=share * total)
            assert found.prize == most(trees, share * total), (seed, share)
            assert found.cost <= share * total * (1 + 1e-12)
            assert found.bound >= found.prize - 1e-9
            assert is_tree(small, found.edges)
            assert small.total(found.edges) == pytest.approx(found.cost)


def test_many_targets_are_searched_almost_as_well_as_few_are_solved(monkeypatch):
    kept = []
    for seed in range(4, 10):
        small = reduce(strewn(seed, vertices=40, targets=9, more=30)).graph
        total = best_tree(small).cost
        for share in (0.3, 0.5, 0.7):
            with monkeypatch.context() as as_if_many:
                for room in (steiner, steiner_offers):
                    as_if_many.setattr(room, "is_few", lambda graph: False)
                found = best_tree(small, budget=share * total)
            best = best_tree(small, budget=share * total)
            assert found.prize <= best.prize <= found.bound + 1e-6
            kept.append(found.prize / best.prize)
    assert min(kept) >= 0.98


def test_a_tree_is_never_longer_than_another_librarys_and_hardly_longer_than_the_shortest():
    for seed in range(12):
        small = reduce(strewn(seed, vertices=60, targets=9, more=40)).graph
        assert is_few(small)
        found = cheap_tree(small, small.targets)
        assert is_tree(small, sorted(found))
        assert set(small.targets) <= set(hang(small, found).vertex)
        other = nx.Graph()
        other.add_weighted_edges_from(
            (one, end, cost) for (one, end), cost in zip(small.ends.tolist(), small.cost.tolist(), strict=True)
        )
        cost = small.total(sorted(found))
        for method in ("kou", "mehlhorn"):
            theirs = nx.algorithms.approximation.steiner_tree(other, [ROOT, *small.targets], method=method)
            assert cost <= theirs.size("weight") + 1e-9
        assert cost <= 1.02 * exact_options(small)[-1].cost


def test_every_offer_of_an_exact_answer_is_a_tree_that_costs_what_it_says():
    for seed in range(8):
        small = reduce(strewn(seed, vertices=25, targets=6, more=15)).graph
        found = exact_options(small)
        assert found[0].edges == ()
        for offer in found:
            assert is_tree(small, offer.edges)
            assert small.total([*offer.edges]) == pytest.approx(offer.cost)
            assert small.prize[hang(small, offer.edges).vertex].sum() == offer.prize


def test_local_search_only_ever_makes_a_tree_cheaper_and_ends_near_the_bound():
    saved = []
    for seed in range(10):
        small = reduce(strewn(seed, vertices=80, targets=20, more=60)).graph
        start = join(small, {vertex: number for number, vertex in enumerate([ROOT, *small.targets])})
        found = tidy(small, start, small.targets)
        assert is_tree(small, sorted(found))
        assert set(small.targets) <= set(hang(small, found).vertex)
        saved.append(1 - small.total(sorted(found)) / small.total(sorted(start)))
        least = small.prize.sum() - most_worth(small, price=1.0, every=True).worth
        assert small.total(sorted(found)) <= 1.04 * least
        assert small.total(sorted(cheap_tree(small, small.targets))) <= 1.02 * least
    assert min(saved) >= 0
    assert max(saved) >= 0.02


def test_the_bound_by_linear_programme_holds_and_in_whole_numbers_is_the_optimum():
    for seed in range(6):
        whole = reduce(strewn(seed, vertices=9, targets=4, more=5)).graph
        trees = every_tree(whole)
        least = min(cost for cost, prize in trees if prize == whole.prize.sum())
        relaxed = most_worth(whole, price=1.0, every=True)
        assert whole.prize.sum() - relaxed.worth <= least + 1e-6
        exact = most_worth(whole, price=1.0, every=True, exact=True)
        assert whole.prize.sum() - exact.worth == pytest.approx(least)
        assert whole.total([*exact.edges]) == pytest.approx(least)
        exact = most_worth(whole, budget=0.5 * least, exact=True)
        assert exact.worth == pytest.approx(most(trees, 0.5 * least))
        assert most_worth(whole, budget=0.5 * least).worth >= exact.worth - 1e-6


def test_the_parts_of_a_tree_are_the_best_for_every_budget():
    for seed in range(10):
        whole = strewn(seed, vertices=9, targets=5, more=0)
        tree = hang(whole, range(8))
        found, trees = parts(whole, tree), every_tree(whole)
        for offer in found:
            assert offer.prize == most(trees, offer.cost)
            assert whole.total([*offer.edges]) == pytest.approx(offer.cost)
        assert {offer.prize for offer in found} == {most(trees, cost) for cost, _ in trees}
        assert max(offer.cost for offer in parts(whole, tree, budget=5.0)) <= 5.0


def test_sums_that_cost_more_and_bring_no_more_are_left_out_and_many_are_thinned():
    cost, prize = np.array([0.0, 2.0, 1.0, 1.0, 3.0]), np.array([0.0, 5.0, 5.0, 4.0, 6.0])
    assert undominated(cost, prize).tolist() == [0, 2, 4]
    assert undominated(cost, prize, budget=2.0).tolist() == [0, 2]
    many = np.arange(1000.0)
    kept = undominated(many, many, states=10)
    assert len(kept) <= 10
    assert kept[-1] == 999


def test_the_order_is_the_best_of_all_that_build_parents_first():
    # 10 for 1, then 50 for 2 beyond it; aside 6 for 1: both of the branch first, as 60 for 3 beats 6 and 10 for 1.
    whole = graph([0, 10, 50, 6], (0, 1, 1), (1, 2, 2), (0, 3, 1))
    tree = hang(whole, range(3))
    assert [(block.cost, block.prize) for block in in_best_order(whole, tree)] == [(3, 60), (1, 6)]

    for seed in range(8):
        whole = strewn(seed, vertices=7, targets=6, more=0)
        tree = hang(whole, range(6))
        possible = [
            order
            for order in permutations(range(1, 7))
            if all(tree.parent[one] in (0, *order[:place]) for place, one in enumerate(order))
        ]

        def step(position, tree=tree, whole=whole):
            return whole.cost[tree.edge[position]], whole.prize[tree.vertex[position]]

        blocks = in_best_order(whole, tree)
        ratios = [block.prize / block.cost for block in blocks]
        assert ratios == sorted(ratios, reverse=True)
        by_cost = np.cumsum([block.cost for block in blocks])
        for cost, prize in zip(by_cost, np.cumsum([block.prize for block in blocks]), strict=True):
            # No order has collected more at the cost at which a block ends.
            for order in possible:
                costs, prizes = (np.cumsum([step(position)[side] for position in order]) for side in (0, 1))
                assert prize >= prizes[costs <= cost + 1e-9].max(initial=0.0)


def test_spans_are_kept_by_building_the_nearest_first_and_cutting_what_is_too_far():
    # 0 -3- 1 -1- 2(10), 1 -3- 3(90); 0 -7- 4(50).
    whole = graph([0, 0, 10, 90, 50], (0, 1, 3), (1, 2, 1), (1, 3, 3), (0, 4, 7))
    tree = hang(whole, range(4))
    assert within_span(whole, tree, 7.0) == [0, 1, 2, 3]
    assert within_span(whole, tree, 4.0) == [0, 1, 2]
    assert within_span(whole, tree, 3.9) == []

    def built(span):
        kept = hang(whole, within_span(whole, tree, span))
        order = in_spans(whole, kept, in_best_order(whole, kept), span)
        return [[kept.vertex[position] for position in part] for part in order]

    assert built(7.0) == [[1, 3], [2], [4]]
    assert built(6.0) == [[1, 3], [2]]
    assert built(4.0) == [[1, 2], [3]]  # 3 is 6 away at first, 3 from the trench to 2


def test_a_target_too_far_from_the_tree_is_joined_on_a_way_of_its_own_if_that_is_short_enough():
    # The cheap way to 2 leads 3.5 beyond 1; straight it is 4 away.
    whole = graph([0, 5, 5], (0, 1, 3), (1, 2, 3.5), (0, 2, 4))
    assert best_tree(whole, span_m=3.5).cost == 6.5
    found = best_tree(whole, span_m=3.0)
    assert (found.edges, found.prize, found.gap) == ([0], 5, None)
    # Both places hang on a fork 5 away from each; each has a dearer way of its own, which is shorter.
    whole = graph([0, 0, 5, 5], (0, 1, 2), (1, 2, 3), (1, 3, 3), (0, 2, 4.5), (0, 3, 4.5))
    assert best_tree(whole, span_m=5).cost == 8
    assert (best_tree(whole, span_m=4.5).cost, best_tree(whole, span_m=4.5).prize) == (9, 10)
    assert best_tree(whole, span_m=4.5).gap == pytest.approx(1 / 9)
    assert best_tree(whole, span_m=4.5, budget=8.5).prize == 5


def test_nothing_to_join_and_nothing_in_reach_are_no_trees():
    alone = reduce(graph([0, 5], (1, 1, 2)))
    assert alone.graph.targets == []
    for budget in (None, 5.0):
        found = best_tree(alone.graph, budget=budget)
        assert (found.edges, found.cost, found.prize, found.gap) == ([], 0, 0, 0)
    with pytest.raises(ValueError, match="cannot be reached"):
        cheap_tree(graph([0, 5], (1, 1, 2)), [1])
    assert most_worth(graph([0, 5, 5], (0, 1, 2)), every=True).worth == -math.inf


def test_too_many_targets_are_no_exact_answer():
    many = graph([0, *[1] * 14], *((0, vertex, 1) for vertex in range(1, 15)))
    assert not is_few(many)
    with pytest.raises(ValueError, match="14 targets"):
        exact_options(many)


def test_the_same_graph_gives_the_same_tree():
    small, again = (reduce(strewn(1, vertices=120, targets=30, more=80)).graph for _ in range(2))
    for budget in (None, 20.0):
        found = best_tree(small, budget=budget)
        assert found == best_tree(again, budget=budget)
        assert is_tree(small, found.edges)
