from coverage.planning.costs import Backhaul, SiteCost, Usd
from coverage.planning.reasons import Merit, reason


def merit(**more):
    given = {
        "kind": "new",
        "technology": "4g",
        "households_dead": 1200,
        "households_weak": 34,
        "per_1000_usd": 12.345,
        "road_km": 0.251,
        "power_km": 1.5,
        "backhaul": Backhaul("microwave", 12.34, "SLA-0001"),
        "cost": SiteCost(Usd(1, 2, 3), "grid", ()),
        **more,
    }
    return Merit(**given)


def test_a_new_mast_is_explained_in_both_languages_with_their_own_marks_in_numbers():
    assert reason(merit(), "en") == (
        "Serves 1,234 households without signal (1,200 in dead villages, 34 in weak ones), 12.3 per 1,000 USD: "
        "a new mast; a microwave hop of 12.3 km with a clear path to SLA-0001; grid power 1.5 km away; "
        "a road 0.25 km away."
    )
    assert reason(merit(), "vi") == (
        "Phủ sóng mới cho 1.234 hộ (1.200 hộ ở thôn/bản trắng sóng, 34 hộ ở thôn/bản lõm sóng), 12,3 hộ trên "
        "1.000 USD: trạm mới; một chặng vi ba 12,3 km, tầm nhìn thông thoáng tới SLA-0001; "
        "cách lưới điện 1,5 km; cách đường 0,25 km."
    )


def test_an_upgrade_says_nothing_of_roads_and_what_costs_nothing_has_no_ratio():
    upgrade = merit(
        kind="upgrade", per_1000_usd=None, backhaul=Backhaul("existing"), cost=SiteCost(Usd(), "existing", ())
    )
    assert reason(upgrade, "en") == (
        "Serves 1,234 households without signal (1,200 in dead villages, 34 in weak ones): adds 4G to a standing mast; "
        "transmission is there."
    )
