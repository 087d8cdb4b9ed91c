"""A page of sections that keep their figures in a comment, so that each may be measured again without the others."""

import argparse
import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.machine import describe

_SECTION = re.compile(r"<!-- (\w+) (\{.*?\}) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def measure_section(name: str, title: str, sections: Mapping[str, ModuleType], about: str | None) -> None:
    """
    Measure the section that the command line names, and put it in its place on the page.

    Parameters
    ----------
    name
        Of the benchmark: the module that is run, and the page beside it.
    title
        Of the page.
    sections
        Each with `add_options`, `measure` and `describe`, and perhaps `versions` of what else took part.
    about
        For `--help`.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=about)
    parser.add_argument("--page", type=Path, default=Path(__file__).with_name(f"{name}.md"), help="where to write")
    commands = parser.add_subparsers(dest="section", required=True)
    for section, module in sections.items():
        module.add_options(commands.add_parser(section, help=module.__doc__))
    options = parser.parse_args()
    page = options.page.read_text(encoding="utf-8") if options.page.exists() else ""
    figures: dict[str, Any] = {found: json.loads(kept) for found, kept, _ in _SECTION.findall(page)}
    texts = {found: text for found, _, text in _SECTION.findall(page)}
    asked = options.section
    module = sections[asked]
    figures[asked] = module.measure(options, figures.get(asked, {}))
    text = module.describe(figures[asked])
    others = module.versions() if hasattr(module, "versions") else ""
    texts[asked] = f"\n{text}\n\nMeasured on {datetime.date.today()}. Machine: {describe()}{others}.\n\n"
    names = ", ".join(f"`{section}`" for section in sections)
    head = (
        f"# {title}\n\nMade by `python -m benchmarks.{name}`, section by section: {names}. What a section says is\n"
        "written from the figures in the comment above it.\n"
    )
    parts = [
        f"<!-- {section} {json.dumps(figures[section])} -->\n{texts[section]}<!-- end -->\n"
        for section in sections
        if section in texts
    ]
    options.page.write_text("\n".join([head, *parts]), encoding="utf-8")
    print(text)
