"""report.html: the administrative report, self-contained, ready to print on A4."""

import base64

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from coverage.errors import OutputError
from coverage.outputs.report.blocks import Report
from coverage.outputs.report.paper_templates import HTML, html_template, template_error
from coverage.study import Study

_FRONT = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'">
"""  # noqa: E501
"""Stands before whatever a template writes: no script runs, nothing is fetched, whoever made the template."""
_OURS = "report.html.j2"


def render_report(report: Report, study: Study) -> str:
    """
    Return the report as one HTML page, by the template that the study names or by ours.

    A template sees text, numbers and tables of text, and nothing that reads files; it runs in a sandbox.

    Parameters
    ----------
    report
        What it says.
    study
        Whose template it is, where it names one.

    Raises
    ------
    StudyError
        The study's template cannot be used.
    OutputError
        It fails while it is filled in.
    """
    text = html_template(study)
    page = _environment().get_template(_OURS) if text is None else None
    try:
        page = page or _environment().from_string(text or "")
        return _FRONT + page.render(report=report, figures=report.figures)
    except Exception as error:  # whatever an expression of theirs comes to
        if text is None:
            raise
        raise OutputError(template_error(study, HTML, error)) from error


def _environment() -> ImmutableSandboxedEnvironment:
    """Return what fills templates in; theirs may extend or include ours, which are all it can load."""
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.PackageLoader("coverage.outputs.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["base64"] = _base64
    return environment


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
