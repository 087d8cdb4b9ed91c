"""The web map in use: networks, what is in view, the table, its file, measuring, coordinates, links."""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod, Transformer

from coverage.columns.results import VILLAGES, level_column
from coverage.columns.words import TECHNOLOGIES
from coverage.outputs.paper_text import neutralised
from coverage.places.counts import of_villages
from tests.outputs.map_browser import PHONE, Opened, calm, needs_chromium, opened, screen_place, until, write_map
from tests.outputs.map_result import HOSTILE, NORTH, WEST, small_result, with_networks

pytestmark = needs_chromium
SHOWN = "CoverageMap.layers.villages.getLayers().filter(one => !one.hidden).map(one => one.row.name).sort()"
TABLE = "[...document.querySelectorAll('#table tbody tr')].map(row => row.cells[{at}].textContent)"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(tmp_path_factory.mktemp("map"), with_networks(small_result()))


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    with opened(browser, file) as seen:
        yield seen.page
        assert seen.complaints == []


def counts(page: Any) -> list[str]:
    found: list[str] = page.locator(".statuses .count b").all_inner_texts()
    return found


# Networks -------------------------------------------------------------------------------------------------------


def test_under_an_operator_and_technology_villages_have_the_status_of_that_network(page: Any) -> None:
    assert counts(page) == ["2", "2", "5", "1"]
    page.select_option("#filter-operator", "vnpt")
    page.select_option("#filter-technology", "4g")
    assert counts(page) == ["4", "2", "3", "1"]
    assert "VNPT 4G" in page.inner_text("#network-note")
    page.uncheck("#status-1")
    page.uncheck("#status-2")
    assert page.evaluate(SHOWN) == ["Bản Mòn", "Bản Nà", "Bản Đông", "Nà Sản"]
    page.click("#reset")
    assert counts(page) == ["2", "2", "5", "1"]
    assert page.locator("#network-note").count() == 0


def test_communes_are_counted_under_a_network_as_the_published_indicators_are(browser: Any, tmp_path: Path) -> None:
    result = with_networks(small_result())
    published = ("villages_dead", "villages_weak", "villages_covered", "households_with_signal")
    row = {"area": "03646", "area_kind": "commune", "operator": "any", "technology": "4g", "denominator": 6.0}
    rows = [{**row, "indicator": name, "numerator": 1.0} for name in (*published, "villages_with_technology")]
    rows.append({**row, "indicator": "villages_with_technology", "operator": "vnpt", "numerator": 2.0})
    result = replace(result, indicators=pd.DataFrame(rows))

    statuses = result.village_statuses.query("operator == 'vnpt' and technology == '4g'").set_index("village_id")
    own = statuses.reindex(result.villages["village_id"])[["status", "households_covered"]]
    levels = {level_column("any", technology): np.nan for technology in TECHNOLOGIES}
    villages = result.villages.assign(**levels, **{name: own[name].to_numpy() for name in own})
    codes = result.communes["commune_code"].to_list()
    where = villages["commune_code"].map(codes.index).to_numpy()

    def by_commune(values: Any) -> list[float]:
        return list(np.bincount(where, np.asarray(values, dtype=float), len(codes)))

    wanted = {
        one.indicator: [by_commune(one.part), by_commune(one.whole)]
        for one in of_villages(villages, (), result.study)
        if one.indicator in published
    }
    wanted["households_dead"] = [by_commune(villages["households"].fillna(0) * (villages["status"] == "dead")), None]
    wanted["villages_with_technology"] = [[2, None], [6, None]]

    shaded = """() => Object.fromEntries(CoverageMap.data.shades.map((one, at) => {
        CoverageMap.state.shade = at;
        const now = CoverageMap.shading();
        return [one.id, [now.part, now.whole]];
    }))"""
    with opened(browser, write_map(tmp_path, result)) as seen:
        before = seen.page.evaluate(shaded)
        seen.page.select_option("#filter-operator", "vnpt")
        seen.page.select_option("#filter-technology", "4g")
        assert seen.page.evaluate(shaded) == wanted != before
        seen.page.click("#reset")
        assert seen.page.evaluate(shaded) == before
        assert seen.complaints == []


def test_colours_tips_and_cards_of_communes_follow_the_network(page: Any) -> None:
    page.check("#layer-communes")
    colours = "CoverageMap.layers.communes.getLayers().map(area => area.options.fillColor)"
    card = "CoverageMap.communeCard(CoverageMap.communes[0]).innerText"
    before = page.evaluate(colours)
    page.select_option("#filter-operator", "vnpt")
    page.select_option("#filter-technology", "4g")
    assert page.evaluate(colours) != before
    assert "Thôn/bản trắng sóng (VNPT 4G), %" in page.inner_text("#panel")
    said = page.evaluate("CoverageMap.layers.communes.getLayers()[0].tip()")
    assert said.startswith("Tô Hiệu · Thôn/bản trắng sóng (VNPT 4G) ")
    assert "VNPT 4G" in page.evaluate(card)
    page.click("#reset")
    assert page.evaluate(colours) == before
    assert "VNPT" not in page.evaluate(card)


def test_a_sign_takes_the_colour_of_the_status_under_the_network(page: Any) -> None:
    sign = "CoverageMap.layers.villages.getLayers().find(one => one.row.name === 'Bản Nà').options.sign.fill"
    assert page.evaluate(sign) == "#1f5a96"
    page.select_option("#filter-technology", "4g")
    page.select_option("#filter-operator", "vnpt")
    assert page.evaluate(sign) == "#b5172f"
    page.mouse.click(*screen_place(page, "Bản Nà"))
    assert page.inner_text(".card .status").split("\n") == ["Trắng sóng", "(VNPT 4G)"]


def test_a_map_without_statuses_by_network_offers_no_such_filter(browser: Any, tmp_path: Path) -> None:
    with opened(browser, write_map(tmp_path, small_result())) as seen:
        assert seen.page.locator("#filter-operator").count() == 0
        assert counts(seen.page) == ["2", "2", "5", "1"]
        assert seen.complaints == []


# What is in view --------------------------------------------------------------------------------------------------


def test_the_indicators_are_those_of_the_villages_in_view_that_pass_the_filters(page: Any) -> None:
    assert page.inner_text("#view-count") == "9 trên 10 thôn/bản đang lọc"  # one lies nowhere
    assert page.inner_text("#view-households") == "460"  # 40+50+50+60+50+50+60+50+50
    assert page.inner_text("#view-signal") == "77,2% (355 trên 460)"  # 25+0+30+60+50+50+40+50+50
    page.select_option("#filter-power", "no")
    assert page.inner_text("#view-count") == "1 trên 1 thôn/bản đang lọc"
    assert page.inner_text("#view-signal") == "62,5% (25 trên 40)"
    page.click("#reset")
    page.evaluate("void CoverageMap.map.setView([CoverageMap.villages[0].lat, CoverageMap.villages[0].lon], 16)")
    until(page, "document.getElementById('view-count').textContent.startsWith('1 trên 10')")
    assert page.inner_text("#view-headline") == "0,0%"
    assert page.inner_text("#view-status-0") == "1"


def test_where_nothing_lies_the_panel_says_so(page: Any) -> None:
    page.evaluate("void CoverageMap.map.setView([10, 105], 9, {animate: false})")
    assert page.inner_text("#view-none") == "Không có thôn/bản nào trong khung nhìn."


# The table --------------------------------------------------------------------------------------------------------


def test_the_table_holds_what_is_in_view_and_sorts_by_any_column(page: Any) -> None:
    page.click("#tool-table")
    assert page.evaluate(TABLE.format(at=0))[:2] == ["Nà Sản", "Bản Đông"]  # dead first
    page.click("#sort-name")
    names = ["Bản Cá", "Bản Đông", "Bản Hẹo", "Bản Lầu", "Bản Mòn", "Bản Nà", "Nà Sản", "Tiểu khu 1", "Tổ 3"]
    assert page.evaluate(TABLE.format(at=0)) == names
    page.click("#sort-name")
    assert page.evaluate(TABLE.format(at=0)) == names[::-1]
    assert page.get_attribute("th:has(#sort-name)", "aria-sort") == "descending"
    page.click("#sort-level")  # the level under the headline technologies: Bản Đông has −126, Nà Sản −121
    assert page.evaluate(TABLE.format(at=8))[:2] == ["−126 4G", "−121 4G"]
    for column in ("commune", "status", "reason", "households", "covered", "people", "power", "fiber", "site"):
        page.click(f"#sort-{column}")
        assert page.get_attribute(f"th:has(#sort-{column})", "aria-sort") == "ascending", column
    assert page.evaluate(TABLE.format(at=10)) == ["1,0"] * 8 + ["4,2"]


def test_what_is_not_known_goes_last_either_way(page: Any) -> None:
    sort = "down => CoverageMap.sorted(CoverageMap.villages, 'people', down).map(row => row.people)"
    assert page.evaluate(sort, False) == [160, *[200] * 8, None]
    assert page.evaluate(sort, True) == [*[200] * 8, 160, None]


def test_the_table_follows_filters_and_leads_to_a_village_without_losing_its_rows(page: Any) -> None:
    page.click("#tool-table")
    page.select_option("#filter-commune", label="Chiềng An")
    assert sorted(page.evaluate(TABLE.format(at=0))) == ["Bản Lầu", "Bản Nà", "Tổ 3"]
    page.click("#reset")
    page.evaluate("void CoverageMap.goHome()")
    until(page, "document.querySelectorAll('#table tbody tr').length === 9")
    calm(page)  # the map glides
    page.click("#row-1")
    assert page.inner_text(".card h2") == "Bản Đông"
    assert page.evaluate("CoverageMap.map.getZoom()") >= 13
    assert page.locator("#table tbody tr").count() == 9
    page.click("#table-follow")
    assert page.locator("#table tbody tr").count() < 9


def test_arrow_keys_walk_the_rows_and_escape_goes_back(page: Any) -> None:
    page.focus("#tool-table")
    page.keyboard.press("Enter")
    page.focus("#row-0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "row-2"
    page.keyboard.press("ArrowUp")
    assert (
        page.evaluate("[...document.querySelectorAll('#table tbody button')].filter(one => one.tabIndex === 0).length")
        == 1
    )
    page.keyboard.press("Enter")
    assert page.inner_text(".card h2") == "Bản Đông"
    page.focus("#row-1")
    page.keyboard.press("Escape")
    assert page.locator("#table").is_hidden()
    assert page.evaluate("document.activeElement.id") == "tool-table"


def test_many_villages_come_a_page_at_a_time(page: Any) -> None:
    page.evaluate(
        """() => {
            const first = CoverageMap.villages[0];
            CoverageMap.villages = Array.from({ length: 120 }, (_, at) => ({ ...first, at, name: 'Bản ' + at }));
            CoverageMap.openTable();
        }"""
    )
    assert page.locator("#table tbody tr").count() == 50
    assert page.inner_text("#table-page") == "Trang 1 trên 3"
    page.click("#sort-name")
    page.click("#table-next")
    page.click("#table-next")
    assert page.evaluate(TABLE.format(at=0)) == [f"Bản {at}" for at in range(100, 120)]
    assert page.is_disabled("#table-next")
    page.focus("#row-0")
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#row-49") == "Bản 99"
    assert page.evaluate("document.activeElement.id") == "row-49"


# The file of the table --------------------------------------------------------------------------------------------


def saved(page: Any) -> tuple[str, bytes]:
    page.evaluate("CoverageMap.openTable()")
    with page.expect_download() as waiting:
        page.click("#table-save")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_saved_file_has_a_mark_headings_of_the_language_and_codes_as_they_are(page: Any) -> None:
    name, content = saved(page)
    assert name == "thon_ban_2026-07-01.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 9
    first = next(row for row in rows if row["Thôn/bản"] == "Nà Sản")
    assert (first["Mã xã"], first["Xã/phường"], first["Số hộ"], first["Điện lưới"], first["Tình trạng"]) == (
        "03646", "Tô Hiệu", "40", "Không", "Trắng sóng",
    )  # fmt: skip
    assert first["Bất kỳ nhà mạng 4G (dBm)"] == "-121"
    assert set(first) >= {
        VILLAGES[name].vi for name in ("village_id", "lon", "lat", "reason", "fiber", "nearest_site_km")
    }
    page.click("#language")
    name, content = saved(page)
    assert name == "villages_2026-07-01.csv"
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1] == "Village"


def test_the_saved_file_holds_no_formula_and_says_the_network(browser: Any, tmp_path: Path) -> None:
    names = ["=1+1", "@SUM(A1)", "-2+3", '+cmd|" /C calc"!A0', "a;=HYPERLINK(1)", "\u202e=1\u202c", 'dòng\nmới, "a"']
    with opened(browser, write_map(tmp_path, with_networks(small_result(names=names)))) as seen:
        seen.page.select_option("#filter-operator", "vnpt")
        seen.page.select_option("#filter-technology", "4g")
        rows = list(csv.DictReader(io.StringIO(saved(seen.page)[1].decode("utf-8-sig"))))
        assert {row["Thôn/bản"] for row in rows} == {*map(neutralised, names), "Bản Nà", "Tổ 3"}
        assert "Tình trạng (VNPT 4G)" in rows[0]
        assert seen.complaints == []


def test_a_study_of_the_decimal_comma_gets_its_separator(browser: Any, tmp_path: Path) -> None:
    result = small_result()
    papers = result.study.papers.model_copy(update={"decimal": "comma"})
    result = replace(result, study=result.study.model_copy(update={"papers": papers}))
    with opened(browser, write_map(tmp_path, result)) as seen:
        rows = list(csv.DictReader(io.StringIO(saved(seen.page)[1].decode("utf-8-sig")), delimiter=";"))
        first = next(row for row in rows if row["Thôn/bản"] == "Nà Sản")
        assert first[VILLAGES["nearest_site_km"].vi] == "4,2"


# Cards ------------------------------------------------------------------------------------------------------------


def test_a_card_holds_what_was_found_against_what_is_asked_for(page: Any) -> None:
    page.mouse.click(*screen_place(page, "Bản Lầu"))
    card = page.inner_text(".card")
    for said in (
        "Sóng tốt nhất tại trung tâm: −95 dBm (4G); có sóng từ −115 dBm, tốt từ −105 dBm.",
        "66,7% số hộ có sóng; đạt khi từ 95% trở lên.",  # 40 of 60
        "Cụm lớn nhất không có sóng: 14 hộ; không đạt khi từ 10 hộ trở lên.",
        "Đông 492", "104°00′", "03657", "v6", "chỉ điểm trung tâm",
    ):  # fmt: skip
        assert said in card, said
    assert page.locator(".levels thead th").all_inner_texts() == ["4G", "Tình trạng"]
    assert page.text_content(".levels tbody tr:has-text('Tốt nhất') td:last-child") == "Lõm sóng"


# Coordinates and lengths ------------------------------------------------------------------------------------------


def test_vn2000_in_the_browser_is_that_of_proj_to_a_centimetre(page: Any) -> None:
    to_zone = Transformer.from_crs(4326, 9206, always_xy=True)
    for lon in (102.2, 103.0, 103.914, 104.0, 104.6, 105.2):
        for lat in (8.5, 16.0, 21.327, 23.4):
            found = page.evaluate("([lat, lon]) => CoverageMap.vn2000(lat, lon)", [lat, lon])
            assert math.dist(found, to_zone.transform(lon, lat)) < 0.01, (lon, lat)
    east, north = page.evaluate("CoverageMap.vn2000(21.327, 103.914)")
    assert (round(east, 2), round(north, 2)) == (490883.05, 2359155.24)  # the published test point


def test_the_pointers_place_is_shown_in_both_systems(page: Any) -> None:
    x, y = screen_place(page, "Bản Đông")
    page.mouse.move(x + 40, y)
    page.mouse.move(x, y)
    until(page, "document.getElementById('place-vn2000').textContent.includes('Đông 484')")
    wgs84, vn = page.inner_text("#place-wgs84"), page.inner_text("#place-vn2000")
    lat, lon = (float(part) for part in wgs84.removeprefix("WGS 84: ").split(", "))
    metres_a_pixel = page.evaluate("40075016 * Math.cos(0.37) / 256 / 2 ** CoverageMap.map.getZoom()")
    there = Transformer.from_crs(4326, 9206, always_xy=True).transform(lon, lat)
    assert math.dist(there, (WEST + 4_000, NORTH - 9_000)) < 2 * metres_a_pixel
    assert vn == f"VN-2000 104°00′: Đông {there[0]:.0f} · Bắc {there[1]:.0f} m"


def test_the_keyboard_reads_the_place_in_the_middle(page: Any) -> None:
    page.focus(".folium-map")
    page.keyboard.press("ArrowLeft")
    until(page, "document.getElementById('place-wgs84').textContent.length > 0")
    centre = page.evaluate("[CoverageMap.map.getCenter().lat, CoverageMap.map.getCenter().lng]")
    calm(page)
    centre = page.evaluate("[CoverageMap.map.getCenter().lat, CoverageMap.map.getCenter().lng]")
    assert page.inner_text("#place-wgs84") == f"WGS 84: {centre[0]:.5f}, {centre[1]:.5f}"


def test_lengths_are_those_on_the_ellipsoid(page: Any) -> None:
    geod = Geod(ellps="WGS84")
    for a, b in (((21.0, 103.5), (21.0, 104.5)), ((21.0, 103.5), (22.0, 103.5)), ((20.7, 103.3), (22.0, 105.0))):
        metres = geod.inv(a[1], a[0], b[1], b[0])[2]
        found = page.evaluate(
            "([a, b]) => CoverageMap.metresBetween(L.latLng(a[0], a[1]), L.latLng(b[0], b[1]))", [a, b]
        )
        assert found == pytest.approx(metres, rel=5e-5)


def test_measuring_adds_up_legs_by_clicks_and_opens_no_card(page: Any) -> None:
    page.click("#tool-measure")
    for village in ("Bản Đông", "Bản Mòn", "Bản Hẹo"):
        page.mouse.click(*screen_place(page, village))
    # (4, 9) to (6, 4) to (8, 8) km: 5.385 and 4.472; a click falls within a pixel
    said = page.inner_text("#measure-total").replace("Tổng: ", "").replace("đoạn cuối: ", "").split(" · ")
    total, last = (float(part.split()[0].replace(",", ".")) for part in said)
    assert (total, last) == (pytest.approx(9.857, abs=0.15), pytest.approx(4.472, abs=0.1))
    assert page.locator(".card").count() == 0
    page.click("#measure-undo")
    assert page.inner_text("#measure-total").startswith("Tổng: 5,")
    page.click("#measure-finish")
    page.mouse.click(*screen_place(page, "Bản Đông"))
    assert page.inner_text(".card h2") == "Bản Đông"


def test_measuring_goes_by_keyboard_too(page: Any) -> None:
    page.focus("#tool-measure")
    page.keyboard.press("Enter")
    assert page.locator(".crosshair").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    calm(page)  # the map glides
    page.keyboard.press("Enter")
    assert "Tổng: " in page.inner_text("#measure-total")
    page.keyboard.press("Backspace")
    assert page.inner_text("#measure-total").startswith("Bấm lên bản đồ")
    page.keyboard.press("Escape")
    assert page.locator("#measured").is_hidden()
    assert page.evaluate("document.activeElement.id") == "tool-measure"


# Links ------------------------------------------------------------------------------------------------------------

STATE = """() => {
    const { filter, signal, layers, operators, language, shade, signs, proposal } = CoverageMap.state;
    const centre = CoverageMap.map.getCenter();
    return JSON.stringify([{ ...filter, statuses: [...filter.statuses].sort() }, signal, layers, [...operators],
        language, shade, signs, proposal, centre.lat.toFixed(4), centre.lng.toFixed(4), CoverageMap.map.getZoom()]);
}"""


def test_a_link_restores_view_layers_filters_and_language(browser: Any, file: Path, page: Any) -> None:
    page.click("#language")
    page.select_option("#filter-operator", "vnpt")
    page.select_option("#filter-technology", "4g")
    page.select_option("#filter-commune", label="Tô Hiệu")
    page.select_option("#filter-power", "yes")
    page.uncheck("#status-2")
    page.check("#layer-sites")
    page.uncheck("#operator-viettel")
    page.uncheck("#layer-roads")
    page.check("#layer-communes")
    page.select_option("#shade", index=1)
    page.select_option("#signs", "fiber")
    page.check("#proposal")
    page.select_option("#operator", "vnpt")
    page.evaluate("void CoverageMap.map.setView([21.3, 103.87], 11.25, {animate: false})")
    until(page, "location.hash.includes('11.25')")
    with opened(browser, file, after=page.evaluate("location.hash")) as again:
        assert again.page.evaluate(STATE) == page.evaluate(STATE)
        assert again.page.evaluate(SHOWN) == page.evaluate(SHOWN) != []
        assert again.page.inner_text("#language") == "Tiếng Việt"
        assert again.complaints == []


@pytest.mark.parametrize(
    "wrong",
    ["#at=NaN,1,2&lang=fr", "#at=99,999,99&status=7,x&commune=00000&network=<script>,4g",
     "#signal=on,x,y,z&power=maybe", "#at=21.3,103.8", "#%E0%A4%A", "#layers=__proto__,constructor&sites=toString"],
)  # fmt: skip
def test_a_link_that_makes_no_sense_does_no_harm(browser: Any, file: Path, wrong: str) -> None:
    with opened(browser, file, after=wrong) as seen:
        assert seen.page.inner_text("#filter-power option:checked") == "Có hoặc chưa có điện lưới"
        assert seen.page.evaluate("CoverageMap.state.language") == "vi"
        assert seen.page.evaluate("CoverageMap.map.getBounds().contains(CoverageMap.data.view)")
        assert seen.complaints == []


def test_the_link_can_be_copied_and_read(page: Any) -> None:
    page.click("#tool-link")
    link = page.input_value("#link-text")
    assert link.startswith("file://")
    assert "#at=" in link
    page.keyboard.press("Escape")
    assert page.locator("#dialog").count() == 0


def test_another_address_in_the_same_window_changes_the_view(page: Any) -> None:
    page.evaluate("location.hash = '#at=21.31,103.9,12&status=0&lang=en'")
    until(page, "CoverageMap.map.getZoom() === 12")
    assert page.evaluate(SHOWN) == ["Bản Đông", "Nà Sản"]
    assert page.inner_text("#language") == "Tiếng Việt"


# Names that try to be more than names -------------------------------------------------------------------------------


def test_hostile_names_stay_text_in_the_table_and_in_its_file(browser: Any, tmp_path: Path) -> None:
    with opened(browser, write_map(tmp_path, small_result(names=HOSTILE))) as seen:
        page = seen.page
        page.click("#tool-table")
        shown = page.evaluate("[...document.querySelectorAll('#table tbody th button')].map(one => one.textContent)")
        assert set(HOSTILE) <= set(shown)
        rows = list(csv.DictReader(io.StringIO(saved(page)[1].decode("utf-8-sig"))))
        assert {neutralised(name) for name in HOSTILE} <= {row["Thôn/bản"] for row in rows}
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert seen.complaints == []


# On a phone -------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(browser: Any, file: Path) -> Iterator[Opened]:
    with opened(browser, file, **PHONE) as seen:
        yield seen
        assert seen.complaints == []


def test_on_a_phone_tools_measure_table_and_cards_fit(phone: Opened) -> None:
    page = phone.page
    wide = "document.documentElement.scrollWidth"
    sizes = page.evaluate(
        "[...document.querySelectorAll('#tools button')].map(one => [one.offsetWidth, one.offsetHeight])"
    )
    assert len(sizes) == 4
    assert min(map(min, sizes)) >= 40  # px, so that a thumb finds it
    page.tap("#tool-measure")
    for village in ("Bản Đông", "Bản Nà"):
        page.touchscreen.tap(*screen_place(page, village))
    assert "Tổng: 11," in page.inner_text("#measure-total")  # (4, 9) to (14, 3) km: 11.66
    page.tap("#measure-finish")
    page.tap("#tool-table")
    assert page.locator("#table").bounding_box()["width"] == 360
    assert page.evaluate(wide) <= 360
    page.tap("#row-1")
    assert page.locator("#table").is_hidden()
    page.wait_for_selector(".card")
    calm(page)  # the map flies there
    box = page.locator(".leaflet-popup").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate(wide) <= 360


def test_on_a_phone_a_tap_tells_the_place(phone: Opened) -> None:
    page = phone.page
    assert page.locator("#place").is_hidden()
    page.touchscreen.tap(180, 500)
    until(page, "document.getElementById('place-vn2000').textContent.startsWith('VN-2000 104°00′: Đông ')")
