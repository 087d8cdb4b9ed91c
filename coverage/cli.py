"""The commands: parse, call, report. The only file that prints."""

import datetime
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage import __version__
from coverage.errors import CoverageError, Problem

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from coverage.result import Comparison, Result
    from coverage.signal.store import Contents
    from coverage.study import Study

_STEPS = {
    "vi": {
        "layers": "Đọc dữ liệu",
        "signal": "Tính suy hao quanh trạm",
        "tiles": "Ghép bản đồ sóng",
        "places": "Đánh giá thôn/bản",
        "candidates": "Tìm vị trí mới",
        "reach": "Tính vùng phủ vị trí mới",
        "ranking": "Xếp hạng vị trí",
        "fiber": "Lập tuyến cáp quang",
    },
    "en": {
        "layers": "Reading layers",
        "signal": "Loss around masts",
        "tiles": "Laying signal together",
        "places": "Assessing villages",
        "candidates": "Finding candidates",
        "reach": "Reach of candidates",
        "ranking": "Ranking sites",
        "fiber": "Planning fiber",
    },
}


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


_study = click.argument("study", type=click.Path(path_type=Path), default=Path("coverage.toml"))
_outside = click.option(
    "--allow-outside",
    is_flag=True,
    help="Read and write outside the folder of the study, databases and the network too; only for a study you trust.",
)
_language = click.option("--language", type=click.Choice(["vi", "en"]), help="Language of papers, map and tables.")
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


@cli.command()
@_study
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the results; default: the study's."
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date of the assessment; default: the study's, else today."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask scheduler whose workers predict the signal, such as tcp://10.0.0.5:8786.",
)
@click.option(
    "--decimal",
    type=click.Choice(["comma", "point"]),
    help="Decimal sign in uncovered_villages.csv; with comma, columns are separated by ; as Vietnamese Excel expects.",
)
@_official
@_language
@_outside
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
    with _bars(settings.study.language) as bars:
        result = pipeline.analyze(settings, progress=bars, scheduler=scheduler)
        files = pipeline.write(result, folder, progress=bars)
    _print_warnings((*result.signal.problems, *result.layers.problems))
    _print_summary(result)
    many = {"signal": ".tif", "communes": ".png"}
    click.echo("\n".join(str(file) for file in files if file.suffix not in many.values()))
    for below, suffix in many.items():
        count = sum(file.suffix == suffix for file in files)
        click.echo(f"{folder / below}: {count} {'GeoTIFF' if suffix == '.tif' else 'PNG'}")


@cli.command()
@_study
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How problems are printed.")
@click.option(
    "--workbook",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write an XLSX with the faulty cells marked, to send back to whoever supplied the data.",
)
@click.option("--language", type=click.Choice(["vi", "en"]), help="Language of the workbook; default: the study's.")
@_official
@_outside
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
    with _bars(settings.study.language) as bars:
        found = check_study(settings, progress=bars)
    click.echo(check_json(found) if form == "json" else "\n".join(check_lines(found)))
    if workbook is not None:
        write_check_workbook(found, settings, workbook)
    sys.exit(0 if found.can_run else 1)


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sample", is_flag=True, help="Fill it with the bundled sample province.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", help="Language of the tables to fill in.")
def init(folder: Path, sample: bool, language: str) -> None:
    """Make a study folder: commented coverage.toml, data/ and table templates."""
    from coverage.outputs.study_folder import make_study_folder

    for file in make_study_folder(folder, sample=sample, language=language):
        click.echo(str(file))
    click.echo(f"Next: fill in {folder / 'data'}, then: coverage check {folder}; coverage analyze {folder}")


@cli.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the files; default: NEW/comparison."
)
@click.option("--language", type=click.Choice(["vi", "en"]), help="Language of workbook and map; default: that of NEW.")
def compare(old: Path, new: Path, out: Path | None, language: str | None) -> None:
    """
    Hold two finished results against each other: who gained, who lost.

    OLD and NEW are out folders of analyze. Villages are found across the change of communes of July 2025.
    """
    from coverage import pipeline

    found = pipeline.compare(old, new)
    files = pipeline.write_comparison(found, new / "comparison" if out is None else out, language=language)
    _print_comparison(found, language or found.new.study.study.language)
    click.echo("\n".join(str(file) for file in files))


@cli.command()
@_study
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
        freed = store.prune(folder, everything=clear, waiting=_say_that_it_waits)
        click.echo(f"{found.folder}: freed {decimal(freed.size)}; files removed: {freed.files:,}.")
    else:
        _print_store(found)


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
    return settings if official is None else settings.with_official(official)


class _Bars:
    """Progress as bars on a terminal."""

    def __init__(self, bars: "RichProgress", titles: dict[str, str]) -> None:
        self._bars = bars
        self._titles = titles

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        task = self._bars.add_task(self._titles.get(title, title), total=total)
        yield lambda parts: self._bars.advance(task, parts)
        self._bars.update(task, total=total or 1, completed=total or 1)

    def tell(self, what: str) -> None:
        {"waiting": _say_that_it_waits}[what]()


@contextmanager
def _bars(language: str) -> Iterator[_Bars]:
    """Show bars with the time left on stderr, and nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        yield _Bars(bars, _STEPS[language])


def _print_warnings(problems: tuple[Problem, ...]) -> None:
    for problem in problems[:5]:
        click.echo(f"warning: {problem}", err=True)
    if len(problems) > 5:
        click.echo(f"warning: and {len(problems) - 5} more; see run.json, and coverage check", err=True)


def _print_summary(result: "Result") -> None:
    """Print the province's indicators over all operators as a table."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns import INDICATORS
    from coverage.outputs.indicator_rows import in_words
    from coverage.outputs.wording import Wording
    from coverage.outputs.workbooks.reconciliation import agreement_text

    language = result.study.study.language
    say = Wording(language, result.study)
    headings = INDICATORS.headings(language)
    table = Table(title=f"{result.study.study.name} · {say.date(result.as_of)} · {result.study.definition_id}")
    table.add_column(headings["indicator"])
    table.add_column(headings["technology"])
    for name in ("numerator", "denominator", "percent"):
        table.add_column(headings[name], justify="right")
    for row in in_words(result, say, single_operators=False).to_dict("records"):
        numbers = (say.number(row["numerator"]), say.number(row["denominator"]), say.number(row["percent"], 2))
        table.add_row(row["indicator"], row["technology"], *numbers)
    Console().print(table)
    if result.reconciliation is not None:
        click.echo(agreement_text(result.reconciliation, say))


def _print_comparison(found: "Comparison", language: str) -> None:
    """Print what must be known before comparing, then the villages and households by change."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns import COMMUNE_CHANGES, VILLAGE_CHANGES
    from coverage.outputs.comparison.words import remarks, summary
    from coverage.outputs.wording import Wording

    say = Wording(language, found.new.study)
    for remark in remarks(found, say):
        click.echo(f"warning: {remark}", err=True)
    dates = say.word("comparison.dates", old=say.date(found.old.as_of), new=say.date(found.new.as_of))
    table = Table(title=f"{found.new.study.study.name} · {dates} · {found.new.definition_id}")
    headings = VILLAGE_CHANGES.headings(language) | {"villages": COMMUNE_CHANGES.headings(language)["villages"]}
    table.add_column(headings["change"])
    for name in ("villages", "households", "households_gained"):
        table.add_column(headings[name], justify="right")
    for row in summary(found).to_dict("records"):
        counts = (say.number(row[name], 0) for name in ("villages", "households", "households_gained"))
        table.add_row(say.word(f"change.{row['change']}"), *counts)
    Console().print(table)


def _print_store(found: "Contents") -> None:
    """Print what a store holds as a table."""
    from rich.console import Console
    from rich.filesize import decimal
    from rich.table import Table

    table = Table("kind")
    for heading in ("files", "size", "used by the last run", "not used"):
        table.add_column(heading, justify="right")
    for held in found.kinds:
        of_last = (decimal(held.used_size), decimal(held.size - held.used_size)) if found.finished else ("?", "?")
        table.add_row(held.kind, f"{held.files:,}", decimal(held.size), *of_last)
    Console().print(table)
    click.echo(str(found.folder))
    if not found.finished:
        click.echo("No finished run is on record, so that it is not known what the last one used.")
    if found.leftovers:
        click.echo(f"Half-written files: {found.leftovers:,}. The next run removes what a killed one left.")


def _say_that_it_waits() -> None:
    click.echo("Another run is at work on this study; waiting for its end.", err=True)
