"""coverage map: the web map again, from finished results."""

from pathlib import Path

import click

from coverage.cli import options
from coverage.cli.terminal import bars_on


@click.command("map")
@options.study
@click.option(
    "--edition",
    type=click.Choice(["full", "partner"]),
    help="partner: without other operators' sites, sensitive ones rounded; default: the study's.",
)
@click.option("--operator", metavar="NAME", help="Whose sites a partner edition shows; default: the study's.")
@click.option(
    "--from",
    "results",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the finished results; default: the study's.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="HTML file; the twin for Google Earth (.kmz) lies beside it. Default: in the folder of the results, a "
    "partner's under a name of its own.",
)
@options.language("What the map opens in; default: that of the run.")
@options.outside
def draw(
    study: Path,
    edition: str | None,
    operator: str | None,
    results: Path | None,
    out: Path | None,
    language: str | None,
    allow_outside: bool,
) -> None:
    """Draw the map again from finished results of analyze, for the province or for a partner; computes nothing."""
    from coverage import pipeline
    from coverage.study import load_study

    settings = load_study(study, allow_outside=allow_outside)
    asked = {name: value for name, value in (("edition", edition), ("operator", operator)) if value is not None}
    shown = settings.map.model_copy(update=asked)
    if shown.edition == "partner" and not shown.operator:
        raise click.UsageError("--edition partner needs --operator NAME, or map.operator in the study.")
    if operator is not None and shown.edition == "full":
        raise click.UsageError("--operator NAME goes with --edition partner.")
    settings = settings.model_copy(update={"map": shown})
    with bars_on(settings.study.language) as bars:
        files = pipeline.draw(
            settings, settings.out if results is None else results, out=out, language=language, progress=bars
        )
    click.echo("\n".join(str(file) for file in files))
