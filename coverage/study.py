"""Study: the frozen settings read once from coverage.toml; every default has a unit and a source."""

import datetime
import math
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_serializer, model_validator

from coverage.columns import TECHNOLOGIES
from coverage.errors import StudyError, shortened, without_password
from coverage.presets import CLASSES_DBM, PRESETS

_LONGEST_LINE = 5_000
"""Of a study; the time that the reader of TOML takes grows with the square of it."""
_PRACTICE = "engineering practice"
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Percent = Annotated[float, Field(gt=0, le=100)]
_Source = Annotated[str, BeforeValidator(lambda given: given.as_posix() if isinstance(given, Path) else given)]
"""A file or folder relative to the study, `file|layername=NAME`, or a database: docs/inputs.md."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class About(_Settings):
    """[study]: what is assessed, as of when, and for whom."""

    name: str = Field("Coverage study", description="Title printed on every result.")
    province: str = Field("", description="Name of the province, for titles and the indicators' area.")
    as_of: datetime.date | None = Field(None, description="Date of the assessment; today where absent.")
    language: Literal["vi", "en"] = Field("vi", description="Language of papers and map.")
    out: Path = Field(Path("maps"), description="Where results go, relative to the study.")
    source: str = Field("", description="Who supplied the data; printed with the results.")


class LayerPaths(_Settings):
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
    candidates: _Source | None = None
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


class GridSettings(_Settings):
    """[grid]: the pixels of every raster."""

    crs: str | None = Field(
        None, description="Projected CRS in metres; the terrain's, else its UTM zone, where absent."
    )
    cell_m: _Positive | None = Field(None, description="Cell, m; the terrain's own where absent.")
    fill_voids_m: _NotNegative = Field(
        0.0, description="Voids inside the terrain up to this wide and high are interpolated, m; 0 leaves them."
    )


class Technology(_Settings):
    """[technologies.*]: what a cell without a value of its own is given, and how long it is in service."""

    freq_mhz: _Positive = Field(description="Carrier, MHz.")
    bandwidth_mhz: _Positive = Field(description="Channel, MHz.")
    eirp_dbm: _Finite = Field(description="EIRP of the whole carrier per sector, dBm.")
    max_radius_km: _Positive = Field(description="No prediction beyond, km.")
    switch_off: datetime.date | None = Field(None, description="Last day of service; does not count after it.")


def _default_technologies() -> dict[str, Technology]:
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


class Radio(_Settings):
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


class Classes(_Settings):
    """The levels from which a technology's signal is good and weak, dBm; below there is none."""

    good: _Finite
    weak: _Finite

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.good < self.weak:
            raise ValueError(f"good {self.good} is below weak {self.weak}")
        return self


class Definitions(_Settings):
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


class Places(_Settings):
    """[places]: which village a building or a populated pixel belongs to."""

    building_m: _Positive = Field(
        3000.0,
        description=f"One in no village's area belongs to the nearest of its commune within this, m; {_PRACTICE}.",
    )


class Fiber(_Settings):
    """[fiber]: how near fiber must be."""

    served_m: _Positive = Field(500.0, description="Drop from a node or route to the centre, m.")
    near_road_m: _Positive = Field(2000.0, description="Near, along roads, m.")
    near_straight_m: _Positive = Field(1500.0, description="Near, in a straight line where there is no road layer, m.")
    passes_m: _Positive = Field(100.0, description="A route this close to the housing passes the village, m.")


class Range(_Settings):
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


class Costs(_Settings):
    """[costs]: unit prices in USD from foreign models; no Vietnamese unit price was found, so each is a setting."""

    new_site_usd: Range = _cost(30_000, 40_000, 60_000, "Green-field 4G macro without backhaul, USD.")
    upgrade_usd: Range = _cost(8_000, 12_000, 20_000, "A technology added to a mast, USD.")
    fiber_usd_per_km: Range = _cost(5_000, 10_000, 20_000, "Rural fiber, USD per km.")
    microwave_short_usd: Range = _cost(20_000, 30_000, 40_000, "Microwave hop below 15 km, USD.")
    microwave_medium_usd: Range = _cost(30_000, 40_000, 55_000, "Microwave hop of 15 to 30 km, USD.")
    microwave_long_usd: Range = _cost(60_000, 80_000, 110_000, "Microwave hop above 30 km, USD.")
    access_usd_per_km: Range = _cost(5_000, 10_000, 25_000, "Access track to the nearest road, USD per km.")
    power_usd_per_km: Range = _cost(8_000, 15_000, 25_000, "Power line to the nearest grid, USD per km.")
    solar_usd_per_w: Range = _cost(2, 3, 5, "Solar power, USD per watt.")
    site_load_w: _Positive = Field(3_000, description="Solar watts a site needs, W peak.")
    slope_factor_per_10deg: _NotNegative = Field(
        0.25, description="Building costs more by this share per 10° of slope."
    )


class Planning(_Settings):
    """[planning]: what may be built, and what counts."""

    technology: str = Field("4g", description="Technology of new sites and upgrades.")
    sites: Annotated[int, Field(gt=0)] = Field(50, description="Length of the ranking.")
    budget_usd: _Positive | None = Field(None, description="Central cost not to be exceeded, USD.")
    heights_m: tuple[_Positive, ...] = Field((36.0,), description="Antenna heights tried for new masts, m.")
    spacing_m: _Positive = Field(1000.0, description="New masts at least this far from each other and from masts, m.")
    max_candidates: Annotated[int, Field(gt=0)] = Field(400, description="New positions examined exactly.")
    max_radius_km: _Positive = Field(10.0, description="Reach examined around a candidate, km.")
    weight_dead: _NotNegative = Field(1.0, description="Weight of a household in a dead village.")
    weight_weak: _NotNegative = Field(0.5, description="Weight of a household without signal in a weak village.")
    weight_programme: _NotNegative = Field(1.2, description="Factor for villages of the public-utility programme.")
    fiber_extensions: Annotated[int, Field(gt=0)] = Field(100, description="Length of the fiber ranking.")
    fiber_budget_usd: _Positive | None = Field(None, description="Central cost of fiber not to be exceeded, USD.")
    max_span_km: _Positive = Field(40.0, description="Longest fiber extension, km.")
    microwave_mhz: _Positive = Field(7000.0, description=f"Carrier of a microwave hop, MHz; {_PRACTICE}.")
    microwave_max_km: _Positive = Field(50.0, description=f"Longest microwave hop, km; {_PRACTICE}.")


class Map(_Settings):
    """[map]: what the web map shows."""

    edition: Literal["full", "partner"] = Field("full", description="`partner` leaves out other operators' sites.")
    operator: str | None = Field(None, description="Whose sites a partner edition shows.")
    redaction_m: _Positive = Field(1000.0, description="Sensitive sites are rounded to this, m.")
    tiles: str | None = Field(None, description="URL template of background tiles; no network where absent.")


class Papers(_Settings):
    """[papers]: what the papers for officials look like; templates are files relative to the study."""

    html_template: Path | None = Field(None, description="Jinja template of report.html; ours where absent.")
    docx_template: Path | None = Field(
        None,
        description="Word file whose styles, header, footer and leading pages report.docx keeps; ours where absent.",
    )
    decimal: Literal["point", "comma"] = Field(
        "point", description="Decimal sign in uncovered_villages.csv; with the comma, `;` separates its columns."
    )


class Study(_Settings):
    """The whole of coverage.toml, and the folder its paths start from."""

    folder: Path
    allow_outside: bool = Field(
        False, exclude=True, description="Whether layers and results may lie outside the folder; never from the TOML."
    )
    named: Path | None = Field(
        None, exclude=True, description="A file that the command line names, wherever it lies; never from the TOML."
    )
    study: About = About()
    layers: LayerPaths
    columns: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Per layer: column of ours -> heading in the file, before any alias."
    )
    crs: dict[str, str] = Field(
        default_factory=dict,
        description="Per layer: reference system of a file that carries none; tables are in EPSG:4326 degrees.",
    )
    fill_missing: bool = Field(
        False, description="Fill empty frequency, bandwidth, height and EIRP of a cell from this study."
    )
    grid: GridSettings = GridSettings()
    technologies: dict[str, Technology] = Field(default_factory=_default_technologies)
    radio: Radio = Radio()
    definitions: Definitions = Definitions()
    places: Places = Places()
    fiber: Fiber = Fiber()
    costs: Costs = Costs()
    planning: Planning = Planning()
    map: Map = Map()
    papers: Papers = Papers()
    threads: Annotated[int, Field(ge=0)] = Field(0, description="Threads; 0 uses every core.")

    @model_validator(mode="before")
    @classmethod
    def _fill_technologies(cls, data: Any) -> Any:
        """Let a study name only what differs from the presets of a technology."""
        given = data.get("technologies", {}) if isinstance(data, dict) else {}
        if not isinstance(given, dict) or not all(isinstance(row, dict) for row in given.values()):
            return data  # pydantic says what is wrong
        unknown = sorted(set(given) - set(TECHNOLOGIES))
        if unknown:
            raise ValueError(f"technologies.{unknown[0]} is unknown; one of {', '.join(TECHNOLOGIES)} is expected")
        presets = _default_technologies()
        merged = {name: {**preset.model_dump(), **given.get(name, {})} for name, preset in presets.items()}
        return {**data, "technologies": merged}

    @model_validator(mode="before")
    @classmethod
    def _fill_definitions(cls, data: Any) -> Any:
        """Let a study name a preset, and only what differs from it."""
        given = data.get("definitions", {}) if isinstance(data, dict) else {}
        if not isinstance(given, dict) or not isinstance(given.get("classes_dbm", {}), dict):
            return data  # pydantic says what is wrong
        classes = given.get("classes_dbm", {})
        unknown = sorted(set(classes) - set(TECHNOLOGIES))
        if unknown:
            raise ValueError(
                f"definitions.classes_dbm.{unknown[0]} is unknown; one of {', '.join(TECHNOLOGIES)} is expected"
            )
        preset = PRESETS.get(str(given.get("id")), {})
        rules = {"classes_dbm": CLASSES_DBM, **preset.get("definitions", {})}
        merged = {
            name: {**row, **classes[name]} if isinstance(classes.get(name), dict) else classes.get(name, row)
            for name, row in rules["classes_dbm"].items()
        }
        filled = {**data, "definitions": {**rules, **given, "classes_dbm": merged}}
        if "radio" in preset and isinstance(data.get("radio", {}), dict):
            filled["radio"] = {**preset["radio"], **data.get("radio", {})}
        return filled

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.planning.technology not in self.technologies:
            raise ValueError(
                f"planning.technology = {self.planning.technology!r} is not among {', '.join(TECHNOLOGIES)}"
            )
        if self.map.edition == "partner" and not self.map.operator:
            raise ValueError("map.edition = 'partner' needs map.operator")
        if self.radio.building != "none" and self.definitions.indoor_db > 0:
            raise ValueError(
                f"radio.building = {self.radio.building!r} and definitions.indoor_db = {self.definitions.indoor_db:g} "
                "both take off what a building costs; set one of them"
            )
        return self

    @property
    def as_of(self) -> datetime.date:
        """Date of the assessment."""
        return self.study.as_of or datetime.date.today()

    @property
    def definition_id(self) -> str:
        """Id of the definitions, marked where a preset's id is kept with other rules, or levels of other places."""
        preset = PRESETS.get(self.definitions.id)
        if preset is None:
            return self.definitions.id
        published = Study.model_validate({**_BARE, "definitions": {"id": self.definitions.id}})
        same = (
            self.definitions == published.definitions
            and self.radio.location_percent == published.radio.location_percent
            and self.radio.building == "none"
        )
        return self.definitions.id if same else f"{self.definitions.id}-modified"

    @property
    def out(self) -> Path:
        """Folder of the results; StudyError where it lies outside the study without leave."""
        folder = self.folder / self.study.out
        if not all(map(self.may_use, (folder, *folder.glob("*/")))):
            raise StudyError(
                f"coverage.toml: [study] out = {self.study.out.as_posix()!r} leads outside the folder of the study; "
                "expected a folder within it. Correct it, or name the folder with --out, or add --allow-outside."
            )
        return folder

    def path(self, layer: str) -> Path | None:
        """Return the file or folder of a layer; None where the study names none, several, or a database."""
        source = getattr(self.layers, layer)
        if not isinstance(source, str) or "://" in source:
            return None
        return self.folder / source.partition("|")[0]

    def may_use(self, path: Path) -> bool:
        """Return whether a path, links followed, lies in the folder of the study, or may lie elsewhere."""
        place = path.resolve()
        return self.allow_outside or place.is_relative_to(self.folder.resolve()) or self._is_named(place)

    def _is_named(self, place: Path) -> bool:
        """Return whether a path is what the command line names, a part of it, or a file of that name beside it."""
        named = self.named
        if named is None:
            return False
        beside = place.parent == named.parent and place.name.startswith(f"{named.stem}.")
        return beside or place.is_relative_to(named)

    def with_official(self, source: str) -> "Study":
        """
        Return the study with another official list, which may lie anywhere.

        Parameters
        ----------
        source
            A file relative to the current folder, `file|layername=SHEET`, or a database.
        """
        path, bar, part = source.partition("|")
        if "://" in source:
            layers = self.layers.model_copy(update={"official": source})
            return self.model_copy(update={"layers": layers})
        place = Path(path).resolve()
        inside = place.is_relative_to(self.folder)
        name = (place.relative_to(self.folder) if inside else place).as_posix()
        layers = self.layers.model_copy(update={"official": f"{name}{bar}{part}"})
        return self.model_copy(update={"layers": layers, "named": place})

    def thresholds_dbm(self, technology: str) -> tuple[float, float]:
        """Levels from which a technology is good and weak, with what indoors and load ask for more, dBm."""
        rules = self.definitions
        more_db = rules.indoor_db + rules.load_db
        return rules.classes_dbm[technology].good + more_db, rules.classes_dbm[technology].weak + more_db

    def in_service(self) -> tuple[str, ...]:
        """Technologies that count on the date of the assessment, oldest first."""
        return tuple(
            name
            for name in TECHNOLOGIES
            if (row := self.technologies[name]).switch_off is None or self.as_of <= row.switch_off
        )


_BARE: dict[str, Any] = {
    "folder": Path(),
    "layers": dict.fromkeys(("communes", "villages", "sites", "terrain"), "unnamed"),
}
"""A study that says nothing of its own."""


def load_study(path: str | Path, *, allow_outside: bool = False) -> Study:
    """
    Read a study.

    Parameters
    ----------
    path
        A TOML file, or the folder that holds `coverage.toml`.
    allow_outside
        Whether the study may name files outside its folder, databases and addresses on the network: for studies of
        one's own, not for those received from others.

    Returns
    -------
    Study
        Frozen; paths of layers are relative to its folder.

    Raises
    ------
    StudyError
        No such file, not TOML, an unknown key, or a value of the wrong kind or out of range.
    """
    file = Path(path)
    if file.is_dir():
        file = file / "coverage.toml"
    try:
        text = file.read_text(encoding="utf-8")
        if max(map(len, text.splitlines()), default=0) > _LONGEST_LINE:
            raise StudyError(f"{file}: a line of more than {_LONGEST_LINE:,} letters; it is no study. Correct it.")
        settings = tomllib.loads(text)
    except FileNotFoundError:
        raise StudyError(
            f"{file}: no such study; run in a folder with a coverage.toml, or make one: coverage init DIR"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{file}: cannot be read as UTF-8 text ({error}).") from None
    except (ValueError, RecursionError) as error:  # beside what is no TOML: numbers and lists beyond all measure
        raise StudyError(f"{file}: not valid TOML: {shortened(str(error), 300)}.") from None
    for own in sorted({"folder", "allow_outside", "named"} & set(settings)):
        raise StudyError(f"{file}: {own} is an unknown setting; remove it or correct its name.")
    try:
        return Study.model_validate({**settings, "folder": file.resolve().parent, "allow_outside": allow_outside})
    except ValidationError as error:
        raise StudyError("\n".join(_explain(file, detail) for detail in error.errors())) from None


def _explain(file: Path, detail: Any) -> str:
    return shortened(without_password(_said(file, detail)), 1000)


def _said(file: Path, detail: Any) -> str:
    where = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{file}: {where} is an unknown setting; remove it or correct its name."
    if detail["type"] == "missing":
        return f"{file}: {where} is missing; add it."
    if detail["type"] == "value_error":
        return f"{file}: {(where + ': ') if where else ''}{detail['ctx']['error']}."
    return f"{file}: {where} = {detail['input']!r}; {detail['msg'][0].lower()}{detail['msg'][1:]}."
