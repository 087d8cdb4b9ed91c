"""One path as a page: the drawing and the tables in one HTML file that needs no network."""

import jinja2
from markupsafe import Markup

from coverage.outputs.path.drawing import draw_path
from coverage.outputs.path.shapes import svg
from coverage.outputs.path.tables import (
    cover_row,
    directions,
    down_rows,
    end_lines,
    hop_table,
    path_lines,
    settings_line,
    term_rows,
    up_rows,
    zone_lines,
)
from coverage.outputs.path.words import MAIN_TERMS, Say
from coverage.path_result import OnePath


def path_page(path: OnePath, say: Say) -> str:
    """Return the page of a path."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coverage.outputs.path"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    link = path.link
    return environment.get_template("path.html.j2").render(
        say=say,
        path=path,
        title=say.word("title", first=path.ends[0].label, second=path.ends[1].label),
        drawing=Markup(svg(draw_path(path, say))),  # our own, whose letters are escaped
        ends=[end_lines(path, say, number) for number in (0, 1)],
        facts=path_lines(path, say),
        zone=zone_lines(path, say),
        settings=settings_line(path, say),
        terms=term_rows(path, say, every=True),
        main_terms=MAIN_TERMS,
        cover=cover_row(path, say),
        directions=None if link is None else directions(link, say),
        down=[] if link is None else down_rows(link, say),
        up=[] if link is None else up_rows(link, say),
        hop=hop_table(path, say),
    )
