"""The commands: parse, call, report."""

import datetime
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage import __version__
from coverage.cli import options
from coverage.cli.calibrate import calibrate
from coverage.cli.fetch import fetch
from coverage.cli.map import draw
from coverage.cli.path import path
from coverage.cli.terminal import (
    bars_on,
    print_comparison,
    print_fiber,
    print_ranking,
    print_store,
    print_summary,
    print_warnings,
    say_that_it_waits,
)
from coverage.errors import CoverageError

if TYPE_CHECKING:
    from coverage.study import Study


class _Commands(click.Group):
    """A group whose commands end with one line, not a traceback, when the user can put things right."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CoverageError as error:
            if ctx.params.get("verbose"):
                traceback.print_exc()
            for line in str(error).splitlines():
                click.echo(f"coverage: {line}", err=True)
            sys.exit(1)
        except MemoryError:
            if ctx.params.get("verbose"):
                traceback.print_exc()
            click.echo("coverage: not enough memory; choose a larger [grid] cell_m or a smaller area.", err=True)
            sys.exit(1)


_papers = options.language("Language of papers, map and tables.")
_official = click.option(
    "--official",
    metavar="FILE",
    help="Official list of villages without coverage, wherever it lies, to be compared with; in place of the study's.",
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coverage-planner")
@click.option("--verbose", is_flag=True, help="Show the traceback of an error.")
def cli(verbose: bool) -> None:
    """Mobile and fiber coverage of villages: who has signal, who has not, what to build next."""


cli.add_command(draw)
cli.add_command(fetch)
cli.add_command(path)
cli.add_command(calibrate)


@cli.command()
@options.study
@options.results
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date of the assessment; default: the study's, else today."
)
@options.scheduler
@click.option(
    "--decimal",
    type=click.Choice(["comma", "point"]),
    help="Decimal sign in uncovered_villages.csv; with comma, columns are separated by ; as Vietnamese Excel expects.",
)
@_official
@_papers
@options.outside
def analyze(
    study: Path,
    out: Path | None,
    as_of: datetime.datetime | None,
    scheduler: str | None,
    decimal: str | None,
    official: str | None,
    language: str | None,
    allow_outside: bool,
) -> None:
    """Do the whole job: layers, signal, status of villages, ranked sites, map, lists and report."""
    from coverage import pipeline

    settings = _settings(study, as_of=as_of, language=language, official=official, allow_outside=allow_outside)
    if decimal is not None:
        settings = settings.model_copy(update={"papers": settings.papers.model_copy(update={"decimal": decimal})})
    folder = settings.out if out is None else out
    pipeline.check_out(folder)
    pipeline.check_papers(settings)
    with bars_on(settings.study.language) as bars:
        result = pipeline.analyze(settings, progress=bars, scheduler=scheduler)
        files = pipeline.write(result, folder, progress=bars)
    print_warnings(result.problems)
    print_summary(result)
    many = {"signal": ".tif", "communes": ".png"}
    click.echo("\n".join(str(file) for file in files if file.suffix not in many.values()))
    for below, suffix in many.items():
        count = sum(file.suffix == suffix for file in files)
        click.echo(f"{folder / below}: {count} {'GeoTIFF' if suffix == '.tif' else 'PNG'}")


@cli.command()
@options.study
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How problems are printed.")
@click.option(
    "--workbook",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write an XLSX with the faulty cells marked, to send back to whoever supplied the data.",
)
@options.language("Language of the workbook; default: the study's.")
@_official
@options.outside
def check(
    study: Path, form: str, workbook: Path | None, language: str | None, official: str | None, allow_outside: bool
) -> None:
    """Read every layer and report every problem; computes nothing."""
    from coverage.layers import check_study
    from coverage.outputs.check.text import check_json, check_lines
    from coverage.outputs.check.workbook import write_check_workbook
    from coverage.outputs.report.paper_templates import check_templates

    settings = _settings(study, language=language, official=official, allow_outside=allow_outside)
    check_templates(settings)
    with bars_on(settings.study.language) as bars:
        found = check_study(settings, progress=bars)
    click.echo(check_json(found) if form == "json" else "\n".join(check_lines(found)))
    if workbook is not None:
        write_check_workbook(found, settings, workbook)
    sys.exit(0 if found.can_run else 1)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="Fill it with the bundled sample province.")
@click.option(
    "--language", type=click.Choice(["vi", "en"]), default="vi", help="Language of tables, settings and steps."
)
def init(folder: Path, sample: bool, language: str) -> None:
    """Make a study folder: commented coverage.toml, data/ and table templates."""
    from coverage.outputs.study_folder import make_study_folder, next_steps

    for file in make_study_folder(folder, sample=sample, language=language):
        click.echo(str(file))
    click.echo("\n" + "\n".join(next_steps(folder, sample=sample, language=language)))


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the files; default: NEW/comparison."
)
@options.language("Language of workbook and map; default: that of NEW.")
def compare(old: Path, new: Path, out: Path | None, language: str | None) -> None:
    """
    Hold two finished results against each other: who gained, who lost.

    OLD and NEW are out folders of analyze. Villages are found across the change of communes of July 2025.
    """
    from coverage import pipeline

    found = pipeline.compare(old, new)
    files = pipeline.write_comparison(found, new / "comparison" if out is None else out, language=language)
    print_comparison(found, language or found.new.study.study.language)
    click.echo("\n".join(str(file) for file in files))


@cli.command()
@options.study
@click.option(
    "--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Central cost not to exceed."
)
@click.option("--sites", type=click.IntRange(min=1), help="Length of the ranking; default: the study's.")
@click.option(
    "--add",
    metavar="FILE",
    help="Positions of your own, wherever the file lies: taken as built first and evaluated in the same table.",
)
@click.option("--remove", "without", multiple=True, metavar="SITE", help="Who loses signal when this site fails.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the files; default: the study's, and what_if in it with --add or --remove.",
)
@options.scheduler
@_papers
@options.outside
def rank(
    study: Path,
    budget: float | None,
    sites: int | None,
    add: str | None,
    without: tuple[str, ...],
    out: Path | None,
    scheduler: str | None,
    language: str | None,
    allow_outside: bool,
) -> None:
    """Rank new sites, say what budgets can buy at best, and which villages hang on one mast."""
    from coverage import pipeline

    settings = _settings(study, language=language, allow_outside=allow_outside)
    asked = {"budget_usd": budget, "sites": sites}
    given = {name: value for name, value in asked.items() if value is not None}
    settings = settings.model_copy(update={"planning": settings.planning.model_copy(update=given)})
    if add is not None:
        settings = settings.with_layer("proposals", add)
    folder = out or (settings.out / "what_if" if add or without else settings.out)
    pipeline.check_out(folder)
    with bars_on(settings.study.language) as bars:
        plan = pipeline.rank(settings, without=without, progress=bars, scheduler=scheduler)
        files = pipeline.write_site_plan(plan, folder)
    print_warnings(plan.problems)
    print_ranking(plan)
    click.echo("\n".join(str(file) for file in files))


@cli.command()
@options.study
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Central cost not to pass.")
@options.results
@options.scheduler
@_papers
@options.outside
def fiber(
    study: Path,
    budget: float | None,
    out: Path | None,
    scheduler: str | None,
    language: str | None,
    allow_outside: bool,
) -> None:
    """Rank fiber extensions: villages and commune centres joined by one tree of trenches, paid once."""
    from coverage import pipeline

    settings = _settings(study, language=language, allow_outside=allow_outside)
    if budget is not None:
        planning = settings.planning.model_copy(update={"fiber_budget_usd": budget})
        settings = settings.model_copy(update={"planning": planning})
    folder = settings.out if out is None else out
    pipeline.check_out(folder)
    with bars_on(settings.study.language) as bars:
        plan = pipeline.fiber(settings, folder, progress=bars, scheduler=scheduler)
        files = pipeline.write_fiber_plan(plan.table, settings, folder)
    print_fiber(plan, settings)
    click.echo("\n".join(str(file) for file in files))


@cli.command()
@options.study
@click.option("--prune", is_flag=True, help="Remove what the last finished run did not use.")
@click.option("--clear", is_flag=True, help="Remove all of it.")
def cache(study: Path, prune: bool, clear: bool) -> None:
    """Show what the store of finished work holds, or prune it."""
    from rich.filesize import decimal

    from coverage.signal import store

    folder = _settings(study).folder
    found = store.contents(folder)
    if found is None:
        click.echo(f"{folder}: no store; no run has kept finished work here yet.")
    elif prune or clear:
        freed = store.prune(folder, everything=clear, waiting=say_that_it_waits)
        click.echo(f"{found.folder}: freed {decimal(freed.size)}; files removed: {freed.files:,}.")
    else:
        print_store(found)


def _settings(
    study: Path,
    *,
    as_of: datetime.datetime | None = None,
    language: str | None = None,
    official: str | None = None,
    allow_outside: bool = False,
) -> "Study":
    """Read a study, with what the command line says in place of what the file says."""
    from coverage.study import load_study

    settings = load_study(study, allow_outside=allow_outside)
    changes: dict[str, Any] = {}
    if as_of is not None:
        changes["as_of"] = as_of.date()
    if language is not None:
        changes["language"] = language
    settings = settings.model_copy(update={"study": settings.study.model_copy(update=changes)})
    return settings if official is None else settings.with_layer("official", official)
