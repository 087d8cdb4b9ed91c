"""Land cover: how high houses and trees stand where a satellite saw them, and what they cost beside an antenna."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.radio.p2108 import Category, height_gain_correction_db

P1812Category = Literal["water", "open", "suburban", "urban_trees", "dense_urban"]

P1812_HEIGHT_M: Mapping[P1812Category, float] = MappingProxyType(
    {"water": 0.0, "open": 0.0, "suburban": 10.0, "urban_trees": 15.0, "dense_urban": 20.0}
)
"""Default representative clutter heights above ground, m. ITU-R P.1812-8, table 2."""


CATEGORIES: tuple[str, ...] = ("unknown", *P1812_HEIGHT_M)
"""What stands around a receiver, by number; `unknown` is where the land cover has no class, or there is none."""


@dataclass(frozen=True)
class LandCover:
    """A class of ESA WorldCover and what the Recommendations take it for."""

    name: str
    p1812: P1812Category
    p2108: Category
    why: str
    """Where the class itself does not name the category."""

    @property
    def height_m(self) -> float:
        """Representative height above ground, m."""
        return P1812_HEIGHT_M[self.p1812]


WORLDCOVER: Mapping[int, LandCover] = MappingProxyType({
    10: LandCover("Tree cover", "urban_trees", "trees", ""),
    20: LandCover("Shrubland", "open", "open", "shrubs stand below 5 m, so the 10 m of the next category is too much"),
    30: LandCover("Grassland", "open", "open", ""),
    40: LandCover("Cropland", "open", "open", ""),
    50: LandCover("Built-up", "suburban", "suburban", "in a mountain province: villages and small towns"),
    60: LandCover("Bare or sparse vegetation", "open", "open", ""),
    70: LandCover("Snow and ice", "open", "open", ""),
    80: LandCover("Permanent water bodies", "water", "water", ""),
    90: LandCover("Herbaceous wetland", "open", "open", ""),
    95: LandCover("Mangroves", "urban_trees", "trees", "mangroves are trees"),
    100: LandCover("Moss and lichen", "open", "open", ""),
})  # fmt: skip
"""Codes of ESA WorldCover 10 m 2021 v200 (Product User Manual, table of classes); 0 and all others are no data."""


def representative_height_m(codes: ArrayLike, *, heights_m: Mapping[int, float] | None = None) -> NDArray[np.float32]:
    """
    Representative clutter heights, to be added to the ground between the antennas.

    Parameters
    ----------
    codes
        ESA WorldCover codes, any shape.
    heights_m
        Code -> height above ground, m, where local heights are known; they replace the defaults of P.1812.

    Returns
    -------
    NDArray[np.float32]
        m, in the shape of `codes`; NaN where the code is no class.

    References
    ----------
    ITU-R P.1812-8, table 2 and section 3.2 (profile with clutter), through `WORLDCOVER`.
    """
    table = {code: cover.height_m for code, cover in WORLDCOVER.items()} | dict(heights_m or {})
    return _translate(codes, table)


def category_numbers(codes: ArrayLike) -> NDArray[np.uint8]:
    """
    Number, among `CATEGORIES`, of what stands at a place.

    Parameters
    ----------
    codes
        ESA WorldCover codes, any shape.

    Returns
    -------
    NDArray[np.uint8]
        In the shape of `codes`; 0, `unknown`, where the code is no class.

    References
    ----------
    ITU-R P.1812-8, table 2, through `WORLDCOVER`.
    """
    number = {code: float(CATEGORIES.index(cover.p1812)) for code, cover in WORLDCOVER.items()}
    return np.nan_to_num(_translate(codes, number), nan=0.0).astype(np.uint8)


def terminal_loss_db(codes: ArrayLike, *, freq_mhz: float, antenna_height_m: float) -> NDArray[np.float32]:
    """
    Median loss that the clutter around a terminal adds to a loss computed down to the top of that clutter.

    It is meant for models that end at the roofs (free space, ITM over bare ground to roof height); P.1812 computed down
    to the receiver's own height holds this loss already, and must not have it added.

    Parameters
    ----------
    codes
        ESA WorldCover codes around the terminals, any shape.
    freq_mhz
        Frequency, 30 to 3000 MHz.
    antenna_height_m
        Antenna above ground, m, above 0.

    Returns
    -------
    NDArray[np.float32]
        dB, in the shape of `codes`; NaN where the code is no class.

    Raises
    ------
    ModelRangeError
        Frequency or height out of the range of P.2108.

    References
    ----------
    ITU-R P.2108-1, section 3.1 and table 3, through `WORLDCOVER`.
    """
    loss_db = {
        kind: float(height_gain_correction_db(freq_mhz=freq_mhz, antenna_height_m=antenna_height_m, category=kind))
        for kind in {cover.p2108 for cover in WORLDCOVER.values()}
    }
    return _translate(codes, {code: loss_db[cover.p2108] for code, cover in WORLDCOVER.items()})


def _translate(codes: ArrayLike, table: Mapping[int, float]) -> NDArray[np.float32]:
    """Look up every code; NaN where the table has none."""
    given = np.asarray(codes)
    keys = np.array(sorted(table))
    values = np.array([table[key] for key in keys.tolist()], dtype=np.float32)
    at = np.minimum(np.searchsorted(keys, given), keys.size - 1)
    return np.where(keys[at] == given, values[at], np.float32(np.nan)).astype(np.float32)
