"""The page of the settings, from coverage/settings."""

from coverage.outputs.settings_list import Setting, room_about, rooms, toml
from coverage.settings.radio import default_technologies
from pages.common import table, written_by

HEAD = """\
# Settings

{written}

`coverage.toml` of a study. What it does not name has the default; `coverage init` writes all of them with these
explanations, in Vietnamese or English. A name that is unknown, or a value out of its range, stops every command with
one line.
"""


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text."""
    parts = [HEAD.format(written=written_by("coverage/settings"))]
    for room, settings in rooms().items():
        if room == "layers":
            parts.append("## `[layers]`\n\nFiles, relative to the study: [inputs](inputs.md).\n")
            continue
        title = f"`[{room}]`" if room else "Above all sections"
        parts.append(f"## {title}\n")
        if room:
            parts.append(room_about(room, "en") + "\n")
        if settings:
            rows = (_row(setting) for setting in settings)
            parts.append(table(("setting", "what it is", "may hold", "default", "from"), rows) + "\n")
    return {"settings.md": "\n".join(parts)}


def _row(setting: Setting) -> tuple[str, ...]:
    default = "none" if setting.default is None else f"`{toml(setting.default)}`"
    if setting.room == "technologies.*":
        values = {name: getattr(row, setting.name) for name, row in default_technologies().items()}
        default = ", ".join(f"{name} `{toml(value)}`" for name, value in values.items() if value is not None)
    return (f"`{setting.name}`", setting.about, setting.limits("en"), default, setting.origin)
