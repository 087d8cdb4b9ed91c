"""A study calibrated to published shares: one offset per technology, which validates nothing."""

import datetime

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from coverage.calibration_result import Calibrated
from coverage.columns.words import TECHNOLOGIES
from coverage.errors import refuse
from coverage.places.villages import locate
from coverage.result import InputFile, Layers, Signal
from coverage.settings.places import Classes
from coverage.settings.radio import Calibration, TechnologyCalibration
from coverage.study import Study

Floats = NDArray[np.float64]

REACH_DB = 20.0
"""An offset is looked for this far to either side; more says that the network or the places are others."""
_STEP_DB = 0.1
_LOOSE_DB = 10.0
"""Offsets as far apart as this that do equally well leave nothing to choose by."""
_NEAR_PERCENT = 2.0
"""A share that no offset comes nearer to than this is not reached."""


def reaching(study: Study) -> Study:
    """Return a study whose footprints go on as far as an offset may raise the level."""
    rules = study.definitions
    lower = {
        name: Classes(good=classes.good, weak=classes.weak - REACH_DB) for name, classes in rules.classes_dbm.items()
    }
    return study.model_copy(update={"definitions": rules.model_copy(update={"classes_dbm": lower})})


def calibrate_to_shares(
    published: pd.DataFrame,
    file: InputFile,
    layers: Layers,
    signal: Signal,
    study: Study,
    *,
    today: datetime.date | None = None,
) -> Calibrated:
    """
    Find for each technology the offset under which the predicted shares come nearest to the published ones.

    Parameters
    ----------
    published
        As `layers.read_published_shares` returns it.
    file
        Where they stand.
    layers
        Villages, their housing, communes and terrain.
    signal
        Of the study that `reaching` returns.
    study
        The study itself, uncalibrated: its class weak is what counts as covered.
    today
        Date of the calibration.

    Returns
    -------
    Calibrated
        `shares` says how near they come. Of several offsets that are as good the middle one is taken.

    Raises
    ------
    LayerError
        No such network, nothing to take a share of, or a share that no offset reaches.
    """
    tried = np.round(np.arange(-REACH_DB, REACH_DB + _STEP_DB / 2, _STEP_DB), 1)
    found, tables = {}, []
    for technology in (name for name in TECHNOLOGIES if (published["technology"] == name).any()):
        rows = published[published["technology"] == technology].reset_index(drop=True)
        _, weak_dbm = study.thresholds_dbm(technology)
        curves = np.array([_curve(row, layers, signal, study, weak_dbm, tried, file) for row in rows.itertuples()])
        misfit = ((curves - rows["percent"].to_numpy()[:, np.newaxis]) ** 2).sum(axis=0)
        best = np.flatnonzero(misfit <= misfit.min() + 1e-9)
        chosen = best[len(best) // 2]
        after, before = curves[:, chosen], curves[:, np.searchsorted(tried, 0.0)]
        if np.abs(after - rows["percent"]).max() > _NEAR_PERCENT:
            worst = int(np.abs(after - rows["percent"]).argmax())
            raise refuse(
                file.path,
                f"{technology}: {rows['percent'][worst]:g} % of {rows['of'][worst]}, where offsets of up to "
                f"{REACH_DB:g} dB come no nearer than {after[worst]:.1f} %",
                "shares that one offset can give",
                "The network, the places or what counts as covered are probably not those of the publication.",
                kind="share_not_reached",
            )
        if tried[best[-1]] - tried[best[0]] > _LOOSE_DB:
            raise refuse(
                file.path,
                f"{technology}: shares that any offset from {tried[best[0]]:g} to {tried[best[-1]]:g} dB gives alike",
                "shares that tell one offset from another",
                "Give those of more, or of smaller things: of households or of the area rather than of villages.",
                kind="share_tells_nothing",
            )
        found[technology] = TechnologyCalibration(
            offset_db=float(tried[chosen]),
            evidence={"offsets_as_good_db": [float(tried[best[0]]), float(tried[best[-1]])]},
        )
        tables.append(rows.assign(before_percent=before, after_percent=after))
    calibration = Calibration(
        kind="published_shares",
        model=study.radio.model,
        land_cover=layers.land_cover is not None,
        evidence={
            "file": file.path,
            "sha256": file.sha256,
            "date": (today or datetime.date.today()).isoformat(),
            "note": "Fitted to published shares, not to measurements: it makes totals agree and validates nothing.",
        },
        technologies=found,
    )
    radio = study.radio.model_copy(update={"calibration": calibration})
    return Calibrated(
        study=study.model_copy(update={"radio": radio}),
        held_out={},
        pixels=pd.DataFrame(),
        shares=pd.concat(tables, ignore_index=True),
    )


def _curve(
    row: object, layers: Layers, signal: Signal, study: Study, weak_dbm: float, tried: Floats, file: InputFile
) -> Floats:
    """Return the share, %, that is covered under each of some offsets."""
    pair = (str(row.operator), str(row.technology))  # type: ignore[attr-defined]
    if pair not in signal.levels:
        raise refuse(file.path, f"{' '.join(pair)}, which the sites layer has not", "a network of it", "Correct it.")
    what = str(row.of)  # type: ignore[attr-defined]
    x_m, y_m, weight = _whole(what, layers, study)
    level_dbm = signal.at(*pair, x_m, y_m).astype(np.float64)
    known = ~np.isnan(level_dbm)
    if not weight[known].sum() > 0:
        raise refuse(file.path, f"a share of {what}", f"{what} in the study", "Supply the layer, or leave the row out.")
    needed_db = weak_dbm - level_dbm[known]
    order = np.argsort(needed_db)
    served = np.concatenate([[0.0], np.cumsum(weight[known][order])])
    return np.asarray(100.0 * served[np.searchsorted(needed_db[order], tried + 1e-6, side="right")] / served[-1])


def _whole(of: str, layers: Layers, study: Study) -> tuple[Floats, Floats, Floats]:
    """Return what a share is taken of: places and how much each counts."""
    if of == "area":
        grid = layers.grid
        row, col = np.nonzero(np.isfinite(layers.terrain_m))
        x_m, y_m = grid.centre(row, col)
        inside = shapely.contains_xy(layers.communes.geometry.union_all(), x_m, y_m)
        return x_m[inside], y_m[inside], np.ones(int(inside.sum()))
    places = locate(layers, study)
    if of == "population":
        homes = places.homes.only(places.homes.counted[places.homes.village])  # the others are mere shares of a village
        return homes.xy[:, 0], homes.xy[:, 1], homes.households
    given = places.has_point
    return places.xy[given, 0], places.xy[given, 1], np.ones(int(given.sum()))
