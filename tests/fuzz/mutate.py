"""Files broken on purpose: bytes, numbers, markup and archives, the same for the same random numbers."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

Case = dict[str, bytes]
"""Name of a file -> its content; the first is the one that a study names."""

NUMBERS = (
    b"", b"0", b"-0", b"1", b"-1", b"nan", b"NaN", b"inf", b"-Infinity", b"1e308", b"-1e309", b"1e-320", b"9" * 400,
    b"2147483648", b"-9223372036854775809", b"18446744073709551616", b"1.7976931348623157e308", b"0x10", b"1_000",
    b"103,914", b"1.234.567,8", b"1,2,3", b".", b"-", b"+.5", b"1e", b"103\xc2\xb054'50\"", b"21 19 37 N, 103 54 50 E",
    b"490883.05", b"2359155.24", b"18446744073709551615", b"\xd9\xa1\xd9\xa2", b"#N/A", b"=1+1", b"1" * 5000,
)  # fmt: skip
TOKENS = (
    b"\0", b"\r", b"\n", b"\r\n", b"\t", b";", b",", b"|", b'"', b'""', b"'", b"\\", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xfe\xff", b"\x1b[31m", b"\xe2\x80\xa8", b"\xc2\x85", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\\ud800", b"\\u0000", b"&#0;", b"&#xD800;", b"<![CDATA[", b"]]>", b"<!--", b"S\xacn La", b"\xa7i\xd6n Bi\xaan",
    "SÆ¡n La".encode(), "Sơn La".encode("utf-16-le"), "Bản Mòng".encode("cp1258", "replace"), b"%s%n", b"../../x",
    b"/vsicurl/http://127.0.0.1:9/x", b"__proto__", b"null", b"true", b"[]", b"{}", b"\x1a", b"A" * 300,
    "ẳ".encode() * 300, b"e\xcc\x81" * 300, b"<", b">", b"&", b"&amp;",
)  # fmt: skip
_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 62, (1 << 64) - 1)
_NUMBER = re.compile(rb"-?\d+(?:[.,]\d+)?")
_MARK = re.compile(rb"<[^>]{1,300}>")
_VALUE = re.compile(rb"\"[^\"]{0,300}\"|-?\d+(?:\.\d+)?|\[[^\[\]]{0,300}\]|\{[^{}]{0,300}\}|true|false|null")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1258", "cp1252", "utf-7")
_HUGE = 0.02
"""Share of faults that make a file huge: each takes as long as a hundred others."""
_LARGEST = 6_000_000
"""Bytes of a mutated file; what is larger is refused by its size alone, which tests of their own show."""


def mutate(rng: random.Random, case: Case, others: Sequence[Case]) -> Case:
    """Return a case with one to five faults in one of its files, or rarely another set of files."""
    broken = dict(case)
    for _ in range(1 + int(rng.expovariate(0.8))):
        name = rng.choice([*broken, next(iter(broken))])
        other = rng.choice(others)
        broken[name] = _break(rng, broken[name], other.get(name) or next(iter(other.values())))[:_LARGEST]
        if len(broken) > 1 and rng.random() < 0.04:
            del broken[rng.choice(list(broken)[1:])]
    return broken


def _break(rng: random.Random, content: bytes, other: bytes) -> bytes:
    if content.startswith(b"PK\x03\x04") and rng.random() < 0.75:
        return _break_archive(rng, content)
    kinds: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
        (*_BYTES, *_TEXT, *_TEXT) if _is_text(content) else (*_BYTES, _extreme, _extreme, _number, _token)
    )
    return rng.choice(kinds)(rng, content, other)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[:1000]


def _place(rng: random.Random, content: bytes) -> int:
    """Return a position: often in the header or the trailer, where formats keep their sizes and offsets."""
    size, where = len(content), rng.random()
    if where < 0.4:
        return rng.randrange(min(size, 128) + 1)
    return max(0, size - rng.randrange(300)) if where < 0.55 else rng.randrange(size + 1)


def _flip(rng: random.Random, content: bytes, other: bytes) -> bytes:
    changed = bytearray(content or b"\0")
    for _ in range(rng.choice((1, 1, 1, 4, 32))):
        changed[min(_place(rng, content), len(changed) - 1)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at = _place(rng, content)
    new = bytes(rng.choice((0, 1, 0xFF, 0x7F, rng.randrange(256))) for _ in range(rng.choice((1, 1, 2, 4, 8))))
    return content[:at] + new + content[at + len(new) :]


def _extreme(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at, form = _place(rng, content), rng.choice(("<H", ">H", "<I", ">I", "<Q", ">Q", "<d", ">d"))
    if form[1] == "d":
        new = struct.pack(form, rng.choice((float("nan"), float("inf"), -float("inf"), 1e308, -0.0, 1e-320)))
    else:
        new = struct.pack(form, (rng.choice(_EXTREMES) + rng.choice((-1, 0, 0, 1))) % (1 << 8 * struct.calcsize(form)))
    return content[:at] + new + content[at + len(new) :]


def _cut(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: _place(rng, content)]


def _delete(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at = _place(rng, content)
    return content[:at] + content[at + rng.choice((1, 2, 4, 16, 100)) :]


def _double(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at, length = _place(rng, content), rng.choice((1, 4, 16, 100, 1000))
    return content[:at] + content[at : at + length] * rng.choice((2, 2, 3, 50)) + content[at + length :]


def _splice(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at, start = _place(rng, content), _place(rng, other)
    length = rng.choice((4, 16, 100, 1000, len(other)))
    return content[:at] + other[start : start + length] + content[at + rng.choice((0, length)) :]


def _token(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at = _place(rng, content)
    token = b"A" * 70_000 if rng.random() < _HUGE / 4 else rng.choice(TOKENS)
    return content[:at] + token + content[at + rng.choice((0, 0, 1, 3)) :]


def _number(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return _replaced(rng, content, _NUMBER, rng.choice(NUMBERS))


def _value(rng: random.Random, content: bytes, other: bytes) -> bytes:
    return _replaced(rng, content, _VALUE, rng.choice((*NUMBERS, *TOKENS, b'"x"', b"[[1,2]]", b'{"type":"Point"}')))


def _mark(rng: random.Random, content: bytes, other: bytes) -> bytes:
    marks = _MARK.findall(content[:20_000])
    return _replaced(rng, content, _MARK, rng.choice([b"", b"<a/>", b"</a>", b"<!DOCTYPE a>", *marks]))


def _replaced(rng: random.Random, content: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    found = list(pattern.finditer(content, 0, 20_000))
    if not found:
        return content + new
    spot = rng.choice(found)
    return content[: spot.start()] + new + content[spot.end() :]


def _swap(rng: random.Random, content: bytes, other: bytes) -> bytes:
    one, two = rng.sample((b",", b";", b"\t", b"|", b"\n", b'"', b"'", b".", b" ", b"\r"), 2)
    return content.replace(one, two)


def _encode(rng: random.Random, content: bytes, other: bytes) -> bytes:
    try:
        return content.decode().encode(rng.choice(_ENCODINGS), rng.choice(("replace", "xmlcharrefreplace")))
    except UnicodeError:
        return content.decode("latin-1").encode()


def _nest(rng: random.Random, content: bytes, other: bytes) -> bytes:
    at = _place(rng, content)
    depth = rng.choice((5_000, 100_000)) if rng.random() < _HUGE else rng.choice((2, 10, 60, 300))
    opening, closing = rng.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"(", b")"), (b"a.", b"")))
    return content[:at] + opening * depth + closing * rng.choice((0, depth)) + content[at:]


def _cells(rng: random.Random, content: bytes, other: bytes) -> bytes:
    """Give lines of text new cells between the marks that stand there."""
    mark = max(b",;\t|", key=lambda each: content.count(bytes([each])))
    lines = content.split(b"\n")
    row = rng.randrange(len(lines))
    cells = lines[row].split(bytes([mark]))
    for _ in range(rng.choice((1, 1, 3, 20))):
        cells[rng.randrange(len(cells))] = rng.choice((rng.choice(NUMBERS), rng.choice(TOKENS), _letters(rng)))
    if rng.random() < 0.2:
        cells *= 2_000 if rng.random() < _HUGE else rng.choice((2, 10))
    lines[row] = bytes([mark]).join(cells)
    if rng.random() < 0.2:
        rng.shuffle(lines)
    return b"\n".join(lines)


def _letters(rng: random.Random) -> bytes:
    """Return a few letters from the whole of Unicode, halves of pairs too."""
    text = "".join(chr(rng.randrange(rng.choice((0x80, 0x250, 0x2000, 0x110000)))) for _ in range(rng.randrange(12)))
    return text.encode("utf-8", rng.choice(("surrogatepass", "replace")))


_BYTES = (_flip, _overwrite, _extreme, _cut, _delete, _double, _splice)
_TEXT = (_token, _number, _value, _mark, _swap, _encode, _nest, _cells)


def _break_archive(rng: random.Random, content: bytes) -> bytes:
    """Break what is in a zip archive, or how it is listed there, and pack it again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(member.filename, archive.read(member)) for member in archive.infolist()]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, KeyError, NotImplementedError, EOFError,
            RuntimeError, struct.error, OverflowError, zlib.error):  # fmt: skip
        return _flip(rng, content, content)
    if not members:
        return content
    i, kind = rng.randrange(len(members)), rng.random()
    title, inside = members[i]
    if kind < 0.75:
        members[i] = title, _break(rng, inside, rng.choice(members)[1])
    elif kind < 0.8:
        members[i] = (
            rng.choice((title.upper(), "../" + title, "x" * 300, title + "\0", "doc.kml", "a/" + title)),
            inside,
        )
    elif kind < 0.85:
        members.append((title, rng.choice(members)[1]))
    elif kind < 0.9:
        del members[i]
    elif kind < 0.95:
        members[i] = title, content
    else:
        members[i] = rng.choice(members)[0], inside
    packed = _pack(members, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    if rng.random() < 0.15:  # sizes and offsets in the list at the end, which need not tell the truth
        at = packed.rfind(b"PK\x01\x02") + rng.randrange(8, 50)
        packed = packed[:at] + struct.pack("<I", rng.choice(_EXTREMES[:11])) + packed[at + 4 :]
    return packed


def _pack(members: Sequence[tuple[str, bytes]], how: int) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", how) as archive:
        for title, inside in members:
            member = zipfile.ZipInfo(title)
            member.compress_type = how
            archive.writestr(member, inside)
    return memory.getvalue()


def repacked(content: bytes) -> bytes:
    """Return a zip archive without the time of its making, so that the same seed gives the same faults."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _pack([(each.filename, archive.read(each)) for each in archive.infolist()], zipfile.ZIP_DEFLATED)
