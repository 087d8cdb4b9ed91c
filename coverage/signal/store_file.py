"""One file of finished work: parts that are read one by one, each with its checksum, there whole or not at all."""

import io
import json
import os
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from coverage.errors import StoreError

_START = struct.Struct("<8sII")
"""Magic with the version of the format; length and CRC-32 of the header, a JSON {part: [offset, length, CRC-32]}."""
_MAGIC = b"COVSTOR1"

Positions = Mapping[str, tuple[int, int, int]]
"""Part -> where it begins in the file, its length, its CRC-32."""


class Damaged(StoreError):
    """A file of the store is not as it was written; drop it and work it out anew."""

    def __init__(self, file: Path, found: str) -> None:
        super().__init__(
            f"{file}: {found}; expected finished work of an earlier run. "
            "Run coverage analyze again: it is worked out anew."
        )
        self.file = file
        self.found = found


def write_whole(file: str, chunks: Iterable[bytes], aside: Path) -> None:
    """Write a file in the folder `aside`, then rename it into its place."""
    draft = aside / f"{os.path.basename(file)}-{os.getpid()}-{threading.get_ident()}"
    try:
        with open(draft, "wb") as stream:
            stream.writelines(chunks)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        os.replace(draft, file)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def packed(name: str, parts: Mapping[str, bytes]) -> list[bytes]:
    """Return what a file of these parts holds, which reads under this name alone: none is taken for another."""
    positions, offset = {}, 0
    for part, content in parts.items():
        positions[part] = (offset, len(content), zlib.crc32(content))
        offset += len(content)
    header = json.dumps(positions, separators=(",", ":")).encode()
    return [_START.pack(_MAGIC, len(header), _crc(header, name)), header, *parts.values()]


def read_header(file: str, name: str) -> Positions:
    """Read where the parts of a file are; FileNotFoundError where there is no file, Damaged for all else."""
    with _opened(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        start = stream.read(_START.size)
        if len(start) < _START.size or not start.startswith(_MAGIC):
            raise Damaged(Path(file), "its beginning is not that of a file of this store")
        _, length, crc_of_header = _START.unpack(start)
        header = stream.read(min(length, size))
    if _crc(header, name) != crc_of_header:
        raise Damaged(Path(file), "the checksum of its header is wrong")
    begin = _START.size + length
    try:
        entries = json.loads(header)
        numbers = [number for entry in entries.values() for number in entry]
        positions = {part: (begin + at, long, crc) for part, (at, long, crc) in entries.items()}
        end = max((at + long for at, long, _ in positions.values()), default=begin)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(Path(file), "its header is not understood") from error
    if end != size or not all(type(number) is int and number >= 0 for number in numbers):
        raise Damaged(Path(file), f"{size:,} bytes are not what its header says")
    return positions


def read_part(file: str, begin: int, length: int, crc: int) -> bytes:
    """Read one part of a file, checked; FileNotFoundError where there is no file, Damaged for all else."""
    with _opened(file) as stream:
        stream.seek(begin)
        content = stream.read(length)
    if len(content) != length or zlib.crc32(content) != crc:
        raise Damaged(Path(file), "the checksum of a part is wrong")
    return content


@contextmanager
def _opened(file: str) -> Iterator[io.FileIO]:
    try:
        with open(file, "rb", buffering=0) as stream:
            yield stream
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Damaged(Path(file), error.strerror or str(error)) from error


def _crc(header: bytes, name: str) -> int:
    """Return the checksum of a header, different under every name: no file is taken for another."""
    return zlib.crc32(header, zlib.crc32(name.encode()))
