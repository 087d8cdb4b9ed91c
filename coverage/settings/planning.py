"""What may be built, what counts, and what it costs."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from coverage.settings.base import CHOICE, PRACTICE, NotNegative, Positive, Settings, setting

_FOREIGN = "foreign models; no Vietnamese price was found"


class Range(Settings):
    """A cost: low, central and high."""

    low: NotNegative
    central: NotNegative
    high: NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise ValueError(f"low {self.low} ≤ central {self.central} ≤ high {self.high} does not hold")
        return self


def _cost(low: float, central: float, high: float, about: str, origin: str = _FOREIGN) -> Any:
    return setting(Range(low=low, central=central, high=high), about, origin)


class Costs(Settings):
    """[costs]: unit prices in USD from foreign models; no Vietnamese unit price was found, so each is a setting."""

    new_site_usd: Range = _cost(30_000, 40_000, 60_000, "Green-field 4G macro without backhaul, USD.")
    mast_base_m: Positive = setting(36.0, "Antenna height up to which new_site_usd holds, m.", PRACTICE)
    mast_usd_per_m: Range = _cost(
        300, 600, 1_000, "A higher mast, USD per m above mast_base_m: lattice on its own feet.", PRACTICE
    )
    upgrade_usd: Range = _cost(8_000, 12_000, 20_000, "A technology added to a mast, USD.")
    colocation_usd: Range = _cost(
        6_000, 12_000, 24_000, "Room on another operator's mast: five years at 100, 200, 400 USD a month.", PRACTICE
    )
    fiber_usd_per_km: Range = _cost(5_000, 10_000, 20_000, "Rural fiber, USD per km.")
    microwave_short_usd: Range = _cost(20_000, 30_000, 40_000, "Microwave hop below 15 km, USD.")
    microwave_medium_usd: Range = _cost(30_000, 40_000, 55_000, "Microwave hop of 15 to 30 km, USD.")
    microwave_long_usd: Range = _cost(60_000, 80_000, 110_000, "Microwave hop above 30 km, USD.")
    relay_usd: Range = _cost(
        10_000,
        20_000,
        35_000,
        "Low mast, cabinet and solar power of a relay where no mast stands, without its hops, USD.",
        PRACTICE,
    )
    access_usd_per_km: Range = _cost(5_000, 10_000, 25_000, "Access track to the nearest road, USD per km.")
    power_usd_per_km: Range = _cost(8_000, 15_000, 25_000, "Power line to the nearest grid, USD per km.")
    tap_kv: Positive = setting(
        35.0, "Lines above this voltage cannot be tapped for a mast, kV.", "Vietnam distributes at 22 and 35 kV"
    )
    solar_usd_per_w: Range = _cost(2, 3, 5, "Solar power, USD per watt.")
    site_load_w: Positive = setting(3_000, "Solar watts a site needs, W peak.", PRACTICE)
    slope_factor_per_10deg: NotNegative = setting(0.25, "Building costs more by this share per 10° of slope.", PRACTICE)


class Planning(Settings):
    """[planning]: what may be built, and what counts."""

    technology: str = setting("4g", "Technology of new sites and upgrades: 2g, 3g, 4g or 5g.")
    operator: str | None = setting(
        None, "Operator that builds; it may also go on others' masts. Absent: whoever has the mast.", example="viettel"
    )
    sites: Annotated[int, Field(gt=0)] = setting(50, "Length of the ranking.", CHOICE)
    budget_usd: Positive | None = setting(None, "Central cost not to be exceeded, USD.", example=2_000_000)
    heights_m: tuple[Positive, ...] = setting((36.0,), "Antenna heights tried for new masts, m.", PRACTICE)
    spacing_m: Positive = setting(1000.0, "New masts at least this far from each other and from masts, m.", CHOICE)
    max_candidates: Annotated[int, Field(gt=0)] = setting(1500, "New positions examined exactly.", CHOICE)
    max_radius_km: Positive = setting(10.0, "Reach examined around a candidate, km.", CHOICE)
    weight_dead: NotNegative = setting(1.0, "Weight of a household in a dead village.", CHOICE)
    weight_weak: NotNegative = setting(0.5, "Weight of a household without signal in a weak village.", CHOICE)
    weight_programme: NotNegative = setting(1.2, "Factor for villages of the public-utility programme.", CHOICE)
    fiber_extensions: Annotated[int, Field(gt=0)] = setting(100, "Length of the fiber ranking.", CHOICE)
    fiber_budget_usd: Positive | None = setting(
        None, "Central cost of fiber not to be exceeded, USD.", example=5_000_000
    )
    max_span_km: Positive = setting(40.0, "Longest fiber extension, km.", CHOICE)
    microwave_mhz: Positive = setting(7000.0, "Carrier of a microwave hop, MHz.", PRACTICE)
    microwave_max_km: Positive = setting(50.0, "Longest microwave hop, km.", PRACTICE)
    microwave_clear_f1: Positive = setting(
        0.6, "First Fresnel radii that a hop keeps clear at k = 4/3; 0.6 costs no signal, P.530 asks 1.", PRACTICE
    )
    relay_height_m: Positive = setting(20.0, "Antenna of a relay where no mast stands, m.", PRACTICE)
    weight_centre_households: NotNegative = setting(
        100.0, "Households that joining a commune centre to fiber counts for: office, school, health post.", PRACTICE
    )
