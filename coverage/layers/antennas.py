"""Antennas: the pattern files that the sites name, found in the study's folder of them and read."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coverage.errors import LayerError, Problem
from coverage.layers.draft import Draft
from coverage.layers.sources import files
from coverage.layers.sources.pattern import Pattern, parse_pattern
from coverage.result import Cut, InputFile
from coverage.study import Study

_FAR = 1.2
"""A carrier beyond this factor of the band that a pattern was measured for is said to be far from it."""
_ROUND_DB = 1.0
"""A horizontal cut that varies by no more is that of an antenna that radiates alike all around."""


@dataclass
class Antennas:
    """The pattern files that cells name."""

    patterns: dict[str, Pattern] = field(default_factory=dict)
    """Name of a file, as the sites' column `antenna` then has it -> what is in it."""
    files: tuple[InputFile, ...] = ()

    @property
    def cuts(self) -> dict[str, tuple[Cut, Cut]]:
        """Horizontal and vertical cut by name of the file."""
        return {name: (pattern.horizontal, pattern.vertical) for name, pattern in self.patterns.items()}


def read_antennas(study: Study, sites: Draft) -> Antennas:
    """
    Read the patterns that cells name, and note what is wrong with them.

    A name is that of a file in the folder, with or without its ending; the column is given the file's own name.

    Parameters
    ----------
    study
        Names the folder.
    sites
        The cells.

    Raises
    ------
    LayerError
        The folder, or a pattern file that a cell names, cannot be used.
    """
    named = sites.frame["antenna"].notna()
    folder = study.path("antennas")
    if folder is None:
        sites.report(
            named,
            lambda row: f"antenna {row['antenna']}, and no folder of pattern files",
            "[layers] antennas in coverage.toml",
            "Name the folder; until then the cell is a sector of its beam width.",
            column="antenna",
            fatal=False,
            kind="no_antenna_folder",
        )
        return Antennas()
    refused = _check_folder(study, folder)
    if refused is not None:
        raise LayerError([refused])
    _name_files(sites, [file for file in sorted(folder.iterdir()) if file.is_file()], files.shown(study, "antennas"))
    found, problems = Antennas(), []
    for name in sorted(sites.frame["antenna"].dropna().unique()):
        file, shown = folder / name, f"{files.shown(study, 'antennas')}/{name}"
        if not study.may_use(file):
            remedy = "Put the file itself into the folder."
            problems.append(
                Problem(
                    shown, "a link that leads out of the study", "a file within the study", remedy, kind="outside_study"
                )
            )
            continue
        try:
            data = file.read_bytes()
            found.patterns[name] = parse_pattern(data.decode(errors="replace"), file=shown)
        except OSError:
            problems.append(
                Problem(
                    shown, "a file that cannot be read", "a readable file", "Allow reading it.", kind="no_permission"
                )
            )
            continue
        except LayerError as error:
            problems += error.problems
            continue
        digest = hashlib.sha256(data).hexdigest()
        found.files += (InputFile(layer="antennas", path=shown, sha256=digest, bytes=len(data)),)
    if problems:
        raise LayerError(problems)
    _check_cells(sites, found.patterns)
    return found


def _check_folder(study: Study, folder: Path) -> Problem | None:
    name, expected = files.shown(study, "antennas"), "a folder of antenna pattern files (.msi)"
    remedy = "Correct [layers] antennas in coverage.toml."
    if not study.may_use(folder):
        return Problem(
            name,
            "a folder outside the study",
            "a folder within it",
            f"{remedy} Or add --allow-outside.",
            kind="outside_study",
        )
    if not folder.is_dir():
        return Problem(
            name, "no such folder" if not folder.exists() else "a file", expected, remedy, kind="no_antenna_folder"
        )
    return None


def _name_files(sites: Draft, listed: Sequence[Path], folder: str) -> None:
    """Give the column `antenna` the names of files; those that there are none or several of are noted and emptied."""
    written = sites.frame["antenna"]
    matches = {name: _matching(name, listed) for name in written.dropna().unique()}
    count = written.map({name: len(few) for name, few in matches.items()})
    sites.report(
        count == 0,
        lambda row: f"antenna {row['antenna']!r}, and no such file in {folder}",
        "the name of a pattern file there",
        "Put the file there, correct the name, or empty these cells.",
        column="antenna",
        kind="antenna_file_missing",
    )
    sites.report(
        count > 1,
        lambda row: f"antenna {row['antenna']!r}, and several files of that name in {folder}",
        "the name of one file",
        "Write the name with its ending.",
        column="antenna",
        kind="antenna_file_ambiguous",
    )
    sites.frame["antenna"] = written.map({name: few[0].name for name, few in matches.items() if len(few) == 1})
    sites.frame["antenna"] = sites.frame["antenna"].astype(written.dtype)


def _matching(name: str, listed: Sequence[Path]) -> list[Path]:
    """Return the files of a name; case does not count, and an ending only where it is written."""
    whole = [file for file in listed if _key(file.name) == _key(name)]
    return whole or [file for file in listed if _key(file.stem) == _key(name)]


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _check_cells(sites: Draft, patterns: dict[str, Pattern]) -> None:
    """Note cells without the azimuth that their pattern needs, and carriers far from the band it was measured for."""
    frame = sites.frame
    directed = {name for name, pattern in patterns.items() if _turns(pattern)}
    sites.report(
        frame["antenna"].isin(directed) & frame["azimuth_deg"].isna() & ~sites.misread("azimuth_deg"),
        lambda row: f"site {row['site_id']} without azimuth, but antenna {row['antenna']} favours a direction",
        "an azimuth wherever a pattern is not the same all around",
        "Fill it in, or name an omnidirectional pattern.",
        column="azimuth_deg",
        kind="antenna_without_azimuth",
    )
    low = _band(frame["antenna"], patterns, 0)
    high = _band(frame["antenna"], patterns, 1)
    sites.report(
        (frame["freq_mhz"] < low / _FAR) | (frame["freq_mhz"] > high * _FAR),
        lambda row: f"a carrier of {row['freq_mhz']:g} MHz on antenna {row['antenna']}, measured for "
        + " to ".join(f"{mhz:g}" for mhz in dict.fromkeys(patterns[row["antenna"]].band_mhz or ())) + " MHz",
        "a pattern of the carrier's band",
        "Name the pattern that was measured near the carrier.",
        column="antenna",
        fatal=False, kind="antenna_other_band",
    )  # fmt: skip


def _turns(pattern: Pattern) -> bool:
    losses = [loss_db for _, loss_db in pattern.horizontal]
    return max(losses) - min(losses) > _ROUND_DB


def _band(names: pd.Series, patterns: dict[str, Pattern], end: int) -> pd.Series:
    ends = {name: pattern.band_mhz[end] for name, pattern in patterns.items() if pattern.band_mhz is not None}
    return names.map(ends).astype("float64")
