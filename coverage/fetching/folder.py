"""The folder of what was fetched: which files are whole and ours, and how a new one gets its place."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from coverage.errors import FetchError, without_password
from coverage.fetching.parts import drop
from coverage.fetching.server import Servers, refused

RECORD = "fetch.json"
_FORMAT = 1
_LOCK = ".fetch.lock"


@dataclass
class Folder:
    """Where fetched files lie, and `fetch.json`, which says of each where it came from, when, and its SHA-256."""

    path: Path
    again: bool = False
    """Ask the servers for newer versions of what is there."""
    replace: bool = False
    """Write over files that were not fetched, or were changed since."""
    _record: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        place = self.path / RECORD
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._record = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {"format": _FORMAT}
            if self._record["format"] != _FORMAT or not isinstance(self._record.setdefault("files", {}), dict):
                raise ValueError("another format")
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise FetchError(
                f"{place}: cannot be read ({error}); expected what coverage fetch writes. Remove it, or choose another "
                "folder with --out."
            ) from None
        except OSError as error:
            raise _unwritten(place, error) from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other fetches out of the folder; FetchError where one is at work in it."""
        try:
            with FileLock(self.path / _LOCK, timeout=0):
                yield
        except Timeout:
            raise FetchError(
                f"{self.path}: another coverage fetch is at work here; expected to be alone. Wait for its end, or "
                "choose another folder with --out."
            ) from None

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """What is known of each file, by its path in the folder."""
        found: Mapping[str, Mapping[str, Any]] = self._record["files"]
        return found

    def note(self, name: str, value: Any) -> None:
        """Keep something beside the files, such as the area."""
        self._record[name] = value
        self._save()

    def is_whole(self, name: str, request: str) -> bool:
        """Return whether a file is there as it was fetched by a request, or it is known that there is none."""
        entry = self.files.get(name)
        if entry is None or entry["request"] != request:
            return False
        return bool(entry.get("absent")) or _sha256(self.path / name) == entry["sha256"]

    def bring(
        self,
        servers: Servers,
        url: str,
        name: str,
        *,
        source: str,
        check: Callable[[Path, str], None],
        absent_is_answer: bool = False,
        told: Callable[[float], None] = lambda share: None,
    ) -> Path | None:
        """
        Fetch a file, unless it is there and whole.

        Parameters
        ----------
        url, absent_is_answer, told
            As `Servers.fetch` takes them.
        name
            Its path in the folder.
        source
            Whose data it is, of `attribution.SOURCES`.
        check
            Raises FetchError where a file, which came from an address, is not what was meant; it is then not kept.

        Returns
        -------
        Path or None
            None where the server has none and that is an answer.
        """
        place, request = self.path / name, without_password(url)
        whole = self.is_whole(name, request)
        if not whole or self.again:
            self.allow(name)
            part = self.part(name)
            etag = self.files[name].get("etag") if whole else None
            answer = servers.fetch(url, part, known_etag=etag, absent_is_answer=absent_is_answer, told=told)
            if answer.kind == "absent" and not place.exists():
                self.put_none(name, {"source": source, "request": request})
            elif answer.kind == "new":
                try:
                    check(part, url)
                except FetchError:
                    drop(part)
                    raise
                self.put(name, part, {"source": source, "request": request, "etag": answer.etag})
                drop(part)
        told(1.0)
        return place if place.exists() else None

    def part(self, name: str) -> Path:
        """Return where a file is written before it is whole."""
        place = self.path / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritten(place, error) from None
        return place.with_name(f"{place.name}.part")

    def allow(self, name: str) -> None:
        """Raise FetchError where a file lies in the place of another that we did not write, or that was changed."""
        place = self.path / name
        if self.replace or not place.exists():
            return
        entry = self.files.get(name, {})
        if _sha256(place) not in (entry.get("sha256"), entry.get("before")):
            raise FetchError(
                f"{place}: is not the file that was fetched, or was changed since; expected nothing of yours in its "
                "place. Move it away, or add --replace."
            )

    def put(self, name: str, written: Path, entry: Mapping[str, Any]) -> None:
        """Bring a whole file to its place; the record goes first, so that a kill between the two leaves no stranger."""
        place = self.path / name
        try:
            with written.open("r+b") as file:
                os.fsync(file.fileno())
            known = {"sha256": _sha256(written), "bytes": written.stat().st_size}
            before = {"before": _sha256(place)} if place.exists() else {}
            self._enter(name, {**entry, **known, **before})
            os.replace(written, place)
        except OSError as error:
            raise _unwritten(place, error) from None

    def put_none(self, name: str, entry: Mapping[str, Any]) -> None:
        """Know that there is nothing to be had, and remove what an earlier fetch, of another area, had brought."""
        self._enter(name, {**entry, "absent": True})
        (self.path / name).unlink(missing_ok=True)

    def put_text(self, name: str, text: str, entry: Mapping[str, Any]) -> Path:
        """Write a small file of ours, unless it says the same already."""
        place = self.path / name
        if place.is_file() and place.read_bytes() == text.encode():
            return place
        self.allow(name)
        part = self.part(name)
        try:
            part.write_bytes(text.encode())
        except OSError as error:
            raise _unwritten(part, error) from None
        self.put(name, part, entry)
        return place

    def _enter(self, name: str, entry: Mapping[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._record["files"][name] = {key: value for key, value in entry.items() if value is not None} | {"when": now}
        self._save()

    def _save(self) -> None:
        place = self.path / RECORD
        part = place.with_name(f"{RECORD}.part")
        try:
            part.write_text(json.dumps(self._record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            os.replace(part, place)
        except OSError as error:
            raise _unwritten(place, error) from None


@dataclass(frozen=True)
class Errand:
    """One kind of data to be fetched: where to, from whom, and who watches."""

    folder: Folder
    servers: Servers
    told: Callable[[float, int], None]
    """Called with how many parts are done, and of how many."""

    def bring(
        self,
        url: str,
        name: str,
        *,
        source: str,
        check: Callable[[Path, str], None],
        absent_is_answer: bool = False,
        of: tuple[int, int] = (0, 1),
    ) -> Path | None:
        """Fetch a file as `Folder.bring` does, after some and of so many in all."""
        done, total = of
        return self.folder.bring(
            self.servers,
            url,
            name,
            source=source,
            check=check,
            absent_is_answer=absent_is_answer,
            told=lambda share: self.told(done + share, total),
        )


def read_json(path: Path, url: str) -> Any:
    """Return what a JSON file holds; FetchError, which names the address it came from, where it is none."""
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        begins = path.read_bytes()[:60].decode("utf-8", "replace")
        remedy = "The service may be down; try again later."
        raise refused(url, f"no JSON, or not all of it (begins {begins!r})", "JSON", remedy) from None


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unwritten(place: Path, error: OSError) -> FetchError:
    return FetchError(
        f"{place}: could not be written ({error.strerror or error}); expected a folder that you may write to, with "
        "room on the disk. Free space, allow writing there, or choose another with --out; then run it again."
    )
