"""coverage fetch: open data of an area into the study folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage.cli import options
from coverage.cli.terminal import bars_on
from coverage.errors import FetchError, StudyError, without_password

if TYPE_CHECKING:
    from coverage.fetching import Fetched
    from coverage.settings.fetch import Fetch
    from coverage.study import Study

_ADDRESSES = ("terrain", "land_cover", "population", "boundaries", "overpass")


@click.command()
@click.argument("area")
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=Path("coverage.toml"),
    help="The study, or its folder; default: here.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the files; default: data/open in that of the study. Needs no study.",
)
@click.option(
    "--only",
    metavar="NAMES",
    help="Some of boundaries,terrain,villages,roads,power_lines,masts,buildings,population,land_cover; default: all.",
)
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="NAME=URL",
    help=f"Another server, such as a mirror: {', '.join(_ADDRESSES)}; in place of the study's.",
)
@click.option("--contact", help="Your e-mail or web address, which the services see; default: the study's.")
@click.option("--again", is_flag=True, help="Ask for newer versions of what is there.")
@click.option("--replace", is_flag=True, help="Write over files in that folder that were not fetched or were changed.")
@options.language("Language of ATTRIBUTION.md; default: the study's.")
@click.option(
    "--allow-outside",
    is_flag=True,
    help="Take the addresses that the study names, and write outside its folder; only for a study you trust.",
)
def fetch(
    area: str,
    study: Path,
    out: Path | None,
    only: str | None,
    addresses: tuple[str, ...],
    contact: str | None,
    again: bool,
    replace: bool,
    language: str | None,
    allow_outside: bool,
) -> None:
    """
    Download open data into the study folder: terrain, villages, roads, power lines, masts, people.

    AREA is a province by name or code, a file of polygons, or a box: west,south,east,north in degrees. The study itself
    is not changed: the lines to add to coverage.toml are printed. Run it again after a break; what is there stays.
    """
    from coverage.fetching import SOURCES, fetch_area
    from coverage.fetching.adding import lines_to_add

    wanted = SOURCES if only is None else tuple(name.strip() for name in only.split(",") if name.strip())
    if not wanted or not set(wanted) <= set(SOURCES):
        raise click.UsageError(f"--only {only}: expected some of {','.join(SOURCES)}")
    settings = _study(study, out, allow_outside=allow_outside)
    folder = _folder(settings, out)
    rules = _rules(settings, addresses, contact)
    spoken = language or (settings.study.language if settings else "vi")
    with bars_on(spoken) as bars:
        fetched = fetch_area(
            area,
            folder,
            rules=rules,
            study=settings,
            only=wanted,
            again=again,
            replace=replace,
            language=spoken,
            progress=bars,
        )
    _print(fetched, lines_to_add(fetched, settings), study if settings else None)
    if not rules.contact:
        click.echo("Give the services a way to reach you: --contact, or contact under [fetch].", err=True)
    if fetched.failures:
        raise FetchError("\n".join(fetched.failures))


def _study(study: Path, out: Path | None, *, allow_outside: bool) -> "Study | None":
    from coverage.study import load_study

    if out is not None and study == Path("coverage.toml") and not study.exists():
        return None
    return load_study(study, allow_outside=allow_outside)


def _folder(study: "Study | None", out: Path | None) -> Path:
    if out is not None:
        return out
    assert study is not None  # there is a study where there is no --out
    folder = study.folder / "data" / "open"
    if not study.may_use(folder):
        raise StudyError(
            f"{folder}: leads outside the folder of the study. Name it with --out, or add --allow-outside."
        )
    return folder


def _rules(study: "Study | None", addresses: tuple[str, ...], contact: str | None) -> "Fetch":
    """Return the settings of the study, with what the command line says in their place."""
    from coverage.settings.fetch import Fetch

    rules, given = study.fetch if study else Fetch(), dict(address.partition("=")[::2] for address in addresses)
    if unknown := sorted(set(given) - set(_ADDRESSES)):
        raise click.UsageError(f"--address {unknown[0]}: expected {', '.join(f'{name}=URL' for name in _ADDRESSES)}")
    for name, url in given.items():
        if not url.startswith(("http://", "https://")):
            raise click.UsageError(f"--address {name}={url}: expected an address with http:// or https://")
    for name in set(_ADDRESSES) - set(given):
        address = getattr(rules, name)
        if study and not study.allow_outside and address != Fetch.model_fields[name].default:
            raise StudyError(
                f"coverage.toml: [fetch] {name} = {without_password(address)!r} is another server than ours; expected "
                f"leave to ask it. For a study you trust, add --allow-outside, or --address {name}=URL."
            )
    changes = given | ({} if contact is None else {"contact": contact})
    return rules.model_copy(update=changes)


def _print(fetched: "Fetched", lines: list[str], study: Path | None) -> None:
    click.echo(f"{fetched.area.name}: {fetched.area.known_by}")
    for note in fetched.notes:
        click.echo(note)
    if lines:
        file = "coverage.toml" if study is None else study / "coverage.toml" if study.is_dir() else study
        click.echo(f"\nAdd to {file}, under [layers]:")
        click.echo("\n".join(lines))
    if fetched.attribution:
        click.echo(f'\nand under [study]:\nsource = "{fetched.attribution}"\n')
        click.echo(f"{fetched.folder / 'ATTRIBUTION.md'}: name these sources wherever the results are shown.")
