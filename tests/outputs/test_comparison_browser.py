"""The map of a comparison as a person meets it: opened from a file in a browser without network."""

from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import box

from coverage import pipeline
from coverage.outputs.comparison.files import write_comparison
from tests.finished_runs import village, write_finished
from tests.outputs.map_browser import Opened, needs_chromium, open_file

pytestmark = needs_chromium
HOSTILE = "<img src=x onerror=alert(1)>"
COMMUNE = "03646 Phường Tô Hiệu"


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("runs")
    old = [village("1", "Bản Nậm", COMMUNE, at=(103.91, 21.32), status="dead"),
           village("2", HOSTILE, COMMUNE, at=(103.95, 21.35))]  # fmt: skip
    new = [village("1", "Bản Nậm", COMMUNE, at=(103.91, 21.32)),
           village("2", HOSTILE, COMMUNE, at=(103.95, 21.35), status="dead")]  # fmt: skip
    shapes = gpd.GeoSeries([box(103.85, 21.3, 104, 21.4)], crs=4326)
    runs = (
        write_finished(folder / "old", old, [COMMUNE]),
        write_finished(folder / "new", new, [COMMUNE], borders=shapes),
    )
    write_comparison(pipeline.compare(*runs), folder / "out")
    page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    return open_file(page, folder / "out" / "comparison_map.html")


def _find(page: Any, text: str, name: str) -> Any:
    page.fill("#search", text)
    page.press("#search", "Enter")
    card = page.locator(".card", has_text=name)
    card.wait_for()
    return card


def test_it_opens_without_network_or_complaint_and_counts_by_change(opened: Opened) -> None:
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert opened.page.inner_text("#better") == "1"
    assert opened.page.inner_text("#worse") == "1"
    assert opened.page.inner_text("label:has(#change-0) b") == "1"


def test_a_card_shows_before_and_now_and_names_as_text(opened: Opened) -> None:
    page = opened.page
    card = _find(page, "ban nam", "Bản Nậm").inner_text()
    assert "Trắng sóng → Đã phủ sóng" in card
    assert "○không" in card.replace(" ", "").replace("\n", "")
    assert _find(page, "img src", HOSTILE).locator("h2").inner_text() == HOSTILE
    assert page.locator(".card img").count() == 0
    assert opened.complaints == []


def test_what_is_unticked_leaves_the_map_and_the_language_changes(opened: Opened) -> None:
    page = opened.page
    page.uncheck("#change-2")
    hidden = "CoverageMap.layers.villages.getLayers().filter(one => one.hidden).map(one => one.row.name)"
    assert page.evaluate(hidden) == [HOSTILE]
    page.check("#change-2")
    page.click("#language")
    assert "Newly covered" in page.inner_text("#panel")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert opened.complaints == []
