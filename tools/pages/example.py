"""The page of the example in Python: its cells, text and code in turn."""

import re
from pathlib import Path

from pages.common import written_by

EXAMPLE = Path(__file__).parents[2] / "examples" / "from_python.py"


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text."""
    cells = re.split(r"^# %%", EXAMPLE.read_text(encoding="utf-8"), flags=re.M)[1:]
    title, *others = [_cell(cell) for cell in cells]
    heading, _, rest = title.partition("\n\n")
    return {"example.md": "\n\n".join([heading, written_by("examples/from_python.py"), rest, *others]) + "\n"}


def _cell(cell: str) -> str:
    kind, _, body = cell.partition("\n")
    if "[markdown]" in kind:
        return re.sub(r"^# ?", "", body.strip(), flags=re.M)
    return f"```python\n{body.strip()}\n```"
