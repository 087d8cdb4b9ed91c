"""The letters of the encodings Vietnamese was written in before Unicode, and the bytes that misread text came from."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from coverage.layers.vietnamese.syllables import SMALL_TONED, TONES, spelling

_TCVN3 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
"""Bytes 80 to FF of TCVN 5712:1993 VN1. The ABC fonts (TCVN3) have the small letters, ĂÂÊÔƠƯĐ and no toned capital."""
_TONED = "ǀ"  # stands for a small vowel with a tone: a letter without case
_CAPITALS = re.compile("[^\x00-\x40a-z][A-ZĂÂÊÔƠƯĐ]")
_TCVN3_LOW = dict(zip(b"\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17", "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True))

_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
"""Bytes 80 to FF of VISCII 1.1 (RFC 1456)."""
_VISCII_LOW = dict(zip(b"\x02\x05\x06\x14\x19\x1e", "ẲẴẪỶỸỴ", strict=True))

_VNI_MARKS = {
    "aeouyôö": ("ùøûõï", "\u0301\u0300\u0309\u0303\u0323"),
    "aeo": ("âáàåãä", ("\u0302", "\u0302\u0301", "\u0302\u0300", "\u0302\u0309", "\u0302\u0303", "\u0302\u0323")),
    "a": ("êéèúüë", ("\u0306", "\u0306\u0301", "\u0306\u0300", "\u0306\u0309", "\u0306\u0303", "\u0306\u0323")),
}
"""VNI for Windows writes most letters with two characters; these follow the vowels they are listed with."""
_VNI_SINGLE = dict(zip("ôöíìæóòîñ", "ơưíìỉĩịỵđ", strict=True))


def _single_byte(codec: str) -> str:
    """Return the 256 characters of a code page; where it has none, the control character of that number."""
    return "".join(bytes([code]).decode(codec, "ignore") or chr(code) for code in range(256))


CP1252 = _single_byte("cp1252")
_CP1258 = _single_byte("cp1258")


def _vni_letters() -> dict[str, str]:
    letters = dict(_VNI_SINGLE)
    for bases, (marks, accents) in _VNI_MARKS.items():
        for base in bases:
            for mark, accent in zip(marks, accents, strict=True):
                letters[base + mark] = unicodedata.normalize("NFC", _VNI_SINGLE.get(base, base) + accent)
    capitals = {written.upper(): letter.upper() for written, letter in letters.items()}
    after_capital = {written[0].upper() + written[1:]: letter.upper() for written, letter in letters.items()}
    return {**letters, **after_capital, **capitals}


_VNI = _vni_letters()
_BROKEN_SPACE = re.compile(rb"([\xc2-\xc6]|\xe1[\xba\xbb]) ")
_VNI_PIECE = re.compile(f"[aeouyôöAEOUYÔÖ][{''.join(m + m.upper() for m, _ in _VNI_MARKS.values())}]|[^\x00-\x7f]")
_CP1252_TABLE, _CP1258_TABLE = dict(enumerate(CP1252)), dict(enumerate(_CP1258))
_TCVN3_TABLE = {**dict(zip(range(128, 256), _TCVN3, strict=True)), **_TCVN3_LOW}
_VISCII_TABLE = {**dict(zip(range(128, 256), _VISCII, strict=True)), **_VISCII_LOW}


def from_tcvn3(content: bytes) -> str:
    """Return text of TCVN3 (ABC) or TCVN 5712-1; in words and cells of capitals, toned letters are capitals too."""
    text = unicodedata.normalize("NFC", content.decode("latin-1").translate(_TCVN3_TABLE))
    if _CAPITALS.search(text) is None:
        return text
    if _all_capital(text):
        return text.upper()
    return re.sub(r"\w+", lambda word: word[0].upper() if _all_capital(word[0]) else word[0], text)


def _all_capital(text: str) -> bool:
    """Say whether every letter that TCVN3 has as a capital is one, in some syllable beyond its first letter."""
    certain = "".join(_TONED if letter in SMALL_TONED else letter for letter in text)
    words = re.finditer(r"[^\W\d_]+", certain)
    return certain.isupper() and any(
        any(map(str.isupper, word[0][1:])) and spelling(text[slice(*word.span())].upper()) == 2 for word in words
    )


def from_viscii(content: bytes) -> str:
    """Return text of VISCII."""
    return content.decode("latin-1").translate(_VISCII_TABLE)


def from_vni(content: bytes) -> str:
    """Return text of VNI for Windows; KeyError where a mark follows nothing that may carry it."""
    return _VNI_PIECE.sub(lambda piece: _VNI[piece[0]], content.decode("latin-1").translate(_CP1252_TABLE))


def from_cp1258(content: bytes) -> str:
    """Return text of Vietnamese Windows, whose tones follow their vowels."""
    return unicodedata.normalize("NFC", content.decode("latin-1").translate(_CP1258_TABLE))


def from_utf8(content: bytes) -> str:
    """Return text of UTF-8, whose no-break spaces another program may have turned to blanks."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _BROKEN_SPACE.sub(b"\\1\xa0", content).decode("utf-8")


def from_utf8_twice(content: bytes) -> str:
    """Return text of UTF-8 that was read as cp1252, written as UTF-8 and read as cp1252 again."""
    return from_utf8(as_bytes(from_utf8(content), READ_AS["cp1252"]))


def _characters_of_1252() -> dict[int, str]:
    return {ord(letter): chr(code) for code, letter in enumerate(CP1252)}


def _characters_of_1258() -> dict[int, str]:
    """Return what cp1258 reads, and what becomes of a letter and the tone after it in NFC."""
    written = {letter: chr(code) for code, letter in enumerate(_CP1258)}
    composed = {}
    for letter, code in written.items():
        for tone in TONES:
            whole = unicodedata.normalize("NFC", letter + tone)
            if len(whole) == 1 and letter.isalpha():
                composed[whole] = code + written[tone]
    no_such = dict.fromkeys(range(128, 256), "\uffff")
    return {**no_such, **{ord(letter): codes for letter, codes in {**composed, **written}.items()}}


READ_AS: Mapping[str, Mapping[int, str]] = {"cp1252": _characters_of_1252(), "cp1258": _characters_of_1258()}
"""Character -> the byte it was read from, by the code page that a program took the bytes for; latin-1 is in cp1252."""


def as_bytes(text: str, read_as: Mapping[int, str]) -> bytes:
    """Return the bytes a text was read from; UnicodeEncodeError where it cannot have been read that way."""
    return text.translate(read_as).encode("latin-1")


ENCODINGS: Mapping[str, tuple[Callable[[bytes], str], tuple[str, ...]]] = {
    "UTF-8": (from_utf8, ("cp1252", "cp1258")),
    "UTF-8 twice": (from_utf8_twice, ("cp1252",)),
    "TCVN3": (from_tcvn3, ("cp1252", "cp1258")),
    "VNI": (from_vni, ("cp1252", "cp1258")),
    "VISCII": (from_viscii, ("cp1252",)),
    "cp1258": (from_cp1258, ("cp1252",)),
}
"""What text may have been written in, and the code pages it may have been read as."""
