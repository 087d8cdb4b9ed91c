from coverage.planning.costs import Backhaul, SiteCost, Usd
from coverage.planning.reasons import Merit, passes, reason


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


def deed(language, **more):
    """Return what is to be built, and how it is joined."""
    return reason(merit(per_1000_usd=None, road_km=None, **more), language).split(": ")[1].split("; ")[:2]


def test_who_builds_and_on_whose_mast_is_said():
    upgrade = {"kind": "upgrade", "backhaul": Backhaul("existing"), "cost": SiteCost(Usd(), "existing", ())}
    assert deed("en", **upgrade, operators=("gtel", "vnpt", "viettel"))[0] == (
        "adds 4G of Gtel, VNPT and Viettel to a standing mast"
    )
    leased = {**upgrade, "operators": ("viettel",), "hosts": ("mobifone", "vnpt")}
    assert deed("en", **leased)[0] == "puts 4G of Viettel on a standing mast of MobiFone and VNPT (co-location)"
    assert deed("vi", **leased)[0] == "lắp 4G của Viettel trên trạm có sẵn của MobiFone và VNPT (dùng chung vị trí)"
    assert deed("vi", operators=("vnpt",))[0] == "trạm mới của VNPT"
    assert deed("en", operators=("vnpt",))[0] == "a new mast of VNPT"


def test_a_relay_is_named_but_by_the_mast_that_is_one_itself():
    way = Backhaul("microwave", 9.5, "SLA-0001", Usd(), "N-007")
    assert deed("en", backhaul=way)[1] == "two microwave hops, 9.5 km in all, through a relay at N-007 to SLA-0001"
    assert deed("vi", backhaul=way)[1] == "hai chặng vi ba dài tổng cộng 9,5 km, chuyển tiếp tại N-007 tới SLA-0001"
    assert deed("en", backhaul=way, site_id="N-007")[1] == "a microwave hop of 9.5 km with a clear path to SLA-0001"
    assert passes(way, "N-008") == "N-007; SLA-0001"
    assert passes(way, "N-007") == "SLA-0001"
    assert passes(Backhaul("unknown"), "N-007") is None
