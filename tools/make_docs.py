"""Write the pages of docs/ that come from the code: python tools/make_docs.py."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from pages import api, example, inputs, models, outputs, settings  # noqa: E402

DOCS = ROOT / "docs"
KINDS = (api, example, inputs, models, outputs, settings)


def pages() -> dict[str, str]:
    """Return path below docs/ -> text of every page."""
    found: dict[str, str] = {}
    for kind in KINDS:
        found |= kind.pages()
    return found


def main() -> None:
    """Write them."""
    for name, text in pages().items():
        file = DOCS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
