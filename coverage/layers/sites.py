"""Sites: one row per cell, its operator and technology under one name each, its radio figures complete."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.columns import ANY, TECHNOLOGIES
from coverage.grid import Grid
from coverage.layers.draft import Draft, fill_ids, open_layer, validate
from coverage.layers.text import fold, slug
from coverage.study import Study

_TECHNOLOGY_NAMES = {
    "2g": ("2g", "gsm", "dcs", "gprs", "edge"),
    "3g": ("3g", "umts", "wcdma", "hspa"),
    "4g": ("4g", "lte", "ltea", "4glte"),
    "5g": ("5g", "nr", "5gnr"),
}
_OPERATOR_NAMES = {
    "viettel": ("viettel", "vtl", "viettelmobile", "vietteltelecom"),
    "vnpt": ("vnpt", "vinaphone", "vina", "vnptvinaphone", "vinaphonevnpt"),
    "mobifone": ("mobifone", "mobi", "vms", "vmsmobifone"),
    "vietnamobile": ("vietnamobile", "vnm"),
    "gtel": ("gtel", "gmobile", "gtelmobile"),
}
_SAME_MAST_M = 200.0
"""Cells of one site farther apart than this are reported."""


def read_sites(study: Study) -> Draft:
    """
    Return the cells of a study.

    Operators become lower-case ASCII names, technologies `2g` to `5g`; frequency, bandwidth, EIRP and height come from
    the study where the file has no such column. A row without azimuth radiates all around.
    """
    draft = open_layer(study, "sites")
    _technology(draft)
    draft.frame["operator"] = operator_names(draft.frame["operator"])
    for name in (ANY, ""):
        draft.report(
            draft.frame["operator"] == name,
            lambda row: f"site {row['site_id']} of operator {row['operator']!r}",
            f"the name of an operator; {ANY!r} stands for all of them",
            "Name the operator.",
            column="operator",
        )
    draft.report(
        draft.frame.geometry.isna(),
        lambda row: f"site {row['site_id']} without a point",
        "longitude and latitude",
        "Give its position, or remove the row.",
    )
    _fill(draft, study)
    _spread(draft)
    stem = draft.frame["site_id"].fillna("") + "-" + draft.frame["operator"].fillna("")
    fill_ids(draft, "cell_id", stem + "-" + draft.frame["technology"].fillna(""))
    validate(draft)
    return draft


def operator_names(names: pd.Series) -> pd.Series:
    """Return operators as lower-case ASCII names, brands under the name of their company: VinaPhone is vnpt."""
    brands = {brand: operator for operator, brands in _OPERATOR_NAMES.items() for brand in brands}
    return names.map(lambda name: brands.get(fold(name), slug(name)), na_action="ignore").astype("str")


def check_terrain(draft: Draft, grid: Grid, terrain_m: NDArray[np.float32]) -> None:
    """Note every site that stands outside the terrain or where it has no height; `draft` is in WGS 84."""
    points = draft.frame.geometry.to_crs(grid.crs)
    heights = pd.Series(grid.sample(terrain_m, points.x, points.y), index=draft.frame.index)
    draft.report(
        heights.isna() & points.notna(),
        lambda row: (
            f"site {row['site_id']} at {row['lon']:.5f}, {row['lat']:.5f} stands outside the terrain or on a void"
        ),
        "a terrain height under every site",
        "Correct the position, or supply terrain that reaches there.",
    )


def _technology(draft: Draft) -> None:
    ours = {name: technology for technology, names in _TECHNOLOGY_NAMES.items() for name in names}
    written = draft.frame["technology"]
    understood = written.map(lambda name: ours.get(fold(name)), na_action="ignore").astype("str")
    draft.report(
        written.notna() & understood.isna(),
        lambda row: f"technology {row['technology']!r} of site {row['site_id']} is unknown",
        f"one of {', '.join(TECHNOLOGIES)} (GSM, UMTS, LTE and NR are understood)",
        "Correct it; a mast with several technologies has one row for each.",
        column="technology",
    )
    # An unknown technology is said once, here; the schema would say it again.
    draft.frame["technology"] = understood
    draft.drop(written.notna() & understood.isna())


def _fill(draft: Draft, study: Study) -> None:
    """Fill what every cell needs from the study: a whole column, or single cells if the study says so."""
    frame = draft.frame
    for column in ("freq_mhz", "bandwidth_mhz", "eirp_dbm", "height_m"):
        if column == "height_m":
            default = pd.Series(study.radio.antenna_height_m, index=frame.index)
            setting = "[radio] antenna_height_m"
        else:
            per_technology = {name: getattr(row, column) for name, row in study.technologies.items()}
            default, setting = frame["technology"].map(per_technology).astype("float64"), f"[technologies] {column}"
        empty = frame[column].isna()
        absent = column not in draft.given
        filled = absent or study.fill_missing
        if absent:
            draft.report_file(f"no column {column}, so {setting} is used for all {len(frame)} rows", "a value per cell",
                              "Add the column if it is known.", fatal=False)  # fmt: skip
        else:
            draft.report(
                empty & ~draft.misread(column),
                lambda row, column=column: f"site {row['site_id']} has no {column}",
                "a value for every cell",
                f"Filled from {setting}." if filled else f"Fill it in, or set fill_missing = true to take {setting}.",
                column=column,
                fatal=not filled,
            )
        if filled:
            frame[column] = frame[column].where(~empty, default)


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
    )
