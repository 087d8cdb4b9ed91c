import pytest

from coverage.planning.costs import (
    Backhaul,
    Usd,
    Way,
    hop_usd,
    line_usd,
    mast_usd,
    power_usd,
    site_cost,
    slope_factor,
)
from coverage.settings.planning import Costs

COSTS = Costs()


def test_ten_degrees_make_building_a_quarter_dearer():
    assert slope_factor(0, COSTS) == 1
    assert slope_factor(10, COSTS) == 1.25
    assert slope_factor(20, COSTS) == 1.5


def test_a_track_costs_its_length_times_its_slope():
    assert line_usd(Way(2, 20), COSTS.access_usd_per_km, COSTS) == Usd(15_000, 30_000, 75_000)


def test_power_comes_from_the_grid_until_solar_is_cheaper():
    # Solar is 3 USD × 3,000 W = 9,000; the grid reaches that at 0.6 km.
    assert power_usd(Way(0.6, 0), COSTS) == ("grid", Usd(4_800, 9_000, 15_000))
    assert power_usd(Way(0.61, 0), COSTS) == ("solar", Usd(6_000, 9_000, 15_000))


@pytest.mark.parametrize(("km", "central"), [(0, 30_000), (14.9, 30_000), (15, 40_000), (30, 40_000), (30.1, 80_000)])
def test_a_hop_is_priced_by_its_length(km, central):
    assert hop_usd(km, COSTS).central == central


def test_a_new_mast_pays_for_access_power_and_backhaul():
    cost = site_cost("new", Way(1, 0), Way(0.2, 0), Backhaul("microwave", 5, "A", hop_usd(5, COSTS)), COSTS)
    assert cost.total == Usd(
        30_000 + 5_000 + 1_600 + 20_000, 40_000 + 10_000 + 3_000 + 30_000, 60_000 + 25_000 + 5_000 + 40_000
    )
    assert (cost.power, cost.unknown) == ("grid", ())


def test_a_mast_costs_more_by_every_metre_above_the_base_and_no_less_below_it():
    assert mast_usd(36, COSTS) == mast_usd(20, COSTS) == Usd(30_000, 40_000, 60_000)
    assert mast_usd(46, COSTS) == Usd(33_000, 46_000, 70_000)
    cost = site_cost("proposed", Way(0, 0), Way(0, 0), Backhaul("existing"), COSTS, height_m=46)
    assert cost.total == Usd(33_000, 46_000, 70_000)


@pytest.mark.parametrize(
    ("road", "access"), [(None, "unknown"), (Way(0.1, 0), "road"), (Way(0.2, 0), "track"), (Way(9, 30), "track")]
)
def test_access_is_a_road_at_hand_or_a_track_to_be_built(road, access):
    assert site_cost("new", road, None, Backhaul("existing"), COSTS).access == access


def test_room_on_the_mast_of_another_is_leased():
    cost = site_cost("upgrade", None, None, Backhaul("existing"), COSTS, height_m=60, leased=True)
    assert cost.total == Usd(14_000, 24_000, 44_000)
    assert (cost.power, cost.access, cost.unknown) == ("existing", "existing", ())


def test_what_no_layer_knows_is_named_and_not_added():
    cost = site_cost("new", None, None, Backhaul("unknown"), COSTS)
    assert cost.total == Usd(30_000, 40_000, 60_000)
    assert (cost.power, cost.unknown) == ("unknown", ("access", "power", "backhaul"))


def test_an_upgrade_has_access_and_power_already():
    cost = site_cost("upgrade", Way(9, 9), Way(9, 9), Backhaul("existing"), COSTS)
    assert cost.total == Usd(8_000, 12_000, 20_000)
    assert (cost.power, cost.unknown) == ("existing", ())
    assert site_cost("upgrade", None, None, Backhaul("unknown"), COSTS).unknown == ("backhaul",)
