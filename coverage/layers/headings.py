"""Which heading of a file is which column of ours. A guess that could go two ways is an error."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from coverage.columns.schema import Column, Table
from coverage.errors import Problem
from coverage.layers.text import fold

_PAIRS = frozenset(
    {"toado", "toadogps", "toadodiem", "coordinates", "coordinate", "latlon", "latlong", "lonlat", "gps"}
)
"""Folded headings of columns whose cells hold both coordinates."""
_NOTE = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_TELLING = frozenset({"cu", "truoc", "truocsapnhap", "old", "former", "x", "y"})
"""Folded notes in brackets that make another column of a heading."""


def without_notes(heading: str) -> str:
    """Return a heading without what stands in brackets: `Xã/phường (mới)` is `Xã/phường`, not so one with `(cũ)`."""
    return _NOTE.sub(lambda note: note[0] if fold(note[1]) in _TELLING else " ", heading)


def accepted(column: Column) -> list[set[str]]:
    """Return the folded headings of a column, best first: our own name, the printed headings, the aliases."""
    return [{fold(column.name)}, {fold(column.en), fold(column.vi)}, {fold(alias) for alias in column.aliases}]


def known(table: Table, mapping: Mapping[str, str]) -> set[str]:
    """Return every folded heading that means something in a table."""
    ours = {heading for column in table.columns for level in accepted(column) for heading in level}
    pairs = _PAIRS if table.geometry == "point" else set()
    return ours | pairs | {fold(heading) for heading in mapping.values()}


def match_headings(
    table: Table, headings: Sequence[str], mapping: Mapping[str, str], *, file: str
) -> tuple[dict[str, int], list[Problem]]:
    """
    Match the headings of a file to the columns of a table.

    Parameters
    ----------
    table
        Columns of ours.
    headings
        As the file writes them.
    mapping
        The study's `[columns]` of this layer: column of ours -> heading; comes before any other match.
    file
        Name of the file for messages.

    Returns
    -------
    tuple[dict[str, int], list[Problem]]
        Column of ours -> position of its heading, the same for `lon` and `lat` where one column holds both; and what
        went wrong, all of it fatal.
    """
    folded = [fold(heading) for heading in headings]
    matched: dict[str, int] = {}
    problems = []
    for name, heading in mapping.items():
        positions = [i for i, text in enumerate(headings) if text == heading]
        positions = positions or [i for i, text in enumerate(folded) if text == fold(heading)]
        if name not in table.names:
            problems.append(
                _mapping(
                    file,
                    table,
                    f"{name} is no column of this layer",
                    f"one of {', '.join(table.names)}",
                    kind="wrong_mapping",
                )
            )
        elif len(positions) != 1:
            found = f"[columns.{table.name}] says {name} = {heading!r}, which stands {len(positions)} times in the file"
            problems.append(
                _mapping(file, table, found, f"one of {', '.join(map(repr, headings))}", kind="wrong_mapping")
            )
        else:
            matched[name] = positions[0]
    plain = [without_notes(heading) for heading in headings]
    ours = {column.name: accepted(column) for column in table.columns}
    bare = ["" if text == heading else fold(text) for text, heading in zip(plain, headings, strict=True)]
    for level, texts in ((0, folded), (1, folded), (2, folded), (0, bare), (1, bare), (2, bare)):
        taken = set(matched.values())
        claims = {
            name: [i for i, text in enumerate(texts) if text in levels[level] and i not in taken]
            for name, levels in ours.items()
            if name not in matched and name not in mapping
        }
        claimed = Counter(position for positions in claims.values() for position in positions)
        for name, positions in claims.items():
            if len(positions) > 1 or any(claimed[position] > 1 for position in positions):
                rivals = ", ".join(repr(headings[i]) for i in positions)
                others = [other for other, theirs in claims.items() if other != name and set(theirs) & set(positions)]
                found = f"{rivals} could be {' or '.join([name, *others])}"
                problems.append(
                    _mapping(
                        file, table, found, "one heading per column", example=f'{name} = "…"', kind="ambiguous_heading"
                    )
                )
            elif positions:
                matched[name] = positions[0]
    if table.geometry == "point" and not matched.keys() & {"lon", "lat"}:
        pairs = [i for i, text in enumerate(folded) if text in _PAIRS]
        if len(pairs) == 1:
            matched["lon"] = matched["lat"] = pairs[0]
    return matched, problems


def _mapping(file: str, table: Table, found: str, expected: str, *, kind: str, example: str = "") -> Problem:
    remedy = f"Say which in coverage.toml: [columns.{table.name}] {example}".rstrip() + "."
    return Problem(file=file, found=found, expected=expected, remedy=remedy, kind=kind)
