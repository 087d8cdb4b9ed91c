"""The change of 1 July 2025: which commune of before became which commune of today."""

import functools
import importlib.util
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coverage.columns.inputs import CROSSWALK_IN
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.layers.text import fold
from coverage.study import Study

CHANGED = "1 July 2025"
"""First day of the communes of today; codes and names were used again for others."""

_KIND = re.compile(r"^\s*(?:(xã|phường|thị trấn|đặc khu)\s|(tt\.?|x\.|p\.)\s*)\s*(?=\S)", re.IGNORECASE)
_SHORT = {"tt": "thị trấn", "x": "xã", "p": "phường"}
_DISTRICT = re.compile(r"^\s*(?:(?:huyện|quận|thị xã|thành phố)\s|(?:tx\.?|tp\.?|h\.|q\.)\s*)\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class Crosswalk:
    """Old commune -> new commune, one row for each pair, in the columns of `columns.CROSSWALK_IN`."""

    rows: pd.DataFrame
    """A commune of kind `divided` has a row for each of its successors, `default` marking the main one."""
    source: str
    """Where it comes from, for messages."""

    def around(self, codes: pd.Series) -> pd.DataFrame:
        """Return the rows of the provinces of today in which communes of these codes lie, now or before."""
        here = self.rows["new_code"].isin(codes) | self.rows["old_code"].isin(codes)
        return self.rows[self.rows["new_province"].isin(self.rows.loc[here, "new_province"])]


def read_crosswalk(study: Study, land: Land | None = None) -> Draft:
    """Return the crosswalk that a study gives itself."""
    draft = open_layer(study, "crosswalk", land)
    validate(draft)
    return draft


def crosswalk_from(draft: Draft | None) -> Crosswalk:
    """Return the study's own crosswalk, else that of the whole country."""
    if draft is None:
        return national_crosswalk()
    return Crosswalk(pd.DataFrame(draft.frame[CROSSWALK_IN.names]), draft.file)


@functools.cache
def national_crosswalk() -> Crosswalk:
    """
    Return the crosswalk of the whole country: 3,321 communes of today, 10,040 of before.

    References
    ----------
    Data of the package vietnamadminunits (MIT). Its files are read without importing it, since the import also loads a
    parser of addresses, and reads UTF-8 in whatever encoding the system prefers. Five island districts had no commune:
    they stand by their district's name, without an old code.
    """
    data = national_data()
    with closing(sqlite3.connect(f"{(data / 'dataset.db').as_uri()}?mode=ro", uri=True)) as database:
        new = pd.read_sql(
            "SELECT provinceKey || '/' || wardKey AS new_key, wardCode AS new_code, ward AS new_ward, "
            "province AS new_province FROM admin_units",
            database,
        )
        old = pd.read_sql(
            "SELECT provinceKey || '_' || districtKey || '_' || coalesce(wardKey, '') AS old_key, "
            "wardCode AS old_code, coalesce(ward, district) AS old_ward, district AS old_district, "
            "province AS old_province, coalesce(wardLat, districtLat) AS old_lat, "
            "coalesce(wardLon, districtLon) AS old_lon FROM admin_units_legacy",
            database,
        )
    pairs = _pairs(json.loads((data / "converter_2025.json").read_text(encoding="utf-8")))
    rows = pairs.merge(old, on="old_key", validate="many_to_one").merge(new, on="new_key", validate="many_to_one")
    rows = rows.sort_values(["old_code", "new_code"], ignore_index=True)
    texts = [column.name for column in CROSSWALK_IN.columns if column.kind == "text"]
    return Crosswalk(rows[CROSSWALK_IN.names].astype(dict.fromkeys(texts, "str")), "vietnamadminunits")


def national_data() -> Path:
    """Return the folder with the data of vietnamadminunits: `dataset.db` and `converter_2025.json`."""
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("vietnamadminunits", name="vietnamadminunits")
    return Path(spec.submodule_search_locations[0]) / "data"


def _pairs(converter: dict[str, dict[str, dict[str, list[object]]]]) -> pd.DataFrame:
    whole = [
        (old, f"{province}/{ward}", "whole", pd.NA)
        for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, olds in wards.items()
        for old in olds
    ]
    divided = [
        (old, f"{province}/{ward['newWardKey']}", "divided", ward["isDefaultNewWard"])  # type: ignore[index]
        for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, wards in olds.items()
        for ward in wards
    ]
    pairs = pd.DataFrame([*whole, *divided], columns=["old_key", "new_key", "kind", "default"])
    return pairs.astype({"default": "boolean"})


@functools.lru_cache(maxsize=65536)
def split_kind(name: str) -> tuple[str, str]:
    """Return the kind of a commune (`xã`, `phường`, `thị trấn`, `đặc khu`; empty where unsaid) and its bare name."""
    found = _KIND.match(name)
    if found is None:
        return "", " ".join(name.casefold().split())
    kind = (found[1] or found[2]).casefold().rstrip(".")
    return _SHORT.get(kind, kind), " ".join(name[found.end() :].casefold().split())


@functools.lru_cache(maxsize=65536)
def commune_key(name: str) -> str:
    """Return a key of a commune's name that ignores its kind, case, accents and blanks."""
    return fold(split_kind(name)[1])


def district_key(name: str) -> str:
    """Return a key of a district's name that ignores its kind, case, accents and blanks."""
    return fold(_DISTRICT.sub("", name))
