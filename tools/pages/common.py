"""What several pages share: the line that says where they come from, and tables."""

from collections.abc import Iterable, Sequence


def written_by(source: str) -> str:
    """Return the line under a title that keeps people from changing the page by hand."""
    return f"*Written by `python tools/make_docs.py` from {source}; change that, not this page.*"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; what would end a cell is written so that it does not."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
