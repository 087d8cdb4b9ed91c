"""
The web map of the bundled province, and of ten times its villages, in a browser without network.

`python -m benchmarks.map [STUDY]`, with Chromium on the machine; writes map.md. STUDY is a folder with coverage.toml
and finished results in maps/; where these are missing it is analysed first. Absent: the bundled sample.
"""

import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from benchmarks.machine import describe
from benchmarks.main_job import copied, first_run
from coverage import load_study
from coverage.layers.finished_result import read_result
from coverage.outputs.web_map.coverage_map import render_map
from coverage.result import Result

HERE = Path(__file__).parent
RUNS = 3
TIMES = 10
LIMITS = {
    "file, MB": 8.0,
    "usable after opening, s": 2.0,
    "first search, ms": None,
    "filter change, ms (median)": None,
    "filter change, ms (worst)": 100.0,
    "longest task of pan and zoom, ms": 100.0,
    "memory of the page, MB": 400.0,
    "of it JavaScript objects, MB": None,
}
"""What the project asks of the bundled province."""

_LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: 'longtask', buffered: true });
"""
_PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
_USABLE = f"""async () => {{
    const found = CoverageMap.find('ban').length;
    const painted = await {_PAINTED};
    return {{ found: found, drawn: CoverageMap.villages.length, ms: painted }};
}}"""
_SEARCH = f"""async (text) => {{
    const input = document.getElementById('search');
    CoverageMap.entries = null;
    const start = performance.now();
    input.value = text;
    input.dispatchEvent(new Event('input', {{ bubbles: true }}));
    return (await {_PAINTED}) - start;
}}"""
_CLICK = f"""async (id) => {{
    const start = performance.now();
    document.getElementById(id).click();
    return (await {_PAINTED}) - start;
}}"""


def times_ten(result: Result) -> Result:
    """Return a run with ten villages where there was one, strewn over its commune."""
    random = np.random.default_rng(8)
    shapes = result.communes.set_index("commune_code").geometry
    frames, statuses = [result.villages], [result.village_statuses]
    for copy in range(1, TIMES):
        frame = result.villages.copy()
        x, y = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
        homes = gpd.GeoSeries(shapes.reindex(frame["commune_code"]).to_numpy(), crs=shapes.crs)
        for _ in range(20):  # those that fell outside their commune are thrown again, then stay where they were
            moved = gpd.points_from_xy(*(values + random.normal(0, 4000, len(frame)) for values in (x, y)))
            stay = homes.contains(gpd.GeoSeries(moved, crs=shapes.crs)).to_numpy()
            frame.loc[stay, "geometry"] = np.asarray(moved)[stay]
        degrees = frame.geometry.to_crs(4326)
        frame = frame.assign(village_id=frame["village_id"] + f"-{copy}", name=frame["name"] + f" {copy}",
                             lon=degrees.x, lat=degrees.y)  # fmt: skip
        frames.append(frame)
        table = result.village_statuses
        statuses.append(table.assign(village_id=table["village_id"].astype(str) + f"-{copy}"))
    villages = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=result.villages.crs)
    return replace(result, villages=villages, village_statuses=pd.concat(statuses, ignore_index=True))


def drawn(study: Path, out: Path) -> tuple[float, float, float]:
    """Run `coverage map`; return wall time, s, processor time, s, and peak memory, MB."""
    command = [sys.executable, "-m", "coverage", "map", str(study), "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def used(file: Path) -> dict[str, float]:
    """Open a map and use it; return figures under the names of LIMITS."""
    with opened() as (page, memory_mb):
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_selector("body.ready", state="attached")
        usable = page.evaluate(_USABLE)
        if not usable["found"] or not usable["drawn"]:
            raise SystemExit(f"{file}: no village is drawn, or search finds nothing")
        search_ms = page.evaluate(_SEARCH, "ban na")
        page.fill("#search", "")
        filters_ms = [page.evaluate(_CLICK, f"status-{status}") for status in (2, 2, 1, 1, 0, 0)]
        page.evaluate("() => { window.longTasks.length = 0; }")
        _travel(page)
        page.wait_for_timeout(500)
        longest_ms = page.evaluate("() => Math.max(0, ...window.longTasks)")
        heap_mb, process_mb = memory_mb()
    return dict(
        zip(
            LIMITS,
            (file.stat().st_size / 1e6, usable["ms"] / 1000, search_ms, statistics.median(filters_ms), max(filters_ms),
             longest_ms, process_mb, heap_mb),
            strict=True,
        )
    )  # fmt: skip


def _travel(page: Page) -> None:
    """Drag the map about and turn the wheel, in and out."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    x, y = size["width"] * 0.65, size["height"] / 2
    for step in range(4):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (-1) ** step * 250, y + 120, steps=15)
        page.mouse.up()
        page.wait_for_timeout(300)
    for turn in (-240, -240, -240, 240, 240, 240):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(500)


@contextmanager
def opened() -> Iterator[tuple[Page, Any]]:
    """Open a browser without network; yield a page, and what tells its memory, MB: of objects, and of its process."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("no Chromium on this machine")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(_LONG_TASKS)

        def memory_mb() -> tuple[float, float]:
            session = context.new_cdp_session(page)
            session.send("Performance.enable")
            metrics = {row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]}
            processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
            resident = [_resident_mb(row["id"]) for row in processes if row["type"] == "renderer"]
            return metrics["JSHeapUsedSize"] / 1e6, max(resident)

        yield page, memory_mb
        browser.close()


def _resident_mb(process: int) -> float:
    """Return what a process has of memory, its share of what it shares counted: PSS."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("Pss:"))


TEXT = """# What the web map takes

Made by `python -m benchmarks.map` on {day:%Y-%m-%d}. Machine: {machine}; {browser}. Load on the machine before and
after, mean of one minute: {load}.

## `coverage map`

From finished results of the bundled province, {runs} runs; web map and Google Earth together. At most 10 s are asked
for.

| | median | min | max |
|---|---|---|---|
{drawing}

Google Earth: {earth_mb:.2f} MB.

## In the browser

Headless, 1280 × 800, no network; the worst of {runs} runs, each in a browser of its own. Times of a change end when it
is painted. Ten times the villages: every one with nine copies within its commune.

| | asked for | {villages:,} villages | {many:,} villages |
|---|---|---|---|
{using}
"""


def main() -> None:
    """Measure, and write map.md."""
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as folder:
        study = _finished(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent, Path(folder))
        file = Path(folder) / "once.html"
        runs = list(zip(*(drawn(study, file) for _ in range(RUNS)), strict=True))
        settings = load_study(study)
        result = read_result(settings.out, settings)
        many = times_ten(result)
        (Path(folder) / "many.html").write_text(render_map(many, language="vi"), encoding="utf-8")
        figures = [[used(one) for _ in range(RUNS)] for one in (file, Path(folder) / "many.html")]
        earth_mb = file.with_suffix(".kmz").stat().st_size / 1e6
    load.append(os.getloadavg()[0])
    names = ("wall time, s", "processor time, s", "peak memory, MB")
    with opened() as (page, _):
        browser = f"Chromium {page.context.browser.version}" if page.context.browser else "Chromium"
    text = TEXT.format(
        day=datetime.date.today(),
        machine=describe(),
        browser=browser,
        load=" and ".join(f"{one:.1f}" for one in load),
        runs=RUNS,
        drawing="\n".join(
            f"| {name} | {statistics.median(values):.1f} | {min(values):.1f} | {max(values):.1f} |"
            for name, values in zip(names, runs, strict=True)
        ),
        earth_mb=earth_mb,
        villages=len(result.villages),
        many=len(many.villages),
        using="\n".join(_row(name, [max(run[name] for run in part) for part in figures]) for name in LIMITS),
    )
    (HERE / "map.md").write_text(text, encoding="utf-8")
    print(text)


def _finished(study: Path, folder: Path) -> Path:
    """Return the coverage.toml of a copy of a study with finished results."""
    copy = copied(study, folder)
    if (study / "maps" / "run.json").exists():
        shutil.copytree(study / "maps", folder / "maps")
    else:
        first_run(copy, folder / "maps")
    return copy


def _row(name: str, values: list[float]) -> str:
    digits = 0 if "ms" in name or "memory" in name else 1
    limit = LIMITS[name]
    asked = "" if limit is None else f"≤ {limit:g}"
    return f"| {name} | {asked} | {' | '.join(f'{value:,.{digits}f}' for value in values)} |"


if __name__ == "__main__":
    main()
