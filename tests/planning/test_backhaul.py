import pytest

from coverage.planning.backhaul import backhauls, ways
from coverage.planning.candidates import Candidates, existing_positions
from coverage.planning.costs import Usd
from tests.planning.world import at, cell, flat, layers, line, lines, study


def candidate(east_m, north_m, kind="new", site_id="N-001"):
    point = at(east_m, north_m)
    return Candidates.of(kind, [site_id], [point.x], [point.y], [36.0])


def backhaul(candidates, world):
    return backhauls(candidates, existing_positions(world.cells), world, study())[0]


def test_the_way_to_the_nearest_road_has_its_length_and_mean_slope():
    world = layers(roads=lines(line((0, 0), (0, 4000)), line((4000, 0), (4000, 4000))))
    found = ways(candidate(1050, 950), world, "roads")[0]
    assert (found.length_km, found.slope_deg) == (1.05, 0)
    assert ways(candidate(1050, 950), layers(), "roads") == [None]


def test_a_short_spur_of_fiber_is_cheaper_than_a_hop():
    world = layers(cells=[cell("A", at(3050, 950), "4g")], fiber_routes=lines(line((0, 0), (0, 4000))))
    found = backhaul(candidate(1050, 950), world)
    assert (found.kind, found.length_km) == ("fiber", 1.05)
    assert found.cost == Usd(5_250, 10_500, 21_000)


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
    assert found.cost == Usd(20_000, 30_000, 40_000)


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
    settings = study(microwave_max_km=1.9)
    assert backhauls(candidate(1050, 950), existing_positions(world.cells), world, settings)[0].kind == "unknown"


@pytest.mark.parametrize(
    ("transmission", "kind"),
    [("fiber", "existing"), (None, "existing"), ("none", "microwave"), ("satellite", "microwave")],
)
def test_an_upgrade_needs_backhaul_only_where_its_mast_says_there_is_none(transmission, kind):
    world = layers(cells=[cell("A", at(1050, 950), "2g", transmission=transmission), cell("B", at(2050, 950), "2g")])
    assert backhaul(candidate(1050, 950, "upgrade", "A"), world).kind == kind
