"""One file from one address: slowly enough, whole or not at all, and going on where it broke off."""

import errno
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import requests

from coverage import __version__
from coverage.errors import FetchError, shortened, without_password
from coverage.fetching.parts import begin, drop, first_byte, size, total_bytes, version_of, wait_of, whole_length
from coverage.settings.fetch import Fetch

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""The server may answer when it is asked again."""
_CHUNK = 1 << 16
_LONGEST_PAUSE_S = 60.0
_SPARE_BYTES = 50_000_000
"""Left free on the disk."""
_AGAIN = "Run the same command again: what is there already is not fetched twice."


@dataclass(frozen=True)
class Answer:
    """What came of a request."""

    kind: Literal["new", "same", "absent"]
    etag: str | None = None


@dataclass(frozen=True)
class _Request:
    """As `Servers.fetch` takes it."""

    url: str
    part: Path
    form: Mapping[str, str] | None
    known_etag: str | None
    absent_is_answer: bool
    wait_s: float
    told: Callable[[float], None]


class _Later(Exception):
    """The request failed in a way that may pass."""

    def __init__(self, found: str, wait_s: float | None = None) -> None:
        super().__init__(found)
        self.wait_s = wait_s


class Servers:
    """The servers that are asked, one request at a time."""

    def __init__(
        self, rules: Fetch, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rules, self._sleep, self._clock = rules, sleep, clock
        self._asked: dict[str, float] = {}
        self._session = requests.Session()
        said = f"; {rules.contact}" if rules.contact else ""
        agent = f"coverage-planner/{__version__} (coverage planning for Vietnam's mountain provinces{said})"
        self._session.headers["User-Agent"] = agent.encode("ascii", "replace").decode()

    def fetch(
        self,
        url: str,
        part: Path,
        *,
        form: Mapping[str, str] | None = None,
        known_etag: str | None = None,
        absent_is_answer: bool = False,
        wait_s: float | None = None,
        told: Callable[[float], None] = lambda share: None,
    ) -> Answer:
        """
        Fetch what an address answers into a file, going on with what is there of it already.

        Parameters
        ----------
        url
            http or https.
        part
            Where it goes; beside it lies what is known of its version, `NAME.json`. Both stay when it breaks off.
        form
            Sent by POST; such an answer is never gone on with.
        known_etag
            The version that is at hand; where the server has no other, nothing is fetched.
        absent_is_answer
            Whether 404 is an answer and no error.
        wait_s
            Longest silence of the server, s; that of the settings where absent.
        told
            Called with the share that has come, 0…1, which never falls.

        Returns
        -------
        Answer
            `new` with the file in `part`, `same` as the known version, or `absent`.

        Raises
        ------
        FetchError
            Anything else, after the tries that the settings allow.
        """
        wait_s = self._rules.timeout_s if wait_s is None else wait_s
        request = _Request(url, part, form, known_etag, absent_is_answer, wait_s, told)
        failures, most = 0, 0
        while True:
            try:
                return self._once(request)
            except _Later as error:
                came = size(part)
                failures = 1 if came > most else failures + 1
                most = max(came, most)
                if failures >= self._rules.attempts:
                    tried = f"{failures} times in a row" if failures > 1 else "once"
                    raise refused(url, f"{error}, {tried}", "the data", f"Check the connection. {_AGAIN}") from None
                wait = (
                    min(self._rules.pause_s * 4**failures, _LONGEST_PAUSE_S) if error.wait_s is None else error.wait_s
                )
                if wait > self._rules.longest_wait_s:
                    found = f"{error}, and asks to wait {wait:,.0f} s"
                    limit = f"at most [fetch] longest_wait_s = {self._rules.longest_wait_s:g}"
                    raise refused(url, found, limit, f"Wait for so long. {_AGAIN}") from None
                self._sleep(wait)

    def _once(self, request: _Request) -> Answer:
        url, part = request.url, request.part
        begun = 0 if request.form else size(part)
        version = version_of(part, url) if begun else None
        headers: dict[str, str | bytes] = {}
        if not request.form:
            headers["Accept-Encoding"] = "identity"  # a range of packed bytes is of no use
        if version:
            headers |= {"Range": f"bytes={begun}-", "If-Range": version}
        elif request.known_etag:
            headers["If-None-Match"] = request.known_etag
        self._take_turn(url)
        try:
            method, patience_s = "POST" if request.form else "GET", (min(request.wait_s, 30.0), request.wait_s)
            with self._session.request(
                method, url, data=request.form, headers=headers, stream=True, timeout=patience_s
            ) as response:
                return self._taken(response, request, begun if version else 0)
        except requests.exceptions.SSLError as error:
            found = f"no safe connection ({_reason(error)})"
            raise refused(url, found, "a certificate that this machine trusts", "Ask who runs your network.") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise refused(url, f"no address ({error})", "http or https", "Correct it under [fetch].") from None
        except requests.exceptions.TooManyRedirects:
            raise refused(url, "it leads on without end", "the data", "Correct it under [fetch].") from None
        except requests.exceptions.RequestException as error:
            raise _Later(_reason(error)) from None
        except OSError as error:
            raise _unwritten(part, error) from None
        finally:
            self._asked[urlsplit(url).netloc] = self._clock()

    def _take_turn(self, url: str) -> None:
        last = self._asked.get(urlsplit(url).netloc)
        if last is not None and (left := last + self._rules.pause_s - self._clock()) > 0:
            self._sleep(left)

    def _taken(self, response: requests.Response, request: _Request, begun: int) -> Answer:
        """Take what was answered; `begun` bytes of it are there already."""
        url, part, status, headers = request.url, request.part, response.status_code, response.headers
        if url.startswith("https:") and response.url.startswith("http:"):
            raise refused(url, "it leads on to http", "https to the end", "Correct it under [fetch].")
        if status == 404 and request.absent_is_answer:
            return Answer("absent")
        if status == 304:
            return Answer("same")
        if status in _BUSY:
            raise _Later(f"the server answers {status} {response.reason}", wait_of(headers.get("Retry-After")))
        if status == 416:
            if total_bytes(headers.get("Content-Range")) == begun > 0:
                return Answer("new", headers.get("ETag"))
            drop(part)
            raise _Later("the server has another version than what was begun")
        if status not in (200, 206):
            found = f"the server answers {status} {response.reason}"
            raise refused(url, found, "the data", "Check the address under [fetch], and that it opens in a browser.")
        if headers.get("Content-Type", "").lower().startswith("text/html"):
            remedy = "Open it in a browser: your network may ask you to log in, or the service may be down."
            raise refused(url, "a web page instead of data", "the data", remedy)
        if status == 206 and first_byte(headers.get("Content-Range")) != begun:
            drop(part)
            raise _Later("the server goes on at another place than it was asked for")
        if status == 200:
            begun = 0
            begin(part, url, headers)
        total = whole_length(headers) if status == 200 else total_bytes(headers.get("Content-Range"))
        _write(response, request, begun, total)
        if total is not None and size(part) < total:
            raise _Later(f"the answer broke off after {size(part):,} of {total:,} bytes")
        if total is not None and size(part) > total:
            drop(part)
            raise _Later("more bytes than were announced")
        return Answer("new", headers.get("ETag"))


def _write(response: requests.Response, request: _Request, begun: int, total: int | None) -> None:
    """Write what comes, behind the bytes that are there."""
    part, free = request.part, shutil.disk_usage(request.part.parent).free
    if total is not None and total - begun + _SPARE_BYTES > free:
        wanted, room = (total - begun) / 1e6, free / 1e6
        raise FetchError(
            f"{part.parent}: {room:,.0f} MB are free, and {without_password(request.url)} needs {wanted:,.0f} MB; "
            f"expected room for it and {_SPARE_BYTES / 1e6:.0f} MB more. Free space on the disk. {_AGAIN}"
        )
    written = begun
    with part.open("r+b" if begun else "wb") as file:
        file.seek(begun)
        for chunk in response.iter_content(_CHUNK):
            file.write(chunk)
            file.flush()
            written += len(chunk)
            if total:
                request.told(min(written / total, 1.0))


def refused(url: str, found: str, expected: str, remedy: str) -> FetchError:
    """Return the error of an address, in one line."""
    return FetchError(shortened(f"{without_password(url)}: {found}; expected {expected}. {remedy}", 1000))


def _reason(error: requests.exceptions.RequestException) -> str:
    """Return in a few words why a request failed."""
    text = str(error)
    if isinstance(error, requests.exceptions.Timeout) or "timed out" in text:
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the answer broke off"
    if re.search("NameResolution|getaddrinfo|Name or service", text):
        return "no machine of that name can be found from here"
    inner = re.search(r"\[Errno -?\d+\] ([^'\")]+)", text)
    return f"no connection ({inner[1].strip() if inner else type(error).__name__})"


def _unwritten(part: Path, error: OSError) -> FetchError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchError(
            f"{part.parent}: the disk is full; expected room for {part.name}. Free space on the disk. {_AGAIN}"
        )
    return FetchError(
        f"{part}: could not be written ({error.strerror or error}); expected a folder that you may write to. "
        "Allow writing there, or choose another with --out."
    )
