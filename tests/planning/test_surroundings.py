import math

import numpy as np
import pytest

from coverage.planning.candidates import Candidates
from coverage.planning.costs import Way
from coverage.planning.surroundings import power_to_tap, surroundings
from coverage.settings.planning import Costs
from tests.planning.world import at, flat, layers, line, lines

COSTS = Costs()


def around(world, *places):
    points = [at(*place) for place in places]
    found = Candidates.of(
        "new",
        [f"N-{i}" for i in range(len(places))],
        [p.x for p in points],
        [p.y for p in points],
        [36.0] * len(places),
    )
    return surroundings(found, world, COSTS)


def test_a_candidate_knows_its_ground_commune_road_and_power():
    plane = flat() + np.arange(40, dtype=np.float32)[None, :] * 10  # 10 m up every 100 m east
    world = layers(
        terrain_m=plane, roads=lines(line((0, 0), (0, 4000))), power_lines=lines(line((4000, 0), (4000, 4000)))
    )
    found = around(world, (1050, 950), (2550, 950))
    assert found.terrain_m.tolist() == [600, 750]
    assert found.slope_deg == pytest.approx([math.degrees(math.atan(0.1))] * 2)
    assert found.commune.tolist() == [0, 1]
    assert found.roads[0].length_km == 1.05
    assert found.lines[0].length_km == 2.95


def test_without_layers_roads_and_power_are_unknown():
    found = around(layers(), (1050, 950))
    assert (found.roads, found.lines) == ([None], [None])


def test_a_line_of_transmission_cannot_be_tapped_and_one_of_unknown_voltage_can():
    power = lines(line((1050, 0), (1050, 4000)), line((3050, 0), (3050, 4000)), line((9050, 0), (9050, 4000)))
    for voltages, far_km in (((110, 22, 22), 2.0), ((110, 110, np.nan), 8.0), ((35, 22, 22), 0.0)):
        world = layers(power_lines=power.assign(voltage_kv=voltages))
        assert around(world, (1050, 950)).lines == [Way(far_km, 0.0)]
    only_high = layers(power_lines=power.assign(voltage_kv=110))
    assert len(power_to_tap(only_high, COSTS)) == 0
    assert around(only_high, (1050, 950)).lines == [None]


def test_slope_beside_a_void_is_that_of_the_other_side_and_off_the_terrain_it_is_unknown():
    plane = flat() + np.arange(40, dtype=np.float32)[None, :] * 10
    plane[:, 12] = np.nan
    found = around(layers(terrain_m=plane), (1150, 950), (1250, 950), (-900, 950), (50, 50))
    assert found.slope_deg[[0, 3]] == pytest.approx([math.degrees(math.atan(0.1))] * 2)
    assert np.isnan(found.slope_deg[2])
    assert np.isnan(found.terrain_m[[1, 2]]).all()


def test_no_candidate_has_no_surroundings():
    power = lines(line((1050, 0), (1050, 4000)))
    found = around(layers(roads=power, power_lines=power))
    assert (len(found.terrain_m), len(found.commune), found.roads, found.lines) == (0, 0, [], [])
