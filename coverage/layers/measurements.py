"""Measurements: levels that phones or instruments measured, held against what a phone on the ground can measure."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.calibration_result import Measurements
from coverage.columns.words import TECHNOLOGIES
from coverage.errors import LayerError, Problem, refuse
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft
from coverage.layers.position.placing import Land
from coverage.layers.position.reference import WGS84
from coverage.layers.sites import operator_names, technology_names
from coverage.layers.sources import files
from coverage.layers.text import fold, said
from coverage.result import Layers
from coverage.study import Study

_QUANTITIES = {"ssrsrp": "5g", "nrrsrp": "5g", "rsrp": "4g", "rscp": "3g", "rxlev": "2g", "rxlevel": "2g"}
"""What the heading of a level begins with, folded -> the technology that has such a level."""
_REPORTED_DBM = {"2g": (-110.0, -47.0), "3g": (-121.0, -24.0), "4g": (-141.0, -43.0), "5g": (-157.0, -30.0)}
"""Lowest and highest that phones report. 3GPP TS 45.008, 8.1.4; 25.133, 9.1.1.3; 36.133, 9.1.4; 38.133, 10.1.6."""
_BEYOND_DBM = 10.0
"""Scanners measure so much further than phones report."""
_ASU_DBM = {"2g": (-113.0, 2.0, 31), "4g": (-140.0, 1.0, 97)}
"""Level at 0 ASU, dBm per ASU, and the highest: 3GPP TS 27.007, 8.5 (+CSQ); Android's count of TS 36.133, 9.1.4."""
_HIGHEST_M = 30.0
"""Above ground; beyond, a reading is that of an upper floor, a cable car or a drone."""
_ABOVE_TERRAIN_M = 150.0
"""Of altitudes; what a phone says of its altitude is wrong by tens of metres, and so is a terrain model."""
_FASTEST_KMH = 150.0
"""No road and no train of the country is faster."""
_AHEAD = datetime.timedelta(days=1)
"""Clocks of other time zones run ahead by less."""
_EPOCH_S, _EPOCH_MS = (5e8, 5e9), (5e11, 5e12)


def read_measurements(study: Study, layers: Layers, *, now: datetime.datetime | None = None) -> Measurements:
    """
    Read the measurements of a study and leave out what cannot be compared with a prediction, all of it said.

    Parameters
    ----------
    study
        Names the file.
    layers
        Grid, terrain, communes and cells of the same study.
    now
        Later times lie in the future; the clock of this machine where None.

    Returns
    -------
    Measurements
        Usable readings: `operator` and `technology` by the names of the sites, `level_dbm` in dBm, and `site_id` and
        `cell_id` only where the sites have them.

    Raises
    ------
    LayerError
        The file cannot be read, or no reading is left.
    """
    draft = open_layer(study, "measurements", _land(layers))
    of_the_file = [problem for problem in draft.problems if problem.fatal and not problem.at]
    if of_the_file:
        raise LayerError(of_the_file)
    draft.problems = [replace(problem, fatal=False) for problem in draft.problems]
    desk = _Desk(draft)
    _name(desk, layers)
    _levels(desk)
    x_m, y_m = _place(desk, layers)
    _times(desk, now or datetime.datetime.now(datetime.UTC))
    _on_the_ground(desk, layers, x_m, y_m)
    _repeats(desk)
    _known_cells(desk, layers)
    rows = len(draft.frame)
    kept = draft.frame[~desk.out]
    if kept.empty:
        reasons = [problem for problem in draft.problems if problem.at]
        found = f"none of {rows:,} readings can be used"
        worst = max(reasons, key=lambda problem: problem.rows, default=None)
        said_first = () if worst is None else (worst,)
        raise LayerError(
            [
                *said_first,
                Problem(draft.file, found, "levels on the ground of the study", "See the rows.", kind="no_rows"),
            ]
        )
    table = kept[draft.table.names].copy()
    points = gpd.points_from_xy(x_m[~desk.out.to_numpy()], y_m[~desk.out.to_numpy()])
    table = gpd.GeoDataFrame(table, geometry=points, crs=layers.grid.crs)
    (file,) = files.fingerprints(study, "measurements")[:1] or (None,)
    if file is None:
        raise refuse(draft.file, "no file", "a file", "Name the file of measurements.", kind="no_such_file")
    return Measurements(table.reset_index(drop=True), file, rows, tuple(draft.problems))


class _Desk:
    """A draft, and which of its rows are left out so far; a row is left out for the first reason alone."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.frame = draft.frame
        self.out = pd.Series(False, index=draft.frame.index)

    def leave_out(
        self, bad: pd.Series, found: str | Callable[[Any], str], expected: str, remedy: str, *, column: str, kind: str
    ) -> None:
        """Leave out rows that have a fault, and say so."""
        new = bad.fillna(False).astype(bool) & ~self.out
        unsaid = new & ~self.draft.misread(column)
        remedy = f"{remedy} They are left out."
        self.draft.report(unsaid, found, expected, remedy, column=column, fatal=False, kind=kind)
        self.out |= new


def _says(pattern: str) -> Callable[[Any], str]:
    """Return what fills a pattern with the values of a row."""
    return lambda row: pattern.format_map(row)


def _land(layers: Layers) -> Land:
    """Return the communes; readings declare none."""

    def declared(frame: pd.DataFrame) -> gpd.GeoSeries:
        return gpd.GeoSeries([None] * len(frame), index=frame.index, crs=WGS84)

    return Land(layers.communes.geometry.to_crs(WGS84), declared)


def _name(desk: _Desk, layers: Layers) -> None:
    """Bring operators and technologies under the names of the sites."""
    frame, draft = desk.frame, desk.draft
    if "technology" not in draft.given:
        heading = fold(draft.reading.columns.get("level_dbm", ""))
        told = next((name for start, name in _QUANTITIES.items() if heading.startswith(start)), None)
        if told is None:
            found = "no column technology, and the heading of the level does not say it"
            expected = "a column technology (2G, 3G, 4G, 5G), or a level headed RSRP, SS-RSRP, RSCP or RxLev"
            raise refuse(draft.file, found, expected, "Add it.", kind="no_such_heading")
        frame["technology"] = told
    written = frame["technology"]
    frame["technology"] = technology_names(written)
    desk.leave_out(
        frame["technology"].isna(),
        lambda row: f"technology {said(written[row.name])}",
        f"one of {', '.join(TECHNOLOGIES)} (GSM, UMTS, LTE and NR are understood)",
        "Correct these cells.",
        column="technology",
        kind="unknown_technology",
    )
    frame["operator"] = operator_names(frame["operator"])
    ours = set(zip(layers.cells["operator"], layers.cells["technology"], strict=True))
    pairs = frame[["operator", "technology"]].drop_duplicates()
    unknown = [pair for pair in pairs.itertuples(index=False, name=None) if pair not in ours]
    strange = pd.MultiIndex.from_frame(frame[["operator", "technology"]]).isin(unknown)
    desk.leave_out(
        pd.Series(strange, index=frame.index),
        lambda row: f"{row['operator']} {row['technology']}, of which the sites layer has no cell",
        "an operator and technology of the sites layer",
        "Correct the name, or add its cells.",
        column="operator",
        kind="unnamed_operator",
    )


def _levels(desk: _Desk) -> None:
    """Bring levels to dBm, and leave out what no phone can have measured."""
    frame, draft = desk.frame, desk.draft
    if not {"level_dbm", "level_asu"} & set(draft.given):
        names = ", ".join(("level_dbm", *draft.table["level_dbm"].aliases))
        raise refuse(draft.file, "no column of levels", f"one of {names}", "Add it.", kind="no_such_heading")
    _from_asu(desk)
    level = frame["level_dbm"]
    desk.leave_out(level.isna(), "no level", "dBm", "Fill these cells.", column="level_dbm", kind="missing_value")
    desk.leave_out(
        level >= 0,
        lambda row: f"a level of {row['level_dbm']:g}, which is no negative number of dBm",
        "dBm, such as -95",
        "Write the sign if it was lost; if these are ASU, head the column asu.",
        column="level_dbm",
        kind="positive_level",
    )
    limits = {name: (low - _BEYOND_DBM, high + _BEYOND_DBM) for name, (low, high) in _REPORTED_DBM.items()}
    for technology, (low, high) in limits.items():
        desk.leave_out(
            (frame["technology"] == technology) & ~level.between(low, high),
            _says("{level_dbm:g} dBm in {technology}"),
            f"{low:g}…{high:g} dBm in {technology}",
            "Give RxLev, RSCP, RSRP or SS-RSRP, not the power of the whole channel (RSSI).",
            column="level_dbm",
            kind="out_of_range",
        )


def _from_asu(desk: _Desk) -> None:
    frame, draft = desk.frame, desk.draft
    given = frame["level_asu"].notna() & frame["level_dbm"].isna()
    for technology, (zero_dbm, step_db, highest) in _ASU_DBM.items():
        asu = frame["level_asu"]
        known = given & (frame["technology"] == technology) & asu.between(0, highest)
        formula = f"{zero_dbm:g} + {step_db:g} ASU" if step_db != 1 else f"{zero_dbm:g} + ASU"
        draft.report(
            known,
            _says("{level_asu:g} ASU in {technology}, read as " + formula + " dBm"),
            "dBm",
            "Nothing, if the program that wrote them counts so; 3GPP TS 27.007 and 36.133.",
            column="level_asu",
            fatal=False,
            kind="asu_converted",
        )
        frame["level_dbm"] = frame["level_dbm"].mask(known, zero_dbm + step_db * asu)
        given &= ~known
    desk.leave_out(
        given,
        lambda row: f"{row['level_asu']:g} ASU in {row['technology']}, which programs count in different ways",
        "dBm; ASU of 0…31 in 2g and 0…97 in 4g are converted",
        "Give dBm; 99 and 255 stand for unknown.",
        column="level_asu",
        kind="asu_unknown",
    )


def _place(desk: _Desk, layers: Layers) -> tuple[Any, Any]:
    """Leave out readings without terrain under them; return x and y in the CRS of the grid, m."""
    frame = desk.frame
    desk.leave_out(
        frame.geometry.isna(),
        "no position",
        "longitude and latitude",
        "Give where it was measured.",
        column="lon",
        kind="no_point",
    )
    placed = frame.geometry.to_crs(layers.grid.crs)
    x_m, y_m = placed.x.to_numpy(), placed.y.to_numpy()
    outside = np.isnan(layers.grid.sample(layers.terrain_m, x_m, y_m))
    desk.leave_out(
        pd.Series(outside, index=frame.index),
        lambda row: f"a reading at {row['lon']:.5f}, {row['lat']:.5f}, outside the terrain or on a void",
        "a place on the terrain",
        "Correct the position, or supply terrain that reaches there.",
        column="lon",
        kind="outside_terrain",
    )
    return x_m, y_m


def _times(desk: _Desk, now: datetime.datetime) -> None:
    """Leave out readings of the future; a time that cannot be read is said and does not matter otherwise."""
    written = desk.frame["time"]
    if written.isna().all():
        return
    told = {text: _time(text) for text in written.dropna().unique()} if written.nunique() < 1000 else None
    times = written.map(told) if told is not None else _times_of(written)
    times = pd.to_datetime(times, utc=True)
    desk.draft.report(
        written.notna() & times.isna(),
        lambda row: f"the time {said(row['time'])}",
        "a date and time such as 2026-03-31 14:05:00 or 31/03/2026 14:05",
        "Nothing; times are only looked at to find readings of the future.",
        column="time",
        fatal=False,
        kind="not_a_time",
    )
    desk.leave_out(
        times > pd.Timestamp(now + _AHEAD),
        lambda row: f"the time {said(row['time'])}, which lies in the future",
        f"a time until {now:%Y-%m-%d}",
        "Find out what else is wrong with them: the clock was.",
        column="time",
        kind="future_time",
    )


def _times_of(written: pd.Series) -> pd.Series:
    """Return many times at once: of the common form, then the others one by one."""
    times = pd.to_datetime(written, format="ISO8601", errors="coerce", utc=True)
    others = written[times.isna() & written.notna()]
    known = {text: _time(text) for text in others.unique()}
    return times.where(times.notna(), pd.to_datetime(others.map(known), utc=True).reindex(written.index))


def _time(text: str) -> Any:
    """Return the time, NaT for none, as people and phones write it: 1/2/2026 is in February."""
    try:
        number = float(text)
    except ValueError:
        ordered = not text[:4].isdecimal()
        found = pd.to_datetime(text, errors="coerce", utc=True, dayfirst=ordered)
        return pd.NaT if found is None else found
    for (low, high), unit in ((_EPOCH_S, "s"), (_EPOCH_MS, "ms")):
        if low <= number < high:
            return pd.Timestamp(number, unit=unit, tz="UTC")
    return pd.NaT


def _on_the_ground(desk: _Desk, layers: Layers, x_m: Any, y_m: Any) -> None:
    """Leave out readings from planes, drones and upper floors, and those whose place is too uncertain."""
    frame, cell_m = desk.frame, layers.grid.cell_m
    terrain_m = layers.grid.sample(layers.terrain_m, x_m, y_m)
    above = f"at most {_ABOVE_TERRAIN_M:g} m above the terrain"
    for bad, column, expected, kind in (
        (frame["height_m"] > _HIGHEST_M, "height_m", f"at most {_HIGHEST_M:g} m above ground", "from_above"),
        (frame["altitude_m"] - terrain_m > _ABOVE_TERRAIN_M, "altitude_m", above, "from_above"),
        (frame["speed_kmh"] > _FASTEST_KMH, "speed_kmh", f"at most {_FASTEST_KMH:g} km/h", "from_above"),
        (frame["accuracy_m"] > cell_m, "accuracy_m", f"a position to {cell_m:g} m, a pixel", "inaccurate"),
    ):
        remedy = "They are not from the ground." if kind == "from_above" else "They may be of another pixel."
        desk.leave_out(bad, _says(f"{column} {{{column}:g}}"), expected, remedy, column=column, kind=kind)


def _repeats(desk: _Desk) -> None:
    """Leave out rows that say the same at the same time once more: an export that was appended to itself."""
    frame = desk.frame
    if "time" not in desk.draft.given:
        return
    again = frame[~desk.out].duplicated(["time", "lon", "lat", "operator", "technology", "cell_id", "level_dbm"])
    desk.leave_out(
        again.reindex(frame.index, fill_value=False),
        "a reading that stands there already, with the same time, place and level",
        "each once",
        "Remove the copies.",
        column="time",
        kind="repeated_row",
    )


def _known_cells(desk: _Desk, layers: Layers) -> None:
    """Empty names of cells and sites that the sites layer lacks: the best server is then compared."""
    frame = desk.frame
    for column in ("cell_id", "site_id"):
        names = set(layers.cells[column])
        strange = frame[column].notna() & ~frame[column].isin(names)
        desk.draft.report(
            strange & ~desk.out,
            _says(f"{column} {{{column}!r:.60}}, which is not in the sites layer"),
            f"a {column} of the sites layer",
            "The best server of the operator is compared instead; give the ids of the sites layer for a closer look.",
            column=column,
            fatal=False,
            kind="unknown_cell",
        )
        frame[column] = frame[column].mask(strange)
