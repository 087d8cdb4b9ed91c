"""A map opened as a partner opens it: from a file, without network, on a desk or a phone."""

import io
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from coverage.outputs.web_map.coverage_map import render_map
from coverage.result import Result

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
DESK = {"viewport": {"width": 1366, "height": 820}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@dataclass
class Opened:
    """A page, and what it did beside showing itself."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Any]:
    """Lend a browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
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


def calm(page: Any) -> None:
    """Wait until the map has landed, nothing slides or fades, and what was asked for is drawn."""
    page.evaluate(
        """async () => {
            const at = () => [0, 1000].map(x => CoverageMap.map.containerPointToLatLng([x, x])).join();
            for (let still = 0, last = ''; still < 5; last = at()) {
                await new Promise(requestAnimationFrame);
                still = at() === last && !document.getAnimations().length ? still + 1 : 0;
            }
        }"""
    )


def serious_findings(page: Any) -> list[tuple[str, str]]:
    """Ask axe what is hard to read or to use: (rule, element) of what it calls serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    calm(page)  # a card that fades in has little contrast
    violations = axe.Axe().run(page).response["violations"]
    serious = (one for one in violations if one["impact"] in ("serious", "critical"))
    return [(one["id"], node["html"][:200]) for one in serious for node in one["nodes"]]


def open_file(page: Any, file: Path, *, after: str = "") -> Opened:
    seen = Opened(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
    page.set_default_timeout(10_000)
    page.goto(file.as_uri() + after)
    page.wait_for_selector("body.ready")
    return seen


def screen_place(page: Any, village: str) -> tuple[float, float]:
    """Return where a village's sign lies on the screen, by Leaflet's own reckoning."""
    calm(page)
    at = page.evaluate(
        """name => {
            const row = CoverageMap.villages.find(one => one.name === name);
            const box = CoverageMap.map.getContainer().getBoundingClientRect();
            const point = CoverageMap.map.latLngToContainerPoint([row.lat, row.lon]);
            return [box.left + point.x, box.top + point.y];
        }""",
        village,
    )
    return at[0], at[1]


def colour_at(page: Any, x: float, y: float) -> tuple[int, ...]:
    calm(page)
    shot = Image.open(io.BytesIO(page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1}))).convert("RGB")
    return tuple(shot.getpixel((0, 0)))
