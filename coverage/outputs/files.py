"""Every file of a run, all or none: written aside, then moved into place; undone where one of them fails."""

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from coverage.columns.plans import FIBER_PLAN, RANKED_SITES
from coverage.columns.results import (
    COMMUNES,
    FORMER_COMMUNES,
    INDICATORS,
    RECONCILIATION,
    SWITCH_OFFS,
    VILLAGE_STATUSES,
)
from coverage.errors import OutputError
from coverage.outputs import gis, signal_rasters
from coverage.outputs.all_or_none import FAILURES, explain, make_folders, put_in_place, room_aside
from coverage.outputs.map_files import map_writers
from coverage.outputs.pictures.commune_maps import CommuneMaps, map_names
from coverage.outputs.report.content import report_content
from coverage.outputs.report.docx import report_docx
from coverage.outputs.report.html import render_report
from coverage.outputs.run_record import RUN_RECORD, run_record
from coverage.outputs.tables import table_csv, village_columns
from coverage.outputs.uncovered import uncovered_csv
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.reconciliation import reconciliation_workbook
from coverage.outputs.workbooks.uncovered import uncovered_workbook
from coverage.progress import Progress, Silent
from coverage.result import Pair, Result

_Writer = Callable[[Path], None]


def write_results(
    result: Result, folder: Path, *, language: str | None = None, progress: Progress | None = None
) -> list[Path]:
    """
    Write every file of a run.

    Parameters
    ----------
    result
        A finished run.
    folder
        Where the files go; made where it does not exist. Files of others in it are left alone.
    language
        `vi` or `en`, for papers and map; the study's where absent.
    progress
        Told of each file; nobody where absent.

    Returns
    -------
    list of Path
        The files, in the order of writing.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    say = Wording(language or result.study.study.language, result.study)
    folder = Path(folder)
    writers, others = _writers(result, say), _raster_writers(result) | _map_writers(result, say)
    name = RUN_RECORD
    try:
        with (
            room_aside(folder) as aside,
            (progress or Silent()).step(say.word("step.write"), len(writers) + len(others) + 1) as advance,
        ):
            written = {name: aside / "new" / name for name in [*writers, *others]}
            make_folders(written.values())
            for name, write in writers.items():
                write(written[name])
                advance(1)
            with ThreadPoolExecutor(result.study.threads or os.cpu_count()) as threads:
                started = {name: threads.submit(write, written[name]) for name, write in others.items()}
                try:
                    for name in others:
                        started[name].result()
                        advance(1)
                finally:
                    threads.shutdown(cancel_futures=True)
            name = RUN_RECORD
            record = aside / "new" / name
            record.write_bytes(run_record(result, written, say.language))
            put_in_place(folder, aside, [*written, RUN_RECORD])
            advance(1)
    except FAILURES as error:
        raise OutputError(explain(folder, name, error)) from error
    return [folder / name for name in [*writers, *others, RUN_RECORD]]


def check_folder(folder: Path) -> None:
    """
    Find out, before a long run, whether its results can be written.

    Raises
    ------
    OutputError
        The folder cannot be made or written.
    """
    try:
        with room_aside(folder):
            pass
    except OSError as error:
        raise OutputError(explain(folder, "a test file", error)) from error


def _writers(result: Result, say: Wording) -> dict[str, _Writer]:
    """Return name below the out folder -> what writes it."""
    villages = village_columns(result.signal, result.villages)
    report = functools.cache(lambda: report_content(result, say))
    return {
        "villages.csv": lambda path: _save(path, table_csv(result.villages, villages)),
        "communes.csv": lambda path: _save(path, table_csv(result.communes, COMMUNES)),
        "indicators.csv": lambda path: _save(path, table_csv(result.indicators, INDICATORS)),
        "village_statuses.csv": lambda path: _save(path, table_csv(result.village_statuses, VILLAGE_STATUSES)),
        "former_communes.csv": lambda path: _save(path, table_csv(_former(result), FORMER_COMMUNES)),
        "switch_offs.csv": lambda path: _save(path, table_csv(result.switch_offs, SWITCH_OFFS)),
        "ranked_sites.csv": lambda path: _save(path, table_csv(result.ranked_sites, RANKED_SITES)),
        "fiber_plan.csv": lambda path: _save(path, table_csv(result.fiber_plan, FIBER_PLAN)),
        "uncovered_villages.csv": lambda path: _save(path, uncovered_csv(result, say)),
        "uncovered_villages.xlsx": lambda path: _save(path, uncovered_workbook(result, say)),
        "report.html": lambda path: _save(path, render_report(report(), result.study).encode()),
        "report.docx": lambda path: _save(path, report_docx(report(), result.study)),
        **map_writers(result, say.language),
        "coverage.gpkg": lambda path: gis.write_geopackage(result, path),
        **_comparison_writers(result, say),
    }


def _comparison_writers(result: Result, say: Wording) -> dict[str, _Writer]:
    compared = result.reconciliation
    if compared is None:
        return {}
    return {
        "reconciliation.csv": lambda path: _save(path, table_csv(compared.table, RECONCILIATION)),
        "reconciliation.xlsx": lambda path: _save(path, reconciliation_workbook(result, compared, say)),
    }


def _former(result: Result) -> pd.DataFrame:
    found = result.former_communes
    return pd.DataFrame(columns=FORMER_COMMUNES.names) if found is None else found


def _raster_writers(result: Result) -> dict[str, _Writer]:
    """Return name below the out folder -> what writes it; these may be written side by side."""

    def writer(quantity: str, pair: Pair) -> _Writer:
        return lambda path: signal_rasters.write_raster(result.signal, quantity, pair, result.study, path)

    return {name: writer(*what) for name, what in signal_rasters.raster_names(result.signal).items()}


def _map_writers(result: Result, say: Wording) -> dict[str, _Writer]:
    """Return the same for the maps of communes."""
    maps = CommuneMaps(result, say)

    def writer(code: str) -> _Writer:
        return lambda path: _save(path, maps.png(code))

    return {name: writer(code) for name, code in map_names(result).items()}


def _save(path: Path, content: bytes) -> None:
    path.write_bytes(content)
