"""Text as people write it: cleaned to NFC, and folded to a key for matching. Names are never altered beyond that."""

import functools
import re
import unicodedata
from typing import Any

import numpy as np

_UNSEEN = {**str.maketrans("", "", "\u200b\ufeff"), **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
"""What is left out, and halves of letters, which cannot be written down."""
_NOTHING = frozenset({"NAType", "NaTType"})
"""Of pandas, which is not loaded to ask about one cell."""
_SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def clean(value: Any) -> str | None:
    """Return what a cell says as NFC text on one line; None where it says nothing."""
    if isinstance(value, str):
        text = value if value.isascii() else unicodedata.normalize("NFC", value).translate(_UNSEEN)
        text = " ".join(text.split())
        return None if not text or text in _SPREADSHEET_ERRORS else text
    if value is None or type(value).__name__ in _NOTHING:
        return None
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return None
        return str(int(value)) if float(value).is_integer() else str(value)  # spreadsheets keep 3646 as 3646.0
    return " ".join(str(value).split())


def fold(text: str) -> str:
    """Return a key that ignores case, accents, punctuation and blanks; đ counts as d."""
    return "".join(letter for letter in _plain(text) if letter.isalnum())


def slug(text: str) -> str:
    """Return lower-case ASCII letters and digits, with a hyphen for whatever lay between them."""
    return re.sub(r"[^a-z0-9]+", "-", _plain(text)).strip("-")


@functools.lru_cache(10_000)  # headings, yes and no, and names of communes come again and again
def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def said(value: Any) -> str:
    """Return a value as a message quotes it: short, on one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
