"""The web map on paper: one page of the size that was asked for, with everything that a map must say."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.outputs.map_browser import PHONE, needs_chromium, opened, write_map
from tests.outputs.map_result import HOSTILE, small_result, with_networks

pytestmark = needs_chromium
MM_PER_POINT = 25.4 / 72


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(tmp_path_factory.mktemp("map"), with_networks(small_result()))


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    with opened(browser, file) as seen:
        yield seen.page
        assert seen.complaints == []


def pages_mm(pdf: bytes) -> list[tuple[int, int]]:
    """Return width and height of each page, to the millimetre."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width) * MM_PER_POINT), round(float(height) * MM_PER_POINT)) for width, height in boxes]


@pytest.mark.parametrize(
    ("paper", "turn", "width", "height"),
    [("a4", "landscape", 297, 210), ("a4", "portrait", 210, 297), ("a3", "landscape", 420, 297),
     ("a3", "portrait", 297, 420)],
)  # fmt: skip
def test_it_prints_one_page_of_the_size_that_is_asked_for(
    page: Any, tmp_path: Path, paper: str, turn: str, width: int, height: int
) -> None:
    page.click("#tool-print")
    page.select_option("#print-paper", paper)
    page.select_option("#print-turn", turn)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pages_mm(pdf) == [(width, height)]
    sheet, drawn = page.locator("#sheet").bounding_box(), page.locator(".sheet-map").bounding_box()
    assert drawn["width"] * drawn["height"] > 0.5 * sheet["width"] * sheet["height"]
    for part in ("header", "aside", "footer", ".sheet-map", "#print-scale", ".sheet-north"):
        box = page.locator(f"#sheet {part}").first.bounding_box()
        assert box["x"] >= sheet["x"], part
        assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 1, part
        assert box["y"] + box["height"] <= sheet["y"] + sheet["height"] + 1, part
    legend = page.evaluate(
        "[document.querySelector('#sheet aside')].map(one => [one.scrollHeight, one.clientHeight])[0]"
    )
    assert legend[0] <= legend[1], "the legend is cut"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_the_sheet_says_what_when_from_whom_by_which_scale_and_under_which_filter(page: Any, tmp_path: Path) -> None:
    page.select_option("#filter-operator", "vnpt")
    page.select_option("#filter-technology", "4g")
    page.click("#tool-print")
    (tmp_path / "map.pdf").write_bytes(page.pdf(prefer_css_page_size=True, print_background=True))
    said = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "map.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    for text in (
        "Tỉnh thử nghiệm", "Thời điểm đánh giá 01/07/2026", "Bộ lọc: VNPT 4G", "Chú giải", "Trắng sóng",
        "Mức sóng: Bất kỳ nhà mạng 4G", "≥ −105 dBm", "Nguồn số liệu: Số liệu đặt ra", "vn-center-2024",
        "Tỷ lệ khoảng 1 :", "không phải số đo", "Ngày in",
    ):  # fmt: skip
        assert text in said, text
    assert "Xem trước khi in" not in said
    assert "Lọc thôn/bản" not in said


def test_the_legend_is_of_what_is_switched_on_and_nothing_else(page: Any) -> None:
    page.check("#layer-communes")
    page.check("#layer-sites")
    page.uncheck("#operator-vnpt")
    page.uncheck("#layer-villages")
    page.click("#tool-print")
    legend = page.inner_text("#sheet aside")
    for text in ("Xã/phường theo chỉ tiêu", "≥ 20", "Vị trí trạm", "Viettel", "Đường giao thông"):
        assert text in legend, text
    for text in ("Trắng sóng", "dBm", "VNPT", "Tuyến cáp quang", "Chỉ tiêu\n"):
        assert text not in legend, text
    assert page.locator("#sheet aside :is(input, select, button)").count() == 0


def test_a_length_on_paper_is_that_on_the_ground_by_the_scale(page: Any) -> None:
    page.click("#tool-print")
    scale = int(re.sub(r"\D", "", page.inner_text("#print-scale").split(":")[1]))
    # 10 km from the west to the east, in CSS pixels of 1/96 inch
    pixels = page.evaluate(
        """() => {
            const west = L.latLng(21.29, 103.85);
            const metres = CoverageMap.metresBetween(west, L.latLng(21.29, 103.95));
            const [a, b] = [west, L.latLng(21.29, 103.95)].map(one => CoverageMap.map.latLngToContainerPoint(one));
            return Math.abs(b.x - a.x) / metres;
        }"""
    )
    assert pixels * scale == pytest.approx(1000 * 96 / 25.4, rel=0.005)


@pytest.mark.parametrize(
    ("scale", "rounded"), [(1_000_000, 1_000_000), (1_000_001, 1_250_000), (230_000, 250_000), (99_999, 100_000)]
)
def test_scales_are_round_and_never_larger_than_fits(page: Any, scale: int, rounded: int) -> None:
    assert page.evaluate("scale => CoverageMap.roundScale(scale)", scale) == rounded


def test_the_map_comes_back_as_it_was(page: Any) -> None:
    place = """() => { const map = CoverageMap.map, at = map.getCenter(), size = map.getSize();
        return [at.lat.toFixed(4), at.lng.toFixed(4), map.getZoom(), size.x, size.y] }"""
    before = page.evaluate(place)
    page.click("#tool-print")
    page.select_option("#print-paper", "a3")
    assert page.evaluate(place) != before
    page.click("#print-close")
    assert page.evaluate(place) == before
    assert page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.id") == "tool-print"


def test_the_browsers_own_command_prints_the_sheet_and_goes_back(page: Any) -> None:
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#sheet").count() == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#sheet").count() == 0
    assert page.locator(".folium-map").is_visible()


def test_hostile_names_are_printed_as_text(browser: Any, tmp_path: Path) -> None:
    result = small_result(names=HOSTILE)
    result.communes["commune_name"] = [HOSTILE[0], HOSTILE[3]]
    about = result.study.study.model_copy(update={"name": HOSTILE[1], "source": HOSTILE[3]})
    object.__setattr__(result, "study", result.study.model_copy(update={"study": about}))
    with opened(browser, write_map(tmp_path, result)) as seen:
        page = seen.page
        page.select_option("#filter-commune", label=HOSTILE[0])
        page.click("#tool-print")
        assert page.text_content("#sheet h1") == HOSTILE[1]
        assert HOSTILE[0] in (page.text_content(".sheet-filters") or "")
        assert HOSTILE[3] in (page.text_content("#sheet footer") or "")
        page.pdf(prefer_css_page_size=True)
        assert page.evaluate("window.hacked") is None
        assert seen.complaints == []


def test_on_a_phone_the_sheet_is_shrunk_to_the_screen(browser: Any, file: Path) -> None:
    with opened(browser, file, **PHONE) as seen:
        seen.page.tap("#tool-print")
        box = seen.page.locator("#sheet").bounding_box()
        assert box["width"] <= 360
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert seen.complaints == []
