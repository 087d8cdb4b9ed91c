"""Bytes -> text, and columns of garbled Vietnamese -> what was meant: the encoding is mended, never the name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial

from coverage.layers.vietnamese.legacy_letters import CP1252, ENCODINGS, READ_AS, as_bytes
from coverage.layers.vietnamese.names import COMMON_WORDS, split_unit
from coverage.layers.vietnamese.syllables import SMALL_TONED, is_vietnamese, spelling

_STRANGE = "\x01-\x08\x0e-\x1f\x80-\u1fff\u2010-\u2027\u2030-\ufefe\uff00-\U0010ffff"
_WORD = re.compile(f"[A-Za-z{_STRANGE}]+")
"""A run of letters, or of what may have been a letter before it was garbled."""
_BEYOND_ASCII = re.compile(f"(?<![A-Za-z])[A-Za-z]*+[{_STRANGE}][A-Za-z{_STRANGE}]*")
_ABBREVIATION = re.compile("[BCDĐFGHJKLMNPQRSTVWXZ]+")
_OPENING, _CLOSING = "«“‘–—•…", "»”’–—…"
_MEASURE = re.compile(r"[§©®™½¼¾²³º·•]|[±°µ×]?[A-Za-z]{0,2}[°²³º]?")
"""Signs that right text has too: 21°, 10 m², 5 µm, ±2, § 4."""
_TONED_FIRST = re.compile(rf"(?<!\w)[{''.join(SMALL_TONED)}]")
_TONED_CAPITAL = re.compile(rf"(?<!\w)[{''.join(SMALL_TONED).upper()}](?=[a-zăâđêôơư])")
_RIGHT, _GOOD_ENOUGH = 2.0, 1.6
_MOST = 0.95
"""Share of garbled cells from which a whole column counts as garbled: cells with two readings follow it."""
_FEW = 3
"""Words misspelt in one way that may be slips of the pen; from here on they are another encoding."""
_SAMPLE = 500
_PASSES = 4
_LAYOUT = frozenset("\t\n\r\f\x85")
_NEVER = frozenset({"Cc", "Cn", "Co"})
"""Categories of characters that no text has, by which binary content is told from UTF-16 without a mark."""

Reading = Callable[[str], str | None]


@dataclass(frozen=True)
class Decoded:
    """What a file of text says."""

    text: str
    encoding: str
    """utf-8, utf-16, utf-32, or cp1252: one character per byte, whatever the bytes meant."""


@dataclass(frozen=True)
class Repair:
    """A column of text after mending."""

    cells: list[str | None]
    """NFC."""
    encoding: str | None
    """What the text was written in; None where nothing was wrong, or nothing certain could be done."""
    share: float
    """Share of the cells with letters beyond ASCII that were mended."""
    changed: int
    """Cells mended; a change to NFC does not count."""


def decode(content: bytes) -> Decoded:
    """
    Read the bytes of a text file without losing any.

    Parameters
    ----------
    content
        The whole file.

    Returns
    -------
    Decoded
        Text without its byte order mark. What is not Unicode comes back as the cp1252 character of each byte, or the
        control character of that number: `repair` tells column by column what it was.

    Raises
    ------
    ValueError
        The content is binary.
    """
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return Decoded(_strict(content, encoding, {"\0"}), encoding)
    if b"\0" in content:
        little = content[1::2].count(0) > content[::2].count(0)
        return Decoded(_strict(content, "utf-16-le" if little else "utf-16-be", _NEVER), "utf-16")
    try:
        return Decoded(content.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        return Decoded(content.decode("latin-1").translate(dict(enumerate(CP1252))), "cp1252")


def _strict(content: bytes, encoding: str, never: Set[str]) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("content is not text") from None
    letters = set(text)
    if letters & never or {unicodedata.category(letter) for letter in letters - _LAYOUT} & never:
        raise ValueError("content is not text")
    return text


def repair(cells: Sequence[str | None]) -> Repair:
    """
    Find in which way a column of text was garbled, and mend it.

    Parameters
    ----------
    cells
        One column as it was read, before blanks are trimmed (a no-break space may be half a letter); None for an
        empty cell.

    Returns
    -------
    Repair
        Right Vietnamese, other languages and text with two readings equally good come back unchanged but for NFC.

    Notes
    -----
    A cell is garbled when it holds a word that no spelling allows, and the encoding is the one that turns most such
    cells into Vietnamese syllables. A cell right by both readings ("Pó", which is TCVN3 for "Pú") follows its column
    only where hardly any cell contradicts the encoding.
    """
    counts = Counter(cell for cell in cells if cell is not None)
    whole = {cell: _nfc(cell) for cell in counts}
    texts = {cell: text for cell, text in whole.items() if not _is_plain(text)}
    mended, encodings = _mend(list(dict.fromkeys(texts.values())))
    changed = sum(counts[cell] for cell, text in texts.items() if text in mended)
    beyond = sum(map(counts.__getitem__, texts))
    result = {cell: mended.get(text, text) for cell, text in whole.items()}
    return Repair(
        [cell if cell is None else result[cell] for cell in cells],
        " and ".join(encodings) or None,
        changed / beyond if beyond else 0.0,
        changed,
    )


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _is_plain(text: str) -> bool:
    return text.isascii() and (text.isprintable() or _BEYOND_ASCII.search(text) is None)


def _mend(texts: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the texts to replace; what was garbled twice, or in two ways, takes two passes."""
    now, encodings = {text: text for text in texts}, list[str]()
    for _ in range(_PASSES):
        step, encoding = _one_pass(list(dict.fromkeys(now.values())))
        if encoding is None:
            return {old: new for old, new in now.items() if old != new}, list(dict.fromkeys(encodings))
        now = {old: step.get(new, new) for old, new in now.items()}
        encodings.append(encoding)
    return {}, []  # readings that lead back to each other: nothing is certain


def _one_pass(texts: list[str]) -> tuple[dict[str, str], str | None]:
    garbled = [text for text in texts if _is_garbled(text)]
    if not garbled:
        return {}, None
    encoding, read = _best(garbled[:: -(-len(garbled) // _SAMPLE)])
    if encoding is None:
        return {}, None
    readings = {text: reading for text in texts if (reading := read(text)) is not None}
    mended = {text: new for text in garbled if (new := readings.get(text)) is not None and _is_mended(new)}
    others = set(texts) - set(garbled)
    against = sum(text not in readings or _is_garbled(readings[text]) for text in others)
    if len(mended) >= _MOST * (len(mended) + against):
        mended |= {text: new for text, new in readings.items() if not _is_garbled(new) or _is_clearer(new, text)}
    elif len(mended) < _FEW and all(map(is_vietnamese, " ".join(mended).split())):
        return {}, None  # slips of the pen among right names ("Nuí") rather than another encoding
    mended = {text: new for text, new in mended.items() if new != text}
    if encoding == "TCVN3":
        mended = _with_capitals(mended)
    return mended, encoding if mended else None


def _best(garbled: Sequence[str]) -> tuple[str | None, Reading]:
    """Return the encoding by which most garbled texts become Vietnamese; None where none or two do."""
    scores = []
    readable = set[str]()
    for encoding, (decoder, pages) in ENCODINGS.items():
        for page in pages:
            read = partial(_read, decoder=decoder, read_as=READ_AS[page])
            readings = {text: reading for text in garbled if (reading := read(text)) is not None}
            readable |= readings.keys()
            good = {text: new for text, new in readings.items() if _is_mended(new)}
            scores.append((len(good), sum(map(_likeness, good.values())), good, encoding, read))
    scores.sort(key=lambda score: score[:2], reverse=True)
    count, quality, good, encoding, read = scores[0]
    tied = any(score[:2] == (count, quality) and score[2] != good for score in scores[1:])
    if not count or 2 * count < len(readable) or tied or not _is_vietnamese(good.values()):
        return None, read
    return encoding, read


def _read(text: str, decoder: Callable[[bytes], str], read_as: Mapping[int, str]) -> str | None:
    try:
        return unicodedata.normalize("NFC", decoder(as_bytes(text, read_as)))
    except (UnicodeError, KeyError):
        return None


def _words(text: str, pattern: re.Pattern[str] = _WORD) -> list[str]:
    if "\xa0" in text and ("Ã\xa0" not in text or text.isupper()):
        text = text.replace("\xa0", " ")  # elsewhere "Ã\xa0" is à in UTF-8
    return pattern.findall(text)


def _spellings(text: str) -> list[int]:
    """Return how well the words beyond ASCII are spelt."""
    return list(map(_word_spelling, _words(text, _BEYOND_ASCII)))


@lru_cache(maxsize=65536)
def _word_spelling(word: str) -> int:
    if _MEASURE.fullmatch(word):
        return 2
    bare = word.lstrip(_OPENING).rstrip(_CLOSING)
    return spelling(bare) if bare else 2


def _is_garbled(text: str) -> bool:
    return 0 in _spellings(text)


def _is_clearer(new: str, old: str) -> bool:
    """Say whether a name of another tongue ("Sơmei") has Vietnamese letters and looks better in its new reading."""
    letters = all(map(is_vietnamese, _words(new)))
    return letters and (_mean_spelling(new) > _mean_spelling(old) or not all(map(is_vietnamese, _words(old))))


def _mean_spelling(text: str) -> float:
    grades = _spellings(text)
    return sum(grades) / len(grades) if grades else _RIGHT


def _is_mended(text: str) -> bool:
    return _mean_spelling(text) >= _GOOD_ENOUGH


def _likeness(text: str) -> float:
    """Grade a reading against another: its spelling, a unit before the name, no shouted words amid others."""
    words = [word for word in _words(text) if len(word) > 1 and not _ABBREVIATION.fullmatch(word)]
    shouted = sum(map(str.isupper, words))
    known = sum(word.lower() in COMMON_WORDS for word in words) / max(1, len(words))
    return _mean_spelling(text) + bool(split_unit(text)[0]) + known - (0 < shouted < len(words))


def _is_vietnamese(texts: Iterable[str]) -> bool:
    """Say whether the words around are Vietnamese too, so that "où est la gare" stays French."""
    grades = [_word_spelling(word) for text in texts for word in _words(text)]
    return 3 * sum(grades) >= 4 * len(grades)


def _with_capitals(mended: Mapping[str, str]) -> dict[str, str]:
    """Give names their first letter back: the fonts of TCVN3 have no capital with a tone ("ẳng Nưa")."""
    if any(map(_TONED_CAPITAL.search, mended.values())):
        return dict(mended)  # TCVN 5712-1 has them, and its small letters are meant
    names = list(mended.values())[:: -(-len(mended) // _SAMPLE)]
    firsts = [word[0] for text in names for word in _words(split_unit(text)[1]) if word[0] not in SMALL_TONED]
    if 2 * sum(map(str.isupper, firsts)) < len(firsts):
        return dict(mended)
    return {old: _capitalised(text) if _TONED_FIRST.search(text) else text for old, text in mended.items()}


def _capitalised(text: str) -> str:
    name = split_unit(text)[1]
    if any(word[0].islower() and word[0] not in SMALL_TONED for word in _words(name)):
        return text
    return text[: len(text) - len(name)] + _WORD.sub(lambda word: word[0][0].upper() + word[0][1:], name)
