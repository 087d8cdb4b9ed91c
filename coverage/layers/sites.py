"""Sites: one row per cell, its operator and technology under one name each, its radio figures complete."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.grid import Grid
from coverage.layers.checks.cells import check_figures
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, fill_ids, validate
from coverage.layers.position.placing import Land
from coverage.layers.terrain import off_terrain
from coverage.layers.text import fold, slug
from coverage.study import Study

_TECHNOLOGY_NAMES = {
    "2g": ("2g", "gsm", "dcs", "gprs", "edge"),
    "3g": ("3g", "umts", "wcdma", "hspa"),
    "4g": ("4g", "lte", "ltea", "4glte"),
    "5g": ("5g", "nr", "5gnr"),
}
_BAND = re.compile(r"(?<=[a-z])\d{3,4}(mhz)?$")
"""What follows the name in LTE1800 or GSM 900 MHz."""
_OPERATOR_NAMES = {
    "viettel": ("viettel", "vtl", "viettelmobile", "vietteltelecom"),
    "vnpt": ("vnpt", "vinaphone", "vina", "vnptvinaphone", "vinaphonevnpt"),
    "mobifone": ("mobifone", "mobi", "vms", "vmsmobifone"),
    "vietnamobile": ("vietnamobile", "vnm"),
    "gtel": ("gtel", "gmobile", "gtelmobile"),
}
_TRANSMISSION_NAMES = {
    "fiber": ("fiber", "fibre", "capquang", "quang", "truyendanquang"),
    "microwave": ("microwave", "mw", "viba", "vibaso"),
    "satellite": ("satellite", "vsat", "vetinh"),
    "none": ("none", "khong", "chuaco", "khongco"),
}
_SAME_MAST_M = 200.0
"""Cells of one site farther apart than this are reported."""


def read_sites(study: Study, land: Land | None = None) -> Draft:
    """
    Return the cells of a study.

    Operators become lower-case ASCII names, technologies `2g` to `5g`; frequency, bandwidth, EIRP and height come from
    the study where the file has no such column. A row without azimuth radiates all around.
    """
    draft = open_layer(study, "sites", land)
    _technology(draft)
    draft.frame["operator"] = operator_names(draft.frame["operator"])
    words = {word: name for name, written in _TRANSMISSION_NAMES.items() for word in written}
    written = draft.frame["transmission"]
    known = {text: words.get(fold(text), text) for text in written.dropna().unique()}
    draft.frame["transmission"] = written.map(known).astype("str")
    for name in (ANY, ""):
        draft.report(
            draft.frame["operator"] == name,
            lambda row: f"site {row['site_id']} of operator {row['operator']!r}",
            f"the name of an operator; {ANY!r} stands for all of them",
            "Name the operator.",
            column="operator",
            kind="unnamed_operator",
        )
    draft.report(
        draft.nowhere(),
        lambda row: f"site {row['site_id']} without a point",
        "longitude and latitude",
        "Give its position, or remove the row.",
        kind="no_point",
    )
    _fill(draft, study)
    _spread(draft)
    stem = draft.frame["site_id"].fillna("") + "-" + draft.frame["operator"].fillna("")
    fill_ids(draft, "cell_id", stem + "-" + draft.frame["technology"].fillna(""))
    check_figures(draft, study)
    validate(draft)
    return draft


def operator_names(names: pd.Series) -> pd.Series:
    """Return operators as lower-case ASCII names, brands under the name of their company: VinaPhone is vnpt."""
    brands = {brand: operator for operator, brands in _OPERATOR_NAMES.items() for brand in brands}
    known = {name: brands.get(fold(name), slug(name)) for name in names.dropna().unique()}
    return names.map(known).astype("str")


def technology_names(names: pd.Series) -> pd.Series:
    """Return technologies as `2g` to `5g`: LTE1800 is 4g; NaN where a name is none."""
    ours = {name: technology for technology, written in _TECHNOLOGY_NAMES.items() for name in written}
    known = {name: ours.get(_BAND.sub("", fold(name))) for name in names.dropna().unique()}
    return names.map(known).astype("str")


def check_terrain(draft: Draft, grid: Grid, terrain_m: NDArray[np.float32]) -> None:
    """Note every site that stands outside the terrain or where it has no height; `draft` is in WGS 84."""
    draft.report(
        off_terrain(draft.frame.geometry, grid, terrain_m),
        lambda row: f"site {row['site_id']} at {row['lon']:.5f}, {row['lat']:.5f} is outside the terrain or on a void",
        "a terrain height under every site",
        "Correct the position, or supply terrain that reaches there.",
        kind="outside_terrain",
    )


def _technology(draft: Draft) -> None:
    written = draft.frame["technology"]
    understood = technology_names(written)
    draft.report(
        written.notna() & understood.isna(),
        lambda row: f"technology {row['technology']!r} of site {row['site_id']} is unknown",
        f"one of {', '.join(TECHNOLOGIES)} (GSM, UMTS, LTE and NR are understood)",
        "Correct it; a mast with several technologies has one row for each.",
        column="technology",
        kind="unknown_technology",
    )
    # An unknown technology is said once, here; the schema would say it again.
    draft.frame["technology"] = understood
    draft.drop(written.notna() & understood.isna())


def _fill(draft: Draft, study: Study) -> None:
    """Fill what every cell needs from the study: a whole column, or single cells if the study says so."""
    frame = draft.frame
    for column in ("freq_mhz", "bandwidth_mhz", "eirp_dbm", "height_m"):
        default, setting = _default(study, column, frame["technology"])
        empty = frame[column].isna() & ~draft.misread(column)
        absent = column not in draft.given
        if absent:
            found = f"no column {column}; {setting} is used for all {len(frame)} rows"
            draft.report_file(
                found, "a value per cell", "Add the column if it is known.", fatal=False, kind="default_used"
            )
        else:
            first = frame.loc[empty, "site_id"].iloc[0] if empty.any() else ""
            remedy = f"Fill it in, or set fill_missing = true in coverage.toml to take {setting}."
            draft.report(
                empty,
                f"no {column} (site {first})",
                "a value for every cell",
                f"{setting} is used." if study.fill_missing else remedy,
                column=column,
                fatal=not study.fill_missing,
                kind="missing_value",
            )
        if absent or study.fill_missing:
            frame[column] = frame[column].where(~empty, default)


def _default(study: Study, column: str, technology: pd.Series) -> tuple[pd.Series, str]:
    """Return what the study says for each cell, and the setting that says it."""
    if column == "height_m":
        return pd.Series(study.radio.antenna_height_m, index=technology.index), "[radio] antenna_height_m"
    values = {name: getattr(row, column) for name, row in study.technologies.items()}
    return technology.map(values).astype("float64"), f"[technologies] {column}"


def _spread(draft: Draft) -> None:
    """Note sites whose cells lie far apart: one id was used for two places, or a position is wrong."""
    frame = draft.frame
    middle = frame.groupby("site_id")[["lon", "lat"]].transform("first")
    north_m = (frame["lat"] - middle["lat"]) * 111_320.0
    east_m = (frame["lon"] - middle["lon"]) * 111_320.0 * np.cos(np.radians(middle["lat"]))
    draft.report(
        np.hypot(north_m, east_m) > _SAME_MAST_M,
        lambda row: f"a cell of site {row['site_id']} more than {_SAME_MAST_M:g} m from its first cell",
        "one position per site",
        "Correct the position, or give the other mast an id of its own.",
        fatal=False,
        kind="far_from_first_cell",
    )
