"""
python -m benchmarks.planning SECTION: what to build next, measured and written to benchmarks/planning.md.

A section keeps its figures in a comment of the page, so that each may be measured again without the others.
"""

import argparse
import datetime
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import planning_choice
from benchmarks.machine import describe

PAGE = Path(__file__).with_name("planning.md")
SECTIONS: dict[str, ModuleType] = {"choice": planning_choice}
_HEAD = """# What to build next, measured

Made by `python -m benchmarks.planning`, section by section: {sections}. What a section says is written from the figures
in the comment above it.
"""
_SECTION = re.compile(r"<!-- (\w+) (\{.*?\}) -->\n(.*?)<!-- end -->\n", re.DOTALL)


def main() -> None:
    """Measure one section and put it in its place on the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning", description=__doc__)
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write")
    commands = parser.add_subparsers(dest="section", required=True)
    for name, module in SECTIONS.items():
        module.add_options(commands.add_parser(name, help=module.__doc__))
    options = parser.parse_args()
    page = options.page.read_text(encoding="utf-8") if options.page.exists() else ""
    figures: dict[str, Any] = {name: json.loads(found) for name, found, _ in _SECTION.findall(page)}
    texts = {name: text for name, _, text in _SECTION.findall(page)}
    module, name = SECTIONS[options.section], options.section
    figures[name] = module.measure(options, figures.get(name, {}))
    section = module.describe(figures[name])
    texts[name] = f"\n{section}\n\nMeasured on {datetime.date.today()}. Machine: {describe()}{module.versions()}.\n\n"
    parts = [
        f"<!-- {name} {json.dumps(figures[name])} -->\n{texts[name]}<!-- end -->\n"
        for name in SECTIONS
        if name in texts
    ]
    head = _HEAD.format(sections=", ".join(f"`{name}`" for name in SECTIONS))
    options.page.write_text("\n".join([head, *parts]), encoding="utf-8")
    print(section)


if __name__ == "__main__":
    main()
