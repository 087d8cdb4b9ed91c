"""How Vietnamese syllables are spelt, so that garbled text can be told from right text."""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above and dot below, as combining marks."""
_ONSETS = frozenset("bcdđghklmnprstvx") | {"", "ch", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"}
_CODAS = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u",
    "i": "- ch m n nh p t u",
    "ia": "-",
    "iê": "c m n ng p t u",
    "o": "- c i m n ng p t",
    "oo": "c ng",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng p t",
    "oe": "- m n ng o t",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- c i m n ng p t",
    "ua": "-",
    "uâ": "n ng t y",
    "uê": "- ch n nh",
    "uơ": "- n",
    "uô": "c i m n ng t",
    "uy": "- ch n nh p t u",
    "uya": "-",
    "uyê": "n t",
    "ư": "- c i m n ng t u",
    "ưa": "-",
    "ươ": "c i m n ng p t u",
    "y": "- ch n nh p t u",
    "yê": "m n ng t u",
}
_STOPS = frozenset({"c", "ch", "p", "t"})
_CONSONANTS = "bcdđfghjklmnpqrstvwxz"


def _tone_places(nucleus: str, coda: str) -> tuple[int, ...]:
    """Return where a tone may stand; oa, oe and uy without a coda have an old and a new style."""
    marked = [place for place, letter in enumerate(nucleus) if letter in "ăâêôơư"]
    if marked:
        return (marked[-1],)
    if nucleus in {"oa", "oe", "uy"}:
        return (1,) if coda else (0, 1)
    return (1,) if nucleus in {"oo", "uya"} else (0,)


def _rimes() -> frozenset[str]:
    rimes = set()
    for nucleus, codas in _CODAS.items():
        for coda in codas.replace("-", "").split(" "):
            if coda not in _STOPS:
                rimes.add(nucleus + coda)
            for tone in "\u0301\u0323" if coda in _STOPS else TONES:
                for place in _tone_places(nucleus, coda):
                    toned = nucleus[: place + 1] + tone + nucleus[place + 1 :] + coda
                    rimes.add(unicodedata.normalize("NFC", toned))
    return frozenset(rimes)


_RIMES = _rimes()
_VOWELS = frozenset(
    nucleus + coda
    for nucleus, codas in _CODAS.items()
    for coda in ("", *codas.replace("-", "").split())
    if coda in {"", "i", "o", "u", "y"}
)
_LETTERS = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *TONES)
) | frozenset(_CONSONANTS)
_FOREIGN = re.compile(f"[{_CONSONANTS}]{{0,4}}([aăâeêioôơuưy]*)[{_CONSONANTS}]{{0,3}}")


def toneless(text: str) -> str:
    """Return text without tones; â, ă, ê, ô, ơ, ư and đ stay."""
    letters = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))


def is_vietnamese(word: str) -> bool:
    """Say whether a word, NFC, has letters of Vietnamese (and f, j, w, z) only."""
    return _LETTERS.issuperset(word.lower())


SMALL_TONED = frozenset(letter for letter in _LETTERS if toneless(letter) != letter)
"""Small vowels with a tone."""


@lru_cache(maxsize=65536)
def spelling(word: str) -> int:
    """
    How well a word obeys Vietnamese spelling.

    Parameters
    ----------
    word
        One word of letters, NFC.

    Returns
    -------
    int
        2 for a Vietnamese syllable; 1 for what Vietnamese letters also write, in names of other tongues ("Krông",
        "Xiêr") and abbreviations ("QĐ"); 0 for anything else.
    """
    if not (word.islower() or word.isupper() or word.istitle()):
        return 0
    lower = word.lower()
    for end in range(min(4, len(lower))):
        if lower[:end] in _ONSETS and lower[end:] in _RIMES and _agree(lower[:end], lower[end]):
            return 2
    if not is_vietnamese(lower):
        return 0
    plain = toneless(lower)
    tones = sum(letter in TONES for letter in unicodedata.normalize("NFD", lower))
    found = _FOREIGN.fullmatch(plain)
    return 1 if found and tones <= 1 and (not found[1] or found[1] in _VOWELS) else 0


def _agree(onset: str, vowel: str) -> bool:
    front = toneless(vowel) in "eêiy"
    if onset in {"c", "ng"} or (onset == "g" and toneless(vowel) != "i"):
        return not front
    return front or onset not in {"gh", "ngh"}
