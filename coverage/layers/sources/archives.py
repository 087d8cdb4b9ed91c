"""Packed files: unpacked once in a stream to see that they are no larger than they should be, before a parser does."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from coverage.errors import LayerError, refuse
from coverage.layers.sources.markup import check_markup

MOST_BYTES = 1_000_000_000
"""Unpacked, in all."""
_RATIO, _RATIO_FROM = 200, 50_000_000
"""No table or map shrinks to less than a 200th, beyond the first 50 MB."""
_MOST_MEMBERS = 100_000
_STORED, _DEFLATED = 0, 8
_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def is_zip(path: Path) -> bool:
    """Return whether a file begins as a zip archive does, whatever its name says."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def check_archive(path: Path, *, name: str) -> None:
    """
    Unpack a zip archive (XLSX, ODS, KMZ, zipped shapefile) in a stream, keeping nothing.

    What the archive says of its sizes is not believed.

    Parameters
    ----------
    path
        The archive.
    name
        The file's name in messages.

    Raises
    ------
    LayerError
        It is damaged, has a password, or unpacks to more than 1 GB or to more than 200 times its own size.
    """
    packed, total = path.stat().st_size, 0
    for title, chunks in members(path, name=name):
        for chunk in check_markup(chunks, name=f"{name}, {title}") if title.lower().endswith(".kml") else chunks:
            total += len(chunk)
            if total > MOST_BYTES or (total > _RATIO_FROM and total > _RATIO * packed):
                found = f"an archive of {packed / 1e6:.3g} MB that unpacks to more than {total / 1e6:.0f} MB"
                expected = f"at most {MOST_BYTES / 1e9:g} GB unpacked, and at most {_RATIO} times its size"
                raise refuse(name, found, expected, "Supply the table or map alone.", kind="too_large")


def members(path: Path, *, name: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """
    Return the members of a zip archive, each with its content in chunks of at most 1 MB.

    Parameters
    ----------
    path, name
        The archive, and its name in messages.

    Raises
    ------
    LayerError
        It is damaged, has a password or is packed in a way of its own.
    """
    with _sound(name), zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        listed = archive.infolist()
        if len(listed) > _MOST_MEMBERS:
            raise _refused(name, f"an archive of {len(listed)} files")
        for member in listed:
            if member.flag_bits & 1:
                raise _refused(name, "an archive with a password")
            yield member.filename, _content(stream, member, name)


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise _refused(name, f"a damaged archive ({' '.join(str(error).split())})") from None


def _content(stream: BinaryIO, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Return a member's bytes, as many as there are and not as many as it declares."""
    with _sound(name):
        stream.seek(member.header_offset)
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if signature != b"PK\x03\x04":
            raise zipfile.BadZipFile("a file in it does not begin where it should")
        stream.seek(name_length + extra_length, 1)
        if member.compress_type not in (_STORED, _DEFLATED):
            raise _refused(name, "an archive packed in an unusual way")
        unpack = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == _DEFLATED else None
        left = member.compress_size
        while left > 0 and (packed := stream.read(min(left, _CHUNK))):
            left -= len(packed)
            if unpack is None:
                yield packed
                continue
            while packed:
                yield unpack.decompress(packed, _CHUNK)
                packed = unpack.unconsumed_tail


def _refused(name: str, found: str) -> LayerError:
    remedy = "Save it again, without a password, or supply the file inside it."
    return refuse(name, found, "a zip archive that opens", remedy, kind="damaged_file")
