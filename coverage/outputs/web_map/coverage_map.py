"""The web map of a run: one HTML document that opens anywhere, with nothing but itself."""

import re

from coverage.errors import OutputError
from coverage.outputs.web_map.data import map_data
from coverage.outputs.web_map.edition import for_edition
from coverage.outputs.web_map.page import SHARED_SCRIPTS, render_page
from coverage.outputs.wording import LANGUAGES
from coverage.result import Result

_SCRIPTS = (
    *SHARED_SCRIPTS, "swipe", "store", "projection", "network", "popups", "pointing", "surface", "shades", "proposal",
    "layers", "legends", "filters", "inview", "table", "csv", "measure", "readout", "toolbar", "link", "print", "panel",
    "start",
)  # fmt: skip
_TILES = re.compile(r"(https?://)(\{s\}\.)?([A-Za-z0-9.-]+(?::\d+)?)(/(?:[^\s\"'<>\\{}]|\{[a-z]\})*)")


def render_map(result: Result, *, language: str) -> str:
    """
    Draw the map of a finished run.

    Parameters
    ----------
    result
        Layers, signal and tables. `study.map` says which edition, and whether tiles are fetched.
    language
        `vi` or `en`: what the page opens in; the reader can switch.

    Returns
    -------
    str
        One HTML document. Scripts, styles, data and pictures are inside; the same result gives the same text.

    Raises
    ------
    OutputError
        Unknown language, a partner that has no such operator, or a `map.tiles` that is no address of tiles.
    """
    if language not in LANGUAGES:
        raise OutputError(f"map: language {language!r} is unknown; one of {', '.join(LANGUAGES)} is expected.")
    tiles = result.study.map.tiles
    origin = "" if tiles is None else _tile_origin(tiles)
    return render_page(
        map_data(for_edition(result)), title=result.study.study.name, language=language, scripts=_SCRIPTS,
        tiles=tiles, tile_origin=origin,
    )  # fmt: skip


def _tile_origin(template: str) -> str:
    match = _TILES.fullmatch(template)
    if match is None:
        raise OutputError(
            f"map.tiles = {template!r} is not the address of a tile server; expected such as "
            "https://tiles.example.org/{z}/{x}/{y}.png. Correct it, or remove it for a map without network."
        )
    scheme, subdomain, host, _ = match.groups()
    return f"{scheme}{'*.' if subdomain else ''}{host}"
