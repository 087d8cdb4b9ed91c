"""Antenna patterns: what a file says, and the files that the sites name."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from coverage.errors import LayerError
from coverage.layers import check_layers, read_layers
from coverage.layers.sources.pattern import parse_pattern
from coverage.study import Study
from tests.layers.conftest import SITES

MakeStudy = Callable[..., Study]

CROSS = """NAME Cross 4
MAKE nobody
FREQUENCY 900
GAIN 15 dBd
TILT ELECTRICAL
COMMENT four points around each circle
HORIZONTAL 4
0 0
90.0 10
180.0\t20,0
270 10
VERTICAL 4
0.0 2.0
10.0 0.0
90.0 16.0
180.0 22.0
"""


ROUND = "NAME Round\nFREQUENCY 1710-1880\nHORIZONTAL 2\n0 0\n180 0.5\nVERTICAL 2\n0 0\n90 20\n"
"""The same all around, but for half a decibel."""


def sites(*antennas: str) -> str:
    """The three cells of the small study with an antenna each; the last of them has no azimuth."""
    heading, *rows = SITES.splitlines()
    return "\n".join([f"{heading},Mẫu anten", *(f"{row},{name}" for row, name in zip(rows, antennas, strict=True))])


@pytest.fixture
def with_patterns(make_study: MakeStudy, tmp_path: Path) -> Callable[..., Study]:
    """Return a function that writes pattern files and a study whose sites name antennas."""

    def make(*antennas: str, **files: str) -> Study:
        (tmp_path / "patterns").mkdir(exist_ok=True)
        for stem, text in files.items():
            (tmp_path / "patterns" / f"{stem}.msi").write_text(text, encoding="utf-8")
        settings = {"columns": {"sites": {"antenna": "Mẫu anten"}}}
        return make_study(settings=settings, sites=sites(*antennas), antennas=Path("patterns"))

    return make


def test_a_planet_file_tells_name_gain_and_cuts() -> None:
    pattern = parse_pattern(CROSS, file="x.msi")
    assert pattern.name == "Cross 4"
    assert pattern.gain_dbi == pytest.approx(17.15)
    assert pattern.horizontal == ((0, 0), (90, 10), (180, 20), (270, 10))
    assert pattern.vertical == ((0, 2), (10, 0), (90, 16), (180, 22))


def test_a_gain_in_dbi_is_left_and_lower_case_and_a_bare_first_line_are_read() -> None:
    text = CROSS.replace("GAIN 15 dBd", "gain 17.15 dBi").replace("NAME Cross 4", "Cross 4")
    assert parse_pattern(text, file="x.msi").gain_dbi == 17.15
    assert math.isnan(parse_pattern(text.replace("gain 17.15 dBi", ""), file="x.msi").gain_dbi)


@pytest.mark.parametrize(
    ("written", "band_mhz"),
    [("900", (900, 900)), ("1710-2170 MHz", (1710, 2170)), ("1710,5 2170", (1710.5, 2170)), ("", None), ("low", None)],
)
def test_a_file_tells_the_band_it_was_measured_for(written: str, band_mhz: tuple[float, float] | None) -> None:
    text = CROSS.replace("FREQUENCY 900", f"FREQUENCY {written}")
    assert parse_pattern(text, file="x.msi").band_mhz == band_mhz


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("90.0 10", "ninety 10", "x.msi, row 9: 'ninety 10'; expected loss 2 of 4 of HORIZONTAL"),
        ("90.0 10", "90.0", "x.msi, row 9: '90.0'"),
        ("90.0 10", "90.0 -10", "x.msi, row 9: '90.0 -10'"),
        ("90.0 10", "361 10", "row 9"),
        ("90.0 10", "90 nan", "row 9"),
        ("HORIZONTAL 4", "HORIZONTAL 5", "x.msi, row 12: 'VERTICAL 4'"),
        ("VERTICAL 4", "VERTICAL 9", "x.msi, row 17: 'the end of the file'"),
        ("VERTICAL 4", "VERTICAL", "x.msi, row 12: 'VERTICAL'"),
        ("VERTICAL 4", "REMARK", "no VERTICAL cut"),
        ("15 dBd", "15 dB", "x.msi, row 4: 'GAIN 15 dB'; expected a number and dBd or dBi"),
    ],
)
def test_a_broken_pattern_file_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    with pytest.raises(LayerError, match=message):
        parse_pattern(CROSS.replace(old, new, 1), file="x.msi")


def test_an_empty_file_has_no_cut() -> None:
    with pytest.raises(LayerError, match="no HORIZONTAL cut"):
        parse_pattern("", file="x.msi")


def test_the_patterns_that_cells_name_are_read_and_fingerprinted(with_patterns, tmp_path) -> None:
    layers = read_layers(with_patterns("cross", "CROSS.MSI", "round", Cross=CROSS, round=ROUND, other="not read"))
    assert layers.cells["antenna"].tolist() == ["Cross.msi", "Cross.msi", "round.msi"]
    assert set(layers.antennas) == {"Cross.msi", "round.msi"}
    assert layers.antennas["Cross.msi"] == (
        ((0, 0), (90, 10), (180, 20), (270, 10)),
        ((0, 2), (10, 0), (90, 16), (180, 22)),
    )
    used = {file.path: file.sha256 for file in layers.files if file.layer == "antennas"}
    assert used == {
        f"patterns/{name}": hashlib.sha256((tmp_path / "patterns" / name).read_bytes()).hexdigest()
        for name in ("Cross.msi", "round.msi")
    }


def test_files_that_are_absent_are_one_problem_with_their_rows(with_patterns) -> None:
    (problem,) = check_layers(with_patterns("gone", "gone.msi", ""))
    assert problem.fatal
    assert problem.at == (2, 3)
    assert str(problem).startswith(
        "sites.csv, 2 rows (first: 2), column antenna: antenna 'gone', and no such file in patterns; "
    )


def test_a_name_of_two_files_is_not_guessed(with_patterns, tmp_path) -> None:
    study = with_patterns("", "", "round", round=ROUND)
    (tmp_path / "patterns/round.pln").write_text(ROUND)
    (problem,) = check_layers(study)
    assert (problem.at, problem.fatal) == ((4,), True)
    assert "several files of that name" in problem.found


def test_a_file_that_cannot_be_understood_is_said_with_its_line(with_patterns) -> None:
    (problem,) = check_layers(with_patterns("cross", "", "", cross=CROSS.replace("90.0 10", "90.0 ten")))
    assert problem.fatal
    assert str(problem).startswith("patterns/cross.msi, row 9: '90.0 ten'; expected loss 2 of 4 of HORIZONTAL")


def test_a_directional_pattern_needs_an_azimuth_and_a_round_one_does_not(with_patterns) -> None:
    files = {"cross": CROSS, "round": ROUND.replace("1710-1880", "900")}
    assert check_layers(with_patterns("", "", "round", **files)) == []
    (problem,) = check_layers(with_patterns("", "", "cross", **files))
    assert (problem.at, problem.column, problem.fatal) == ((4,), "azimuth_deg", True)


def test_a_pattern_of_another_band_is_said_but_used(with_patterns) -> None:
    study = with_patterns("round", "cross", "round", cross=CROSS, round=ROUND)
    low, high = check_layers(study)[0], check_layers(study)[-1]
    assert low == high  # one problem for both cells
    assert (low.at, low.fatal) == ((3, 4), False)
    assert low.found == "a carrier of 1800 MHz on antenna cross.msi, measured for 900 MHz"
    assert low.examples == ("a carrier of 900 MHz on antenna round.msi, measured for 1710 to 1880 MHz",)
    assert "cross.msi" in read_layers(study).antennas


def test_without_a_folder_the_names_change_nothing_but_are_said(make_study: MakeStudy) -> None:
    study = make_study(settings={"columns": {"sites": {"antenna": "Mẫu anten"}}}, sites=sites("a", "b", ""))
    (problem,) = check_layers(study)
    assert (problem.at, problem.fatal) == ((2, 3), False)
    layers = read_layers(study)
    assert layers.cells["antenna"].tolist()[:2] == ["a", "b"]
    assert layers.antennas == {}


@pytest.mark.parametrize(
    ("folder", "found"), [("nowhere", "no such folder"), ("sites.csv", "a file"), ("..", "a folder outside the study")]
)
def test_a_folder_that_is_none_of_the_study_s_is_refused(make_study: MakeStudy, folder: str, found: str) -> None:
    (problem,) = check_layers(make_study(antennas=Path(folder)))
    assert (problem.file, problem.found, problem.fatal) == (folder, found, True)


def test_a_link_out_of_the_study_is_not_followed(with_patterns, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.msi"
    outside.write_text(CROSS)
    study = with_patterns("linked", "", "")
    (study.folder / "patterns/linked.msi").symlink_to(outside)
    with pytest.raises(LayerError, match=r"patterns/linked\.msi: a link that leads out of the study"):
        read_layers(study)
