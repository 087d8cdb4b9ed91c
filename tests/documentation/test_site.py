"""The site is built without a warning, holds together, and asks nobody for anything."""

import html.parser
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("mkdocs")
ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Links(html.parser.HTMLParser):
    """What a page loads, where it leads, and where one may lead in it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.leads: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.leads.add(given["href"])
        elif tag == "link" and given.get("rel") not in ("canonical", "prev", "next"):
            self.loads.add(given.get("href", ""))
        elif "src" in given:
            self.loads.add(given["src"])


def _pages(site: Path) -> Iterator[tuple[Path, _Links]]:
    for page in sorted(site.rglob("*.html")):
        if page.name != "404.html":  # shown by a server alone, at its own address
            yield page, _Links(page)


def test_every_link_within_the_site_leads_to_a_page_and_a_place_in_it(site: Path) -> None:
    pages = dict(_pages(site))
    assert len(pages) > 40
    for page, links in pages.items():
        for link in links.leads | links.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file(), f"{page.name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].anchors | {"__skip"}, f"{page.name}: {link}"


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page, links in _pages(site):
        assert not {link for link in links.loads if urlsplit(link).scheme not in ("", "data")}, page
    for sheet in site.rglob("*.css"):
        assert "@import" not in sheet.read_text(encoding="utf-8")


def test_no_list_or_table_is_left_as_running_text(site: Path) -> None:
    """What one Markdown takes for a list or a table, another may not."""
    for page, _ in _pages(site):
        for paragraph in re.findall(r"<p>(.*?)</p>", page.read_text(encoding="utf-8"), re.S):
            assert not re.search(r"^(\||- |\d+\. )", paragraph, re.M), f"{page.name}: {paragraph[:200]}"


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_read_from_a_folder_the_site_searches_and_sends_nothing(site: Path) -> None:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / "index.html").as_uri())
        page.get_by_role("link", name="tutorial", exact=True).first.click()
        page.wait_for_load_state()
        page.keyboard.press("/")
        page.keyboard.type("lõm")
        page.wait_for_selector(".md-search-result__item", state="attached")
        assert "Definitions" in page.locator(".md-search-result__list").inner_text()
        browser.close()
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
