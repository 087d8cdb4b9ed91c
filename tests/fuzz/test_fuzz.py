"""A few hundred broken files for every reader; the hundred thousand are fed by `python -m tests.fuzz`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coverage.errors import Problem
from tests.fuzz.batch import made_input, outcome_of
from tests.fuzz.readers import READERS, Reader, fault_of_message
from tests.fuzz.seeds import Seed

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each batch runs in a copy of the process")
def test_no_reader_fails_on_a_broken_file() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz", "--inputs", "400", "--minutes", "0.02"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(name in done.stdout for name in READERS)


def test_an_input_is_the_same_for_the_same_numbers() -> None:
    made = [Seed("villages", {"v.csv": b"name,lon,lat\na,103.9,21.3\n"})]
    inputs = [made_input("delimited", made, 5, index) for index in range(50)]
    assert inputs == [made_input("delimited", made, 5, index) for index in range(50)]
    assert inputs != [made_input("delimited", made, 6, index) for index in range(50)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("v.csv: no rows; expected at least one. Supply them.", None),
        ("Tên bản\u00a0Mòng", None),
        ("two\nlines", "letters that do not print"),
        ("an escape \x1b[31m", "letters that do not print"),
        ("turned \u202e round", "letters that do not print"),
        ("half a letter \ud800", "letters that do not print"),
        ("x" * 5000, "5000 letters"),
    ],
)
def test_what_is_wrong_with_a_message_is_seen(line: str, fault: str | None) -> None:
    assert fault_of_message(line) == fault


@pytest.mark.parametrize("written", ["two\nlines", "\x1b[31m", "\u202e", "\ud800", "x" * 5000])
def test_a_problem_is_one_line_that_prints_whatever_a_file_says(written: str) -> None:
    assert fault_of_message(str(Problem(written, written, written, written, examples=(written,)))) is None


def test_a_reader_that_raises_warns_or_is_sound_is_told_apart(tmp_path: Path) -> None:
    def run(folder: Path, seed: Seed) -> None:
        exec(next(iter(seed.files.values())).decode(), {})

    def outcome(text: str) -> str:
        return outcome_of(Reader(lambda folder: [], run), tmp_path, Seed("x", {"x": text.encode()}))

    assert outcome("pass") == "result"
    assert outcome("from coverage.errors import StudyError; raise StudyError('c.toml: wrong')") == "refusal"
    assert outcome("1 / 0").startswith("ZeroDivisionError")
    assert outcome("import warnings; warnings.warn('loud')").startswith("UserWarning")
    assert outcome("raise SystemExit").startswith("SystemExit")
    assert "letters that do not print" in outcome("from coverage.errors import StudyError; raise StudyError('\\x07')")
