"""Files that take their places together or not at all, whatever stops the writing."""

import contextlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from rasterio.errors import RasterioError

from coverage.columns.words import TECHNOLOGIES
from coverage.errors import OutputError
from coverage.outputs.run_record import RUN_RECORD, amended, outputs_of

ASIDE = ".coverage-writing-"
_COMPLETE = ".complete"
"""Among new files that are being moved: all of them were written."""
_OPTIONAL = re.compile(
    rf"signal/((class|second|overlap|server)/)?[\w-]+_({'|'.join(TECHNOLOGIES)})\.tif|reconciliation\.(csv|xlsx)"
    r"|communes/\d{5}\.png"
)
"""Files of ours that not every run makes."""
FAILURES = (
    OSError,
    RasterioError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
"""What the libraries raise when a disk, a permission or another program stands in the way."""


@contextlib.contextmanager
def room_aside(folder: Path) -> Iterator[Path]:
    """Yield an empty folder on the file system of the results; nothing of it is left afterwards."""
    created = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    _clear_killed_runs(folder)
    aside = None
    try:
        aside = Path(tempfile.mkdtemp(prefix=f"{ASIDE}{platform.node()}-{os.getpid()}-", dir=folder))
        yield aside
    finally:
        if aside is not None:
            _discard(aside, folder)
        if created:
            with contextlib.suppress(OSError):
                folder.rmdir()


def write_together(
    folder: Path, writers: Mapping[str, Callable[[Path], None]], *, notes: Mapping[str, Any] | None = None
) -> list[Path]:
    """
    Write some files of a folder, all or none; others in it are left alone.

    Parameters
    ----------
    folder
        Made where it does not exist.
    writers
        Name below the folder -> what writes it.
    notes
        What the run record of the folder, where it has one, is to remember beside the new files; it is left as it is
        where None.

    Returns
    -------
    list of Path
        The files that were asked for.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    name = next(iter(writers))
    try:
        with room_aside(folder) as aside:
            written = {name: aside / "new" / name for name in writers}
            make_folders(written.values())
            for name, write in writers.items():
                write(written[name])
            record = None if notes is None else amended(folder, written, **notes)
            if record is not None:
                (aside / "new" / RUN_RECORD).write_bytes(record)
            put_in_place(folder, aside, [*writers, *([] if record is None else [RUN_RECORD])])
    except FAILURES as error:
        raise OutputError(explain(folder, name, error)) from error
    return [folder / name for name in writers]


def saving(content: Callable[[], bytes]) -> Callable[[Path], None]:
    """Return what writes some bytes, made when it is time to."""

    def save(path: Path) -> None:
        path.write_bytes(content())

    return save


def make_folders(paths: Iterable[Path]) -> None:
    for folder in {path.parent for path in paths}:
        folder.mkdir(parents=True, exist_ok=True)


def put_in_place(folder: Path, aside: Path, names: list[str]) -> None:
    """
    Move new files to their places, all or none, then remove files of ours that this run no longer makes.

    Parameters
    ----------
    folder
        Where the files go.
    aside
        As `room_aside` gives it, with the files under `new`; a run record among them says what the run made.
    names
        Of the files below either, in the order of moving.
    """
    record = outputs_of(aside / "new")
    gone = outputs_of(folder) - record if record else set()
    undo = contextlib.ExitStack()
    try:
        (aside / "new" / _COMPLETE).touch()
        make_folders(root / name for root in (aside / "old", folder) for name in names)
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
    """Go on where a run was killed while it moved its files."""
    new = aside / "new"
    left = {file.relative_to(new).as_posix() for file in new.rglob("*") if file.is_file()} - {_COMPLETE}
    if left and (outputs_of(new) or (new / _COMPLETE).exists()):
        put_in_place(folder, aside, sorted(left, key=lambda name: (name == RUN_RECORD, name)))
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
    for aside in folder.glob(f"{ASIDE}{platform.node()}-*"):
        if not _runs(aside.name):
            _finish(folder, aside)
            _discard(aside, folder)


def _discard(aside: Path, folder: Path) -> None:
    """Remove a workspace, after putting back results that were moved into it and not replaced."""
    for kept in sorted((aside / "old").rglob("*")):
        place = folder / kept.relative_to(aside / "old")
        if kept.is_file() and not place.exists():
            make_folders([place])
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


def explain(folder: Path, name: str, error: BaseException) -> str:
    """Return what to tell of a file that could not be written."""
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().rstrip(".")
    return (
        f"{folder}: {name} could not be written ({reason}). Earlier results are untouched; free space on the disk, "
        "allow writing there, close the file in other programs, or choose another folder with --out."
    )
