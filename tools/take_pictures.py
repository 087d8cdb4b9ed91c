"""Take the pictures of the web map that README and docs show: python tools/take_pictures.py maps/coverage_map.html."""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
DESKTOP, PHONE = (1440, 900), (390, 844)

DEAD_VILLAGE = """
    const row = CoverageMap.villages.find(one => one.status === 0 && one.power === 1 && one.lat !== null)
        || CoverageMap.villages.find(one => one.lat !== null);
    for (const name of ['sites', 'routes', 'plan']) CoverageMap.state.layers[name] = true;
    CoverageMap.tell('layers');
    CoverageMap.drawPanel();
    document.getElementById('layers').scrollIntoView();
    CoverageMap.goTo({ kind: 'village', row: row });
    document.activeElement.blur();
"""
COMMUNES = """
    CoverageMap.state.signal.on = false;
    CoverageMap.state.layers.communes = true;
    CoverageMap.tell('signal');
    CoverageMap.tell('layers');
    CoverageMap.drawPanel();
    document.getElementById('layers').scrollIntoView();
"""
SERVERS = """
    Object.assign(CoverageMap.state.signal, { kind: 'server', operator: 'viettel' });
    CoverageMap.tell('signal');
    CoverageMap.drawPanel();
    document.getElementById('layers').scrollIntoView();
"""
TABLE = """
    document.getElementById('status-2').click();
    CoverageMap.openTable();
    document.activeElement.blur();
"""
PROPOSAL = """
    CoverageMap.state.proposal.on = true;
    CoverageMap.tell('proposal');
    const first = CoverageMap.ranked.find(row => row.rank === 1);
    if (first) CoverageMap.map.setView([first.lat - 0.08, first.lon - 0.02], 11, { animate: false });
    CoverageMap.drawPanel();
    document.getElementById('proposal').scrollIntoView();
"""
PRINT = "CoverageMap.openPrint(); document.activeElement.blur();"
SHOTS = {
    "map.jpg": (DESKTOP, ""),
    "map_village.jpg": (DESKTOP, DEAD_VILLAGE),
    "map_communes.jpg": (DESKTOP, COMMUNES),
    "map_servers.jpg": (DESKTOP, SERVERS),
    "map_proposal.jpg": (DESKTOP, PROPOSAL),
    "map_table.jpg": (DESKTOP, TABLE),
    "map_print.jpg": (DESKTOP, PRINT),
    "map_phone.jpg": (PHONE, ""),
}


def take(browser: Browser, document: Path, size: tuple[int, int], act: str) -> Image.Image:
    """Open a document at a size in CSS pixels, act on it, and return what is to be seen."""
    page: Page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(document.resolve().as_uri())
    page.wait_for_selector("body.ready")
    page.evaluate(f"() => {{ {act} }}")
    page.wait_for_timeout(1500)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return shot


def main() -> None:
    """Write every picture, colours at full resolution so that small signs keep theirs."""
    document = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("maps/coverage_map.html")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (size, act) in SHOTS.items():
            take(browser, document, size, act).save(PICTURES / name, quality=80, subsampling=0, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
