"""The layers of the web map as a person meets them: chosen in the panel, pointed at, dragged, read in the cards."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image
from shapely.geometry import LineString

from coverage.outputs.web_map.coverage_map import render_map
from tests.outputs.map_browser import (
    Opened,
    calm,
    colour_at,
    needs_chromium,
    open_file,
    screen_place,
    serious_findings,
    until,
)
from tests.outputs.map_result import CRS_SON_LA, HOSTILE, NORTH, SHAPE, WEST, small_result

pytestmark = needs_chromium
VIETTEL, VNPT = (0xB3, 0x12, 0x3F), (0x0B, 0x4F, 0x9E)
DISC = (0x0D, 0x5C, 0x38)
WEAK, COVERED = (0xF5, 0x9F, 0x00), (0x1F, 0x5A, 0x96)
WATER = (0x3D, 0x86, 0xBD)
GROUND = (0xE9, 0xED, 0xF0)
"""Where nothing is drawn."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = small_result()
    cover = np.full(SHAPE, 10, dtype=np.uint8)
    cover[:, 98:102] = 80
    rivers = gpd.GeoDataFrame(
        {"class": ["river", "stream"], "name": ["Sông Đà", None]},
        geometry=[LineString([(WEST + x, NORTH), (WEST + x, NORTH - 12_000)]) for x in (7_000, 13_000)],
        crs=CRS_SON_LA,
    )
    result = replace(result, layers=replace(result.layers, land_cover=cover, rivers=rivers))
    path = tmp_path_factory.mktemp("layers") / "map.html"
    path.write_text(render_map(result, language="vi"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def desk(browser: Any, file: Path) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    yield open_file(context.new_page(), file)
    context.close()


@pytest.fixture
def page(desk: Opened) -> Iterator[Any]:
    desk.page.evaluate(
        """() => {
            CoverageMap.state = CoverageMap.firstState('vi');
            CoverageMap.goHome();
            for (const topic of ['language', 'layers', 'signal', 'operators', 'filter', 'signs', 'shade', 'proposal'])
                CoverageMap.tell(topic);
        }"""
    )
    desk.page.wait_for_selector(".card", state="detached")
    calm(desk.page)  # the map flies home
    yield desk.page
    assert desk.complaints == []


def on_screen(page: Any, lat: float, lon: float) -> tuple[float, float]:
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


def metres(page: Any, east_m: float, south_m: float) -> tuple[float, float]:
    """Return where a point lies on the screen, by metres from the north-western corner of the country."""
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(9206, 4326, always_xy=True).transform(WEST + east_m, NORTH - south_m)
    return on_screen(page, lat, lon)


def alone(page: Any, *layers: str) -> None:
    """Show these layers of the panel and no other, and no signal."""
    page.evaluate(
        """names => {
            const layers = CoverageMap.state.layers;
            for (const name of Object.keys(layers)) layers[name] = names.includes(name);
            CoverageMap.state.signal.on = false;
            CoverageMap.tell('layers');
            CoverageMap.tell('signal');
            CoverageMap.drawPanel();
        }""",
        list(layers),
    )


def show_servers(page: Any, operator: str = "any") -> None:
    alone(page)
    page.check("#show-signal")
    page.select_option("#operator", operator)
    page.select_option("#surface", "server")
    page.evaluate("CoverageMap.state.signal.opacity = 1; CoverageMap.tell('signal')")
    page.wait_for_selector(f"canvas.signal[data-painted={operator}_4g]")


def pointed(page: Any, *where: Any, within_px: int = 12) -> bool:
    """Tell whether anything is drawn, in the pane of what is pointed out, near a village or metres from the corner."""
    calm(page)  # the map pans while a card opens
    canvas = page.locator(".leaflet-pointed-pane canvas")
    if not canvas.count():
        return False
    box = canvas.bounding_box()
    content = base64.b64decode(canvas.evaluate("one => one.toDataURL()").split(",")[1])
    alpha = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))[..., 3]
    x, y = screen_place(page, *where) if isinstance(where[0], str) else metres(page, *where)
    col, row = int(x - box["x"]), int(y - box["y"])
    around = alpha[max(row - within_px, 0) : row + within_px, max(col - within_px, 0) : col + within_px]
    return bool((around > 0).any())


def open_card(page: Any, card: str) -> str:
    """Open a card, an expression of the page, in the middle of the map; return what it says in one line."""
    page.evaluate(f"CoverageMap.openCard({card}, CoverageMap.map.getCenter())")
    return str(page.locator(".leaflet-popup").last.inner_text()).replace("\n", " ")


# Best servers ---------------------------------------------------------------------------------------------------


def test_best_server_areas_wear_the_colour_of_their_operator(page: Any) -> None:
    show_servers(page)
    assert colour_at(page, *metres(page, 3_500, 3_500)) == VIETTEL
    assert colour_at(page, *metres(page, 16_500, 3_500)) == VNPT
    assert page.locator("#server-legend .label").all_inner_texts() == ["Viettel", "VNPT"]
    assert page.evaluate("getComputedStyle(document.querySelector('canvas.signal')).imageRendering") == "pixelated"


def test_pointing_says_who_serves_best_and_how_far_away(page: Any) -> None:
    show_servers(page)
    page.mouse.move(*metres(page, 5_000, 9_000))  # 3 km south of VT-01
    page.wait_for_selector("#served:not([hidden])")
    assert page.inner_text("#served") == "Phục vụ tốt nhất tại đây: Viettel 4G · VT-01 · 3,0 km"
    page.mouse.move(*metres(page, 15_000, 7_000))
    until(page, "document.getElementById('served').textContent.includes('VN-01')")
    page.mouse.move(10, 300)  # over the panel
    page.wait_for_selector("#served", state="hidden")


def test_by_keyboard_the_middle_of_the_map_is_asked(page: Any) -> None:
    show_servers(page)
    page.focus("#opacity")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === CoverageMap.map.getContainer()"):
            break
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#served:not([hidden])")
    assert "Phục vụ tốt nhất tại đây: " in page.inner_text("#served")
    page.evaluate("document.activeElement.blur(); document.getElementById('served').hidden = true")


def test_a_click_opens_the_card_of_the_serving_site_and_a_line_leads_to_it(page: Any) -> None:
    show_servers(page)
    page.mouse.click(*metres(page, 5_000, 9_500))
    assert page.inner_text(".card h2") == "VT-01"
    assert "Viettel 4G · VT-01 · 3,5 km" in page.inner_text(".card .status")
    assert pointed(page, 5_000, 6_000)
    page.keyboard.press("Escape")
    page.wait_for_selector(".card", state="detached")
    assert not pointed(page, 5_000, 6_000)


def test_one_operators_areas_are_told_apart_by_site_and_nobody_serves_where_nothing_is_known(page: Any) -> None:
    show_servers(page, "vnpt")
    assert "mỗi mảng màu" in page.inner_text("#signal").lower()
    served = "at => { const found = CoverageMap.servedAt(at); return found && found.site.id; }"
    at = page.evaluate(
        "() => { const one = CoverageMap.sites.find(row => row.id === 'VN-01'); return [one.lat, one.lon]; }"
    )
    assert page.evaluate(served, at) == "VN-01"
    assert page.evaluate(served, [at[0], at[1] - 0.137]) is None  # 14 km to the west: not modelled


def test_levels_come_back_when_they_are_chosen(page: Any) -> None:
    show_servers(page)
    page.select_option("#surface", "level")
    assert page.locator("canvas.signal").count() == 0
    assert page.locator("img.signal").count() == 1
    assert "≥ −105 dBm" in page.inner_text("#signal-legend")


# Communes -------------------------------------------------------------------------------------------------------


def test_communes_wear_the_class_of_the_indicator_that_is_chosen(page: Any) -> None:
    alone(page, "communes")
    page.evaluate("CoverageMap.layers.communes.eachLayer(area => area.setStyle({ fillOpacity: 1 }))")
    ramps = page.evaluate("CoverageMap.RAMPS")
    west, east = metres(page, 3_500, 3_500), metres(page, 16_500, 3_500)
    assert colour_at(page, *west) == hex_rgb(ramps["bad"][4])  # 2 of 6 dead: 33 %
    assert colour_at(page, *east) == hex_rgb(ramps["bad"][0])
    page.select_option("#shade", label="Hộ có sóng di động")
    assert colour_at(page, *west) == hex_rgb(ramps["good"][1])  # 180 of 300: 60 %
    assert colour_at(page, *east) == hex_rgb(ramps["good"][3])  # 150 of 160: 94 %
    assert page.locator("#shade-legend .range").all_inner_texts() == ["0 xã", "1 xã", "0 xã", "1 xã", "0 xã"]


def test_a_count_is_named_in_households_and_the_tip_says_the_number(page: Any) -> None:
    alone(page, "communes")
    page.select_option("#shade", label="Số hộ ở thôn/bản trắng sóng")
    assert page.locator("#shade-legend .label").all_inner_texts() == ["0", "1–89", "≥ 90"]
    page.mouse.move(*metres(page, 3_500, 3_500))
    page.wait_for_selector(".tip")
    assert page.inner_text(".tip") == "Tô Hiệu · Số hộ ở thôn/bản trắng sóng 90 hộ"


def test_shades_grow_darker_class_by_class(page: Any) -> None:
    for ramp in page.evaluate("Object.values(CoverageMap.RAMPS)"):
        light = [np.dot(np.array(hex_rgb(colour)) / 255, [0.2126, 0.7152, 0.0722]) for colour in ramp]
        assert (np.diff(light) < -0.07).all()


def test_signal_and_shaded_communes_take_turns(page: Any) -> None:
    page.check("#layer-communes")
    assert page.locator("img.signal").count() == 1  # of water
    assert not page.is_checked("#show-signal")
    page.check("#show-signal")
    assert not page.is_checked("#layer-communes")
    assert page.locator("img.signal").count() == 2


# Ground ---------------------------------------------------------------------------------------------------------


def test_rivers_and_lakes_lie_over_the_relief(page: Any) -> None:
    alone(page, "relief", "water")
    calm(page)
    lake, river, dry = (metres(page, east, 3_500) for east in (10_000, 7_000, 8_500))
    assert colour_at(page, *lake) == colour_at(page, *river) == WATER != colour_at(page, *dry)
    page.uncheck("#layer-water")
    assert WATER not in {colour_at(page, *lake), colour_at(page, *river)}


# Villages and fiber ---------------------------------------------------------------------------------------------


def test_villages_can_show_their_access_to_fiber_by_colour_and_shape(page: Any) -> None:
    alone(page, "villages")
    page.select_option("#signs", "fiber")
    calm(page)
    signs = page.evaluate("CoverageMap.FIBER_SIGNS")
    assert len({sign["shape"] for sign in signs}) == len({sign["fill"] for sign in signs}) == 4
    for name, status in (("Bản Lầu", 0), ("Bản Cá", 1), ("Nà Sản", 2)):
        assert colour_at(page, *screen_place(page, name)) == hex_rgb(signs[status]["fill"]), name
    assert page.locator("#fiber-legend li").all_inner_texts() == [
        "Có cáp quang",
        "Gần cáp quang",
        "Chưa có",
        "Chưa đánh giá",
    ]
    page.select_option("#signs", "status")
    assert colour_at(page, *screen_place(page, "Nà Sản")) == (0xB5, 0x17, 0x2F)


# Sites ----------------------------------------------------------------------------------------------------------


def test_a_sites_card_lists_every_cell_and_says_when_it_is_omnidirectional(page: Any) -> None:
    open_card(page, "CoverageMap.siteCard(CoverageMap.sites.find(row => row.id === 'VT-01'))")
    rows = page.locator(".card .cells tbody tr")
    assert [cell.strip() for cell in rows.nth(0).locator("td").all_inner_texts()] == [
        "2G",
        "900",
        "vô hướng",
        "3°",
        "33 m",
        "62",
    ]
    assert rows.nth(1).locator("td").all_inner_texts() == ["4G", "1.800", "0°", "3°", "33 m", "62"]
    assert "Góc ngẩng" in page.inner_text(".card .cells thead")


def test_sectors_appear_when_near_point_along_their_azimuth_and_go_with_their_operator(page: Any) -> None:
    alone(page, "sites")
    at = page.evaluate(
        "() => { const one = CoverageMap.sites.find(row => row.id === 'SHARED'); return [one.lat, one.lon]; }"
    )

    def tinted(zoom: int, dx: float, dy: float) -> bool:
        page.evaluate("([at, zoom]) => { CoverageMap.map.setView(at, zoom, { animate: false }); }", [at, zoom])
        x, y = on_screen(page, *at)
        return colour_at(page, x + dx, y + dy) != GROUND

    assert not tinted(11, 3, -24)
    assert tinted(14, 4, -24)  # viettel points to 10 degrees
    assert tinted(14, -8, 22)  # vnpt to 200
    page.uncheck("#operator-vnpt")
    assert not tinted(14, -8, 22)
    assert tinted(14, 4, -24)


# Proposals ------------------------------------------------------------------------------------------------------


def test_a_ranked_site_points_out_the_villages_that_it_resolves(page: Any) -> None:
    alone(page, "ranked", "villages")
    page.locator(".leaflet-marker-icon.rank", has_text="1").first.click()
    page.wait_for_selector(".card")
    assert page.inner_text(".card h2") == "NEW-0001"
    assert "2 thôn/bản có hộ được phủ mới" in page.inner_text(".card")
    for name in ("Nà Sản", "Bản Đông"):
        assert pointed(page, name), name
    assert not pointed(page, "Bản Hẹo")
    card = page.locator(".leaflet-popup").bounding_box()
    assert card["y"] + card["height"] <= screen_place(page, "Nà Sản")[1]  # the card covers none of them


def test_cards_of_ranked_sites_tell_power_access_and_way_in(page: Any) -> None:
    card = open_card(page, "CoverageMap.rankedCard(CoverageMap.ranked[0])")
    assert "Từ đó phủ sóng đầy đủ Nà Sản" in card
    assert "Từ đó trắng thành lõm sóng Bản Đông" in card
    for said in ("Nguồn điện Điện mặt trời", "Đường vào Làm đường vào", "Truyền dẫn qua VN-01", "Độ dốc mặt đất 12°",
                 "Nhà mạng được hỗ trợ Bất kỳ nhà mạng", "45,0%"):  # fmt: skip
        assert said in card, said
    assert "VNPT, Viettel" in open_card(page, "CoverageMap.rankedCard(CoverageMap.ranked[1])")


def test_planned_fiber_tells_what_it_feeds_even_where_it_joins_a_commune_centre_only(page: Any) -> None:
    alone(page, "plan", "ranked", "villages")
    page.mouse.click(*metres(page, 2_500, 7_050))
    card = page.inner_text(".card").replace("\n", " ")
    assert "Trung tâm xã/phường được kết nối Tô Hiệu" in card
    assert "Cấp truyền dẫn cho vị trí NEW-0001, VN-01" in card
    assert "Thôn/bản được kết nối" not in card
    assert pointed(page, 3_000, 8_000)  # NEW-0001
    assert not pointed(page, 12_000, 3_000)


def test_today_and_afterwards_under_a_divider_moved_by_key_mouse_and_finger(page: Any) -> None:
    alone(page, "ranked", "villages")
    page.check("#proposal")
    assert page.locator(".swipe-label").all_inner_texts() == ["Hiện tại", "Sau khi xây"]
    gain = page.inner_text("#proposal-gain")
    assert "4 thôn/bản có thêm hộ được phủ, 150 hộ; khoảng 136.500 USD" in gain
    assert "Thành phủ sóng đầy đủ: 2 thôn/bản; từ trắng sóng thành lõm sóng: 1" in gain
    divider = page.locator("#divider")
    divider.focus()
    page.keyboard.press("End")
    x, y = screen_place(page, "Bản Đông")
    assert divider.get_attribute("aria-valuenow") == "100"
    assert colour_at(page, x, y) == (0xB5, 0x17, 0x2F)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    calm(page)
    assert divider.get_attribute("aria-valuenow") == "2"
    assert colour_at(page, x, y) == WEAK  # dead on the left
    assert colour_at(page, x + 7, y - 6) == (255, 255, 255)  # in a ring
    assert colour_at(page, *screen_place(page, "Nà Sản")) == COVERED
    x_same, y_same = screen_place(page, "Bản Lầu")
    assert colour_at(page, x_same, y_same) == (255, 255, 255)  # the middle of a plus
    assert colour_at(page, x_same + 6, y_same + 6) == DISC
    handle = page.locator("#divider i").bounding_box()
    page.mouse.move(handle["x"] + 22, handle["y"] + 22)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    assert colour_at(page, x, y) == (0xB5, 0x17, 0x2F)
    assert page.evaluate("CoverageMap.map.dragging.enabled()")


def test_fewer_ranks_help_fewer_villages_and_the_others_fade(page: Any) -> None:
    alone(page, "ranked", "villages")
    page.check("#proposal")
    page.locator("#proposal-upto").fill("1")
    assert "2 thôn/bản có thêm hộ được phủ, 90 hộ" in page.inner_text("#proposal-gain")
    faint = (
        "[...document.querySelectorAll('.leaflet-marker-icon.rank')].map(one => [one.textContent, one.style.opacity])"
    )
    assert sorted(page.evaluate(faint)) == [["1", "1"], ["2", "0.3"], ["3", "0.3"]]
    page.uncheck("#layer-ranked")
    assert page.locator("#divider").count() == 0
    page.check("#layer-ranked")
    assert page.locator("#divider").count() == 1
    page.uncheck("#proposal")
    assert page.locator("#divider").count() == 0


def test_a_finger_drags_the_divider_and_not_the_map(browser: Any, file: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, offline=True)
    page = open_file(context.new_page(), file).page
    page.evaluate("CoverageMap.state.proposal.on = true; CoverageMap.tell('proposal')")
    handle = page.locator("#divider i").bounding_box()
    start = (handle["x"] + 22, handle["y"] + 22)
    centre = "() => { const at = CoverageMap.map.getCenter(); return [at.lat, at.lng]; }"
    before = page.evaluate(centre)
    touch = context.new_cdp_session(page)
    for kind, points in (("touchStart", [start]), ("touchMove", [(start[0] + 97.5, start[1])]), ("touchEnd", [])):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
    assert page.locator("#divider").get_attribute("aria-valuenow") == "75"
    assert page.evaluate(centre) == before
    context.close()


def test_a_partners_cards_open_without_what_is_left_out(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "partner.html"
    path.write_text(render_map(small_result(edition="partner", operator="viettel"), language="vi"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    seen = open_file(context.new_page(), path)
    assert seen.page.locator("#surface").count() == 0
    card = open_card(seen.page, "CoverageMap.rankedCard(CoverageMap.ranked[0])")
    assert "Nguồn điện" in card
    assert "Truyền dẫn qua" not in card
    assert seen.complaints == []
    context.close()


def test_a_link_restores_what_the_layers_show(browser: Any, file: Path, page: Any) -> None:
    page.select_option("#surface", "server")
    page.select_option("#signs", "fiber")
    page.check("#proposal")
    page.locator("#proposal-upto").fill("2")
    page.evaluate("CoverageMap.state.layers.communes = true; CoverageMap.tell('layers'); CoverageMap.drawPanel()")
    page.select_option("#shade", label="Hộ có sóng di động")
    page.evaluate("void CoverageMap.map.setView([21.3, 103.87], 11.5, { animate: false })")
    until(page, "location.hash.includes('11.5') && location.hash.includes('shade=')")
    chosen = (
        "(({ signal, signs, shade, proposal }) => ({ kind: signal.kind, signs, shade, proposal }))(CoverageMap.state)"
    )
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    seen = Opened(context.new_page())
    seen.page.goto(file.as_uri() + page.evaluate("location.hash"))
    seen.page.wait_for_selector("body.ready")
    assert seen.page.evaluate(chosen) == page.evaluate(chosen)
    assert seen.page.evaluate(chosen)["proposal"] == {"on": True, "upto": 2}
    assert seen.page.locator("#divider").count() == 1
    seen.page.wait_for_selector("canvas.signal[data-painted=any_4g]")
    context.close()


# All of it ------------------------------------------------------------------------------------------------------


def test_no_serious_finding_of_axe_with_everything_switched_on(browser: Any, file: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True, bypass_csp=True)
    page = open_file(context.new_page(), file).page
    for box in ("#layer-sites", "#layer-routes", "#layer-plan", "#layer-communes", "#proposal", "#show-signal"):
        page.check(box)
    page.select_option("#surface", "server")
    page.select_option("#signs", "fiber")
    assert serious_findings(page) == []
    context.close()


def test_hostile_text_is_text_in_the_new_cards_and_tips_too(browser: Any, tmp_path: Path) -> None:
    result = small_result(names=HOSTILE)
    result.communes["commune_name"] = [HOSTILE[0], HOSTILE[3]]
    result.ranked_sites["via"] = [HOSTILE[0], HOSTILE[2], HOSTILE[3]]
    result.ranked_sites["operators"] = HOSTILE[1]
    result.fiber_plan["centres"] = HOSTILE[3]
    path = tmp_path / "hostile.html"
    path.write_text(render_map(result, language="vi"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    seen = open_file(context.new_page(), path)
    assert HOSTILE[0] in open_card(seen.page, "CoverageMap.rankedCard(CoverageMap.ranked[0])")
    assert HOSTILE[1] in open_card(seen.page, "CoverageMap.rankedCard(CoverageMap.ranked[1])")
    assert HOSTILE[3] in open_card(seen.page, "CoverageMap.planCard(CoverageMap.plan[0])")
    seen.page.evaluate("CoverageMap.map.closePopup()")
    seen.page.wait_for_selector(".card", state="detached")
    alone(seen.page, "communes")
    seen.page.mouse.move(*metres(seen.page, 3_500, 3_500))
    seen.page.wait_for_selector(".tip")
    assert seen.page.inner_text(".tip").startswith(HOSTILE[0])
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.locator("img[src=x]").count() == 0
    assert seen.complaints == []
    context.close()


def hex_rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
