"""Every file of a calibration, all or none."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coverage.calibration_result import Calibrated
from coverage.outputs.all_or_none import saving, write_together
from coverage.outputs.toml_text import toml_value
from coverage.outputs.wording import Wording

FOLDER = "calibration"
TABLE = "calibration.toml"


def write_calibration(found: Calibrated, out: Path, *, language: str | None = None) -> list[Path]:
    """
    Write what was found out, into the folder `calibration` of the results.

    Parameters
    ----------
    found
        A calibration.
    out
        Folder of the results; made where it does not exist.
    language
        `vi` or `en`, of the pictures; the study's where None.

    Returns
    -------
    list of Path
        The table for the study, then a picture for each technology that was measured.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    from coverage.outputs.calibration.pictures import picture  # loads matplotlib, which every command would wait for

    say = Wording(language or found.study.study.language, found.study)
    writers: dict[str, Callable[[Path], None]] = {TABLE: saving(functools.partial(_table, found))}
    for technology in found.held_out:
        writers[f"{technology}.png"] = saving(functools.partial(picture, found, technology, say))
    return write_together(out / FOLDER, writers)


def _table(found: Calibrated) -> bytes:
    return ("\n".join(_lines(found)) + "\n").encode()


def _lines(found: Calibrated) -> Iterator[str]:
    """Write [radio.calibration] with what it rests on, as the study reads it."""
    calibration = found.study.radio.calibration
    if calibration is None:
        return
    yield "# Written by coverage calibrate. To use it, name this file in coverage.toml:"
    yield "# [radio]"
    yield f'# calibration = "…/{TABLE}"'
    yield "# Offsets are dB added to predicted levels; docs/calibration.md says how they were found."
    if calibration.kind == "published_shares":
        yield "# FITTED TO PUBLISHED SHARES, NOT TO MEASUREMENTS: totals agree with them, and nothing is validated."
    yield "[radio.calibration]"
    yield f"kind = {toml_value(calibration.kind)}"
    yield f"model = {toml_value(calibration.model)}"
    yield f"land_cover = {toml_value(calibration.land_cover)}"
    yield from _room("radio.calibration.evidence", calibration.evidence)
    for technology, row in calibration.technologies.items():
        table = f"radio.calibration.technologies.{technology}"
        yield from _room(table, row.model_dump(exclude={"evidence"}))
        yield from _room(f"{table}.evidence", row.evidence)


def _room(name: str, values: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    yield from (f"{key} = {toml_value(value)}" for key, value in values.items() if value is not None)
