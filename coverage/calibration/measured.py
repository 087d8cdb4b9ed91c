"""A study calibrated to measured levels: per technology what is added, how sure that is, and how well it then does."""

import datetime
from typing import Any

import numpy as np
import pandas as pd

from coverage.calibration.blocks import LEAST_BLOCK_M, Blocks, blocks, correlation_m, side_m
from coverage.calibration.comparison import compare
from coverage.calibration.technology import Found, Pixels, fit_technology, lacking
from coverage.calibration.validation import held_out
from coverage.calibration_result import Calibrated, HeldOut, Measurements, Scores
from coverage.columns.words import TECHNOLOGIES
from coverage.errors import LayerError, Problem
from coverage.radio.clutter import CATEGORIES
from coverage.result import Layers, Signal
from coverage.settings.radio import Calibration, TechnologyCalibration
from coverage.study import Study

_MOST_DB = 40.0
"""An offset beyond is no error of a model."""


def calibrate(
    measurements: Measurements,
    layers: Layers,
    signal: Signal,
    study: Study,
    *,
    sloped: bool = False,
    block_km: float | None = None,
    today: datetime.date | None = None,
) -> Calibrated:
    """
    Calibrate a study to measured levels.

    Parameters
    ----------
    measurements
        Usable readings.
    layers, signal, study
        Of the study that `comparison.uncalibrated` returns.
    sloped
        Whether a slope against the logarithm of the distance is fitted too.
    block_km
        Side of the blocks; 2 km, or ten correlation lengths of the shadowing where that is more, where None.
    today
        Date of the calibration.

    Returns
    -------
    Calibrated
        Technologies whose measurements do not suffice stay as they are, and are said among the problems.

    Raises
    ------
    LayerError
        The measurements of no technology suffice.
    """
    pixels = compare(measurements, layers, signal, study)
    file, problems = measurements.file.path, list(measurements.problems)
    found: dict[str, TechnologyCalibration] = {}
    checks: dict[str, HeldOut] = {}
    tables = []
    present = [name for name in TECHNOLOGIES if (pixels["technology"] == name).any()]
    for technology in present:
        table = pixels[pixels["technology"] == technology]
        of = _pixels(table, layers)
        division, length_m = _divide(of, layers.grid.cell_m, sloped, block_km)
        fault, fitted = _fit(of, division, sloped, len(present))
        if fault is not None or fitted is None:
            problems.append(_insufficient(file, technology, fault or ("no prediction", "a network that reaches there")))
            continue
        apart_m = min(max(length_m, layers.grid.cell_m), division.side_m / 2)
        checks[technology], after_dbm = held_out(of, division, technology, study, sloped=sloped, apart_m=apart_m)
        evidence = _evidence(fitted, table, division, length_m, checks[technology])
        found[technology] = _setting(fitted, evidence)
        tables.append(_plotted(table, of, division, after_dbm))
    if not found:
        raise LayerError([problem for problem in problems if problem.kind == "too_few_measurements"])
    calibration = Calibration(
        kind="measurements",
        model=study.radio.model,
        land_cover=layers.land_cover is not None,
        evidence={
            "file": file,
            "sha256": measurements.file.sha256,
            "date": (today or datetime.date.today()).isoformat(),
            "readings": measurements.rows,
            "usable": len(measurements.table),
            "cell_m": layers.grid.cell_m,
        },
        technologies=found,
    )
    radio = study.radio.model_copy(update={"calibration": calibration})
    return Calibrated(
        study=study.model_copy(update={"radio": radio}),
        held_out=checks,
        pixels=pd.concat(tables, ignore_index=True),
        shares=pd.DataFrame(),
        problems=tuple(problems),
    )


def _pixels(table: pd.DataFrame, layers: Layers) -> Pixels:
    """Return the pixels of a technology; those that are not modelled count as unknown, not as silent."""
    _, site = np.unique(layers.cells["site_id"].to_numpy(dtype=str), return_inverse=True)
    server = table["cell"].to_numpy()
    return Pixels(
        x_m=table["x_m"].to_numpy(),
        y_m=table["y_m"].to_numpy(),
        measured_dbm=table["measured_dbm"].to_numpy(),
        predicted_dbm=table["predicted_dbm"].to_numpy(),
        category=table["category"].to_numpy(),
        mast=np.where(server >= 0, site[server], -1),
        distance_km=table["distance_km"].to_numpy(),
    )


def _divide(pixels: Pixels, cell_m: float, sloped: bool, block_km: float | None) -> tuple[Blocks, float]:
    """Divide pixels into blocks that shadowing does not bridge; return them and its correlation length, m."""
    first = blocks(pixels.x_m, pixels.y_m, LEAST_BLOCK_M)
    if not np.isfinite(pixels.predicted_dbm).any():
        return first, 0.0
    rough = fit_technology(pixels, first, sloped=sloped)
    left_db = (pixels.measured_dbm - pixels.corrected_dbm(rough.correction))[rough.used]
    x_m, y_m = pixels.x_m[rough.used], pixels.y_m[rough.used]
    length_m = correlation_m(x_m, y_m, left_db, within_m=2 * LEAST_BLOCK_M, pixel_m=cell_m)
    return blocks(pixels.x_m, pixels.y_m, side_m(length_m) if block_km is None else 1000 * block_km), length_m


def _fit(pixels: Pixels, division: Blocks, sloped: bool, together: int) -> tuple[tuple[str, str] | None, Found | None]:
    """Return what the pixels lack, or what they say."""
    if not np.isfinite(pixels.predicted_dbm).any():
        return (f"{len(pixels)} pixels, none of which the network reaches", "measurements where it does"), None
    fitted = fit_technology(pixels, division, sloped=sloped, together=together)
    fault = lacking(pixels, fitted.used, division)
    if fault is None and max(map(abs, fitted.correction.offsets_db)) > _MOST_DB:
        most = max(fitted.correction.offsets_db, key=abs)
        return (f"an offset of {most:.1f} dB", f"{_MOST_DB:g} dB at most; look for a wrong unit or EIRP"), None
    return fault, fitted


def _insufficient(file: str, technology: str, fault: tuple[str, str]) -> Problem:
    remedy = "Add measurements; the technology stays as it is."
    return Problem(file, f"{technology}: {fault[0]}", fault[1], remedy, fatal=False, kind="too_few_measurements")


def _setting(fitted: Found, evidence: dict[str, Any]) -> TechnologyCalibration:
    correction = fitted.correction
    return TechnologyCalibration(
        offset_db=round(fitted.offset_db, 2),
        clutter_db={name: round(offset_db, 2) for name, (offset_db, _) in fitted.classes.items()},
        slope_db=round(correction.slope_db, 2),
        centre_km=round(correction.centre_km, 3),
        from_km=round(correction.from_km, 3),
        to_km=round(correction.to_km, 3),
        evidence=evidence,
    )


def _evidence(fitted: Found, table: pd.DataFrame, division: Blocks, length_m: float, check: HeldOut) -> dict[str, Any]:
    """Return what the figures of a technology rest on, as the table of the settings holds it."""
    half = {"all": fitted.half_width_db} | {name: width for name, (_, width) in fitted.classes.items()}
    offsets = {"all": fitted.offset_db} | {name: offset for name, (offset, _) in fitted.classes.items()}
    return {
        "readings": int(table["readings"].sum()),
        "pixels": len(table),
        "pixels_fitted": int(fitted.used.sum()),
        "pixels_by_clutter": fitted.pixels,
        "pooled": list(fitted.pooled),
        "masts": fitted.masts,
        "block_km": division.side_m / 1000,
        "blocks": division.count,
        "effective_blocks": round(fitted.blocks, 1),
        "correlation_m": round(length_m),
        "floor_dbm": round(fitted.floor_dbm, 1),
        "spread_db": round(fitted.scale_db, 2),
        "confidence_percent": 95,
        "interval_db": {
            name: [round(offsets[name] - width, 2), round(offsets[name] + width, 2)] for name, width in half.items()
        },
        "slope_half_width_db": round(fitted.slope_half_width_db, 2),
        "held_out": {
            "pixels": check.pixels,
            "classed": check.classed,
            "parts": check.parts,
            "before": _rounded(check.before),
            "after": _rounded(check.after),
            "classes": list(check.confusion_after.columns),
            "measured_by_predicted_before": check.confusion_before.to_numpy().tolist(),
            "measured_by_predicted_after": check.confusion_after.to_numpy().tolist(),
        },
    }


def _rounded(scores: Scores) -> dict[str, float]:
    return {name: round(value, 2) for name, value in vars(scores).items()}


def _plotted(table: pd.DataFrame, pixels: Pixels, division: Blocks, after_dbm: Any) -> pd.DataFrame:
    names = np.array(CATEGORIES, dtype=object)
    return pd.DataFrame(
        {
            "technology": table["technology"].to_numpy(),
            "operator": table["operator"].to_numpy(),
            "x_m": pixels.x_m,
            "y_m": pixels.y_m,
            "category": names[pixels.category],
            "distance_km": pixels.distance_km,
            "block": division.of,
            "readings": table["readings"].to_numpy(),
            "measured_dbm": pixels.measured_dbm,
            "predicted_dbm": pixels.predicted_dbm,
            "held_out_dbm": after_dbm,
        }
    )
