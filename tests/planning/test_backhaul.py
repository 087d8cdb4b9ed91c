import numpy as np
import pytest

from coverage.planning.backhaul import backhauls
from coverage.planning.candidates import Candidates, existing_positions
from coverage.planning.costs import Backhaul, Usd
from tests.planning.world import at, cell, flat, layers, line, lines, study, with_costs

HOP = Usd(20_000, 30_000, 40_000)


def candidate(east_m, north_m, kind="new", site_id="N-001"):
    point = at(east_m, north_m)
    return Candidates.of(kind, [site_id], [point.x], [point.y], [36.0])


def joined(candidates, world, made=None):
    return backhauls(candidates, existing_positions(world.cells), world, made or study())


def backhaul(candidates, world):
    return joined(candidates, world).cheapest()[0]


def test_a_short_spur_of_fiber_is_cheaper_than_a_hop():
    world = layers(cells=[cell("A", at(3050, 950), "4g")], fiber_routes=lines(line((0, 0), (0, 4000))))
    found = backhaul(candidate(1050, 950), world)
    assert found == Backhaul("fiber", 1.05, "R-1", Usd(5_250, 10_500, 21_000))


def test_without_fiber_the_nearest_connected_mast_in_sight_ends_the_hop():
    terrain = flat()
    terrain[:, 15] = 600  # hides what lies east of it
    masts = [
        cell("hidden", at(1850, 950), "4g"),
        cell("near", at(1050, 1450), "4g", transmission="none"),
        cell("far", at(1050, 3550), "4g", transmission="microwave"),
    ]
    found = backhaul(candidate(1050, 950), layers(terrain_m=terrain, cells=masts))
    assert (found.kind, found.via, found.length_km) == ("microwave", "far", 2.6)
    assert found.cost == HOP


def test_a_path_that_is_clear_but_for_the_fresnel_zone_does_not_count():
    # 7 GHz over 2 km: the first zone is √(0.04283 × 1000 × 1000 / 2000) = 4.63 m wide in the middle; 60 % are 2.78 m.
    # The ray runs at 536 m and the Earth bulges by 0.06 m, so a wall may rise to 533.16 m.
    mast = [cell("A", at(3050, 950), "4g", height_m=36.0)]
    for wall_m, kind in ((533.1, "microwave"), (533.3, "unknown")):
        terrain = flat()
        terrain[:, 20] = wall_m
        assert backhaul(candidate(1050, 950), layers(terrain_m=terrain, cells=mast)).kind == kind


def test_a_hop_longer_than_the_longest_allowed_is_none():
    world = layers(cells=[cell("A", at(3050, 950), "4g")])
    found = joined(candidate(1050, 950), world, study(microwave_max_km=1.9))
    assert found.ways == [[Backhaul("unknown")]]
    assert len(found.relays) == 0


@pytest.mark.parametrize(
    ("transmission", "kind"),
    [("fiber", "existing"), (None, "existing"), ("none", "microwave"), ("satellite", "microwave")],
)
def test_an_upgrade_needs_backhaul_only_where_its_mast_says_there_is_none(transmission, kind):
    world = layers(cells=[cell("A", at(1050, 950), "2g", transmission=transmission), cell("B", at(2050, 950), "2g")])
    assert backhaul(candidate(1050, 950, "upgrade", "A"), world).kind == kind


def test_a_mast_beside_one_with_transmission_shares_it():
    world = layers(cells=[cell("A", at(1050, 950), "4g")], fiber_routes=lines(line((1060, 0), (1060, 4000))))
    twins = Candidates.join([candidate(1050, 950), candidate(1090, 950), candidate(1150, 950)])
    assert [few[0].kind for few in joined(twins, world).ways] == ["existing", "existing", "fiber"]
    assert joined(twins, world).ways[1] == [Backhaul("existing", via="A")]


# A ridge 300 m high from north to south hides the east, where the network is, from the west. K stands on it without
# transmission, and so could a mast anew.
RIDGE = flat()
RIDGE[:, 20] = 800
EAST = cell("A", at(3050, 950), "4g")
K = cell("K", at(2050, 950), "2g", transmission="none")
WEST_PAIR = Candidates.join([candidate(1050, 950, site_id="N-001"), candidate(1050, 1450, site_id="N-002")])
ON_RIDGE = candidate(2050, 1950, "proposed", "P-1")


def test_a_relay_leads_around_a_ridge_and_is_one_for_all_who_use_it():
    found = joined(WEST_PAIR, layers(terrain_m=RIDGE, cells=[EAST, K]))
    assert found.ways[0] == [Backhaul("microwave", 2.0, "A", HOP, "K")]
    assert [way.relay for way in found.ways[1]] == ["K"]
    relays = found.relays
    assert (relays.relay_id.tolist(), relays.via.tolist(), relays.length_km.tolist()) == (["K"], ["A"], [1.0])
    assert (relays.x_m[0], relays.y_m[0]) == (at(2050, 950).x, at(2050, 950).y)
    assert relays.usd(0) == HOP  # its mast stands
    assert found.cheapest()[0] == Backhaul("microwave", 2.0, "A", Usd(40_000, 60_000, 80_000), "K")


def test_the_upgrade_of_a_relay_shares_the_hop_from_it():
    here = Candidates.join([WEST_PAIR, candidate(2050, 950, "upgrade", "K")])
    world = layers(terrain_m=RIDGE, cells=[EAST, K])
    found = joined(here, world)
    assert found.ways[2] == [Backhaul("microwave", 1.0, "A", Usd(), "K")]
    assert found.cheapest()[2].cost == HOP
    # Nobody needs it as a relay: it is a site with a hop.
    alone = joined(here.take(np.array([2])), world)
    assert alone.ways == [[Backhaul("microwave", 1.0, "A", HOP)]]
    assert len(alone.relays) == 0


def test_a_relay_on_the_position_of_another_candidate_pays_for_mast_and_track():
    here = Candidates.join([WEST_PAIR.take(np.array([0])), ON_RIDGE])
    road = lines(line((4000, 1950), (2550, 1950)))  # half a kilometre off, 300 m down in one step
    for roads, track in ((None, 0.0), (road, 1.0)):
        world = layers(terrain_m=RIDGE, cells=[EAST], roads=roads)
        found = joined(here, world)
        assert found.ways[0][0].relay == "P-1"
        slope = 1 + 0.25 * np.degrees(np.arctan(300 / 500)) / 10
        assert found.relays.usd(0).central == pytest.approx(30_000 + 20_000 + track * 10_000 * 0.5 * slope)
        own = found.ways[1][0]
        assert (own.kind, own.via, own.cost, own.relay) == ("microwave", "A", HOP, None)


def test_the_cheapest_relay_is_offered_and_the_one_that_more_could_share():
    """K, whose mast stands, is cheaper than P-1; N-001 sees both, and a rock hides K from N-002."""
    terrain = RIDGE.copy()
    terrain[20, 14:18] = 900
    pair = Candidates.join([candidate(1050, 1450, site_id="N-001"), candidate(1050, 2950, site_id="N-002")])
    found = joined(Candidates.join([pair, ON_RIDGE]), layers(terrain_m=terrain, cells=[EAST, K]))
    assert [[way.relay for way in few] for few in found.ways] == [["K", "P-1"], ["P-1"], [None]]
    assert found.relays.relay_id.tolist() == ["K", "P-1"]
    assert found.relays.central_usd.tolist() == [30_000, 50_000]


def test_no_relay_is_offered_where_fiber_costs_less_than_a_hop_to_it():
    spur = lines(line((1050, 0), (1050, 100)))
    world = layers(terrain_m=RIDGE, cells=[EAST, K], fiber_routes=spur)
    found = joined(WEST_PAIR, world)
    assert [[(way.kind, way.relay) for way in few] for few in found.ways] == [[("fiber", None)]] * 2
    dear = with_costs(
        study(), fiber_usd_per_km=study().costs.access_usd_per_km.model_copy(update={"central": 90_000.0})
    )
    assert [way.relay for way in joined(WEST_PAIR, world, dear).ways[0]] == [None, "K"]


def test_a_relay_whose_hop_costs_as_much_as_the_spur_is_of_no_use():
    world = layers(terrain_m=RIDGE, cells=[EAST, K], fiber_routes=lines(line((1050, 0), (1050, 450))))
    fiber = study().costs.access_usd_per_km.model_copy(update={"central": 60_000.0})  # half a kilometre: 30,000 USD
    medium = study().costs.microwave_medium_usd.model_copy(update={"central": 1.0})  # so that relays are looked at
    made = with_costs(study(), fiber_usd_per_km=fiber, microwave_medium_usd=medium)
    assert [way.kind for way in joined(WEST_PAIR, world, made).ways[0]] == ["fiber"]
    made = with_costs(made, fiber_usd_per_km=fiber.model_copy(update={"central": 60_002.0}))
    assert [way.kind for way in joined(WEST_PAIR, world, made).ways[0]] == ["fiber", "microwave"]


def test_a_candidate_does_not_relay_for_itself():
    """Its own antenna is too low to see over the wall; a relay there would not be."""
    terrain = flat()
    terrain[:, 20] = 540
    low = Candidates.of("new", ["N-001"], [at(1050, 950).x], [at(1050, 950).y], [5.0])
    found = joined(low, layers(terrain_m=terrain, cells=[EAST]), study(relay_height_m=90))
    assert found.ways == [[Backhaul("unknown")]]


def test_ways_are_the_same_in_any_order_of_the_candidates():
    rng = np.random.default_rng(8)
    terrain = (500 + 150 * rng.random((40, 40))).astype(np.float32)
    masts = [cell(f"M{i}", at(*place), "2g", transmission="none" if i % 2 else "fiber")
             for i, place in enumerate(rng.random((8, 2)) * 4000)]  # fmt: skip
    world = layers(terrain_m=terrain, cells=masts, roads=lines(line((0, 0), (4000, 4000))))
    places = rng.random((30, 2)) * 4000
    here = Candidates.join([candidate(*place, site_id=f"N-{i:03d}") for i, place in enumerate(places)])
    order = rng.permutation(30)
    one, other = joined(here, world), joined(here.take(order), world)
    assert [one.cheapest()[i].cost for i in order] == [way.cost for way in other.cheapest()]
    assert joined(here, world).ways == one.ways
    assert {len(few) for few in one.ways} <= {1, 2, 3}
    assert sorted({way.relay for few in one.ways for way in few if way.relay}) == sorted(one.relays.relay_id)
