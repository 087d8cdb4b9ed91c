"""A web map in a browser: is it quick? `python -m benchmarks.web_map [MAP]`, where MAP is maps/coverage_map.html."""

import datetime
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.machine import describe

TIMES = 10
"""How many times the villages of the map, in the second half of the table."""
ROUNDS = 3
_DATA = re.compile(r'(<script type="application/json" id="map-data">)(.*?)(</script>)', flags=re.DOTALL)


def _chosen(box: str, value: str) -> str:
    return (
        f"const box = document.getElementById('{box}'); box.value = '{value}'; box.dispatchEvent(new Event('change'))"
    )


ACTS = {
    "filter: a status off or on": "document.getElementById('status-2').click()",
    "filter: with grid power": _chosen("filter-power", "yes"),
    "filter: another operator": _chosen("filter-operator", "viettel"),
    "filter: cleared": "document.getElementById('reset').click()",
    "pan by 300 pixels": "CoverageMap.map.panBy([300, 60], { animate: false })",
    "zoom in by one": "CoverageMap.map.setZoom(CoverageMap.map.getZoom() + 1, { animate: false })",
    "zoom out by one": "CoverageMap.map.setZoom(CoverageMap.map.getZoom() - 1, { animate: false })",
    "table opened": "CoverageMap.openTable()",
    "table sorted by name": "document.getElementById('sort-name').click()",
    "table sorted by reason": "document.getElementById('sort-reason').click()",
    "table closed": "CoverageMap.closeTable()",
    "CSV of all villages": "CoverageMap.csvText(CoverageMap.villages)",
    "search": "CoverageMap.find('na san')",
}


@dataclass(frozen=True)
class Act:
    """What something took, ms: until it was painted, and its longest task by the wall and by the processor's clock."""

    painted: float
    longest: float
    longest_cpu: float


def more_villages(page: str, times: int) -> str:
    """Return the page with every village `times` times, strewn over some kilometres around itself."""
    found = _DATA.search(page)
    assert found is not None
    data = json.loads(found[2])
    villages, networks = data["villages"], data["networks"]["of"]
    count = len(villages["id"])
    for name, column in villages.items():
        villages[name] = column * times
    for at in range(count, count * times):
        turn = at // count
        villages["id"][at] += f"-{turn}"
        villages["name"][at] += f" {turn}"
        for axis, step in (("lon", 0.011 * (turn % 4 - 1.5)), ("lat", 0.013 * (turn // 4 - 1))):
            if villages[axis][at] is not None:
                villages[axis][at] = round(villages[axis][at] + step, 5)
    for network in networks:
        for name in ("status", "reason", "covered"):
            network[name] = network[name] * times
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return page[: found.start(2)] + text + page[found.end(2) :]


class Window:
    """A map in a browser without network."""

    def __init__(self, browser: Any, file: Path) -> None:
        self.page = browser.new_context(viewport={"width": 1366, "height": 820}, offline=True).new_page()
        self.page.set_default_timeout(120_000)
        self._browser = browser
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body.ready")
        self.page.evaluate("CoverageMap.find('na san')")
        self.usable_ms = float(self.page.evaluate("performance.now()"))
        self.page.evaluate("() => document.getElementById('layer-sites').click()")
        self.page.wait_for_timeout(1000)

    def act(self, script: str) -> Act:
        """Do something and watch the page's main thread."""
        self._browser.start_tracing(page=self.page, categories=["toplevel", "blink.user_timing"])
        painted = self.page.evaluate(
            """script => new Promise(done => {
                const begun = performance.now();
                window.act[script]();
                requestAnimationFrame(() => {
                    const after = new MessageChannel();
                    after.port1.onmessage = () => done(performance.now() - begun);
                    after.port2.postMessage(0);
                });
            })""",
            script,
        )
        self.page.wait_for_timeout(700)
        events = json.loads(self._browser.stop_tracing())["traceEvents"]
        mains = {(e["pid"], e["tid"]) for e in events if e.get("args", {}).get("name") == "CrRendererMain"}
        tasks = [e for e in events if (e.get("pid"), e.get("tid")) in mains and e["name"].endswith("RunTask")]
        return Act(
            float(painted),
            max((e.get("dur", 0) for e in tasks), default=0) / 1000,
            max((e.get("tdur", 0) for e in tasks), default=0) / 1000,
        )

    def memory_mb(self) -> float:
        """Return what the page's scripts hold, MB."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def process_mb(self) -> float:
        """Return what the page's process holds, pictures and all, with its share of what processes share (PSS), MB."""
        running = self._browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        rolled = [Path(f"/proc/{one['id']}/smaps_rollup").read_text() for one in running if one["type"] == "renderer"]
        return max(int(found[1]) / 1e3 for text in rolled if (found := re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)))


def measure(browser: Any, file: Path) -> tuple[float, dict[str, Act], dict[str, float], int]:
    """Return ms until usable, what each act took (median of rounds), what memory holds, MB, and the villages."""
    window = Window(browser, file)
    acts = ", ".join(f"{json.dumps(name)}: () => {{ {script} }}" for name, script in ACTS.items())
    window.page.evaluate(f"() => {{ window.act = {{ {acts} }} }}")
    held = {"loaded": window.process_mb()}
    rounds, most = [], []
    for _ in range(ROUNDS):
        rounds.append({name: window.act(name) for name in ACTS})
        most.append(window.process_mb())  # before rubbish is collected
    held["used"] = max(most)
    taken = {
        name: Act(*(median(getattr(each[name], field) for each in rounds) for field in Act.__dataclass_fields__))
        for name in ACTS
    }
    count = int(window.page.evaluate("CoverageMap.villages.length"))
    held["scripts"] = window.memory_mb()
    held["rest"] = window.process_mb()
    window.page.context.close()
    return window.usable_ms, taken, held, count


def main() -> None:
    """Measure and write web_map.md."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "maps/coverage_map.html")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    page = file.read_text(encoding="utf-8")
    lines = [
        "# What the web map takes in a browser",
        "",
        f"Made by `python -m benchmarks.web_map` on {datetime.date.today()}. Machine: {describe()}.",
        "",
        f"{file.name}, {len(page.encode()) / 1e6:.1f} MB, in headless Chromium without network, 1366 × 820; medians of "
        f"{ROUNDS} rounds with all positions shown, ms. *Painted*: from the act to the end of the next "
        "frame. *Task*: the longest one of the main thread, by the wall and by the processor's clock.",
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        larger = Path(folder) / "larger.html"
        larger.write_text(more_villages(page, TIMES), encoding="utf-8")
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for one in (file.resolve(), larger):
            usable_ms, taken, held, count = measure(browser, one)
            lines += [
                "",
                f"## {count} villages",
                "",
                f"Usable, with search answering, after {usable_ms / 1000:.1f} s. The page's process holds "
                f"{held['loaded']:.0f} MB when loaded, at most {held['used']:.0f} MB after a round of the acts, "
                f"{held['rest']:.0f} MB once rubbish is collected, of which scripts {held['scripts']:.0f} MB.",
                "",
                "| act | painted | task | task, processor |",
                "|---|---|---|---|",
                *(
                    f"| {name} | {act.painted:.0f} | {act.longest:.0f} | {act.longest_cpu:.0f} |"
                    for name, act in taken.items()
                ),
            ]
        browser.close()
    (Path(__file__).parent / "web_map.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
