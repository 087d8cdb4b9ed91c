"""Arguments and options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

study = click.argument("study", type=click.Path(path_type=Path), default=Path("coverage.toml"))
outside = click.option(
    "--allow-outside",
    is_flag=True,
    help="Read and write outside the folder of the study, databases and the network too; only for a study you trust.",
)
scheduler = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask scheduler whose workers predict the signal, such as tcp://10.0.0.5:8786.",
)
results = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the results; default: the study's."
)


def language(of: str) -> Decorator:
    """Return the option that chooses the language of something."""
    return click.option("--language", type=click.Choice(["vi", "en"]), help=of)
