"""One HTML document that opens anywhere: our scripts, Leaflet and the data inside, and a policy that lists them."""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from importlib import metadata, resources
from typing import Any

import folium
from branca.element import Element, Figure
from jinja2 import Template

from coverage.outputs.web_map.values import to_json

SHARED_SCRIPTS = ("dom", "words", "decode", "glyphs", "frame", "card", "ground", "controls", "search")
"""Files in `assets` that every page starts with, in the order in which they build on each other."""

_STYLES = ("map.css", "use.css", "print.css")
_POLICY_MARK = "policy-is-set-when-the-page-is-complete"


class _Verbatim(Element):
    """Text that reaches the page as it is; branca would read it as a template once more."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: object) -> str:
        return self.text


class _OfflineMap(folium.Map):
    """Folium's map without what it fetches from elsewhere, and with zooming left to the reader."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (the type that folium declares)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.leaflet|tojson }});
            document.addEventListener("DOMContentLoaded", () => CoverageMap.start(
                {{ this.get_name() }}, {{ this.background.get_name() if this.background else "null" }}));
        {% endmacro %}
        """
    )

    def __init__(self, tiles: str | None) -> None:
        super().__init__(tiles=None)
        self.leaflet = {
            "zoomControl": False,
            "zoomSnap": 0.25,
            "minZoom": 5,
            "maxZoom": 16,
            "attributionControl": False,
        }
        self.background = None
        if tiles is not None:
            credit = html.escape(tiles.split("/")[2])
            self.background = folium.TileLayer(tiles=tiles, attr=credit, show=False, control=False)
            self.add_child(self.background)


class _Page(Figure):
    """The document: branca's figure with a language, a title and a content-security policy."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.language }}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{{ this.title|e }}</title>\n{{ this.header.render(**kwargs) }}\n</head>\n<body>\n"
        "{{ this.html.render(**kwargs) }}\n<script>{{ this.script.render(**kwargs) }}</script>\n</body>\n</html>\n"
    )

    def __init__(self, *, title: str, language: str, images_from: str) -> None:
        super().__init__(title=title)
        self.header = Element()
        self.header._parent = self
        self.language = language
        self.policy = _POLICY_MARK
        self.images_from = images_from

    def render(self, **kwargs: object) -> str:
        """Return the document; its policy allows the very scripts and styles in it, by hash, and nothing else."""
        _name_in_order(self)
        text: str = super().render(**kwargs)
        scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
        styles = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
        policy = (
            f"default-src 'none'; img-src data:{self.images_from}; script-src {_hashes(scripts)}; "
            f"style-src {_hashes(styles)}; base-uri 'none'; form-action 'none'"
        )
        return text.replace(_POLICY_MARK, policy, 1)


def render_page(
    data: Any, *, title: str, language: str, scripts: Sequence[str], tiles: str | None = None, tile_origin: str = ""
) -> str:
    """
    Put a page together.

    Parameters
    ----------
    data
        What its scripts read; JSON-ready.
    title, language
        Of the document.
    scripts
        Names of files in `assets`, in their order; the last defines `CoverageMap.start`.
    tiles
        Template of background tiles; no network where None.
    tile_origin
        Whence they come, for the policy.

    Returns
    -------
    str
        The document; equal data give equal text.
    """
    page = _Page(title=title, language=language, images_from=f" {tile_origin}" if tile_origin else "")
    for style in (_leaflet("leaflet.css"), *map(_own, _STYLES)):
        page.header.add_child(_Verbatim(f"<style>{style}</style>"))
    modules = "\n".join(_own(f"{name}.js") for name in scripts)
    page.header.add_child(_Verbatim(f"<!--\nLeaflet\n{html.escape(_leaflet_licence())}\n-->"))
    for script in (_leaflet("leaflet.js"), modules):
        page.header.add_child(_Verbatim(f"<script>{script}</script>"))
    page.add_child(_OfflineMap(tiles))
    page.html.add_child(_Verbatim(_own("page.html")))
    page.html.add_child(_Verbatim(f'<script type="application/json" id="map-data">{to_json(data)}</script>'))
    return page.render()


def _name_in_order(page: Figure) -> None:
    """Replace branca's random ids by a count, so that equal results give equal pages."""
    waiting: list[Element] = [page]
    count = 0
    while waiting:
        element = waiting.pop()
        element._id = str(count)
        count += 1
        waiting += [*element._children.values()]
        waiting += [part for part in (getattr(element, name, None) for name in ("header", "html", "script"))
                    if isinstance(part, Element)]  # fmt: skip


def _hashes(blocks: list[str]) -> str:
    digests = (hashlib.sha256(block.encode()).digest() for block in blocks)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests) or "'none'"


def _own(name: str) -> str:
    return resources.files("coverage.outputs.web_map").joinpath("assets", name).read_text(encoding="utf-8")


def _leaflet(name: str) -> str:
    """Return a file of Leaflet as its package carries it, without what would make a browser look elsewhere."""
    text = resources.files("js_lib_leaflet").joinpath("static", "js_lib_leaflet", name).read_text(encoding="utf-8")
    text = re.sub(r"//# sourceMappingURL=\S+", "", text)
    return re.sub(r"url\((?:images/[^)]*)\)", "none", text)


def _leaflet_licence() -> str:
    files = metadata.files("django-js-lib-leaflet") or []
    return next((file.read_text(encoding="utf-8") for file in files if file.name.startswith("LICEN")), "BSD-2-Clause")
