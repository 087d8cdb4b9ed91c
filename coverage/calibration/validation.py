"""How well the prediction does on blocks that it was not fitted on, before and after."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.calibration.blocks import Blocks, folds
from coverage.calibration.technology import Pixels, fit_technology, usable
from coverage.calibration_result import HeldOut, Scores
from coverage.classes import signal_class
from coverage.columns.words import SIGNAL_CLASSES
from coverage.study import Study

Floats = NDArray[np.float64]


def held_out(
    pixels: Pixels, division: Blocks, technology: str, study: Study, *, sloped: bool, apart_m: float
) -> tuple[HeldOut, Floats]:
    """
    Predict each part of the blocks with offsets that were fitted on the others.

    Parameters
    ----------
    pixels, division
        Of one technology, all of it.
    technology, study
        Whose classes are compared.
    sloped
        As for the fit.
    apart_m
        Pixels nearer than this to one held out are not fitted on.

    Returns
    -------
    HeldOut, array
        What came out, and [pixels] the corrected levels of the pixels when they were held out, dBm.
    """
    after_dbm = pixels.predicted_dbm.copy()
    parts = folds(division, pixels.x_m, pixels.y_m, apart_m=apart_m)
    fitted_on, done = [], np.zeros(len(pixels), dtype=bool)
    for train, held in parts:
        if not np.isfinite(pixels.predicted_dbm[train]).any():
            continue
        here = Blocks(division.side_m, division.of[train], division.fold[train], division.count)
        found = fit_technology(pixels.take(train), here, sloped=sloped)
        after_dbm[held] = pixels.take(held).corrected_dbm(found.correction)
        done[held] = True
        fitted_on.append(int(found.used.sum()))
    whole = fit_technology(pixels, division, sloped=sloped)
    heard, _ = usable(pixels, whole.offset_db, whole.scale_db)
    heard &= np.isfinite(pixels.predicted_dbm) & done
    told = done & ~np.isnan(pixels.predicted_dbm)
    return (
        HeldOut(
            pixels=int(heard.sum()),
            classed=int(told.sum()),
            blocks=division.count,
            parts=len(fitted_on),
            least_fitted_on=min(fitted_on, default=0),
            before=_scores(pixels, pixels.predicted_dbm, heard, told, technology, study),
            after=_scores(pixels, after_dbm, heard, told, technology, study),
            confusion_before=_confusion(pixels, pixels.predicted_dbm, told, technology, study),
            confusion_after=_confusion(pixels, after_dbm, told, technology, study),
        ),
        np.where(done, after_dbm, np.nan),
    )


def _scores(
    pixels: Pixels,
    level_dbm: Floats,
    heard: NDArray[np.bool_],
    told: NDArray[np.bool_],
    technology: str,
    study: Study,
) -> Scores:
    error_db = level_dbm[heard] - pixels.measured_dbm[heard]
    table = _confusion(pixels, level_dbm, told, technology, study).to_numpy()
    return Scores(
        bias_db=float(error_db.mean()) if len(error_db) else np.nan,
        sigma_db=float(error_db.std()) if len(error_db) else np.nan,
        rmse_db=float(np.sqrt((error_db**2).mean())) if len(error_db) else np.nan,
        right_percent=100.0 * float(np.trace(table)) / max(int(table.sum()), 1),
    )


def _confusion(
    pixels: Pixels, level_dbm: Floats, told: NDArray[np.bool_], technology: str, study: Study
) -> pd.DataFrame:
    """Return pixels by their measured class, down, and the predicted one, across."""
    measured = signal_class(pixels.measured_dbm[told], technology, study).astype(np.int64)
    predicted = signal_class(level_dbm[told], technology, study).astype(np.int64)
    n = len(SIGNAL_CLASSES)
    counts = np.bincount(measured * n + predicted, minlength=n * n).reshape(n, n)
    return pd.DataFrame(counts, index=list(SIGNAL_CLASSES), columns=list(SIGNAL_CLASSES))
