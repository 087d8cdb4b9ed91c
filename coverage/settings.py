"""The rooms of coverage.toml and what they may hold; every default has a unit and a source."""

import datetime
import math
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer, model_validator

from coverage.errors import without_password
from coverage.presets import CLASSES_DBM

_PRACTICE = "engineering practice"
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Percent = Annotated[float, Field(gt=0, le=100)]
_Source = Annotated[str, BeforeValidator(lambda given: given.as_posix() if isinstance(given, Path) else given)]
"""A file or folder relative to the study, `file|layername=NAME`, or a database: docs/inputs.md."""


class Settings(BaseModel):
    """A room of the study: frozen, and without settings that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class About(Settings):
    """[study]: what is assessed, as of when, and for whom."""

    name: str = Field("Coverage study", description="Title printed on every result.")
    province: str = Field("", description="Name of the province, for titles and the indicators' area.")
    as_of: datetime.date | None = Field(None, description="Date of the assessment; today where absent.")
    language: Literal["vi", "en"] = Field("vi", description="Language of papers and map.")
    out: Path = Field(Path("maps"), description="Where results go, relative to the study.")
    source: str = Field("", description="Who supplied the data; printed with the results.")


class LayerPaths(Settings):
    """[layers]: files relative to the study, rasters also in several tiles; those without a default are optional."""

    communes: _Source
    villages: _Source
    sites: _Source
    terrain: _Source | tuple[_Source, ...]
    housing: _Source | None = None
    buildings: _Source | None = None
    population: _Source | tuple[_Source, ...] | None = None
    village_areas: _Source | None = None
    fiber_routes: _Source | None = None
    fiber_nodes: _Source | None = None
    roads: _Source | None = None
    power_lines: _Source | None = None
    rivers: _Source | None = None
    candidates: _Source | None = None
    proposals: _Source | None = None
    land_cover: _Source | tuple[_Source, ...] | None = None
    crosswalk: _Source | None = None
    official: _Source | None = None
    antennas: _Source | None = None
    """The one folder: files of antenna patterns, which the column `antenna` of the sites names."""

    def given(self) -> dict[str, str | tuple[str, ...]]:
        """Return layer name -> what the study names for it, of the layers that it names."""
        return {name: source for name, source in self if source is not None}

    @field_serializer("*", when_used="json")
    def _without_password(self, source: Any) -> Any:
        """Keep passwords of databases out of whatever is written down."""
        return without_password(source) if isinstance(source, str) else source


class GridSettings(Settings):
    """[grid]: the pixels of every raster."""

    crs: str | None = Field(
        None, description="Projected CRS in metres; the terrain's, else its UTM zone, where absent."
    )
    cell_m: _Positive | None = Field(None, description="Cell, m; the terrain's own where absent.")
    fill_voids_m: _NotNegative = Field(
        0.0, description="Voids inside the terrain up to this wide and high are interpolated, m; 0 leaves them."
    )


class Technology(Settings):
    """[technologies.*]: what a cell without a value of its own is given, and how long it is in service."""

    freq_mhz: _Positive = Field(description="Carrier, MHz.")
    bandwidth_mhz: _Positive = Field(description="Channel, MHz.")
    eirp_dbm: _Finite = Field(description="EIRP of the whole carrier per sector, dBm.")
    max_radius_km: _Positive = Field(description="No prediction beyond, km.")
    switch_off: datetime.date | None = Field(None, description="Last day of service; does not count after it.")


def default_technologies() -> dict[str, Technology]:
    """Return what is taken of every technology where a study says nothing."""
    # EIRP, radii: engineering practice. 2G/3G dates: the published sunset.
    row = Technology.model_construct
    return {
        "2g": row(freq_mhz=900.0, bandwidth_mhz=0.2, eirp_dbm=57.0, max_radius_km=20.0,
                  switch_off=datetime.date(2026, 9, 15)),
        "3g": row(freq_mhz=2100.0, bandwidth_mhz=5.0, eirp_dbm=57.0, max_radius_km=15.0,
                  switch_off=datetime.date(2028, 9, 30)),
        "4g": row(freq_mhz=1800.0, bandwidth_mhz=10.0, eirp_dbm=62.0, max_radius_km=15.0,
                  switch_off=None),
        "5g": row(freq_mhz=3700.0, bandwidth_mhz=100.0, eirp_dbm=76.0, max_radius_km=10.0,
                  switch_off=None),
    }  # fmt: skip


class Radio(Settings):
    """[radio]: the propagation model and what it needs."""

    model: Literal["p1812", "itm", "hata", "cost231", "tr38901_rma", "tr38901_uma", "free_space"] = Field(
        "p1812", description="p1812, itm, hata, cost231, tr38901_rma, tr38901_uma or free_space; docs/models.md."
    )
    environment: Literal["open", "suburban", "urban"] = Field(
        "suburban", description="Surroundings for hata and cost231; suburban is known to both, and open flatters hills."
    )
    clutter_m: dict[Annotated[int, Field(ge=1, le=255)], _NotNegative] = Field(
        default_factory=dict,
        description="Code of land_cover = height, m, such as { 10 = 20.0 }, in place of P.1812-8 table 2; for p1812.",
    )
    building: Literal["none", "traditional", "thermally_efficient"] = Field(
        "none", description="Levels inside such buildings, at the ground floor, by P.2109; none: outdoors."
    )
    rx_height_m: _Positive = Field(1.5, description="Receiver above ground, m; outdoors in the hand (DOMAIN).")
    time_percent: Annotated[float, Field(ge=1, le=50)] = Field(
        50.0, description="Loss not exceeded for this % of time."
    )
    location_percent: Annotated[float, Field(ge=1, le=99)] = Field(
        50.0, description="Share of places within a pixel that have at least the level, %; 50 is the median."
    )
    location_sigma_db: _NotNegative = Field(5.5, description="Location variability, dB; P.1812 table 6, rural.")
    delta_n: _Positive = Field(50.0, description="Refractivity lapse in the first km, N-units; northern Vietnam.")
    n0: _Positive = Field(350.0, description="Sea-level refractivity, N-units; northern Vietnam.")
    antenna_height_m: _Positive = Field(33.0, description=f"Antenna above ground where unknown, m; {_PRACTICE}.")
    beamwidth_deg: _Positive = Field(
        65.0, description="Horizontal half-power beam of a sector, degrees; 3GPP TR 36.942."
    )
    vertical_beamwidth_deg: _Positive = Field(10.0, description="Vertical half-power beam, degrees; 3GPP TR 36.814.")

    @model_validator(mode="after")
    def _known_surroundings(self) -> Self:
        if self.model == "cost231" and self.environment == "open":
            raise ValueError("environment = 'open' is unknown to cost231; suburban or urban is expected")
        return self


class Classes(Settings):
    """The levels from which a technology's signal is good and weak, dBm; below there is none."""

    good: _Finite
    weak: _Finite

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.good < self.weak:
            raise ValueError(f"good {self.good} is below weak {self.weak}")
        return self


class Definitions(Settings):
    """[definitions]: when a village is dead, weak or covered; `id` names a preset, or definitions of one's own."""

    id: str = Field("vn-center-2024", description="Printed with every result; a preset, or a name of your own.")
    classes_dbm: dict[str, Classes] = Field(
        default_factory=lambda: {name: Classes(**classes) for name, classes in CLASSES_DBM.items()},
        description="Per technology: good and weak at or above, dBm (RxLev, RSCP, RSRP, SS-RSRP).",
    )
    load_percent: Annotated[float, Field(ge=0, lt=100)] = Field(
        0.0, description="Load of the cells that the classes must bear, %; asks for -10 log10(1 - load) dB more."
    )
    indoor_db: _NotNegative = Field(0.0, description="Extra loss asked for, dB: 0 outdoors, 10 wood, 15 brick.")
    house_db: _NotNegative = Field(
        10.0, description="Loss into a house for the statuses of indoors, dB: 10 wood or stilt house, 15 brick."
    )
    covered_percent: _Percent = Field(
        95.0, description="Households with signal below this share make a village weak, %."
    )
    cluster_households: Annotated[int, Field(gt=0)] = Field(
        10, description="Households without signal lying together that make a village weak."
    )
    cluster_m: _Positive = Field(500.0, description="Housing within this distance lies together, m.")
    verify_percent: _Percent = Field(
        50.0, description="A dead village with this share of households covered is suspect, %."
    )

    @property
    def load_db(self) -> float:
        """What the load of the cells asks for beside the classes, dB: the rise of noise and interference with it."""
        return -10 * math.log10(1 - self.load_percent / 100)


class Places(Settings):
    """[places]: which village a building or a populated pixel belongs to."""

    building_m: _Positive = Field(
        3000.0,
        description=f"One in no village's area belongs to the nearest of its commune within this, m; {_PRACTICE}.",
    )


class Fiber(Settings):
    """[fiber]: how near fiber must be."""

    served_m: _Positive = Field(500.0, description="Drop from a node or route to the centre, m.")
    near_road_m: _Positive = Field(2000.0, description="Near, along roads, m.")
    near_straight_m: _Positive = Field(1500.0, description="Near, in a straight line where there is no road layer, m.")
    passes_m: _Positive = Field(100.0, description="A route this close to the housing passes the village, m.")


class Range(Settings):
    """A cost: low, central and high."""

    low: _NotNegative
    central: _NotNegative
    high: _NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise ValueError(f"low {self.low} ≤ central {self.central} ≤ high {self.high} does not hold")
        return self


def _cost(low: float, central: float, high: float, about: str) -> Any:
    return Field(Range(low=low, central=central, high=high), description=about)


class Costs(Settings):
    """[costs]: unit prices in USD from foreign models; no Vietnamese unit price was found, so each is a setting."""

    new_site_usd: Range = _cost(30_000, 40_000, 60_000, "Green-field 4G macro without backhaul, USD.")
    mast_base_m: _Positive = Field(36.0, description=f"Antenna height up to which new_site_usd holds, m; {_PRACTICE}.")
    mast_usd_per_m: Range = _cost(
        300, 600, 1_000, f"A higher mast, USD per m above mast_base_m; {_PRACTICE}: lattice on its own feet."
    )
    upgrade_usd: Range = _cost(8_000, 12_000, 20_000, "A technology added to a mast, USD.")
    colocation_usd: Range = _cost(
        6_000, 12_000, 24_000, f"Room on another operator's mast: five years at 100, 200, 400 USD a month; {_PRACTICE}."
    )
    fiber_usd_per_km: Range = _cost(5_000, 10_000, 20_000, "Rural fiber, USD per km.")
    microwave_short_usd: Range = _cost(20_000, 30_000, 40_000, "Microwave hop below 15 km, USD.")
    microwave_medium_usd: Range = _cost(30_000, 40_000, 55_000, "Microwave hop of 15 to 30 km, USD.")
    microwave_long_usd: Range = _cost(60_000, 80_000, 110_000, "Microwave hop above 30 km, USD.")
    relay_usd: Range = _cost(
        10_000,
        20_000,
        35_000,
        f"Low mast, cabinet and solar power of a relay where no mast stands, without its hops, USD; {_PRACTICE}.",
    )
    access_usd_per_km: Range = _cost(5_000, 10_000, 25_000, "Access track to the nearest road, USD per km.")
    power_usd_per_km: Range = _cost(8_000, 15_000, 25_000, "Power line to the nearest grid, USD per km.")
    tap_kv: _Positive = Field(
        35.0, description="Lines above this voltage cannot be tapped for a mast, kV; Vietnam distributes at 22 and 35."
    )
    solar_usd_per_w: Range = _cost(2, 3, 5, "Solar power, USD per watt.")
    site_load_w: _Positive = Field(3_000, description="Solar watts a site needs, W peak.")
    slope_factor_per_10deg: _NotNegative = Field(
        0.25, description="Building costs more by this share per 10° of slope."
    )


class Planning(Settings):
    """[planning]: what may be built, and what counts."""

    technology: str = Field("4g", description="Technology of new sites and upgrades.")
    operator: str | None = Field(
        None, description="Operator that builds; it may also go on others' masts. Absent: whoever has the mast."
    )
    sites: Annotated[int, Field(gt=0)] = Field(50, description="Length of the ranking.")
    budget_usd: _Positive | None = Field(None, description="Central cost not to be exceeded, USD.")
    heights_m: tuple[_Positive, ...] = Field((36.0,), description="Antenna heights tried for new masts, m.")
    spacing_m: _Positive = Field(1000.0, description="New masts at least this far from each other and from masts, m.")
    max_candidates: Annotated[int, Field(gt=0)] = Field(1500, description="New positions examined exactly.")
    max_radius_km: _Positive = Field(10.0, description="Reach examined around a candidate, km.")
    weight_dead: _NotNegative = Field(1.0, description="Weight of a household in a dead village.")
    weight_weak: _NotNegative = Field(0.5, description="Weight of a household without signal in a weak village.")
    weight_programme: _NotNegative = Field(1.2, description="Factor for villages of the public-utility programme.")
    fiber_extensions: Annotated[int, Field(gt=0)] = Field(100, description="Length of the fiber ranking.")
    fiber_budget_usd: _Positive | None = Field(None, description="Central cost of fiber not to be exceeded, USD.")
    max_span_km: _Positive = Field(40.0, description="Longest fiber extension, km.")
    microwave_mhz: _Positive = Field(7000.0, description=f"Carrier of a microwave hop, MHz; {_PRACTICE}.")
    microwave_max_km: _Positive = Field(50.0, description=f"Longest microwave hop, km; {_PRACTICE}.")
    microwave_clear_f1: _Positive = Field(
        0.6, description="First Fresnel radii that a hop keeps clear at k = 4/3; 0.6 costs no signal, P.530 asks 1."
    )
    relay_height_m: _Positive = Field(20.0, description=f"Antenna of a relay where no mast stands, m; {_PRACTICE}.")
    weight_centre_households: _NotNegative = Field(
        100.0,
        description="Households that joining a commune centre to fiber counts for: office, school, health post; "
        f"{_PRACTICE}.",
    )


class Map(Settings):
    """[map]: what the web map shows."""

    edition: Literal["full", "partner"] = Field("full", description="`partner` leaves out other operators' sites.")
    operator: str | None = Field(None, description="Whose sites a partner edition shows.")
    redaction_m: _Positive = Field(1000.0, description="Sensitive sites are rounded to this, m.")
    tiles: str | None = Field(None, description="URL template of background tiles; no network where absent.")


class Papers(Settings):
    """[papers]: what the papers for officials look like; templates are files relative to the study."""

    html_template: Path | None = Field(None, description="Jinja template of report.html; ours where absent.")
    docx_template: Path | None = Field(
        None,
        description="Word file whose styles, header, footer and leading pages report.docx keeps; ours where absent.",
    )
    decimal: Literal["point", "comma"] = Field(
        "point", description="Decimal sign in uncovered_villages.csv; with the comma, `;` separates its columns."
    )
