"""Costs: what a mast, its access, power and backhaul would take - low, central and high, from the prices of a study."""

from dataclasses import dataclass

from coverage.settings.planning import Costs, Range

_BESIDE_ROAD_KM = 0.1
"""A mast this near a road needs no track to speak of."""
_HOP_SHORT_KM, _HOP_MEDIUM_KM = 15.0, 30.0
"""Lengths at which the price of a microwave hop changes, as the settings name them."""


@dataclass(frozen=True)
class Usd:
    """An amount as low, central and high, USD."""

    low: float = 0.0
    central: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Usd") -> "Usd":
        return Usd(self.low + other.low, self.central + other.central, self.high + other.high)

    def __mul__(self, factor: float) -> "Usd":
        return Usd(self.low * factor, self.central * factor, self.high * factor)


@dataclass(frozen=True)
class Way:
    """A straight line to the nearest road, power line or fiber."""

    length_km: float
    slope_deg: float
    """Mean over the line."""


@dataclass(frozen=True)
class Backhaul:
    """A way to join a site to the network."""

    kind: str
    """`existing`, `fiber`, `microwave` or `unknown`."""
    length_km: float | None = None
    """Of the whole way, through a relay or not."""
    via: str | None = None
    """What it ends at: the position at the far end of the last hop, or the fiber route or node."""
    cost: Usd = Usd()
    """What the site pays alone."""
    relay: str | None = None
    """The relay that it needs, which is paid once for all that use it and is not in the cost."""


@dataclass(frozen=True)
class SiteCost:
    """What a site would take, and what the sum leaves out."""

    total: Usd
    power: str
    """`existing`, `grid`, `solar` or `unknown`."""
    unknown: tuple[str, ...]
    """Which of `access`, `power`, `backhaul` no layer says anything about; they are not in the total."""
    access: str = "unknown"
    """`existing`, `road` (at hand), `track` (to be built) or `unknown`."""


def price(setting: Range) -> Usd:
    """Return a setting as an amount."""
    return Usd(setting.low, setting.central, setting.high)


def slope_factor(slope_deg: float, costs: Costs) -> float:
    """Return by how much building on a slope (degrees, from 0) costs more than on the flat."""
    return 1 + costs.slope_factor_per_10deg * slope_deg / 10


def line_usd(way: Way, per_km: Range, costs: Costs) -> Usd:
    """Return the cost of a track, a power line or a trench across country."""
    return price(per_km) * (way.length_km * slope_factor(way.slope_deg, costs))


def power_usd(way: Way, costs: Costs) -> tuple[str, Usd]:
    """Return `grid` or `solar`, whichever has the lower central cost (the grid if equal), and its cost."""
    grid = line_usd(way, costs.power_usd_per_km, costs)
    solar = price(costs.solar_usd_per_w) * costs.site_load_w
    return ("grid", grid) if grid.central <= solar.central else ("solar", solar)


def hop_usd(length_km: float, costs: Costs) -> Usd:
    """Return the cost of a microwave hop: short below 15 km, long above 30 km."""
    if length_km < _HOP_SHORT_KM:
        return price(costs.microwave_short_usd)
    return price(costs.microwave_medium_usd if length_km <= _HOP_MEDIUM_KM else costs.microwave_long_usd)


def mast_usd(height_m: float, costs: Costs) -> Usd:
    """Return the cost of a new mast with its antenna so high, m; it grows above `mast_base_m`."""
    return price(costs.new_site_usd) + price(costs.mast_usd_per_m) * max(0.0, height_m - costs.mast_base_m)


def site_cost(
    kind: str,
    road: Way | None,
    power: Way | None,
    backhaul: Backhaul,
    costs: Costs,
    *,
    height_m: float = 0.0,
    leased: bool = False,
) -> SiteCost:
    """
    Add up what a site would take.

    Parameters
    ----------
    kind
        `upgrade` stands, and has access and power; any other is built anew.
    road, power
        The way to the nearest; None where the study has no such layer.
    backhaul
        How it would be joined.
    costs
        Unit prices.
    height_m
        Antenna of a mast that is built anew, above ground.
    leased
        Whether an upgrade goes on a mast where the operator has nothing yet.

    Returns
    -------
    SiteCost
        The total and what it leaves out.
    """
    if kind == "upgrade":
        unknown = ("backhaul",) if backhaul.kind == "unknown" else ()
        room = price(costs.colocation_usd) if leased else Usd()
        return SiteCost(price(costs.upgrade_usd) + room + backhaul.cost, "existing", unknown, "existing")
    access = Usd() if road is None else line_usd(road, costs.access_usd_per_km, costs)
    source, energy = ("unknown", Usd()) if power is None else power_usd(power, costs)
    total = mast_usd(height_m, costs) + access + energy + backhaul.cost
    layers = {"access": road, "power": power, "backhaul": None if backhaul.kind == "unknown" else backhaul}
    reached = "unknown" if road is None else "road" if road.length_km <= _BESIDE_ROAD_KM else "track"
    return SiteCost(total, source, tuple(name for name, known in layers.items() if known is None), reached)
