"""Finished work on disk, found again by the SHA-256 of all that it depends on: killed at any moment, a run goes on."""

import errno
import functools
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from coverage.errors import StoreError
from coverage.signal.store_file import Damaged, packed, read_header, read_part, write_whole

__all__ = ["FOLDER", "KINDS", "Contents", "Damaged", "Freed", "Held", "Store", "contents", "prune"]

FOLDER = ".coverage-cache"
KINDS = ("footprints", "tiles")

_LOCK, _LAST, _ASIDE = "lock", "last", "writing"
_MARKS = {
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# Finished work of coverage-planner, which may be removed. About this file: https://bford.info/cachedir/\n",
    ".gitignore": b"*\n",
}
_MOST_HEADERS = 4096
_SHELF, _NAME = re.compile("[0-9a-f]{2}"), re.compile("[0-9a-f]{62}")
_READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Store:
    """
    Finished work of a study, in `.coverage-cache/` of its folder.

    Read by any number of threads, and after the run that opened it; written by one run at a time. A file comes into
    its place whole, by renaming; checksums find what a power cut, a disk or a hand spoilt later.
    """

    def __init__(self, folder: Path, *, kept: bool = True) -> None:
        self.folder = folder
        self.kept = kept
        """False where the study's folder cannot be written: the work then goes when the store does."""
        self._headers = functools.lru_cache(_MOST_HEADERS)(read_header)
        if not kept:
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    @classmethod
    @contextmanager
    def open(cls, study_folder: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator["Store"]:
        """
        Open the store of a study for one run, which alone writes it.

        Parameters
        ----------
        study_folder
            Where coverage.toml lies.
        waiting
            Called once where another run holds the store, before waiting for its end.

        Yields
        ------
        Store
            Rid of what killed runs left half-written.

        Raises
        ------
        StoreError
            The store is no folder of the study's own, or there is no room.
        """
        folder = Path(study_folder) / FOLDER
        with ExitStack() as held:
            with _explained(folder):
                try:
                    held.enter_context(_locked(folder, waiting))
                    _tidy(folder)
                    store = cls(folder)
                except OSError as error:
                    if error.errno not in _READ_ONLY:
                        raise
                    store = cls(Path(tempfile.mkdtemp(prefix="coverage-")), kept=False)
                    _tidy(store.folder)
            yield store

    def put(self, kind: str, key: str, parts: Mapping[str, bytes]) -> None:
        """
        Keep one piece of finished work.

        Parameters
        ----------
        kind
            One of `KINDS`.
        key
            SHA-256, hexadecimal, of all that the work depends on.
        parts
            Name -> bytes; each can be read alone.

        Raises
        ------
        StoreError
            No room, or no right to write. All that was kept before is as it was.
        """
        file = self._file(kind, key)
        again = os.path.exists(file)
        with _explained(Path(file)):
            write_whole(file, packed(f"{kind}/{key}", parts), self.folder / _ASIDE)
        if again:
            self._headers.cache_clear()

    def parts(self, kind: str, key: str) -> frozenset[str] | None:
        """Return the names of the parts; None where there is no such work; raise Damaged where they cannot be told."""
        try:
            return frozenset(read_header(self._file(kind, key), f"{kind}/{key}"))
        except FileNotFoundError:
            return None

    def get(self, kind: str, key: str, part: str) -> bytes:
        """Return one part as it was put; raise Damaged where it is not so, KeyError where there is none."""
        file = self._file(kind, key)
        try:
            return read_part(file, *self._headers(file, f"{kind}/{key}")[part])
        except FileNotFoundError:
            raise KeyError(f"{kind}/{key}") from None

    def whole(self, kind: str, key: str) -> bool:
        """Return whether the work is there, every byte checked; raise Damaged where it is spoilt."""
        file = self._file(kind, key)
        try:
            for position in read_header(file, f"{kind}/{key}").values():
                read_part(file, *position)
        except FileNotFoundError:
            return False
        return True

    def drop(self, kind: str, key: str) -> None:
        """Remove one piece of work, if there."""
        file = self._file(kind, key)
        with _explained(Path(file)), suppress(FileNotFoundError):
            os.unlink(file)
        self._headers.cache_clear()

    def remember(self, used: Iterable[tuple[str, str]]) -> None:
        """Note the kind and key of all that a finished run used: what pruning spares."""
        keys: dict[str, set[str]] = {kind: set() for kind in KINDS}
        for kind, key in used:
            keys[kind].add(key)
        file = self.folder / _LAST
        with _explained(file):
            parts = {kind: "\n".join(sorted(keys[kind])).encode() for kind in KINDS}
            write_whole(str(file), packed(_LAST, parts), self.folder / _ASIDE)

    def _file(self, kind: str, key: str) -> str:
        return f"{self.folder}{os.sep}{kind}{os.sep}{key[:2]}{os.sep}{key[2:]}"


@dataclass(frozen=True)
class Held:
    """What a store holds of one kind; sizes in bytes."""

    kind: str
    files: int
    size: int
    used_files: int
    """Of these, what the last finished run used."""
    used_size: int


@dataclass(frozen=True)
class Contents:
    """What a store holds."""

    folder: Path
    kinds: tuple[Held, ...]
    finished: bool
    """Whether it is on record what the last finished run used."""
    leftovers: int
    """Files that a killed run left half-written, or that a run at work is writing; the next run removes the former."""


@dataclass(frozen=True)
class Freed:
    """What pruning removed; size in bytes."""

    files: int
    size: int


def contents(study_folder: Path) -> Contents | None:
    """Return what the store of a study holds; None where it has none. Waits for nobody, changes nothing."""
    folder = Path(study_folder) / FOLDER
    if not folder.is_dir():
        return None
    last = _last(folder)
    kinds = []
    with _explained(folder):
        for kind in KINDS:
            sizes = {key: size for key, _, size in _files(folder, kind)}
            used = sizes.keys() & (last or {}).get(kind, set())
            kinds.append(Held(kind, len(sizes), sum(sizes.values()), len(used), sum(sizes[key] for key in used)))
        return Contents(folder, tuple(kinds), last is not None, len(_entries(folder / _ASIDE)))


def prune(study_folder: Path, *, everything: bool, waiting: Callable[[], None] = lambda: None) -> Freed:
    """
    Remove finished work that is no longer needed.

    Parameters
    ----------
    study_folder
        Where coverage.toml lies.
    everything
        All of it; else what the last finished run did not use.
    waiting
        Called once where a run holds the store, before waiting for its end.

    Raises
    ------
    StoreError
        It is not on record what the last run used, or a file cannot be removed.
    """
    folder = Path(study_folder) / FOLDER
    if not folder.is_dir():
        return Freed(0, 0)
    freed: list[int] = []
    with _explained(folder), _locked(folder, waiting):
        _tidy(folder)
        last = {} if everything else _last(folder)
        if last is None:
            raise StoreError(
                f"{folder}: no finished run is on record; expected one, to tell what is no longer used. "
                "Finish a run with coverage analyze, or remove everything with coverage cache --clear."
            )
        for kind in KINDS:
            for key, file, size in _files(folder, kind):
                if key not in last.get(kind, ()):
                    os.unlink(file)
                    freed.append(size)
            for shelf in _entries(folder / kind):
                with suppress(OSError):  # where it is not empty
                    os.rmdir(shelf)
        if everything:
            (folder / _LAST).unlink(missing_ok=True)
    return Freed(len(freed), sum(freed))


@contextmanager
def _explained(where: Path) -> Iterator[None]:
    """Say in one line what stood in the way of keeping work."""
    try:
        yield
    except OSError as error:
        remedy = (
            "Free space there, or remove earlier work with coverage cache --clear; "
            if error.errno in _FULL
            else "See that it can be read and written; "
        )
        raise StoreError(
            f"{where}: {error.strerror or error}; expected to keep finished work there. "
            f"{remedy}the next run goes on from what is finished."
        ) from error


@contextmanager
def _locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the store; the system lets go of it when a process ends, however it ends."""
    folder.mkdir(exist_ok=True)
    for entry in (folder, *folder.iterdir()):
        if entry.is_symlink():  # a study that came from others might have us write anywhere
            raise StoreError(f"{entry}: is a link; expected a folder of the study's own. Remove it, then run again.")
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _tidy(folder: Path) -> None:
    """Remove what killed runs left, and mark the folder as one that need be neither backed up nor committed."""
    (folder / _ASIDE).mkdir(exist_ok=True)
    for left in _entries(folder / _ASIDE):
        os.unlink(left)
    for name, text in _MARKS.items():
        if not (folder / name).exists():
            write_whole(str(folder / name), [text], folder / _ASIDE)


def _last(folder: Path) -> dict[str, set[str]] | None:
    """Return kind -> keys that the last finished run used; None where that is not on record."""
    file = str(folder / _LAST)
    try:
        found = read_header(file, _LAST)
        return {kind: set(read_part(file, *position).decode().split()) for kind, position in found.items()}
    except (FileNotFoundError, Damaged, ValueError):
        return None


def _files(folder: Path, kind: str) -> Iterator[tuple[str, str, int]]:
    """Yield key, path and bytes of every file of a kind; what is not the store's own is passed over."""
    for shelf in _entries(folder / kind):
        if not (_SHELF.fullmatch(shelf.name) and shelf.is_dir(follow_symlinks=False)):
            continue
        for entry in _entries(shelf):
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):  # a run at work may drop it
                    yield shelf.name + entry.name, entry.path, entry.stat(follow_symlinks=False).st_size


def _entries(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
