"""Reasons: one sentence, in Vietnamese or English, on why a site ranks where it does."""

from dataclasses import dataclass

from coverage.planning.costs import Backhaul, SiteCost


@dataclass(frozen=True)
class Merit:
    """What there is to say for a site."""

    kind: str
    technology: str
    households_dead: int
    households_weak: int
    per_1000_usd: float | None
    """Households per 1,000 USD of central cost; None where it costs nothing."""
    road_km: float | None
    power_km: float | None
    backhaul: Backhaul
    cost: SiteCost
    site_id: str = ""
    operators: tuple[str, ...] = ()
    """Whose networks grow; none named where it is whoever builds."""
    hosts: tuple[str, ...] = ()
    """Who has the mast, where the operator is new there."""


_EN = {
    "served": "Serves {n} households without signal ({dead} in dead villages, {weak} in weak ones)",
    "ratio": ", {ratio} per 1,000 USD",
    "upgrade": "adds {technology} to a standing mast",
    "upgrade_for": "adds {technology} of {operators} to a standing mast",
    "colocation": "puts {technology} of {operators} on a standing mast of {hosts} (co-location)",
    "proposed": "a new mast where the planner proposes one",
    "new": "a new mast",
    "new_for": "a new mast of {operators}",
    "and": " and ",
    "backhaul_existing": "transmission is there",
    "backhaul_fiber": "{km} km of fiber",
    "backhaul_microwave": "a microwave hop of {km} km with a clear path to {via}",
    "backhaul_relay": "two microwave hops, {km} km in all, through a relay at {relay} to {via}",
    "power_grid": "grid power {km} km away",
    "power_solar": "solar power",
    "road": "a road {km} km away",
    "unknown": "not in the cost for want of data: {things}",
    "access": "access",
    "power": "power",
    "backhaul": "backhaul",
}
_VI = {
    "served": "Phủ sóng mới cho {n} hộ ({dead} hộ ở thôn/bản trắng sóng, {weak} hộ ở thôn/bản lõm sóng)",
    "ratio": ", {ratio} hộ trên 1.000 USD",
    "upgrade": "bổ sung {technology} trên vị trí trạm có sẵn",
    "upgrade_for": "bổ sung {technology} của {operators} trên vị trí trạm có sẵn",
    "colocation": "lắp {technology} của {operators} trên trạm có sẵn của {hosts} (dùng chung vị trí)",
    "proposed": "trạm mới tại vị trí được đề xuất",
    "new": "trạm mới",
    "new_for": "trạm mới của {operators}",
    "and": " và ",
    "backhaul_existing": "truyền dẫn có sẵn",
    "backhaul_fiber": "kéo {km} km cáp quang",
    "backhaul_microwave": "một chặng vi ba {km} km, tầm nhìn thông thoáng tới {via}",
    "backhaul_relay": "hai chặng vi ba dài tổng cộng {km} km, chuyển tiếp tại {relay} tới {via}",
    "power_grid": "cách lưới điện {km} km",
    "power_solar": "dùng điện mặt trời",
    "road": "cách đường {km} km",
    "unknown": "chưa tính vào chi phí do thiếu dữ liệu: {things}",
    "access": "đường vào trạm",
    "power": "nguồn điện",
    "backhaul": "truyền dẫn",
}
_BRANDS = {"vnpt": "VNPT", "mobifone": "MobiFone"}
"""Operators that are not written like other names."""
_VI_MARKS = str.maketrans(",.", ".,")


def reason(merit: Merit, language: str) -> str:
    """Return the sentence in `vi` or `en`."""
    words = _VI if language == "vi" else _EN

    def number(value: float) -> str:
        text = f"{value:,d}" if isinstance(value, int) else f"{value:,.2f}" if value < 1 else f"{value:,.1f}"
        return text.translate(_VI_MARKS) if language == "vi" else text

    served = words["served"].format(
        n=number(merit.households_dead + merit.households_weak),
        dead=number(merit.households_dead),
        weak=number(merit.households_weak),
    )
    if merit.per_1000_usd is not None:
        served += words["ratio"].format(ratio=number(merit.per_1000_usd))

    def names(operators: tuple[str, ...]) -> str:
        called = [_BRANDS.get(name, name.capitalize()) for name in operators]
        return words["and"].join(filter(None, [", ".join(called[:-1]), called[-1]]))

    parts = [
        words[_deed(merit)].format(
            technology=merit.technology.upper(),
            operators=names(merit.operators) if merit.operators else "",
            hosts=names(merit.hosts) if merit.hosts else "",
        )
    ]
    way = merit.backhaul
    if way.kind != "unknown":
        km = "" if way.length_km is None else number(way.length_km)
        # A mast that is a relay itself has but the hop from there.
        path = "relay" if way.relay not in (None, merit.site_id) else way.kind
        parts.append(words[f"backhaul_{path}"].format(km=km, via=way.via, relay=way.relay))
    if merit.cost.power == "grid" and merit.power_km is not None:
        parts.append(words["power_grid"].format(km=number(merit.power_km)))
    elif merit.cost.power == "solar":
        parts.append(words["power_solar"])
    if merit.kind != "upgrade" and merit.road_km is not None:
        parts.append(words["road"].format(km=number(merit.road_km)))
    if merit.cost.unknown:
        parts.append(words["unknown"].format(things=", ".join(words[thing] for thing in merit.cost.unknown)))
    return f"{served}: {'; '.join(parts)}."


def _deed(merit: Merit) -> str:
    if merit.kind == "upgrade" and merit.hosts:
        return "colocation"
    return f"{merit.kind}_for" if merit.operators and merit.kind != "proposed" else merit.kind


def passes(way: Backhaul, site_id: str) -> str | None:
    """Return the relay of a site's way, if it is not the site itself, and what the way ends at; None where unknown."""
    relay = None if way.relay == site_id else way.relay
    return "; ".join(filter(None, [relay, way.via])) or None
