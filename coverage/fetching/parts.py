"""A file that is half there, and what the headers of HTTP say of the rest."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from coverage.errors import without_password


def drop(part: Path) -> None:
    """Remove what was begun."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def begin(part: Path, url: str, headers: Mapping[str, str]) -> None:
    """Begin a file anew, and note of which version it is; without a strong version it cannot be gone on with."""
    drop(part)
    etag = headers.get("ETag", "")
    if etag.startswith('"') and "Content-Encoding" not in headers:
        _note(part).write_text(json.dumps({"url": without_password(url), "etag": etag}), encoding="utf-8")


def version_of(part: Path, url: str) -> str | None:
    """Return the version of what was begun, where it can be gone on with."""
    try:
        noted = json.loads(_note(part).read_text(encoding="utf-8"))
        return str(noted["etag"]) if noted["url"] == without_password(url) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def whole_length(headers: Mapping[str, str]) -> int | None:
    """Return the length of an answer; None where it is not said, or is that of what is packed."""
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and "Content-Encoding" not in headers else None


def first_byte(content_range: str | None) -> int | None:
    """Return the first byte of `bytes 200-999/1000`."""
    found = re.match(r"bytes (\d+)-", content_range or "")
    return int(found[1]) if found else None


def total_bytes(content_range: str | None) -> int | None:
    """Return the whole length in `bytes 200-999/1000` or `bytes */1000`."""
    found = re.match(r"bytes (?:\d+-\d+|\*)/(\d+)$", content_range or "")
    return int(found[1]) if found else None


def wait_of(retry_after: str | None) -> float | None:
    """Return the seconds of `120` or of a date; None where there is none."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max((date - datetime.now(UTC)).total_seconds(), 0.0)
