"""The page of the Python API, from the docstrings."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from pages.common import written_by

HEAD = """\
# Python API

{written}

What is named here stays as it is, or changes with a line in the changelog. Heights and distances wear their unit in the
name; NaN means *not modelled*. Everything that can be put right by who calls raises `CoverageError`, with one line that
says where, what was found, what was expected and what to do. A whole walk through it: [from Python](example.md).
"""

SECTIONS = {
    "A study and its analysis": (
        "coverage.load_study",
        "coverage.analyze",
        "coverage.Result",
        "coverage.Study",
        "coverage.CoverageError",
    ),
    "What else the commands do": (
        "coverage.pipeline.write",
        "coverage.pipeline.compare",
        "coverage.result.Comparison",
        "coverage.pipeline.rank",
        "coverage.result.SitePlan",
        "coverage.pipeline.fiber",
        "coverage.layers.check_study",
    ),
    "Loss between two antennas": (
        "coverage.radio.p1812.basic_transmission_loss_db",
        "coverage.radio.p1812.path_terms",
        "coverage.radio.itm.basic_transmission_loss_db",
        "coverage.radio.itm.area_mode_loss_db",
        "coverage.radio.hata.basic_transmission_loss_db",
        "coverage.radio.cost231.basic_transmission_loss_db",
        "coverage.radio.tr38901.basic_transmission_loss_db",
        "coverage.radio.free_space.basic_transmission_loss_db",
    ),
    "Loss over an area": ("coverage.radio.models.area_loss_db",),
    "Buildings and clutter": (
        "coverage.radio.p2109.building_entry_loss_db",
        "coverage.radio.indoor.indoor_loss_db",
        "coverage.radio.p2108.height_gain_correction_db",
        "coverage.radio.p2108.terrestrial_clutter_loss_db",
        "coverage.radio.p2108.slant_clutter_loss_db",
    ),
    "Levels and probabilities": (
        "coverage.radio.reference_power.reference_power_dbm",
        "coverage.radio.link_budget.margin_db",
        "coverage.radio.link_budget.coverage_probability",
    ),
}
_HEADINGS = ("Parameters", "Returns", "Raises", "References", "Examples")


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text."""
    parts = [HEAD.format(written=written_by("the docstrings"))]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in names:
            parts += ["\n".join(_entry(name)).rstrip() + "\n"]
    return {"api.md": "\n".join(parts)}


def _entry(name: str) -> Iterator[str]:
    """Yield what one name is, takes, gives and raises."""
    module, _, short = name.rpartition(".")
    found = getattr(importlib.import_module(module), short)
    yield from (f"### `{name}`", "", "```python", _signature(short, found), "```", "")
    text = inspect.getdoc(found) or ""
    parts = re.split(rf"^({'|'.join(_HEADINGS)})\n-+\n", text, flags=re.M)
    yield from (_linked(parts[0].strip()), "")
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield from (f"**{heading}**", "")
        if heading == "Examples":
            yield from ("```pycon", body.strip(), "```", "")
        elif heading == "References":
            yield from (body.strip(), "")
        else:
            yield from _described(body)
    if inspect.isclass(found) and not issubclass(found, BaseException):
        yield from _members(found)


def _signature(short: str, found: Any) -> str:
    """Return how a function is called, as its source has it; many parameters a line each; of a class its name."""
    if inspect.isclass(found):
        return f"class {short}"
    function = _source(found)
    given = function.args
    plain = _with_defaults(given.args, [None] * (len(given.args) - len(given.defaults)) + given.defaults)
    named = _with_defaults(given.kwonlyargs, given.kw_defaults)
    parameters = [*plain, "*", *named] if named else plain
    gives = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    line = f"{short}({', '.join(parameters)}){gives}"
    if len(line) <= 88:
        return line
    return "\n".join([f"{short}(", *(f"    {parameter}," for parameter in parameters), f"){gives}"])


def _with_defaults(names: Sequence[ast.arg], defaults: Sequence[ast.expr | None]) -> list[str]:
    pairs = zip(names, defaults, strict=True)
    return [ast.unparse(name) + (f" = {ast.unparse(default)}" if default else "") for name, default in pairs]


def _source(found: Any) -> Any:
    """Return the definition of a function or class as its file has it."""
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(found)))).body[0]


def _described(body: str) -> Iterator[str]:
    """Yield a list: what is named, and what is said of it."""
    for item in re.split(r"\n(?=\S)", body.strip()):
        name, _, about = item.partition("\n")
        yield f"- `{name}`: {' '.join(textwrap.dedent(about).split())}" if about.strip() else f"- {name}"
    yield ""


def _members(found: type) -> Iterator[str]:
    """Yield the public attributes and methods of a class that say what they are."""
    body = _source(found).body
    rows = []
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign):
            said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            name = ast.unparse(node.target)
            said = said or _of_setting(found, name)
            rows.append((name, ast.unparse(node.annotation), " ".join(str(said).split())))
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            first = (ast.get_docstring(node) or "").strip().partition("\n")[0]
            attribute = any(ast.unparse(mark) == "property" for mark in node.decorator_list)
            called = node.name if attribute else f"{node.name}({', '.join(_arguments(node))})"
            rows.append((called, ast.unparse(node.returns) if node.returns else "", first))
    yield from ("| | type | |", "|---|---|---|")
    for name, kind, said in rows:
        yield f"| `{name}` | `{kind}` | {said} |".replace("`` |", " |").replace(" | None`", " or None`")


def _of_setting(found: type, name: str) -> str:
    """Return what a setting of a model says of itself, or its room does."""
    field = getattr(found, "model_fields", {}).get(name)
    if field is None:
        return ""
    about = inspect.getdoc(field.annotation) if inspect.isclass(field.annotation) else ""
    return field.description or (about if about and about.startswith("[") else "")


def _arguments(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in node.args.args if argument.arg != "self"]


def _linked(text: str) -> str:
    """Return running text as one paragraph each."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
