"""Before and now under one divider, on the map of a comparison."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from shapely.geometry import box

from coverage import pipeline
from coverage.errors import OutputError
from coverage.grid import Grid
from coverage.layers.finished import read_finished
from coverage.outputs.comparison.files import write_comparison
from coverage.outputs.comparison.signal_before_after import signal_before_after
from coverage.outputs.signal_rasters import raster_name, write_raster
from coverage.outputs.web_map.pictures import CLASS_COLOURS
from coverage.result import Signal
from tests.finished_runs import village, write_finished
from tests.outputs.map_browser import Opened, calm, colour_at, needs_chromium, open_file

COMMUNE = "03646 Phường Tô Hiệu"
BORDERS = gpd.GeoSeries([box(103.85, 21.3, 104, 21.4)], crs=4326)
DEAD, COVERED = (0xB5, 0x17, 0x2F), (0x1F, 0x5A, 0x96)


def run(folder: Path, *, status: str, level_dbm: float | None = None) -> Path:
    """Write a finished run of one village; its 4G has one level everywhere, and no raster where none is given."""
    write_finished(
        folder, [village("1", "Bản Nậm", COMMUNE, at=(103.88, 21.32), status=status)], [COMMUNE], borders=BORDERS
    )
    if level_dbm is not None:
        grid = Grid(CRS.from_epsg(9206), Affine(100, 0, 483_000, 0, -100, 2_368_000), (140, 180))
        signal = Signal(grid, {("any", "4g"): np.full(grid.shape, level_dbm, dtype=np.float32)})
        path = folder / raster_name("any", "4g", quantity="class")
        path.parent.mkdir(parents=True)
        write_raster(signal, "class", ("any", "4g"), read_finished(folder).study, path)
    return folder


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("runs")
    runs = (
        run(folder / "old", status="dead", level_dbm=-120.0),
        run(folder / "new", status="covered", level_dbm=-90.0),
    )
    write_comparison(pipeline.compare(*runs), folder / "out")
    page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    return open_file(page, folder / "out" / "comparison_map.html")


def at(page: Any, lon: float, lat: float) -> tuple[float, float]:
    calm(page)
    x, y = page.evaluate(
        """at => {
            const box = CoverageMap.map.getContainer().getBoundingClientRect();
            const point = CoverageMap.map.latLngToContainerPoint(at);
            return [box.left + point.x, box.top + point.y];
        }""",
        [lat, lon],
    )
    return x, y


@needs_chromium
def test_left_of_the_divider_is_before_and_right_of_it_now(opened: Opened) -> None:
    page = opened.page
    page.select_option("#view", "swipe")
    page.locator("img.signal").first.wait_for()
    page.evaluate("document.querySelectorAll('img.signal').forEach(one => { one.style.opacity = 1; })")
    page.focus("#divider")
    beside = (103.875, 21.315)
    for key, sign, ground in (("Home", COVERED, CLASS_COLOURS[0]), ("End", DEAD, CLASS_COLOURS[2])):
        page.keyboard.press(key)
        assert colour_at(page, *at(page, 103.88, 21.32)) == sign
        assert colour_at(page, *at(page, *beside)) == tuple(int(ground[place : place + 2], 16) for place in (1, 3, 5))
    assert page.locator("#divider").get_attribute("role") == "slider"
    assert page.locator("#status-legend li").all_inner_texts()[0] == "Trắng sóng"
    assert opened.complaints == []


@needs_chromium
def test_a_mouse_drags_it_and_a_village_can_still_be_clicked_on_either_side(opened: Opened) -> None:
    page = opened.page
    page.select_option("#view", "swipe")
    page.focus("#divider")
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    x, y = at(page, 103.88, 21.32)
    handle = page.locator("#divider i").bounding_box()
    page.mouse.move(handle["x"] + 22, handle["y"] + 22)
    page.mouse.down()
    page.mouse.move(x - 80, 500, steps=4)
    page.mouse.up()
    assert colour_at(page, x, y) == COVERED
    page.mouse.move(x, y)
    page.wait_for_selector(".tip")
    assert page.inner_text(".tip") == "Bản Nậm · Đã phủ sóng"
    page.mouse.click(x, y)
    page.wait_for_selector(".card")
    assert "Trắng sóng → Đã phủ sóng" in page.inner_text(".card")
    page.keyboard.press("Escape")


@needs_chromium
def test_what_changed_comes_back_and_the_divider_goes(opened: Opened) -> None:
    page = opened.page
    page.select_option("#view", "swipe")
    page.select_option("#view", "changes")
    assert page.locator("#divider").count() == page.locator("img.signal").count() == 0
    assert page.evaluate("CoverageMap.map.hasLayer(CoverageMap.layers.villages)")
    assert opened.complaints == []


def test_runs_without_rasters_compare_villages_alone(tmp_path: Path) -> None:
    old, new = run(tmp_path / "old", status="dead"), run(tmp_path / "new", status="covered", level_dbm=-90.0)
    assert signal_before_after(pipeline.compare(old, new)) == []


def test_a_damaged_raster_is_named_with_what_to_do(tmp_path: Path) -> None:
    old = run(tmp_path / "old", status="dead", level_dbm=-120.0)
    new = run(tmp_path / "new", status="covered", level_dbm=-90.0)
    (old / "signal" / "class" / "any_4g.tif").write_bytes(b"II*\0 cut short")
    with pytest.raises(OutputError, match=r"old/signal/class/any_4g\.tif: .* Run it again into that folder, or remove"):
        signal_before_after(pipeline.compare(old, new))
