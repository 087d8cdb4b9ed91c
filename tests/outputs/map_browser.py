"""A map opened as a partner opens it: from a file, without network, on a desk or a phone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coverage.outputs.web_map.coverage_map import render_map
from coverage.result import Result
from tests.outputs.test_web_map_browser import CHROMIUM, Opened, open_file, playwright

DESK = {"viewport": {"width": 1366, "height": 820}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@contextmanager
def chromium() -> Iterator[Any]:
    """Lend a browser."""
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def write_map(folder: Path, result: Result, *, language: str = "vi") -> Path:
    """Write a map as a file."""
    file = folder / f"{language}.html"
    file.write_text(render_map(result, language=language), encoding="utf-8")
    return file


@contextmanager
def opened(browser: Any, file: Path, *, after: str = "", **options: Any) -> Iterator[Opened]:
    """Open a map in a window of its own; `after` is what follows the name of its file in the address."""
    context = browser.new_context(offline=True, **{**DESK, **options})
    try:
        yield open_file(context.new_page(), file, after=after)
    finally:
        context.close()


def until(page: Any, expression: str, wanted: Any = True) -> None:
    """Wait until an expression has a value; playwright's own way needs `eval`, which the page forbids."""
    end = time.monotonic() + 10
    while (found := page.evaluate(expression)) != wanted:
        assert time.monotonic() < end, f"{expression} is {found!r} and not {wanted!r}"
        page.wait_for_timeout(30)
