"""coverage path: one radio path, profile, losses and link."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from coverage.cli import options
from coverage.columns.words import TECHNOLOGIES


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=Path("coverage.toml"),
    help="Study whose terrain and settings count; default: coverage.toml in the current folder.",
)
@click.option("--freq-mhz", type=float, metavar="MHZ", help="Carrier; default: the cell's, else the technology's.")
@click.option(
    "--time-percent", type=click.FloatRange(1, 50), metavar="PERCENT", help="Share of time; default: the study's."
)
@click.option(
    "--operator", metavar="NAME", help="Whose cell at a site; default: whoever's sends most to the other end."
)
@click.option("--technology", type=click.Choice(TECHNOLOGIES), help="Of the cell; default: [planning] technology.")
@click.option("--phone-dbm", type=float, metavar="DBM", help="Power of the phone; default: that of the usual class.")
@click.option(
    "--station-gain-dbi",
    type=float,
    default=15.0,
    show_default=True,
    metavar="DBI",
    help="Gain of the station's antenna for what it receives, less cables.",
)
@click.option("--hop", is_flag=True, help="A microwave hop: clearance, and the mast heights that it needs.")
@click.option("--freq-ghz", type=float, metavar="GHZ", help="Carrier of the hop; default: [planning] microwave_mhz.")
@click.option("--crs", metavar="EPSG:CODE", help="Reference system of ends in metres; default: that of the study.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed.")
@click.option(
    "--out",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also a drawing (.png, .svg) or a page (.html); may be given several times.",
)
@options.language("Of text, drawing and page; default: the study's.")
@click.option("--allow-outside", is_flag=True, help="Read outside the folder of the study; only for one you trust.")
def path(
    a: str,
    b: str,
    study: Path,
    freq_mhz: float | None,
    time_percent: float | None,
    operator: str | None,
    technology: str | None,
    phone_dbm: float | None,
    station_gain_dbi: float,
    hop: bool,
    freq_ghz: float | None,
    crs: str | None,
    form: str,
    files: tuple[Path, ...],
    language: str | None,
    allow_outside: bool,
) -> None:
    """
    Look at one radio path: profile, losses term by term, link margins.

    A and B are longitude,latitude,height (m above ground; the height may be left out), or the id of a site, a cell or
    a village of the study. Coordinates may also be in degrees and minutes, or in metres.
    """
    if hop and freq_mhz is not None:
        raise click.UsageError("--hop takes --freq-ghz, not --freq-mhz.")
    if not hop and freq_ghz is not None:
        raise click.UsageError("--freq-ghz is for --hop; give --freq-mhz.")
    with _at_once():
        from coverage import one_path
        from coverage.outputs.path.tables import path_json
        from coverage.outputs.path.text import path_text
        from coverage.outputs.path.words import Say
        from coverage.signal.link import Phone
        from coverage.study import load_study

        one_path.check_out(files)
        settings = load_study(study, allow_outside=allow_outside)
        asked = one_path.Asked(
            freq_mhz=freq_mhz if freq_ghz is None else 1000 * freq_ghz,
            time_percent=time_percent,
            operator=operator,
            technology=technology,
            metres_in=crs,
            hop=hop,
            phone=Phone(phone_dbm, station_gain_dbi),
        )
        found = one_path.one_path(settings, a, b, asked)
        language = language or settings.study.language
        one_path.write_files(found, files, language=language)
        for note in found.notes:
            click.echo(f"warning: {note}", err=True)
        click.echo(path_json(found) if form == "json" else path_text(found, Say(language)))
        for file in files:
            click.echo(str(file), err=form == "json")


@contextmanager
def _at_once() -> Iterator[None]:
    """
    Leave out what takes time and is of no use to one path.

    Looking for memory to collect takes a tenth of the time of loading; waking a thread of numpy's linear algebra for
    every core takes as much, and nothing here multiplies matrices.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # heeded where numpy is not loaded yet
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
