"""The web map drawn again from finished results, and its twin for Google Earth; run.json learns of them."""

import re
from collections.abc import Callable
from pathlib import Path

from coverage.outputs.all_or_none import saving, write_together
from coverage.outputs.google_earth.document import google_earth
from coverage.outputs.run_record import language_of
from coverage.outputs.web_map import coverage_map
from coverage.progress import Progress, Silent
from coverage.result import Result

MAP, EARTH = "coverage_map", "coverage"
NAMES = f"{MAP}.html", f"{EARTH}.kmz"


def map_writers(result: Result, language: str, names: tuple[str, str] = NAMES) -> dict[str, Callable[[Path], None]]:
    """Return the name of the web map and of its twin -> what writes it."""
    html, earth = names
    return {
        html: saving(lambda: coverage_map.render_map(result, language=language).encode()),
        earth: saving(lambda: google_earth(result, language=language)),
    }


def write_map(
    result: Result,
    results: Path,
    *,
    out: Path | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """
    Write the map of a finished run, and its twin for Google Earth.

    Parameters
    ----------
    result
        A finished run; `study.map` says which edition.
    results
        Its folder, whose record learns of files that go there.
    out
        The HTML file; the twin lies beside it, under the same name. None: in `results`; a partner's files bear its
        name, so that they do not replace the province's.
    language
        `vi` or `en`; that of the run where None.
    progress
        Told of each file.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        No such partner, or a file could not be written; what was there before is as it was.
    """
    names = _names(result) if out is None else (out.name, out.with_suffix(".kmz").name)
    folder = results if out is None else out.parent
    writers = map_writers(result, language or language_of(results) or result.study.study.language, names)
    inside = folder.resolve() == results.resolve()
    with (progress or Silent()).step("map", len(writers)):
        return write_together(folder, writers, notes={} if inside else None)


def _names(result: Result) -> tuple[str, str]:
    settings = result.study.map
    if settings.edition == "full":
        return NAMES
    operator = re.sub(r"[^\w-]+", "-", str(settings.operator).casefold())
    return f"{MAP}_{operator}.html", f"{EARTH}_{operator}.kmz"
