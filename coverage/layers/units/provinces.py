"""Provinces before and since 1 July 2025: by name or code, and which of before make up one of today."""

import functools
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from coverage.layers.text import fold
from coverage.layers.units.crosswalk import national_crosswalk, national_data

_KIND = re.compile(r"^\s*(?:tỉnh|thành phố|tinh|thanh pho|tp\.?|t\.)\s+(?=\S)", re.IGNORECASE)
_ALIASES = {
    "thuathienhue": "hue", "saigon": "hochiminh", "hcm": "hochiminh", "hcmc": "hochiminh", "daclac": "daklak",
    "daclak": "daklak", "dacnong": "daknong", "baccan": "backan", "hatay": "hanoi",
}  # fmt: skip
"""Other names in use -> the key of the one that the data have; Hà Tây has been part of Hà Nội since 2008."""


@dataclass(frozen=True)
class Province:
    """A province of today, or one of before that is no more."""

    code: str
    name: str
    today: bool
    """Whether it is one of the 34 since 1 July 2025."""
    formers: tuple[str, ...]
    """Names of the provinces of before that lie in it, its own among them where there was one; itself for a former."""


def province_key(name: str) -> str:
    """Return a key of a province's name that ignores its kind, case, accents and blanks."""
    key = fold(_KIND.sub("", name))
    return _ALIASES.get(key, key)


def find_province(text: str) -> Province | None:
    """
    Return the province of a name or a code of two digits; None where there is none.

    Parameters
    ----------
    text
        With or without accents and kind: `Sơn La`, `tinh son la`, `14`.

    Returns
    -------
    Province
        One of today where today has one of that name or code, else one of before. Codes were used again: 15 was Yên Bái
        and is Lào Cai.
    """
    asked, key = text.strip(), province_key(text)
    for province in provinces():
        if asked == province.code or (key and key == province_key(province.name)):
            return province
    return None


@functools.cache
def provinces() -> tuple[Province, ...]:
    """Return the 34 provinces of today, then those of before that are no more."""
    with closing(sqlite3.connect(f"{(national_data() / 'dataset.db').as_uri()}?mode=ro", uri=True)) as database:
        now, before = (
            database.execute(f"SELECT DISTINCT provinceCode, province FROM {table} ORDER BY provinceCode").fetchall()
            for table in ("admin_units", "admin_units_legacy")
        )
    rows = national_crosswalk().rows
    formers = rows.groupby("new_province")["old_province"].unique()
    names = {name for _, name in now}
    today = (Province(code, _bare(name), True, tuple(sorted(map(_bare, formers[name])))) for code, name in now)
    gone = (Province(code, _bare(name), False, (_bare(name),)) for code, name in before if name not in names)
    return (*today, *gone)


def _bare(name: str) -> str:
    return _KIND.sub("", name)
