"""The web map as a person meets it: opened from a file in a browser without network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage.outputs.web_map.coverage_map import render_map
from tests.outputs.map_browser import Opened, calm, colour_at, needs_chromium, open_file, screen_place, serious_findings
from tests.outputs.map_result import HOSTILE, bare_result, small_result

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("maps")
    hostile = small_result(names=HOSTILE)
    hostile.ranked_sites["villages"] = HOSTILE[0]
    hostile.communes["commune_name"] = [HOSTILE[0], HOSTILE[3]]
    pages = {"plain": small_result(), "hostile": hostile, "bare": bare_result()}
    for name, result in pages.items():
        (folder / f"{name}.html").write_text(render_map(result, language="vi"), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def open_page(browser: Any, files: dict[str, Path]) -> Iterator[Any]:
    """Open a page of one's own."""
    contexts = []

    def opened(name: str = "plain", **options: Any) -> Opened:
        context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        return open_file(context.new_page(), files[name])

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def desk(browser: Any, files: dict[str, Path]) -> Iterator[Opened]:
    """One page on a desktop that tests share; `page` puts it back as it was before each."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    yield open_file(context.new_page(), files["plain"])
    context.close()


@pytest.fixture
def page(desk: Opened) -> Any:
    desk.page.evaluate(
        """() => {
            CoverageMap.state = CoverageMap.firstState('vi');
            CoverageMap.goHome();
            for (const topic of ['language', 'layers', 'signal', 'operators', 'filter']) CoverageMap.tell(topic);
        }"""
    )
    desk.page.wait_for_selector(".card", state="detached")
    calm(desk.page)  # the map flies home
    return desk.page


def test_it_opens_without_network_and_asks_for_nothing(open_page: Any) -> None:
    seen = open_page()
    seen.page.wait_for_timeout(300)
    assert [address for address in seen.requests if not address.startswith(("file:", "data:"))] == []
    assert seen.complaints == []
    loaded = seen.page.evaluate("[...document.images].map(image => image.complete && image.naturalWidth > 1)")
    assert loaded == [True, True]  # relief and signal


def test_one_village_and_nothing_else_is_shown_too(open_page: Any) -> None:
    seen = open_page("bare")
    assert seen.page.locator(".statuses .count b").all_inner_texts() == ["1", "0", "0", "0"]
    seen.page.mouse.click(*screen_place(seen.page, "Nà Sản"))
    assert seen.page.inner_text(".card h2") == "Nà Sản"
    assert seen.complaints == []


def test_a_sign_lies_on_the_screen_where_its_village_lies(page: Any) -> None:
    x, y = screen_place(page, "Bản Đông")
    assert colour_at(page, x, y) == (0xB5, 0x17, 0x2F)
    page.click("#status-0")
    assert colour_at(page, x, y) != (0xB5, 0x17, 0x2F)


def test_signal_is_drawn_with_crisp_cells_over_the_place_it_belongs_to(page: Any) -> None:
    assert page.evaluate("getComputedStyle(document.querySelector('img.signal')).imageRendering") == "pixelated"
    corners = page.evaluate(
        """() => {
            const image = document.querySelector('img.signal').getBoundingClientRect();
            const box = CoverageMap.map.getContainer().getBoundingClientRect();
            const [[s, w], [n, e]] = CoverageMap.data.signal[0].bounds;
            const [a, b] = [[n, w], [s, e]].map(one => CoverageMap.map.latLngToContainerPoint(one));
            return [image.left - box.left - a.x, image.top - box.top - a.y, image.right - box.left - b.x,
                    image.bottom - box.top - b.y];
        }"""
    )
    assert max(map(abs, corners)) <= 1


def test_the_panel_counts_by_status(page: Any) -> None:
    assert page.locator(".statuses .count b").all_inner_texts() == ["2", "2", "5", "1"]
    assert page.inner_text("#headline") == "80,0%"  # (10 - 2) / 10
    assert page.inner_text("#strict") == "50,0%"  # 5 / 10
    assert "1 thôn/bản chưa có tọa độ" in page.inner_text("#total")


def test_filters_narrow_the_counts_and_the_map(page: Any) -> None:
    shown = "CoverageMap.layers.villages.getLayers().filter(one => !one.hidden).map(one => one.row.name).sort()"
    assert len(page.evaluate(shown)) == 9
    page.select_option("#filter-commune", label="Chiềng An")
    assert page.locator(".statuses .count b").all_inner_texts() == ["0", "1", "2", "1"]
    page.click("#status-2")
    assert page.evaluate(shown) == ["Bản Lầu"]
    page.click("#reset")
    assert len(page.evaluate(shown)) == 9
    page.select_option("#filter-power", "no")
    assert page.evaluate(shown) == ["Nà Sản"]
    assert page.inner_text("#announce") == "1 kết quả"


def test_a_click_on_a_village_tells_everything_and_why(page: Any) -> None:
    page.mouse.click(*screen_place(page, "Bản Đông"))
    card = page.inner_text(".card")
    why = "công nghệ đã ngừng cung cấp"
    for said in ("Bản Đông", "Tô Hiệu", "Trắng sóng", why, "−126", "Điện lưới", "Chiềng Lề", "1,0 km"):
        assert said in card, said
    assert page.inner_text(".levels tr:has-text('Viettel') td") == "–"  # not modelled


@pytest.mark.parametrize(
    ("asked", "kind", "title"),
    [("na san", "Thôn/bản", "Nà Sản"), ("BAN DONG", "Thôn/bản", "Bản Đông"), ("chieng an", "Xã/phường", "Chiềng An"),
     ("03646", "Xã/phường", "Tô Hiệu"), ("vt-02", "Trạm", "VT-02"), ("chưa rõ", "Thôn/bản", "Bản Chưa Rõ")],
)  # fmt: skip
def test_search_needs_no_accents_and_opens_what_it_finds(page: Any, asked: str, kind: str, title: str) -> None:
    page.fill("#search", asked)
    page.keyboard.press("Enter")
    assert page.inner_text(".card h2") == title
    assert page.inner_text(".card .kind") == kind


def test_search_says_when_there_is_nothing(page: Any) -> None:
    page.fill("#search", "không có thật")
    assert page.inner_text("#found") == "Không tìm thấy"


def test_layers_switch_on_and_off(page: Any) -> None:
    on = "name => CoverageMap.map.hasLayer(CoverageMap.layers[name])"
    for name in ("sites", "routes", "plan", "communes", "roads", "ranked", "villages", "relief", "borders"):
        before = page.evaluate(on, name)
        page.click(f"#layer-{name}")
        assert page.evaluate(on, name) is not before, name
    assert page.locator(".leaflet-marker-icon.rank").count() == 0
    page.click("#layer-ranked")
    assert page.locator(".leaflet-marker-icon.rank").all_inner_texts() == ["3", "2", "1"]


def test_signal_follows_the_operator_the_opacity_and_the_switch(page: Any) -> None:
    source = "document.querySelector('img.signal').src"
    best = page.evaluate(source)
    page.select_option("#operator", "vnpt")
    assert (
        page.evaluate(source)
        == page.evaluate("CoverageMap.data.signal.find(one => one.operator === 'vnpt').src")
        != best
    )
    page.evaluate(
        "const range = document.getElementById('opacity'); range.value = 30; range.dispatchEvent(new Event('input'))"
    )
    assert page.evaluate("document.querySelector('img.signal').style.opacity") == "0.3"
    assert "≥ −105 dBm" in page.inner_text("#signal-legend")
    page.click("#show-signal")
    assert page.locator("img.signal").count() == 0


def test_the_language_can_be_switched(page: Any) -> None:
    page.click("#language")
    assert page.locator(".statuses .label").all_inner_texts() == ["Dead", "Weak", "Covered", "Not assessed"]
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.inner_text("#headline") == "80.0%"
    assert "As of 1 July 2026" in page.inner_text("#bar")


def test_hostile_names_are_shown_as_text_everywhere(open_page: Any) -> None:
    seen = open_page("hostile")
    page = seen.page
    page.evaluate("CoverageMap.find('any')")
    for at, name in enumerate(HOSTILE):
        page.evaluate("name => CoverageMap.goTo(CoverageMap.entries.find(one => one.name === name))", name)
        assert page.text_content(".card h2") == name
        page.mouse.move(5, 5)
        page.keyboard.press("Escape")
        page.wait_for_selector(".card", state="detached")
        page.mouse.move(*screen_place(page, name))
        page.wait_for_selector(".tip")
        assert (page.text_content(".tip") or "").startswith(name), at
    page.fill("#search", "script")
    assert HOSTILE[0] in page.locator("#found .found-name").all_text_contents()
    page.evaluate("CoverageMap.openCard(CoverageMap.rankedCard(CoverageMap.ranked[0]), CoverageMap.map.getCenter())")
    assert HOSTILE[0] in page.inner_text(".card")
    assert HOSTILE[3] in page.locator("#filter-commune option").all_text_contents()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0
    assert seen.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_policy_stops_a_script_that_someone_slips_in(open_page: Any) -> None:
    seen = open_page()
    seen.page.evaluate(
        "const bad = document.createElement('script'); bad.textContent = 'window.hacked = 9'; document.body.append(bad)"
    )
    assert seen.page.evaluate("window.hacked") is None
    assert "Content Security Policy" in seen.complaints[0]


def test_on_a_phone_the_map_comes_first_and_the_panel_on_demand(open_page: Any) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".folium-map").bounding_box()["width"] == 390
    assert not page.locator("#panel").is_visible()
    page.tap("#open-panel")
    calm(page)
    assert page.locator("#headline").is_visible()
    page.fill("#search", "na san")
    page.keyboard.press("Enter")
    calm(page)
    assert not page.locator("#panel").is_visible()
    box = page.locator(".leaflet-popup").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Any) -> None:
    page.focus("#search")
    outline = (
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.className.split(' ')[0]"))
        if page.evaluate("document.activeElement.matches('button, input, select, a')"):
            assert page.evaluate(outline) == "solid3px"
    assert {
        "language",
        "status-0",
        "filter-commune",
        "opacity",
        "layer-sites",
        "home",
        "leaflet-marker-icon",
    } <= reached
    page.focus(".leaflet-marker-icon.rank")
    page.keyboard.press("Enter")
    assert page.inner_text(".card .kind").startswith("Hạng 3")


def test_no_serious_finding_of_axe(open_page: Any) -> None:
    page = open_page(bypass_csp=True).page
    page.mouse.click(*screen_place(page, "Bản Đông"))
    page.wait_for_selector(".card")
    assert serious_findings(page) == []
