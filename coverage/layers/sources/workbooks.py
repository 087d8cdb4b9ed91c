"""Spreadsheets before they are opened: how many cells, and how much text, their reader would have to hold."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from coverage.errors import refuse
from coverage.layers.sources.archives import members

_MOST_CELLS = 20_000_000
"""In the rectangle around the filled cells of a sheet, all of which its reader holds in memory."""
_MOST_TEXT = 1_000_000_000
"""Letters in all cells together; one text may stand in many."""


def check_workbook(path: Path, *, name: str) -> None:
    """
    Look through a packed spreadsheet for cells so far out, or texts repeated so often, that reading would fail.

    Parameters
    ----------
    path
        XLSX, XLSM, XLSB or ODS, already found to be a sound archive.
    name
        The file's name in messages.

    Raises
    ------
    LayerError
        It holds more than can be read.
    """
    texts: list[int] = []
    used: Counter[int] = Counter()
    for title, chunks in members(path, name=name):
        lower = title.lower()
        if path.suffix.lower() == ".ods":
            if lower == "content.xml":
                _parse(chunks, _Repeated(name), name)
        elif lower.endswith(".bin") and "worksheets/" in lower:
            _binary(b"".join(chunks), name)
        elif lower.endswith("sharedstrings.xml"):
            _parse(chunks, _Texts(texts), name)
        elif lower.endswith((".xml", ".rels")):
            _parse(chunks, _Cells(name, used), name)
    _hold_text(sum(texts[i] * times for i, times in used.items() if i < len(texts)), name)


class _Handler:
    """What is done with the elements of a document; names come without their namespace."""

    def start(self, tag: str, values: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, text: str) -> None: ...


def _parse(chunks: Iterator[bytes], handler: _Handler, name: str) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, values: handler.start(tag.rpartition(":")[2], values)
    parser.EndElementHandler = lambda tag: handler.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = handler.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that there is none of
        found = f"a spreadsheet that cannot be opened ({error})"
        raise refuse(name, found, "an XLSX or ODS file", "Open and save it again.", kind="damaged_file") from None


class _Cells(_Handler):
    """The rectangle around the filled cells of a sheet, and the shared texts they show."""

    def __init__(self, name: str, used: Counter[int]) -> None:
        self._name, self._used = name, used
        self._row = self._col = 0
        self._box = (1 << 30, 0, 1 << 30, 0)
        self._shared, self._value = False, ""
        self._inside = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "row":
            self._row, self._col = int(values["r"]) if values.get("r", "").isdecimal() else self._row + 1, 0
        elif tag == "c":
            self._row, self._col = _position(values.get("r", ""), self._row, self._col)
            self._shared = values.get("t") == "s"
        elif tag in ("v", "is"):
            top, bottom, left, right = self._box
            self._box = min(top, self._row), max(bottom, self._row), min(left, self._col), max(right, self._col)
            hold_cells(self._box, self._name)
            self._value, self._inside = "", tag == "v" and self._shared

    def end(self, tag: str) -> None:
        if tag == "v" and self._inside:
            self._inside = False
            if self._value.strip().isdecimal():
                self._used[int(self._value)] += 1

    def text(self, text: str) -> None:
        if self._inside:
            self._value += text[:12]


class _Texts(_Handler):
    """The lengths of the texts that cells share."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "si":
            self._lengths.append(0)

    def text(self, text: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(text)


class _Repeated(_Handler):
    """Text in the cells of an ODS, where a cell and a row may stand for thousands."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = self._cells = 1
        self._total = 0

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "table-row":
            self._rows = _times(values, "rows")
        elif tag in ("table-cell", "covered-table-cell"):
            self._cells = _times(values, "columns")

    def text(self, text: str) -> None:
        self._total += len(text) * self._rows * self._cells
        _hold_text(self._total, self._name)


def _times(values: dict[str, str], what: str) -> int:
    times = next((text for key, text in values.items() if key.endswith(f"number-{what}-repeated")), "1")
    return int(times) if times.isdecimal() and len(times) < 10 else 1


def _position(reference: str, row: int, col: int) -> tuple[int, int]:
    """Return the row and column of a reference such as AB12; without one, the next cell of the row."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and digits and len(reference) < 20):
        return row, col + 1
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return int(digits), number


def _binary(content: bytes, name: str) -> None:
    """Find the rectangle around the filled cells of a sheet of an XLSB: records of a kind, a length and a body."""
    at, row = 0, 0
    box = (1 << 30, 0, 1 << 30, 0)
    number: Callable[[int], int] = lambda start: int.from_bytes(content[start : start + 4], "little")  # noqa: E731
    while at < len(content):
        kind, at = _varied(content, at, 2)
        length, at = _varied(content, at, 4)
        if kind == 0:
            row = number(at)
        elif 2 <= kind <= 11:
            box = min(box[0], row), max(box[1], row), min(box[2], number(at)), max(box[3], number(at))
            hold_cells(box, name)
        at += length


def _varied(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and the position behind it."""
    value = 0
    for i in range(most):
        byte = content[at] if at < len(content) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * i)
        if not byte & 0x80:
            break
    return value, at


def hold_cells(box: tuple[int, int, int, int], name: str) -> None:
    """Refuse a sheet whose rectangle of filled cells, from row, to row, from column, to column, is too large."""
    top, bottom, left, right = box
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        found = f"filled cells as far apart as rows {top} and {bottom}, columns {left} and {right}"
        remedy = "Delete what stands far from the table, and save it again."
        raise refuse(name, found, f"a table of at most {_MOST_CELLS:,} cells", remedy, kind="too_large")


def _hold_text(letters: int, name: str) -> None:
    if letters > _MOST_TEXT:
        found = f"a spreadsheet with {letters:,} letters or more"
        raise refuse(name, found, f"at most {_MOST_TEXT:,}", "Supply the table alone.", kind="too_large")
