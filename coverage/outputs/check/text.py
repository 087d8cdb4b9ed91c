"""What a check found, as lines for a terminal and as JSON for programs."""

import json
from collections.abc import Iterator, Mapping

from coverage.errors import Problem
from coverage.result import Check, Reading

_ROWS = 10
_ROWS_AS_JSON = 100


def check_lines(check: Check) -> Iterator[str]:
    """Yield what a check found: file by file how it was read and what is wrong with it, and the count at the end."""
    for line in _lines(check):
        yield "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)


def _lines(check: Check) -> Iterator[str]:
    rest = list(check.problems)
    for reading in check.readings:
        yield from _read(reading)
        here = [problem for problem in rest if problem.file == reading.file]
        rest = [problem for problem in rest if problem.file != reading.file]
        for problem in here:
            yield from _found(problem)
        yield ""
    for problem in rest:
        yield from _found(problem)
    errors = sum(problem.fatal for problem in check.problems)
    can = "can" if check.can_run else "cannot"
    yield f"{errors} errors, {len(check.problems) - errors} warnings: the study {can} run."


def check_json(check: Check) -> str:
    """Return the problems as a JSON list, those that stop a run first; of many rows the first hundred are named."""
    headings = headings_of(check)
    return json.dumps(
        [
            {
                "kind": problem.kind,
                "file": problem.file,
                "row": problem.row,
                "rows": problem.rows,
                "at": list(problem.at[:_ROWS_AS_JSON]),
                "column": problem.column,
                "heading": headings.get(problem.file, {}).get(problem.column or ""),
                "found": problem.found,
                "examples": list(problem.examples),
                "expected": problem.expected,
                "remedy": problem.remedy,
                "fatal": problem.fatal,
            }
            for problem in check.problems
        ],
        ensure_ascii=False,
        indent=1,
    )


def headings_of(check: Check) -> dict[str, Mapping[str, str]]:
    """Return file -> column of ours -> the file's own heading."""
    found: dict[str, Mapping[str, str]] = {}
    for reading in check.readings:
        found[reading.file] = {**reading.columns, **found.get(reading.file, {})}
    return found


def _read(reading: Reading) -> Iterator[str]:
    facts = (f"layer {reading.layer}", reading.form, f"{reading.rows} rows", reading.crs)
    yield f"{reading.file}: {', '.join(fact for fact in facts if fact)}"
    if reading.columns:
        pairs = reading.columns.items()
        taken = ", ".join(name if name == heading else f"{name} from {heading!r}" for name, heading in pairs)
        yield f"  columns: {taken}"
    if reading.unused:
        yield f"  headings not used: {', '.join(map(repr, reading.unused))}"


def _found(problem: Problem) -> Iterator[str]:
    yield f"{'error' if problem.fatal else 'warning'}: {problem}"
    if problem.rows > 1:
        more = f" and {problem.rows - _ROWS} more" if problem.rows > _ROWS else ""
        examples = f"; also found: {'; '.join(problem.examples)}" if problem.examples else ""
        yield f"  rows {', '.join(map(str, problem.at[:_ROWS]))}{more}{examples}"
