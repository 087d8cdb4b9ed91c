"""One path as lines of text, for a terminal."""

from collections.abc import Sequence

from coverage.outputs.path.tables import (
    Row,
    cover_row,
    directions,
    down_rows,
    end_lines,
    hop_table,
    path_lines,
    settings_line,
    term_rows,
    up_rows,
    zone_lines,
)
from coverage.outputs.path.words import Say
from coverage.path_result import OnePath


def path_text(path: OnePath, say: Say) -> str:
    """Return what there is to know about a path, without the arrays of its profile."""
    lines: list[str] = []
    for number in (0, 1):
        first, *others = end_lines(path, say, number)
        lines += [first, *(f"  {line}" for line in others)]
    lines += ["", *path_lines(path, say), "", say.word("zone")]
    lines += [f"  {line}" for line in zone_lines(path, say)]
    if path.terms is not None:
        lines += ["", f"{say.word('terms')} ({settings_line(path, say)})"]
        rows = [(symbol.ljust(9) + meaning, value) for symbol, meaning, value in term_rows(path, say, every=False)]
        name, value = cover_row(path, say)
        lines += _aligned([*rows, (" " * 9 + name, value)])
    if path.link is not None:
        down, up = directions(path.link, say)
        lines += ["", down, *_aligned(down_rows(path.link, say))]
        lines += ["", up, *_aligned(up_rows(path.link, say)), f"  {say.word('one_way')}"]
    if path.hop is not None:
        lines += ["", f"{say.word('hop')}: {say.word('hop.clear' if path.hop.clear else 'hop.blocked')}"]
        lines += _columns(hop_table(path, say))
        lines += [f"  {say.word('hop.free')}: {say.db(path.hop.free_space_db)}", f"  {say.word('hop.rain')}"]
    return "\n".join(lines)


def _aligned(rows: Sequence[Row]) -> list[str]:
    """Return names to the left, values to the right of the longest name."""
    wide = max(len(name) for name, _ in rows)
    return [f"  {name.ljust(wide)}  {value}" for name, value in rows]


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  " + "  ".join(cell.rjust(wide) for cell, wide in zip(row, widths, strict=True)) for row in rows]
