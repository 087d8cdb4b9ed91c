"""The rooms of coverage.toml and what they may hold; every default has a unit and a source."""

import datetime
import math
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer, model_validator

from coverage.columns.words import TECHNOLOGIES
from coverage.errors import without_password
from coverage.presets import CLASSES_DBM

_PRACTICE = "engineering practice"
_PUBLISHED = "stated by a published source"
_CHOICE = "a choice of this program"
_FOREIGN = "foreign models; no Vietnamese price was found"
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]
Offset = Annotated[float, Field(ge=-40, le=40)]
"""dB; more is no error of a model but a fault in the data."""
CLUTTER = ("unknown", "water", "open", "suburban", "urban_trees", "dense_urban")
"""What stands around a receiver: the categories of P.1812-8, table 2, and none of them."""
_Percent = Annotated[float, Field(gt=0, le=100)]
_Address = Annotated[str, Field(pattern=r"^https?://[^/\s]+\S*$")]
_Source = Annotated[str, BeforeValidator(lambda given: given.as_posix() if isinstance(given, Path) else given)]
"""A file or folder relative to the study, `file|layername=NAME`, or a database: docs/inputs.md."""


class Settings(BaseModel):
    """A room of the study: frozen, and without settings that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _setting(default: Any, about: str, origin: str = "", *, example: Any = None) -> Any:
    """Return a setting: its default, what it means, where the default comes from, and an example where it has none."""
    return Field(
        default,
        description=about,
        examples=None if example is None else [example],
        json_schema_extra={"origin": origin} if origin else None,
    )


class About(Settings):
    """[study]: what is assessed, as of when, and for whom."""

    name: str = _setting("Coverage study", "Title printed on every result.", example="Phủ sóng tỉnh Sơn La 2026")
    province: str = _setting("", "Name of the province, for titles and the indicators' area.", example="Sơn La")
    as_of: datetime.date | None = _setting(
        None, "Date of the assessment; today where absent.", example=datetime.date(2026, 10, 1)
    )
    language: Literal["vi", "en"] = _setting("vi", "Language of papers and map.")
    out: Path = _setting(Path("maps"), "Where results go, relative to the study.")
    source: str = _setting("", "Who supplied the data; printed with the results.", example="Sở Khoa học và Công nghệ")


class LayerPaths(Settings):
    """[layers]: files relative to the study, rasters also in several tiles; those without a default are optional."""

    communes: _Source = Field(description="Polygons of the communes.")
    villages: _Source = Field(description="Villages: a table with coordinates, or points.")
    sites: _Source = Field(description="Cells of the masts, a row each: a table with coordinates, or points.")
    terrain: _Source | tuple[_Source, ...] = Field(description="Raster of heights above sea level, m.")
    housing: _Source | None = _setting(None, "Where households live; without it every home is at the centre.")
    buildings: _Source | None = _setting(None, "Buildings, where there is no housing: each is given to a village.")
    population: _Source | tuple[_Source, ...] | None = _setting(
        None, "Raster of people per pixel, where there are no buildings: shared out to the villages."
    )
    village_areas: _Source | None = _setting(
        None, "Polygons of villages: which buildings and people are theirs, and where they live without either."
    )
    fiber_routes: _Source | None = _setting(None, "Lines of fiber; without routes and nodes fiber is not assessed.")
    fiber_nodes: _Source | None = _setting(None, "Points where fiber can be tapped.")
    roads: _Source | None = _setting(None, "Lines of roads; without them distances are straight lines.")
    power_lines: _Source | None = _setting(
        None, "Lines of the grid; without them the power of a new site has no price."
    )
    rivers: _Source | None = _setting(None, "Lines of rivers, for the map alone.")
    candidates: _Source | None = _setting(None, "Positions of your own, ranked beside the proposed ones.")
    proposals: _Source | None = _setting(None, "Positions settled on: a ranking takes them as built first.")
    land_cover: _Source | tuple[_Source, ...] | None = _setting(
        None, "Raster of ESA WorldCover codes: trees and houses, which p1812 adds to the terrain."
    )
    crosswalk: _Source | None = _setting(None, "Communes before and since 1 July 2025; absent: the whole country's.")
    official: _Source | None = _setting(None, "The official list, to be compared with; it changes no status.")
    measurements: _Source | None = _setting(None, "Measured levels: read by coverage calibrate alone.")
    published_shares: _Source | None = _setting(None, "Published shares of coverage: read by coverage calibrate alone.")
    antennas: _Source | None = _setting(
        None, "Folder of antenna patterns (.msi, .pln), which the column `antenna` of the sites names."
    )

    def given(self) -> dict[str, str | tuple[str, ...]]:
        """Return layer name -> what the study names for it, of the layers that it names."""
        return {name: source for name, source in self if source is not None}

    @field_serializer("*", when_used="json")
    def _without_password(self, source: Any) -> Any:
        """Keep passwords of databases out of whatever is written down."""
        return without_password(source) if isinstance(source, str) else source


class GridSettings(Settings):
    """[grid]: the pixels of every raster."""

    crs: str | None = _setting(
        None, "Projected CRS in metres; the terrain's, else its UTM zone, where absent.", example="EPSG:9206"
    )
    cell_m: _Positive | None = _setting(None, "Side of a pixel, m; the terrain's own where absent.", example=90.0)
    fill_voids_m: _NotNegative = _setting(
        0.0, "Voids inside the terrain up to this wide and high are interpolated, m; 0 leaves them.", _CHOICE
    )


class Technology(Settings):
    """[technologies.*]: what a cell without a value of its own is given, and how long it is in service."""

    freq_mhz: _Positive = _setting(..., "Carrier, MHz.", _PRACTICE)
    bandwidth_mhz: _Positive = _setting(..., "Channel, MHz.", _PRACTICE)
    eirp_dbm: _Finite = _setting(..., "EIRP of the whole carrier per sector, dBm.", _PRACTICE)
    max_radius_km: _Positive = _setting(..., "No prediction beyond, km.", _PRACTICE)
    switch_off: datetime.date | None = _setting(None, "Last day of service; does not count after it.", _PUBLISHED)


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


class TechnologyCalibration(Settings):
    """[radio.calibration.technologies.*]: what is added to the levels of a technology, and what says so."""

    offset_db: Offset = Field(description="Added to the level where clutter_db says nothing else, dB.")
    clutter_db: dict[str, Offset] = Field(
        default_factory=dict, description="Added in its place where such stands around the receiver (P.1812), dB."
    )
    slope_db: Annotated[float, Field(ge=-40, le=40)] = Field(0.0, description="Added per decade of distance, dB.")
    centre_km: _Positive = Field(1.0, description="Distance at which the slope adds nothing, km.")
    from_km: _Positive = Field(0.001, description="Nearer, the slope goes no further, km.")
    to_km: _Positive = Field(1000.0, description="Farther, the slope goes no further, km.")
    evidence: dict[str, Any] = Field(default_factory=dict, description="What the figures rest on; changes nothing.")

    @model_validator(mode="after")
    def _known_clutter(self) -> Self:
        unknown = sorted(set(self.clutter_db) - set(CLUTTER))
        if unknown:
            raise ValueError(f"clutter_db.{unknown[0]} is unknown; one of {', '.join(CLUTTER)} is expected")
        return self


class Calibration(Settings):
    """[radio.calibration]: what measurements or published shares add to the levels; coverage calibrate writes it."""

    kind: Literal["measurements", "published_shares"] = Field(description="What it was fitted to.")
    model: str = Field(description="The propagation model that it corrects; no other may be used with it.")
    land_cover: bool = Field(description="Whether that model saw a layer of land cover; the study must then have one.")
    evidence: dict[str, Any] = Field(default_factory=dict, description="Where it comes from; changes nothing.")
    technologies: dict[str, TechnologyCalibration] = Field(description="2g to 5g; one that is absent stays as it is.")

    @model_validator(mode="after")
    def _known_technologies(self) -> Self:
        unknown = sorted(set(self.technologies) - set(TECHNOLOGIES))
        if unknown:
            raise ValueError(f"technologies.{unknown[0]} is unknown; one of {', '.join(TECHNOLOGIES)} is expected")
        return self


class Radio(Settings):
    """[radio]: the propagation model and what it needs."""

    model: Literal["p1812", "itm", "hata", "cost231", "tr38901_rma", "tr38901_uma", "free_space"] = _setting(
        "p1812", "Propagation model; docs/models.md says where each of them holds."
    )
    environment: Literal["open", "suburban", "urban"] = _setting(
        "suburban", "Surroundings for hata and cost231; suburban is known to both, and open flatters hills."
    )
    clutter_m: dict[Annotated[int, Field(ge=1, le=255)], _NotNegative] = Field(
        default_factory=dict,
        description="Code of land_cover = height of trees or houses, m, in place of P.1812-8 table 2; for p1812.",
        examples=[{10: 20.0, 50: 6.0}],
    )
    building: Literal["none", "traditional", "thermally_efficient"] = _setting(
        "none", "Levels inside such buildings, at the ground floor, by P.2109; none: outdoors."
    )
    rx_height_m: _Positive = _setting(1.5, "Receiver above ground, m: outdoors in the hand.", _PRACTICE)
    time_percent: Annotated[float, Field(ge=1, le=50)] = _setting(
        50.0, "Loss not exceeded for this share of time, %; 50 is the median.", _CHOICE
    )
    location_percent: Annotated[float, Field(ge=1, le=99)] = _setting(
        50.0, "Share of places within a pixel that have at least the level, %; 50 is the median.", _CHOICE
    )
    location_sigma_db: _NotNegative = _setting(
        5.5, "Spread of the level between places within a pixel, dB.", "ITU-R P.1812, table 6, rural"
    )
    delta_n: _Positive = _setting(50.0, "Refractivity lapse in the first km, N-units; northern Vietnam.", _PRACTICE)
    n0: _Positive = _setting(350.0, "Sea-level refractivity, N-units; northern Vietnam.", _PRACTICE)
    antenna_height_m: _Positive = _setting(33.0, "Antenna above ground where unknown, m.", _PRACTICE)
    beamwidth_deg: _Positive = _setting(65.0, "Horizontal half-power beam of a sector, degrees.", "3GPP TR 36.942")
    vertical_beamwidth_deg: _Positive = _setting(10.0, "Vertical half-power beam, degrees.", "3GPP TR 36.814")
    calibration: Calibration | None = Field(
        None, description="File of coverage calibrate, or its table [radio.calibration] itself: added to every level."
    )

    @model_validator(mode="after")
    def _known_surroundings(self) -> Self:
        if self.model == "cost231" and self.environment == "open":
            raise ValueError("environment = 'open' is unknown to cost231; suburban or urban is expected")
        if self.calibration is not None and self.calibration.model != self.model:
            raise ValueError(
                f"the calibration is of the model {self.calibration.model!r}, not of {self.model!r}; use that model, "
                "or calibrate anew"
            )
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

    id: str = _setting(
        "vn-center-2024", "Printed with every result: vn-center-2024, ofcom, fcc, strict-indoor, or a name of your own."
    )
    classes_dbm: dict[str, Classes] = Field(
        default_factory=lambda: {name: Classes(**classes) for name, classes in CLASSES_DBM.items()},
        description="Per technology: good and weak at or above, dBm (RxLev, RSCP, RSRP, SS-RSRP).",
        json_schema_extra={"origin": f"Ofcom for good 4G, else {_PRACTICE}"},
    )
    load_percent: Annotated[float, Field(ge=0, lt=100)] = _setting(
        0.0, "Load of the cells that the classes must bear, %; asks for -10 log10(1 - load) dB more.", _CHOICE
    )
    indoor_db: _NotNegative = _setting(0.0, "Extra loss asked for, dB: 0 outdoors, 10 wood, 15 brick.", _PRACTICE)
    house_db: _NotNegative = _setting(
        10.0, "Loss into a house for the statuses of indoors, dB: 10 wood or stilt house, 15 brick.", _PRACTICE
    )
    covered_percent: _Percent = _setting(
        95.0, "Households with signal below this share make a village weak, %.", _PUBLISHED
    )
    cluster_households: Annotated[int, Field(gt=0)] = _setting(
        10, "Households without signal lying together that make a village weak.", _PUBLISHED
    )
    cluster_m: _Positive = _setting(500.0, "Housing within this distance lies together, m.", _PRACTICE)
    verify_percent: _Percent = _setting(
        50.0, "A dead village with this share of households covered is suspect, %.", _PUBLISHED
    )

    @property
    def load_db(self) -> float:
        """What the load of the cells asks for beside the classes, dB: the rise of noise and interference with it."""
        return -10 * math.log10(1 - self.load_percent / 100)


class Places(Settings):
    """[places]: which village a building or a populated pixel belongs to."""

    building_m: _Positive = _setting(
        3000.0,
        "A building in no village's area belongs to the nearest village of its commune within this, m.",
        _PRACTICE,
    )


class Fiber(Settings):
    """[fiber]: how near fiber must be."""

    served_m: _Positive = _setting(500.0, "Drop from a node or route to the centre, m.", _PUBLISHED)
    near_road_m: _Positive = _setting(2000.0, "Near, along roads, m.", _PUBLISHED)
    near_straight_m: _Positive = _setting(
        1500.0, "Near, in a straight line where there is no road layer, m.", _PUBLISHED
    )
    passes_m: _Positive = _setting(100.0, "A route this close to the housing passes the village, m.", _PRACTICE)


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


def _cost(low: float, central: float, high: float, about: str, origin: str = _FOREIGN) -> Any:
    return _setting(Range(low=low, central=central, high=high), about, origin)


class Costs(Settings):
    """[costs]: unit prices in USD from foreign models; no Vietnamese unit price was found, so each is a setting."""

    new_site_usd: Range = _cost(30_000, 40_000, 60_000, "Green-field 4G macro without backhaul, USD.")
    mast_base_m: _Positive = _setting(36.0, "Antenna height up to which new_site_usd holds, m.", _PRACTICE)
    mast_usd_per_m: Range = _cost(
        300, 600, 1_000, "A higher mast, USD per m above mast_base_m: lattice on its own feet.", _PRACTICE
    )
    upgrade_usd: Range = _cost(8_000, 12_000, 20_000, "A technology added to a mast, USD.")
    colocation_usd: Range = _cost(
        6_000, 12_000, 24_000, "Room on another operator's mast: five years at 100, 200, 400 USD a month.", _PRACTICE
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
        _PRACTICE,
    )
    access_usd_per_km: Range = _cost(5_000, 10_000, 25_000, "Access track to the nearest road, USD per km.")
    power_usd_per_km: Range = _cost(8_000, 15_000, 25_000, "Power line to the nearest grid, USD per km.")
    tap_kv: _Positive = _setting(
        35.0, "Lines above this voltage cannot be tapped for a mast, kV.", "Vietnam distributes at 22 and 35 kV"
    )
    solar_usd_per_w: Range = _cost(2, 3, 5, "Solar power, USD per watt.")
    site_load_w: _Positive = _setting(3_000, "Solar watts a site needs, W peak.", _PRACTICE)
    slope_factor_per_10deg: _NotNegative = _setting(
        0.25, "Building costs more by this share per 10° of slope.", _PRACTICE
    )


class Planning(Settings):
    """[planning]: what may be built, and what counts."""

    technology: str = _setting("4g", "Technology of new sites and upgrades: 2g, 3g, 4g or 5g.")
    operator: str | None = _setting(
        None, "Operator that builds; it may also go on others' masts. Absent: whoever has the mast.", example="viettel"
    )
    sites: Annotated[int, Field(gt=0)] = _setting(50, "Length of the ranking.", _CHOICE)
    budget_usd: _Positive | None = _setting(None, "Central cost not to be exceeded, USD.", example=2_000_000)
    heights_m: tuple[_Positive, ...] = _setting((36.0,), "Antenna heights tried for new masts, m.", _PRACTICE)
    spacing_m: _Positive = _setting(1000.0, "New masts at least this far from each other and from masts, m.", _CHOICE)
    max_candidates: Annotated[int, Field(gt=0)] = _setting(1500, "New positions examined exactly.", _CHOICE)
    max_radius_km: _Positive = _setting(10.0, "Reach examined around a candidate, km.", _CHOICE)
    weight_dead: _NotNegative = _setting(1.0, "Weight of a household in a dead village.", _CHOICE)
    weight_weak: _NotNegative = _setting(0.5, "Weight of a household without signal in a weak village.", _CHOICE)
    weight_programme: _NotNegative = _setting(1.2, "Factor for villages of the public-utility programme.", _CHOICE)
    fiber_extensions: Annotated[int, Field(gt=0)] = _setting(100, "Length of the fiber ranking.", _CHOICE)
    fiber_budget_usd: _Positive | None = _setting(
        None, "Central cost of fiber not to be exceeded, USD.", example=5_000_000
    )
    max_span_km: _Positive = _setting(40.0, "Longest fiber extension, km.", _CHOICE)
    microwave_mhz: _Positive = _setting(7000.0, "Carrier of a microwave hop, MHz.", _PRACTICE)
    microwave_max_km: _Positive = _setting(50.0, "Longest microwave hop, km.", _PRACTICE)
    microwave_clear_f1: _Positive = _setting(
        0.6, "First Fresnel radii that a hop keeps clear at k = 4/3; 0.6 costs no signal, P.530 asks 1.", _PRACTICE
    )
    relay_height_m: _Positive = _setting(20.0, "Antenna of a relay where no mast stands, m.", _PRACTICE)
    weight_centre_households: _NotNegative = _setting(
        100.0, "Households that joining a commune centre to fiber counts for: office, school, health post.", _PRACTICE
    )


class Map(Settings):
    """[map]: what the web map shows."""

    edition: Literal["full", "partner"] = _setting(
        "full", "`partner` leaves out other operators' sites and needs operator."
    )
    operator: str | None = _setting(None, "Whose sites a partner edition shows.", example="viettel")
    redaction_m: _Positive = _setting(1000.0, "Sensitive sites are rounded to this, m.", _CHOICE)
    tiles: str | None = _setting(
        None,
        "URL template of background tiles; no network where absent.",
        example="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    )


class Papers(Settings):
    """[papers]: what the papers for officials look like; templates are files relative to the study."""

    html_template: Path | None = _setting(
        None, "Jinja template of report.html; ours where absent.", example=Path("templates/report.html.j2")
    )
    docx_template: Path | None = _setting(
        None,
        "Word file whose styles, header, footer and leading pages report.docx keeps; ours where absent.",
        example=Path("templates/letterhead.docx"),
    )
    decimal: Literal["point", "comma"] = _setting(
        "point", "Decimal sign in uncovered_villages.csv; with the comma, `;` separates its columns."
    )


class Fetch(Settings):
    """[fetch]: where open data come from, and how the services are asked; only `coverage fetch` uses it."""

    terrain: _Address = Field(
        "https://copernicus-dem-30m.s3.amazonaws.com", description="Tiles of Copernicus DEM GLO-30."
    )
    land_cover: _Address = Field(
        "https://esa-worldcover.s3.eu-central-1.amazonaws.com/v200/2021/map",
        description="Tiles of ESA WorldCover 2021.",
    )
    population: _Address = Field(
        "https://data.worldpop.org/GIS/Population/Global_2000_2020_Constrained/2020/BSGM/VNM/"
        "vnm_ppp_2020_constrained.tif",
        description="Raster of people, WorldPop.",
    )
    boundaries: _Address = Field(
        "https://www.geoboundaries.org/api/current/gbOpen/VNM", description="Boundaries, geoBoundaries."
    )
    overpass: _Address = Field(
        "https://overpass-api.de/api/interpreter", description="OpenStreetMap, by the Overpass API."
    )
    contact: str = Field("", description="Your address (e-mail or web), which the services see and may write to.")
    margin_km: _NotNegative = _setting(
        20.0, "Terrain, land cover, roads, power lines and masts are fetched this far around, km.", _CHOICE
    )
    pause_s: _NotNegative = _setting(1.0, "Between two requests to one server, s.", _CHOICE)
    timeout_s: _Positive = _setting(60.0, "A server that says nothing for so long is given up, s.", _CHOICE)
    attempts: Annotated[int, Field(ge=1, le=20)] = _setting(5, "Tries without progress before giving up.", _CHOICE)
    longest_wait_s: _NotNegative = _setting(300.0, "A server that asks for a longer wait ends the fetch, s.", _CHOICE)
    overpass_timeout_s: Annotated[int, Field(ge=1, le=900)] = _setting(
        180, "Time that one question to Overpass may take there, s.", _CHOICE
    )

    @field_serializer("terrain", "land_cover", "population", "boundaries", "overpass", when_used="json")
    def _without_password(self, address: str) -> str:
        """Keep passwords of mirrors out of whatever is written down."""
        return without_password(address)
