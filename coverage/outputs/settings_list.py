"""Every setting of a study with its meaning, unit, range, default and origin, as `coverage.settings` has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from coverage.outputs.settings_words import ABOUT_VI, ORIGINS_VI, ROOMS_VI
from coverage.outputs.toml_text import toml_value
from coverage.settings.radio import Technology
from coverage.study import Study

_NEVER_IN_A_FILE = ("folder", "allow_outside", "named")
_UNITS = {
    "usd_per_km": "USD/km", "usd_per_m": "USD/m", "usd_per_w": "USD/W", "usd": "USD", "mhz": "MHz", "dbm": "dBm",
    "db": "dB", "km": "km", "m": "m", "per_10deg": "/ 10°", "deg": "°", "percent": "%", "kv": "kV", "w": "W", "s": "s",
    "households": "households", "clear_f1": "F1", "delta_n": "N", "n0": "N",
}  # fmt: skip
"""How the name of a setting ends -> its unit; the first that fits."""
_WORDS = {
    "vi": {"above": "lớn hơn {}", "from": "từ {} trở lên", "between": "từ {} đến {}", "inside": "lớn hơn {}, đến {}",
           "below": "từ {}, dưới {}", "one of": "một trong: {}", "date": "ngày, dạng 2026-10-01",
           "flag": "true (có) hoặc false (không)", "households": "hộ", "origin": "căn cứ"},
    "en": {"above": "more than {}", "from": "{} or more", "between": "{} to {}", "inside": "more than {}, up to {}",
           "below": "{} or more, below {}", "one of": "one of {}", "date": "a date such as 2026-10-01",
           "flag": "true or false", "households": "households", "origin": "from"},
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting: where it stands, what it means, what it may hold, and what it is where a study says nothing."""

    room: str
    """Section of coverage.toml; empty for what stands above all sections."""
    name: str
    about: str
    schema: dict[str, Any]
    """What it may hold, as JSON Schema."""
    default: Any
    """None where there is none."""
    example: Any
    origin: str

    @property
    def key(self) -> str:
        """Its name with that of its room, as the wording has it."""
        return f"{self.room}.{self.name}" if self.room else self.name

    @property
    def unit(self) -> str:
        """What it is measured in, as its name says; empty where it has none."""
        endings = (unit for ending, unit in _UNITS.items() if re.search(rf"(^|_){ending}$", self.name))
        return next(endings, "") if self.schema.get("type") != "string" else ""

    def meaning(self, language: str) -> str:
        """Return what it is, in one sentence."""
        return ABOUT_VI.get(self.key, self.about) if language == "vi" else self.about

    def limits(self, language: str) -> str:
        """Return what it may hold, with its unit; empty where anything goes."""
        say = _WORDS[language]
        unit = f" {say.get(self.unit, self.unit)}" if self.unit else ""
        holds = next(
            (self.schema[key] for key in ("items", "additionalProperties") if self.schema.get(key)), self.schema
        )
        if "enum" in holds:
            return say["one of"].format(", ".join(holds["enum"]))
        if holds.get("format") == "date":
            return say["date"]
        if holds.get("type") == "boolean":
            return say["flag"]
        above, low = holds.get("exclusiveMinimum"), holds.get("minimum")
        below, high = holds.get("exclusiveMaximum"), holds.get("maximum")
        if above is not None:
            text = (
                say["above"].format(f"{above:g}") if high is None else say["inside"].format(f"{above:g}", f"{high:g}")
            )
        elif low is not None and below is not None:
            text = say["below"].format(f"{low:g}", f"{below:g}")
        elif low is not None:
            text = say["from"].format(f"{low:g}") if high is None else say["between"].format(f"{low:g}", f"{high:g}")
        else:
            return unit.strip()
        return text + unit

    def source(self, language: str) -> str:
        """Return where its default comes from; empty where it is nobody's figure."""
        if not self.origin:
            return ""
        origin = ORIGINS_VI.get(self.origin, self.origin) if language == "vi" else self.origin
        return f"{_WORDS[language]['origin']}: {origin}"


def rooms() -> dict[str, list[Setting]]:
    """
    Return room -> its settings, both in the order of the study; those of a technology once, under `technologies.*`.

    What stands above all sections is in the room of the empty name, which is first.
    """
    found: dict[str, list[Setting]] = {"": []}
    schema = Study.model_json_schema()
    for name, field in Study.model_fields.items():
        if name in _NEVER_IN_A_FILE:
            continue
        model = Technology if name == "technologies" else field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            room = "technologies.*" if name == "technologies" else name
            found[room] = list(_settings(room, model, schema))
        elif schema["properties"][name].get("type") == "object":
            found[name] = []
        else:
            found[""].append(_setting("", name, field, schema["properties"][name], schema))
    return found


def room_about(room: str, language: str) -> str:
    """Return what a room of the study is about, in one sentence."""
    name = room.partition(".")[0]
    if language == "vi":
        return ROOMS_VI.get(name, name)
    field = Study.model_fields[name]
    text = field.description or str((field.annotation or Study).__doc__).strip().partition("]: ")[2]
    return text[0].upper() + text[1:]


def _settings(room: str, model: type[BaseModel], schema: dict[str, Any]) -> Iterator[Setting]:
    properties = schema["$defs"][model.__name__]["properties"]
    for name, field in model.model_fields.items():
        yield _setting(room, name, field, properties[name], schema)


def _setting(room: str, name: str, field: FieldInfo, properties: dict[str, Any], schema: dict[str, Any]) -> Setting:
    default = field.get_default(call_default_factory=True)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return Setting(
        room=room,
        name=name,
        about=field.description or "",
        schema=_plain(properties, schema),
        default=None if default is PydanticUndefined else default,
        example=field.examples[0] if field.examples else None,
        origin=str(extra.get("origin", "")),
    )


def _plain(properties: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a setting may hold where it is given: the first of several forms, references followed to a number."""
    choice = next((form for form in properties.get("anyOf", ()) if form.get("type") != "null"), properties)
    if "$ref" not in choice:
        return dict(choice)
    parts = schema["$defs"][choice["$ref"].rpartition("/")[2]]["properties"].values()
    alike = all(part.get("type") == "number" for part in parts)  # the amounts of a cost, of which one thing holds
    return {**(next(iter(parts)) if alike else {}), "type": "object"}


def toml(value: Any) -> str:
    """Return a value of a setting as coverage.toml has it."""
    return toml_value(_data(value))


def _data(value: Any) -> Any:
    """Return a value without the models in it."""
    if isinstance(value, dict):
        return {name: _data(item) for name, item in value.items()}
    return value.model_dump() if isinstance(value, BaseModel) else value
