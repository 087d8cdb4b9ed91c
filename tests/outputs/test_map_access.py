"""The web map for everyone: axe-core in every state of the page, both languages, desk and phone; and by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.outputs.map_browser import DESK, PHONE, needs_chromium, opened, serious_findings, until, write_map
from tests.outputs.map_result import small_result, with_networks

pytestmark = needs_chromium

CARD = "CoverageMap.goTo({ kind: 'village', row: CoverageMap.villages[0] })"
STATES = {
    "as it opens": "",
    "every layer and the panel": "CoverageMap.togglePanel(true);"
    "for (const box of document.querySelectorAll('#layers input:not(:checked)'))"
    "document.getElementById(box.id).click()",
    "under a network": "CoverageMap.state.filter.operator = 'vnpt'; CoverageMap.state.filter.technology = '4g';"
    "CoverageMap.tell('filter')",
    "a card": f"CoverageMap.togglePanel(false); {CARD}",
    "the table": "CoverageMap.map.closePopup(); CoverageMap.openTable()",
    "a row of the table": f"{CARD}; CoverageMap.closeTable()",
    "measuring": "CoverageMap.startMeasure(); CoverageMap.map.fire('click', { latlng: CoverageMap.map.getCenter() })",
    "the link": "CoverageMap.stopMeasure(); void CoverageMap.copyLink()",
    "the print": "document.getElementById('dialog').close(); CoverageMap.openPrint()",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("maps")
    return {name: write_map(folder, with_networks(small_result()), language=name) for name in ("vi", "en")}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_serious_in_any_state(
    browser: Any, files: dict[str, Path], language: str, window: dict[str, Any]
) -> None:
    found = {}
    with opened(browser, files[language], bypass_csp=True, **window) as seen:
        for state, act in STATES.items():
            seen.page.evaluate(f"() => {{ {act} }}")
            if serious := serious_findings(seen.page):
                found[state] = serious
        assert seen.complaints == []
    assert found == {}


@pytest.fixture
def page(browser: Any, files: dict[str, Path]) -> Iterator[Any]:
    with opened(browser, files["vi"]) as seen:
        yield seen.page


FOCUSED = "document.activeElement.id || document.activeElement.className.toString().split(' ')[0]"


def test_tab_goes_from_the_bar_over_the_panel_to_the_map_and_its_tools_and_back_to_the_start(page: Any) -> None:
    page.focus("#search")
    order = []
    for _ in range(60):
        order.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) in ("search", "BODY", ""):
            break
    wanted = ["search", "language", "status-0", "open-table", "filter-operator", "filter-technology", "filter-commune",
              "technology", "layer-villages"]  # fmt: skip
    assert [one for one in order if one in wanted] == wanted
    assert {"home", "tool-table", "tool-measure", "tool-link", "tool-print"} <= set(order)


def test_whatever_has_the_focus_shows_it(page: Any) -> None:
    page.evaluate("() => { CoverageMap.openTable() }")
    shown = (
        "() => { const style = getComputedStyle(document.activeElement);"
        "return style.outlineStyle + ' ' + style.outlineWidth }"
    )
    for start in ("#search", "#tool-table", "#table-close"):
        page.focus(start)
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('button, input, select, a, [tabindex]')"):
                assert page.evaluate(shown) in ("solid 3px", "solid 2px"), page.evaluate(FOCUSED)


def test_escape_closes_what_is_open_and_gives_the_focus_back(page: Any) -> None:
    for tool, there in (("table", "#table"), ("print", "#print"), ("link", "#dialog")):
        page.focus(f"#tool-{tool}")
        page.keyboard.press("Enter")
        assert page.locator(there).is_visible(), tool
        page.keyboard.press("Escape")
        until(page, f"!document.querySelector('{there}') || document.querySelector('{there}').hidden")
        assert page.evaluate("document.activeElement.id") == f"tool-{tool}"


def test_letters_stay_inside_their_controls_in_both_languages(page: Any) -> None:
    for _ in range(2):
        cut = page.evaluate(
            """() => [...document.querySelectorAll('#bar button, #panel button, #tools button')]
                .filter(one => one.offsetWidth && one.scrollWidth > one.clientWidth + 1).map(one => one.id)"""
        )
        assert cut == []
        page.click("#language")
