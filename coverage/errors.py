"""What can go wrong, said in one line: where, what was found, what was expected, what to do."""

import copyreg
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MOST_LETTERS = {"file": 400, "found": 600, "expected": 600, "remedy": 600}
_PRINTS = frozenset("\xa0\u2009\u202f")
"""Blanks that do print."""


class CoverageError(Exception):
    """Anything the user can put right; its text is the whole message."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel from a worker as it is; an exception is otherwise made again from its text alone."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class StudyError(CoverageError):
    """The settings in coverage.toml cannot be used."""


class ModelRangeError(CoverageError, ValueError):
    """A study-wide value lies outside the published range of a model."""

    def __init__(self, model: str, name: str, value: object, expected: str) -> None:
        super().__init__(f"{model}: {name} = {value} is outside the model's range; expected {expected}.")


class OutputError(CoverageError):
    """A result could not be written."""


class ClusterError(CoverageError):
    """The machines that were to do the work cannot do it."""


class StoreError(CoverageError):
    """Finished work could not be kept, or what was kept is damaged."""


class FetchError(CoverageError):
    """Open data could not be fetched."""


@dataclass(frozen=True)
class Problem:
    """One fault in the data that was supplied."""

    file: str
    found: str
    """Said of the first row that has the fault."""
    expected: str
    remedy: str
    at: tuple[int, ...] = ()
    """Every row with this fault, as a person counts them: the first data row of a sheet is 2; features count from 1."""
    column: str | None = None
    fatal: bool = True
    examples: tuple[str, ...] = ()
    """What was found in a few of the other rows."""
    kind: str = ""
    """Name of the check that found it, the same in every language and version."""

    def __post_init__(self) -> None:
        """What a file says, or a library about it, comes through here: kept to one line of letters that print."""
        for name, most in _MOST_LETTERS.items():
            object.__setattr__(self, name, shortened(getattr(self, name), most))
        object.__setattr__(self, "examples", tuple(shortened(text, 300) for text in self.examples))

    @property
    def row(self) -> int | None:
        """First row with this fault; None where it is one of the whole file."""
        return self.at[0] if self.at else None

    @property
    def rows(self) -> int:
        """How many rows have this fault; 1 for one of the whole file."""
        return max(len(self.at), 1)

    def __str__(self) -> str:
        where = self.file
        if self.at:
            where += f", row {self.row}" if self.rows == 1 else f", {self.rows} rows (first: {self.row})"
        if self.column is not None:
            where += f", column {self.column}"
        return f"{where}: {self.found}; expected {self.expected}. {self.remedy}"


class LayerError(CoverageError):
    """A layer cannot be used; carries every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shortened(text: str, most: int) -> str:
    """Return text on one line, at most so long, with a question mark for each letter that does not print."""
    if not text.isprintable():
        spaced = " ".join(text.split()) if len(text.splitlines()) > 1 else text
        text = "".join(
            letter if letter.isprintable() or letter in _PRINTS else "\N{REPLACEMENT CHARACTER}" for letter in spaced
        )
    return text if len(text) <= most else f"{text[: most - 1]}…"


def without_password(text: str) -> str:
    """Return text with every password of an address such as postgresql://user:password@host struck out."""
    text = re.sub(r"(://[^\s/:@]*):.*@", r"\1:***@", text)
    return re.sub(r"(?i)(password=)[^\s&#]*", r"\1***", text)


def refuse(file: str, found: str, expected: str, remedy: str, *, kind: str = "damaged_file") -> LayerError:
    """Return the error of a file that cannot be used, with its one problem."""
    return LayerError([Problem(file, found, expected, remedy, kind=kind)])
