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


_EN = {
    "served": "Serves {n} households without signal ({dead} in dead villages, {weak} in weak ones)",
    "ratio": ", {ratio} per 1,000 USD",
    "upgrade": "adds {technology} to a standing mast",
    "proposed": "a new mast where the planner proposes one",
    "new": "a new mast",
    "backhaul_existing": "transmission is there",
    "backhaul_fiber": "{km} km of fiber",
    "backhaul_microwave": "a microwave hop of {km} km with a clear path to {via}",
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
    "proposed": "trạm mới tại vị trí được đề xuất",
    "new": "trạm mới",
    "backhaul_existing": "truyền dẫn có sẵn",
    "backhaul_fiber": "kéo {km} km cáp quang",
    "backhaul_microwave": "một chặng vi ba {km} km, tầm nhìn thông thoáng tới {via}",
    "power_grid": "cách lưới điện {km} km",
    "power_solar": "dùng điện mặt trời",
    "road": "cách đường {km} km",
    "unknown": "chưa tính vào chi phí do thiếu dữ liệu: {things}",
    "access": "đường vào trạm",
    "power": "nguồn điện",
    "backhaul": "truyền dẫn",
}
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
    parts = [words[merit.kind].format(technology=merit.technology.upper())]
    if merit.backhaul.kind != "unknown":
        km = "" if merit.backhaul.length_km is None else number(merit.backhaul.length_km)
        parts.append(words[f"backhaul_{merit.backhaul.kind}"].format(km=km, via=merit.backhaul.via))
    if merit.cost.power == "grid" and merit.power_km is not None:
        parts.append(words["power_grid"].format(km=number(merit.power_km)))
    elif merit.cost.power == "solar":
        parts.append(words["power_solar"])
    if merit.kind != "upgrade" and merit.road_km is not None:
        parts.append(words["road"].format(km=number(merit.road_km)))
    if merit.cost.unknown:
        parts.append(words["unknown"].format(things=", ".join(words[thing] for thing in merit.cost.unknown)))
    return f"{served}: {'; '.join(parts)}."
