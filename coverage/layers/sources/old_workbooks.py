"""XLS, the workbook of before 2007, before it is opened: its reader makes room for whatever the file declares."""

import struct
from collections.abc import Iterator
from pathlib import Path

from coverage.errors import refuse
from coverage.layers.sources.workbooks import hold_cells

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 200_000_000
_SMALL = 4096
"""Bytes; a shorter stream lies in pieces of 64 bytes within the one of the root."""
_SHEET, _DIMENSIONS = 0x0809, 0x0200
_CELLS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0207, 0x027E})
"""Records that begin with a row and a column and hold a value."""


def check_old_workbook(path: Path, *, name: str) -> None:
    """
    Look through an XLS for cells so far apart, declared or there, that reading would take all memory.

    Parameters
    ----------
    path, name
        The file, and its name in messages.

    Raises
    ------
    LayerError
        It is no XLS, it is damaged, or it holds more than can be read.

    References
    ----------
    [MS-CFB] 2.2 to 2.6 for the streams in the file, [MS-XLS] 2.3 and 2.4 for the records in the stream.
    """
    if path.stat().st_size > _LARGEST:
        raise refuse(name, "an XLS of more than 200 MB", "at most that", "Supply the table as CSV.", kind="too_large")
    try:
        stream = _workbook(path.read_bytes())
    except (struct.error, ValueError, IndexError) as error:
        found = f"a spreadsheet that cannot be opened ({error})"
        raise refuse(name, found, "an XLS file", "Open and save it again as XLSX.") from None
    box = nothing = (1 << 30, 0, 1 << 30, 0)
    for kind, body in _records(stream):
        if kind == _SHEET:
            box = nothing
        elif kind == _DIMENSIONS and len(body) >= 10:
            top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) >= 12 else "<HHHH", body)
            hold_cells((top, max(top, bottom), left, max(left, right)), name)
        elif kind in _CELLS and len(body) >= 4:
            row, first, last = *struct.unpack_from("<HH", body), *struct.unpack("<H", body[-2:])
            last = max(first, last) if kind == 0x00BD else first
            box = min(box[0], row), max(box[1], row), min(box[2], first), max(box[3], last)
            hold_cells(box, name)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(content: bytes) -> bytes:
    """Return the stream that holds the workbook."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("it does not begin as an XLS does")
    size = 1 << struct.unpack_from("<H", content, 30)[0] % 16
    sectors = [content[at : at + size] for at in range(size, len(content), size)]
    first_directory, _, _, first_mini, _, first_more = struct.unpack_from("<6I", content, 48)
    places = list(struct.unpack_from("<109I", content, 76))
    more = first_more
    while more < len(sectors) and len(places) < len(sectors) + 110:
        *these, more = _numbers(sectors[more])
        places += these
    table = _numbers(b"".join(sectors[place] for place in places if place < len(sectors)))
    directory = b"".join(_chain(sectors, table, first_directory))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    named = {_title(entry): entry for entry in reversed(entries)}
    entry = named.get("Workbook") or named.get("Book")
    if entry is None:
        raise ValueError("there is no workbook in it")
    start, length = struct.unpack_from("<II", entry, 116)
    if length >= _SMALL:
        return b"".join(_chain(sectors, table, start))[:length]
    root = b"".join(_chain(sectors, table, struct.unpack_from("<I", entries[0], 116)[0]))
    pieces = [root[at : at + 64] for at in range(0, len(root), 64)]
    return b"".join(_chain(pieces, _numbers(b"".join(_chain(sectors, table, first_mini))), start))[:length]


def _title(entry: bytes) -> str:
    return entry[:64].decode("utf-16-le", "replace").partition("\0")[0]


def _numbers(content: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


def _chain(pieces: list[bytes], table: list[int], start: int) -> Iterator[bytes]:
    """Return the pieces of a stream, each of which says which is next; no more than there are."""
    for _ in pieces:
        if start >= len(pieces):
            return
        yield pieces[start]
        start = table[start] if start < len(table) else len(pieces)
