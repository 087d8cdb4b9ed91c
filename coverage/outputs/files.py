"""Every file of a run, all or none: written aside, then moved into place; undone where one of them fails."""

import contextlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from rasterio.errors import RasterioError

from coverage.columns import (
    COMMUNES,
    FIBER_PLAN,
    INDICATORS,
    RANKED_SITES,
    RECONCILIATION,
    SWITCH_OFFS,
    TECHNOLOGIES,
    VILLAGE_STATUSES,
)
from coverage.errors import OutputError
from coverage.outputs import gis, signal_rasters, web_map
from coverage.outputs.reconciliation import reconciliation_workbook
from coverage.outputs.report import render_report
from coverage.outputs.run_record import RUN_RECORD, outputs_of, run_record
from coverage.outputs.spreadsheet import uncovered_workbook
from coverage.outputs.tables import table_csv, village_columns
from coverage.outputs.uncovered import uncovered_csv
from coverage.outputs.wording import Wording
from coverage.progress import Progress, Silent
from coverage.result import Pair, Result

_ASIDE = ".coverage-writing-"
_OPTIONAL = re.compile(
    rf"signal/((class|second|overlap|server)/)?[\w-]+_({'|'.join(TECHNOLOGIES)})\.tif|reconciliation\.(csv|xlsx)"
)
"""Files of ours that not every run makes."""
_FAILURES = (
    OSError,
    RasterioError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
"""What the libraries raise when a disk, a permission or another program stands in the way."""

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
    writers, rasters = _writers(result, say), _raster_writers(result)
    name = RUN_RECORD
    try:
        with (
            _room_aside(folder) as aside,
            (progress or Silent()).step(say.word("step.write"), len(writers) + len(rasters) + 1) as advance,
        ):
            written = {name: aside / "new" / name for name in [*writers, *rasters]}
            _make_folders(written.values())
            for name, write in writers.items():
                write(written[name])
                advance(1)
            with ThreadPoolExecutor(result.study.threads or os.cpu_count()) as threads:
                started = {name: threads.submit(write, written[name]) for name, write in rasters.items()}
                try:
                    for name in rasters:
                        started[name].result()
                        advance(1)
                finally:
                    threads.shutdown(cancel_futures=True)
            name = RUN_RECORD
            record = aside / "new" / name
            record.write_bytes(run_record(result, written, say.language))
            _put_in_place(folder, aside, [*written, RUN_RECORD])
            advance(1)
    except _FAILURES as error:
        raise OutputError(_explain(folder, name, error)) from error
    return [folder / name for name in [*writers, *rasters, RUN_RECORD]]


def check_folder(folder: Path) -> None:
    """
    Find out, before a long run, whether its results can be written.

    Raises
    ------
    OutputError
        The folder cannot be made or written.
    """
    try:
        with _room_aside(folder):
            pass
    except OSError as error:
        raise OutputError(_explain(folder, "a test file", error)) from error


def _writers(result: Result, say: Wording) -> dict[str, _Writer]:
    """Return name below the out folder -> what writes it."""
    villages = village_columns(result.signal, result.villages)
    return {
        "villages.csv": lambda path: _save(path, table_csv(result.villages, villages)),
        "communes.csv": lambda path: _save(path, table_csv(result.communes, COMMUNES)),
        "indicators.csv": lambda path: _save(path, table_csv(result.indicators, INDICATORS)),
        "village_statuses.csv": lambda path: _save(path, table_csv(result.village_statuses, VILLAGE_STATUSES)),
        "switch_offs.csv": lambda path: _save(path, table_csv(result.switch_offs, SWITCH_OFFS)),
        "ranked_sites.csv": lambda path: _save(path, table_csv(result.ranked_sites, RANKED_SITES)),
        "fiber_plan.csv": lambda path: _save(path, table_csv(result.fiber_plan, FIBER_PLAN)),
        "uncovered_villages.csv": lambda path: _save(path, uncovered_csv(result, say)),
        "uncovered_villages.xlsx": lambda path: _save(path, uncovered_workbook(result, say)),
        "report.html": lambda path: _save(path, render_report(result, say).encode()),
        "coverage_map.html": lambda path: _save(path, web_map.render_map(result, language=say.language).encode()),
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


def _raster_writers(result: Result) -> dict[str, _Writer]:
    """Return name below the out folder -> what writes it; these may be written side by side."""

    def writer(quantity: str, pair: Pair) -> _Writer:
        return lambda path: signal_rasters.write_raster(result.signal, quantity, pair, result.study, path)

    return {name: writer(*what) for name, what in signal_rasters.raster_names(result.signal).items()}


def _make_folders(paths: Iterable[Path]) -> None:
    for folder in {path.parent for path in paths}:
        folder.mkdir(parents=True, exist_ok=True)


def _save(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@contextlib.contextmanager
def _room_aside(folder: Path) -> Iterator[Path]:
    """Yield an empty folder on the file system of the results; nothing of it is left afterwards."""
    created = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    _clear_killed_runs(folder)
    aside = None
    try:
        aside = Path(tempfile.mkdtemp(prefix=f"{_ASIDE}{platform.node()}-{os.getpid()}-", dir=folder))
        yield aside
    finally:
        if aside is not None:
            _discard(aside, folder)
        if created:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _put_in_place(folder: Path, aside: Path, names: list[str]) -> None:
    """Move new files to their places, all or none, then remove files of ours that this run no longer makes."""
    gone = outputs_of(folder) - outputs_of(aside / "new")
    undo = contextlib.ExitStack()
    try:
        _make_folders(root / name for root in (aside / "old", folder) for name in names)
        for name in names:
            place, new, old = folder / name, aside / "new" / name, aside / "old" / name
            if place.exists():
                os.replace(place, old)
                undo.callback(os.replace, old, place)
            os.replace(new, place)
            undo.callback(os.replace, place, new)
    except BaseException:
        undo.close()
        _remove_empty(folder, names)
        raise
    undo.pop_all()
    _remove_optional(folder, gone)


def _finish(folder: Path, aside: Path) -> None:
    """Go on where a run was killed while it moved its files: they are all written once its record is."""
    new = aside / "new"
    if outputs_of(new):
        left = {file.relative_to(new).as_posix() for file in new.rglob("*") if file.is_file()}
        _put_in_place(folder, aside, [*sorted(left - {RUN_RECORD}), RUN_RECORD])
    else:
        _remove_optional(folder, outputs_of(aside / "old") - outputs_of(folder))


def _remove_optional(folder: Path, names: Iterable[str]) -> None:
    optional = [name for name in names if _OPTIONAL.fullmatch(name)]
    for name in optional:
        with contextlib.suppress(OSError):
            (folder / name).unlink()
    _remove_empty(folder, optional)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Remove the folders below `folder` that held these files and hold nothing now."""
    for below in sorted({parent for name in names for parent in Path(name).parents} - {Path()}, reverse=True):
        with contextlib.suppress(OSError):
            (folder / below).rmdir()


def _clear_killed_runs(folder: Path) -> None:
    for aside in folder.glob(f"{_ASIDE}{platform.node()}-*"):
        if not _runs(aside.name):
            _finish(folder, aside)
            _discard(aside, folder)


def _discard(aside: Path, folder: Path) -> None:
    """Remove a workspace, after putting back results that were moved into it and not replaced."""
    for kept in sorted((aside / "old").rglob("*")):
        place = folder / kept.relative_to(aside / "old")
        if kept.is_file() and not place.exists():
            _make_folders([place])
            os.replace(kept, place)
    shutil.rmtree(aside, ignore_errors=True)


def _runs(name: str) -> bool:
    """Whether the process that a workspace names may still be at work."""
    process = int(name.rsplit("-", 2)[1])
    if os.name == "nt":  # there, os.kill would end the process; its open files cannot be removed anyway
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _explain(folder: Path, name: str, error: BaseException) -> str:
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().rstrip(".")
    return (
        f"{folder}: {name} could not be written ({reason}). Earlier results are untouched; free space on the disk, "
        "allow writing there, close the file in other programs, or choose another folder with --out."
    )
