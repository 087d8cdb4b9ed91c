"""The files of one path: a drawing as PNG or SVG, a page as HTML, by the ending of their names."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from coverage.errors import OutputError
from coverage.outputs.path.words import Say
from coverage.path_result import OnePath


# Each loads what it needs by itself, and a path without a file none of it.
def _png(path: OnePath, say: Say) -> bytes:
    from coverage.outputs.path.drawing import draw_path
    from coverage.outputs.path.shapes import png

    return png(draw_path(path, say))


def _svg(path: OnePath, say: Say) -> bytes:
    from coverage.outputs.path.drawing import draw_path
    from coverage.outputs.path.shapes import svg

    return svg(draw_path(path, say)).encode()


def _page(path: OnePath, say: Say) -> bytes:
    from coverage.outputs.path.page import path_page

    return path_page(path, say).encode()


_FORMS: Mapping[str, Callable[[OnePath, Say], bytes]] = {".png": _png, ".svg": _svg, ".html": _page}


def check_files(files: Sequence[Path]) -> None:
    """Raise OutputError for a name whose ending says no form, before anything is worked out."""
    for file in files:
        if file.suffix.lower() not in _FORMS:
            known = ", ".join(_FORMS)
            raise OutputError(f"{file}: ends in {file.suffix or 'nothing'}; expected a file that ends in {known}.")


def write_files(path: OnePath, files: Sequence[Path], *, language: str) -> None:
    """
    Write a path into files, each whole or not at all.

    Parameters
    ----------
    path
        As `one_path` evaluates it.
    files
        Their endings say what they hold: `.png`, `.svg` or `.html`.
    language
        `vi` or `en`.

    Raises
    ------
    OutputError
        An ending that says no form, or a file that cannot be written.
    """
    check_files(files)
    say = Say(language)
    for file in files:
        content = _FORMS[file.suffix.lower()](path, say)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _replace(file, content)
        except OSError as error:
            raise OutputError(
                f"{file}: could not be written ({error.strerror or error}); free the disk, allow writing, or name "
                "another file."
            ) from None


def _replace(file: Path, content: bytes) -> None:
    """Write beside the place of a file, then move it there."""
    import tempfile

    number, aside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
        os.chmod(aside, 0o644)
        os.replace(aside, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise
