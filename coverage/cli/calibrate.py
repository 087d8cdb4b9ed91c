"""coverage calibrate: measured levels, or published shares, into a table that the study can use."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage.cli import options
from coverage.cli.terminal import bars_on, print_warnings

if TYPE_CHECKING:
    from coverage.calibration_result import Calibrated
    from coverage.outputs.wording import Wording


@click.command()
@click.argument("files", metavar="[STUDY] MEASUREMENTS", nargs=-1, type=click.Path(path_type=Path))
@click.option("--shares", metavar="FILE", help="Published shares in the place of measurements; this validates nothing.")
@click.option("--slope", is_flag=True, help="Also fit how the offset changes with the distance from the mast.")
@click.option(
    "--block-km",
    type=click.FloatRange(min=0.1, max=100),
    help="Side of the blocks that are held out; default: 2, or more where shadowing reaches far.",
)
@options.results
@options.scheduler
@options.language("Language of pictures and summary.")
@options.outside
def calibrate(
    files: tuple[Path, ...],
    shares: str | None,
    slope: bool,
    block_km: float | None,
    out: Path | None,
    scheduler: str | None,
    language: str | None,
    allow_outside: bool,
) -> None:
    """
    Fit the predicted levels to measured ones, and show the error before and after on held-out data.

    MEASUREMENTS is a table of measured levels, wherever it lies; without it, that of the study. STUDY is a
    coverage.toml or its folder; default: the current folder's. What is found goes to calibration/calibration.toml of
    the results, for [radio] calibration of the study.
    """
    from coverage import pipeline
    from coverage.outputs.wording import Wording
    from coverage.study import load_study

    study, measurements = _named(files, shares)
    settings = load_study(study, allow_outside=allow_outside)
    if language is not None:
        about = settings.study.model_copy(update={"language": language})
        settings = settings.model_copy(update={"study": about})
    if shares is not None:
        settings = settings.with_layer("published_shares", shares)
    elif measurements is not None:
        settings = settings.with_layer("measurements", str(measurements))
    elif settings.layers.measurements is None:
        raise click.UsageError("Missing argument 'MEASUREMENTS': the study names none either.")
    folder = settings.out if out is None else out
    pipeline.check_out(folder)
    with bars_on(settings.study.language) as bars:
        if shares is not None:
            found = pipeline.calibrate_to_shares(settings, progress=bars, scheduler=scheduler)
        else:
            found = pipeline.calibrate(settings, sloped=slope, block_km=block_km, progress=bars, scheduler=scheduler)
        written = pipeline.write_calibration(found, folder)
    print_warnings(found.problems)
    say = Wording(settings.study.language, found.study)
    _print_scores(found, say) if found.held_out else _print_shares(found, say)
    click.echo("\n".join(str(file) for file in written))
    click.echo(say.word("calibration.next", path=_from(settings.folder, written[0])))


def _named(files: tuple[Path, ...], shares: str | None) -> tuple[Path, Path | None]:
    """Return the study and the measurements that the command line names."""
    if len(files) > (2 if shares is None else 1):
        raise click.UsageError("Too many files: [STUDY] MEASUREMENTS, or with --shares [STUDY] alone, are expected.")
    here = Path("coverage.toml")
    if shares is not None:
        return (files[0] if files else here), None
    if len(files) == 1 and (files[0].suffix == ".toml" or (files[0] / "coverage.toml").is_file()):
        return files[0], None
    return (files[0], files[1]) if len(files) == 2 else (here, files[0] if files else None)


def _from(folder: Path, file: Path) -> str:
    """Return the path of a file as a study in a folder names it."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return file.resolve().as_posix()


def _print_scores(found: "Calibrated", say: "Wording") -> None:
    """Print offsets, and the error on held-out blocks before and after."""
    from rich.console import Console
    from rich.table import Table

    calibration = found.study.radio.calibration
    table = Table(title=found.study.study.name)
    table.add_column(say.word("calibration.technology"))
    table.add_column(say.word("calibration.offset"))
    table.add_column("")
    for key in ("bias", "sigma", "rmse", "right"):
        table.add_column(say.word(f"calibration.{key}"), justify="right")
    for technology, check in found.held_out.items():
        intervals = calibration.technologies[technology].evidence["interval_db"] if calibration else {}
        offsets = "\n".join(
            f"{say.word(f'calibration.{name}')}: {say.number((low + high) / 2, 1)} ± {say.number((high - low) / 2, 1)}"
            for name, (low, high) in intervals.items()
        )
        for key, scores in (("before", check.before), ("after", check.after)):
            numbers = (scores.bias_db, scores.sigma_db, scores.rmse_db, scores.right_percent)
            first = (say.technology(technology), offsets) if key == "before" else ("", "")
            table.add_row(*first, say.word(f"calibration.{key}"), *(say.number(number, 1) for number in numbers))
    Console().print(table)


def _print_shares(found: "Calibrated", say: "Wording") -> None:
    """Print the shares before and after, and what they are worth."""
    from rich.console import Console
    from rich.table import Table

    calibration = found.study.radio.calibration
    table = Table(title=found.study.study.name)
    for key in ("technology", "share"):
        table.add_column(say.word(f"calibration.{key}"))
    for key in ("published", "share_before", "share_after", "offset"):
        heading = say.word(f"calibration.{key}").partition(",")[0]
        table.add_column(heading, justify="right")
    for row in found.shares.to_dict("records"):
        offset = calibration.technologies[row["technology"]].offset_db if calibration else 0.0
        of = f"{say.word('calibration.of.' + row['of'])} · {say.operator(row['operator'])}"
        numbers = (row["percent"], row["before_percent"], row["after_percent"], offset)
        table.add_row(say.technology(row["technology"]), of, *(say.number(number, 1) for number in numbers))
    Console().print(table)
    click.echo(say.word("calibration.shares"))
