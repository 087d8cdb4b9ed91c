"""Study: the frozen settings read once from coverage.toml."""

import datetime
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from coverage.columns.words import TECHNOLOGIES
from coverage.errors import StudyError, shortened, without_password
from coverage.presets import CLASSES_DBM, PRESETS
from coverage.settings.base import Settings
from coverage.settings.fetch import Fetch
from coverage.settings.layers import About, GridSettings, LayerPaths
from coverage.settings.outputs import Map, Papers
from coverage.settings.places import Definitions, Fiber, Places
from coverage.settings.planning import Costs, Planning
from coverage.settings.radio import Radio, Technology, default_technologies

_LONGEST_LINE = 5_000
"""Of a study; the time that the reader of TOML takes grows with the square of it."""


class Study(Settings):
    """The whole of coverage.toml, and the folder its paths start from."""

    folder: Path
    allow_outside: bool = Field(
        False, exclude=True, description="Whether layers and results may lie outside the folder; never from the TOML."
    )
    named: tuple[Path, ...] = Field(
        (), exclude=True, description="Files that the command line names, wherever they lie; never from the TOML."
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
    technologies: dict[str, Technology] = Field(
        default_factory=default_technologies,
        description="What a cell without a value of its own is given, and how long a technology is in service.",
    )
    radio: Radio = Radio()
    definitions: Definitions = Definitions()
    places: Places = Places()
    fiber: Fiber = Fiber()
    costs: Costs = Costs()
    planning: Planning = Planning()
    map: Map = Map()
    papers: Papers = Papers()
    fetch: Fetch = Fetch()
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
        presets = default_technologies()
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
        calibration = self.radio.calibration
        if calibration is not None and calibration.land_cover != (self.layers.land_cover is not None):
            raise ValueError(
                f"radio.calibration was fitted {'with' if calibration.land_cover else 'without'} a layer of land "
                "cover, and this study is not like that; calibrate anew"
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
        return any(
            place.is_relative_to(named) or (place.parent == named.parent and place.name.startswith(f"{named.stem}."))
            for named in self.named
        )

    def with_layer(self, layer: str, source: str) -> "Study":
        """
        Return the study with another file as a layer, which may lie anywhere.

        Parameters
        ----------
        layer
            Name of the layer.
        source
            A file relative to the current folder, `file|layername=SHEET`, or a database.
        """
        path, bar, part = source.partition("|")
        if "://" in source:
            layers = self.layers.model_copy(update={layer: source})
            return self.model_copy(update={"layers": layers})
        place = Path(path).resolve()
        inside = place.is_relative_to(self.folder)
        name = (place.relative_to(self.folder) if inside else place).as_posix()
        layers = self.layers.model_copy(update={layer: f"{name}{bar}{part}"})
        return self.model_copy(update={"layers": layers, "named": (*self.named, place)})

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
    _read_calibration(settings, file, allow_outside=allow_outside)
    try:
        return Study.model_validate({**settings, "folder": file.resolve().parent, "allow_outside": allow_outside})
    except ValidationError as error:
        raise StudyError("\n".join(_explain(file, detail) for detail in error.errors())) from None


def _read_calibration(settings: dict[str, Any], study: Path, *, allow_outside: bool) -> None:
    """Put the table of the file that [radio] calibration names in its place."""
    radio = settings.get("radio")
    if not isinstance(radio, dict) or not isinstance(radio.get("calibration"), str):
        return
    named, folder = radio["calibration"], study.resolve().parent
    file, where = folder / named, f"{study}: [radio] calibration = {named!r}"
    if not allow_outside and not file.resolve().is_relative_to(folder):
        raise StudyError(f"{where} leads outside the folder of the study; copy the file into it.")
    try:
        radio["calibration"] = tomllib.loads(file.read_text(encoding="utf-8"))["radio"]["calibration"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StudyError(
            f"{where}: no table [radio.calibration] can be read there ({shortened(repr(error), 200)}); expected the "
            "file that coverage calibrate writes. Correct the path, or calibrate again."
        ) from None


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
