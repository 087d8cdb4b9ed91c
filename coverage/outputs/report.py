"""report.html: the administrative report, self-contained, ready to print on A4."""

from typing import Any

import jinja2

from coverage.outputs import definitions
from coverage.outputs.uncovered import uncovered_villages
from coverage.outputs.wording import Wording
from coverage.result import Result


def render_report(result: Result, say: Wording) -> str:
    """
    Return the report as one HTML page.

    Parameters
    ----------
    result
        A finished run.
    say
        The language.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coverage.outputs"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_content(result, say))


def _content(result: Result, say: Wording) -> dict[str, Any]:
    return {
        "say": say,
        "vi": say.vi,
        "study": result.study,
        "as_of": result.as_of,
        "dead": uncovered_villages(result, say, ("dead",)).to_dict("records"),
        "communes": result.communes.drop(columns="geometry").to_dict("records"),
        "method": definitions.method(result, say),
    }
