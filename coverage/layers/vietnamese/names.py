"""Keys by which two spellings of one name are found to be the same; names themselves are never altered."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from coverage.layers.text import fold, slug

_UNITS = {
    "tổ dân phố": r"tổ dân phố|tdp|tổ(?=\s*(?:số\s*)?\d)",
    "tiểu khu": "tiểu khu|tk",
    "khu phố": "khu phố|kp",
    "thị trấn": "thị trấn|tt",
    "phường": r"phường|p\s*\.",
    "xã": r"xã|x\s*\.",
    "thôn": "thôn",
    "bản": "bản",
    "xóm": "xóm",
    "buôn": "buôn",
    "làng": "làng",
    "ấp": "ấp",
}
"""Kind of unit -> how it is written before a name."""
COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        sơn hà thủy thuỷ bình yên phú phúc tân mỹ đông tây bắc nam thượng hạ đại tiểu trung núi sông suối đồi hồ đầm
        đèo đảo biển cầu chợ đường ruộng đồng rừng khe mường chiềng nậm huổi nà bản pú pá phiêng lóng tà xuân thanh
        thành vĩnh lộc thọ hòa hoà hưng quang minh đức hải ninh khánh ngọc vân hồng thái châu phong thạch điện biên
        lương tiến thịnh phước an long kim xã phường thị trấn tổ dân phố khu thôn xóm làng ấp buôn huyện tỉnh trạm
        trường nhà ủy uỷ ban nhân việt quốc cộng thống nhất quyết thắng đoàn kết độc lập một hai ba số mới cũ trên dưới
        """,
    )
)
"""What names of places in Vietnam are full of, in small letters."""
_TELLING = frozenset(
    {"tren", "duoi", "thuong", "ha", "trong", "ngoai", "cu", "moi", "dong", "tay", "nam", "bac", "lon", "nho", "giua"}
)
"""Folded words that tell two villages of one name apart, as numbers and single letters do."""
_ROMAN = re.compile("[ivx]+")
_BLANK = r"[\s_-]+"
_UNIT = re.compile(
    "|".join(f"(?P<u{place}>{forms.replace(' ', _BLANK)})" for place, forms in enumerate(_UNITS.values())),
    re.IGNORECASE,
)
_BARE_UNITS = {
    fold(form): fold(kind)
    for kind, forms in _UNITS.items()
    for form in forms.split("|")
    if form.replace(" ", "").isalpha()
}
"""Kind of unit as it is written before a name without accents -> the kind, folded."""
_OLD_STYLE = re.compile("(o)([\u0300\u0301\u0303\u0309\u0323])(?=[ae])(.)|(u)([\u0300\u0301\u0303\u0309\u0323])(y)")


def split_unit(text: str) -> tuple[str, str]:
    """
    Split the kind of unit from a name.

    Parameters
    ----------
    text
        A name, NFC: "Xã Chiềng An", "TDP 5", "Thôn Bản Mòng".

    Returns
    -------
    tuple of str
        The kind, written out in small letters ("xã", "tổ dân phố", "thôn bản"), and the rest; the kind is empty where
        none is written or nothing else would be left.
    """
    kinds, rest = [], text.strip()
    while found := _UNIT.match(rest):
        after = rest[found.end() :]
        name = after.lstrip(" \t\xa0.:-_")
        apart = after != name or found[0].endswith(".") or name[:1].isdecimal()
        if not apart or not any(map(str.isalnum, name)):
            break
        kinds.append(list(_UNITS)[(found.lastindex or 1) - 1])
        rest = name
    return " ".join(kinds), rest


@dataclass(frozen=True)
class NameKeys:
    """By what a name is found in another list; two names are the same where a key is, the strictest first."""

    whole: str
    """With its unit and accents; no case, no blanks, tones in one place."""
    bare: str
    """As `name_key` gives it: without its unit."""
    loose: str
    """As `loose_key` gives it: without accents either."""
    accents: bool
    """Whether the name is written with accents; only where one of two is not does the loose key make them the same."""
    marks: tuple[str, ...]
    """Numbers, single letters and words such as trên and dưới, without which two names may be much alike."""


@lru_cache(maxsize=65536)
def name_keys(text: str) -> NameKeys:
    """Return the keys of a name, NFC or NFD."""
    rest = slug(split_unit(unicodedata.normalize("NFC", text))[1])
    words = [word.lstrip("0") or "0" for word in re.findall(r"[a-z]+|\d+", rest)]
    marks = (word for word in words if word.isdecimal() or len(word) == 1 or word in _TELLING or _ROMAN.fullmatch(word))
    accents = fold(text) != "".join(filter(str.isalnum, text.casefold()))
    return NameKeys(_letters(text), name_key(text), loose_key(text), accents, tuple(sorted(marks)))


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """
    Return the key by which names are matched: the name without its unit, case, blanks and hyphens.

    Parameters
    ----------
    text
        A name of a village, commune or the like, in right Vietnamese (NFC or NFD).

    Returns
    -------
    str
        Vowels and tones stay ("Bản Mòng" is not "Bản Mông"), i and y differ, and a tone placed in the old or the new
        style is the same ("Hoà", "Hòa"). A number keeps its unit, since "Bản 1" and "Tiểu khu 1" are two villages.
    """
    unit, rest = split_unit(unicodedata.normalize("NFC", text))
    number = re.fullmatch(r"(?:số\s*)?0*(\d.*)", rest, re.IGNORECASE)
    if number:
        rest = f"{unit} {number[1]}"
    return _letters(rest)


def _letters(text: str) -> str:
    """Return small letters and digits with their accents, and tones in one place."""
    letters = unicodedata.normalize("NFD", text.casefold())
    placed = _OLD_STYLE.sub(lambda pair: "".join(pair.group(1, 3, 2) if pair[1] else pair.group(4, 6, 5)), letters)
    whole = unicodedata.normalize("NFC", placed)
    return "".join(letter for letter in whole if letter.isalnum() or unicodedata.combining(letter))


def loose_key(text: str) -> str:
    """
    Return the key of a name without its accents, for sources that were written without them.

    Parameters
    ----------
    text
        A name, with accents or without ("Ban Mong").

    Returns
    -------
    str
        ASCII letters and digits as far as the name is Vietnamese.
    """
    key = fold(name_key(text))
    if not text.isascii() or key != fold(text):
        return key
    kinds: list[str] = []
    words = text.split()
    while count := next((n for n in (3, 2, 1) if len(words) > n and fold(" ".join(words[:n])) in _BARE_UNITS), 0):
        kinds.append(_BARE_UNITS[fold(" ".join(words[:count]))])
        words = words[count:]
    rest = fold(" ".join(words))
    number = re.fullmatch(r"(to)?(?:so)?0*(\d.*)", rest)
    if number is None:
        return rest
    # A number alone names no place, so its kind stays with it; before a number "to" is short for "tổ dân phố".
    if number[1]:
        kinds.append(fold("tổ dân phố"))
    return "".join(kinds) + number[2]
