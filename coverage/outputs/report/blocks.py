"""What a report is made of, whatever it is printed as: plain text in frozen blocks, safe to hand to a template."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from coverage.outputs.paper_text import one_line

Align = Literal["left", "centre", "right"]
Look = Literal["", "bold", "file"]


@dataclass(frozen=True)
class Run:
    """Text of one look within a sentence."""

    text: str
    look: Look = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """One sentence or several; a `notice` stands out."""

    runs: Runs
    notice: bool = False
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list; what is below an item of another list is of level 2."""

    items: tuple[Runs, ...]
    level: int = 1
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Column:
    """Heading of a column, how its cells are set, and its share of the width."""

    heading: str
    width: float
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True)
class Row:
    """Cells of a row; a `group` has one that spans the table. What follows a line break in a cell is set smaller."""

    cells: tuple[str, ...]
    look: Literal["", "group", "total"] = ""


@dataclass(frozen=True)
class Table:
    """A table; a `whole` one is not broken across pages."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    whole: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Sign:
    """An entry of a legend."""

    shape: Literal["dot", "square", "triangle"]
    colour: str
    text: str


@dataclass(frozen=True)
class Picture:
    """A PNG with its legend, line by line."""

    png: bytes
    alt: str
    legend: tuple[tuple[Sign, ...], ...]
    caption: str
    kind: ClassVar[str] = "picture"


Block = Paragraph | Bullets | Heading | Table | Picture


@dataclass(frozen=True)
class Section:
    """A numbered part; `key` is its name in every language."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Head:
    """What stands above the title of an administrative paper; number, place and date are left to be filled in."""

    province: str
    body: str
    number: str
    nation: str
    motto: str
    place: str


@dataclass(frozen=True)
class Foot:
    """Who receives the paper, and who signs it."""

    heading: str
    recipients: tuple[str, ...]
    signer: str
    sign: str


@dataclass(frozen=True)
class Report:
    """The whole report."""

    language: str
    page_title: str
    head: Head
    title: str
    subject: str
    when: str
    day: str
    """The one it speaks of, as in ISO 8601."""
    sections: tuple[Section, ...]
    foot: Foot
    figures: dict[str, str]
    """What the summary counts, by the names in its phrases."""


def sentence(pattern: str, **values: str) -> Runs:
    """
    Fill in a phrase.

    Parameters
    ----------
    pattern
        `**` stands around what is bold, a grave accent around the name of a file.
    values
        By their names in the pattern; marks within them are plain letters.
    """
    clean = {name: one_line(value) for name, value in values.items()}
    runs = []
    for place, part in enumerate(pattern.split("**")):
        for turn, piece in enumerate(part.split("`")):
            look: Look = "file" if turn % 2 else "bold" if place % 2 else ""
            if text := piece.format(**clean):
                runs.append(Run(text, look))
    return tuple(runs)


def row(*cells: object, look: Literal["", "group", "total"] = "") -> Row:
    """Return a row of cells of text, each line of them cleaned; nothing for what is missing."""
    return Row(tuple("\n".join(map(one_line, _text(cell).split("\n"))) for cell in cells), look)


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
