"""One technology: which of its pixels say something, which classes can have offsets of their own, and which."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from coverage.calibration.blocks import Blocks
from coverage.calibration.fit import Offsets, effective, fit_offsets
from coverage.radio.clutter import CATEGORIES
from coverage.radio.correction import Correction

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LOWEST_DBM = {"2g": -110.0, "3g": -120.0, "4g": -140.0, "5g": -156.0}
"""What a phone reports at the least: 3GPP TS 45.008, 8.1.4; TS 25.133, 9.1.1.3; TS 36.133, 9.1.4; TS 38.133, 10.1.6."""
_FLOOR_SHARE = 0.005
"""Of the levels: below this the instrument may have heard nothing, which nobody wrote down."""
_ABOVE_FLOOR = 2.0
"""Standard deviations that a prediction must lie above the floor: what is censored then pulls no more than Huber lets
any outlier, and one place in 44 at most is missing."""
_ROUNDS = 10

LEAST_PIXELS = 30
LEAST_BLOCKS = 6.0
"""Effective number, of a technology and of a class with an offset of its own."""
LEAST_MASTS = 3
_LEAST_EVEN_MASTS = 2.0
"""Effective number: one that serves nearly all pixels is as if it were alone."""


@dataclass(frozen=True)
class Pixels:
    """Measured and predicted levels of one technology; arrays of one entry per pixel and network."""

    x_m: Floats
    y_m: Floats
    measured_dbm: Floats
    predicted_dbm: Floats
    """Without any correction; -inf where no cell reaches."""
    category: Numbers
    """Of `clutter.CATEGORIES`."""
    mast: Numbers
    """Number of the position that serves; -1 where none does."""
    distance_km: Floats
    """To it; NaN where there is none."""

    def __len__(self) -> int:
        return len(self.x_m)

    def take(self, which: Numbers | NDArray[np.bool_]) -> "Pixels":
        """Return some of them."""
        return Pixels(*(getattr(self, field.name)[which] for field in fields(self)))

    def corrected_dbm(self, correction: Correction) -> Floats:
        """Return what is predicted with a correction."""
        distance_km = np.where(np.isnan(self.distance_km), correction.centre_km, self.distance_km)
        return self.predicted_dbm + correction.db(self.category, distance_km)


@dataclass(frozen=True)
class Found:
    """What the pixels of a technology say."""

    correction: Correction
    offset_db: float
    half_width_db: float
    """Of the offset of all classes together."""
    classes: dict[str, tuple[float, float]]
    """Class with an offset of its own -> offset and half width, dB."""
    pooled: tuple[str, ...]
    """Classes that were measured, but not often enough for one."""
    slope_half_width_db: float
    scale_db: float
    floor_dbm: float
    used: NDArray[np.bool_]
    """[pixels] those that were fitted on."""
    pixels: dict[str, int]
    """Class -> how many of these."""
    blocks: float
    """Effective number."""
    masts: int


def usable(pixels: Pixels, offset_db: float, scale_db: float) -> tuple[NDArray[np.bool_], float]:
    """Return the pixels that the floor of the instrument cannot distort, and that floor, dBm."""
    if len(pixels) == 0:
        return np.zeros(0, dtype=bool), -np.inf
    floor_dbm = float(np.quantile(pixels.measured_dbm, _FLOOR_SHARE))
    with np.errstate(invalid="ignore"):
        return pixels.predicted_dbm + offset_db >= floor_dbm + _ABOVE_FLOOR * scale_db, floor_dbm


def lacking(pixels: Pixels, used: NDArray[np.bool_], division: Blocks) -> tuple[str, str] | None:
    """Return what the pixels of a technology are and what a fit would need; None where they suffice."""
    count = int(used.sum())
    if count < LEAST_PIXELS:
        return f"{count} usable pixels", f"at least {LEAST_PIXELS}"
    if not _enough_masts(pixels.mast[used]):
        masts = len(np.unique(pixels.mast[used]))
        served = "one mast alone" if masts == 1 else f"{masts} masts alone"
        served = served if masts < LEAST_MASTS else f"{masts} masts, nearly all of them by one"
        return f"pixels served by {served}, so that they say how wrong that is", f"at least {LEAST_MASTS} masts"
    blocks = float(effective(division.of[used], np.zeros(count, dtype=np.int64), 1)[0])
    if blocks < LEAST_BLOCKS:
        number = len(np.unique(division.of[used]))
        held = f"{number} block{'s' if number > 1 else ''} of {division.side_m / 1000:g} km"
        found = f"pixels in {held}, which count as {blocks:.1f}, for neighbours share their shadows"
        return found, f"what counts as {LEAST_BLOCKS:g} blocks; measure more widely, not more often"
    return None


def fit_technology(pixels: Pixels, division: Blocks, *, sloped: bool = False, together: int = 1) -> Found:
    """
    Fit the offsets of one technology.

    Parameters
    ----------
    pixels
        All of it; at least one has a prediction.
    division
        Blocks of the pixels.
    sloped
        Whether a slope against the logarithm of the distance is fitted too, common to all classes.
    together
        Technologies whose intervals shall hold together.

    Returns
    -------
    Found
        A class with fewer than `LEAST_PIXELS` pixels, `LEAST_BLOCKS` effective blocks or `LEAST_MASTS` masts has the
        offset of all classes together.
    """
    finite = np.isfinite(pixels.predicted_dbm)
    residual_db = np.where(finite, pixels.measured_dbm - pixels.predicted_dbm, np.nan)
    middle_db = float(np.nanmedian(residual_db))
    scale_db = 1.4826 * float(np.nanmedian(np.abs(residual_db - middle_db)))
    used, floor_dbm = usable(pixels, middle_db, scale_db)
    for _ in range(_ROUNDS):
        chosen = used & finite if (used & finite).any() else finite
        middle_db = float(np.median(residual_db[chosen]))
        scale_db = 1.4826 * float(np.median(np.abs(residual_db[chosen] - middle_db)))
        again, floor_dbm = usable(pixels, middle_db, scale_db)
        if (again == used).all():
            break
        used = again
    used &= finite
    some = used if used.any() else finite
    return _fitted(pixels.take(some), division.of[some], some, floor_dbm, sloped, together)


def _fitted(
    pixels: Pixels, block: Numbers, used: NDArray[np.bool_], floor_dbm: float, sloped: bool, together: int
) -> Found:
    residual_db = pixels.measured_dbm - pixels.predicted_dbm
    mast = np.unique(pixels.mast, return_inverse=True)[1]
    clusterings = [np.unique(block, return_inverse=True)[1], mast]
    decades = np.log10(pixels.distance_km)
    centre = float(decades.mean()) if sloped else 0.0
    own = [name for name in CATEGORIES if _supported(pixels, block, CATEGORIES.index(name))]
    group = np.full(len(pixels), len(own))
    for number, name in enumerate(own):
        group[pixels.category == CATEGORIES.index(name)] = number
    groups = len(own) + bool((group == len(own)).any())
    shared = (len(own) + 1 + sloped) * together
    of_classes = fit_offsets(
        residual_db, group, clusterings, groups=groups, covariate=decades - centre if sloped else None, together=shared
    )
    level = residual_db - of_classes.slope_db * (decades - centre)
    everywhere = fit_offsets(level, np.zeros_like(group), clusterings, groups=1, together=shared)
    offset_db = float(everywhere.offset_db[0])
    classes = {name: (float(of_classes.offset_db[n]), float(of_classes.half_width_db[n])) for n, name in enumerate(own)}
    measured = [CATEGORIES[number] for number in np.unique(pixels.category)]
    return Found(
        correction=_correction(offset_db, classes, of_classes, pixels.distance_km, centre),
        offset_db=offset_db,
        half_width_db=float(everywhere.half_width_db[0]),
        classes=classes,
        pooled=tuple(name for name in measured if name not in own),
        slope_half_width_db=of_classes.slope_half_width_db,
        scale_db=of_classes.scale_db,
        floor_dbm=floor_dbm,
        used=used,
        pixels={name: int((pixels.category == CATEGORIES.index(name)).sum()) for name in measured},
        blocks=float(effective(clusterings[0], np.zeros_like(group), 1)[0]),
        masts=int(mast.max()) + 1,
    )


def _correction(
    offset_db: float, classes: dict[str, tuple[float, float]], fitted: Offsets, distance_km: Floats, centre: float
) -> Correction:
    sloped = fitted.slope_db != 0.0
    low_km, high_km = np.quantile(distance_km, [0.01, 0.99]) if sloped else (0.001, 1000.0)
    return Correction(
        offsets_db=tuple(classes[name][0] if name in classes else offset_db for name in CATEGORIES),
        slope_db=fitted.slope_db,
        centre_km=10**centre,
        from_km=float(low_km),
        to_km=float(high_km),
    )


def _enough_masts(mast: Numbers) -> bool:
    """Return whether pixels are served by enough masts to tell their faults from that of the model."""
    numbers = np.unique(mast, return_inverse=True)[1]
    enough = effective(numbers, np.zeros_like(numbers), 1)[0] >= _LEAST_EVEN_MASTS
    return len(np.unique(mast)) >= LEAST_MASTS and bool(enough)


def _supported(pixels: Pixels, block: Numbers, category: int) -> bool:
    """Return whether a class has enough of everything for an offset of its own."""
    here = pixels.category == category
    if here.sum() < LEAST_PIXELS or not _enough_masts(pixels.mast[here]):
        return False
    return bool(effective(block[here], np.zeros(int(here.sum()), dtype=np.int64), 1)[0] >= LEAST_BLOCKS)
