"""What the documentation tells a reader to do works, word for word."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end import country

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(sh|text|diff)\n(.*?)^```$", re.M | re.S)


def test_the_example_in_python_runs_from_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    country.build(tmp_path / "my-province")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "examples" / "from_python.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert re.search(r"^dead +3$", said, re.M)
    assert re.search(r"Bản Hai Gờ +\S+( \S+)* +30 ", said)  # dead, with power; Bản Tối has none
    assert "Bản Tối" not in said.split("dead where")[0].split("not modelled")[0].split("status")[-1]
    assert (tmp_path / "my-province" / "maps" / "report.docx").is_file()


@pytest.mark.tutorial
def test_the_tutorial_runs_word_for_word_in_an_empty_folder(tmp_path: Path) -> None:
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "coverage").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coverage "$@"\n', encoding="utf-8")
    (commands / "coverage").chmod(0o755)
    there = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    folder, said = tmp_path / "empty", ""
    folder.mkdir()
    for kind, block in BLOCK.findall((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        if kind == "sh":
            done = subprocess.run(["sh", "-e"], input=block, text=True, cwd=folder, env=there, capture_output=True)
            said = done.stdout + done.stderr
            assert done.returncode == 0, f"{block}\n{said}"
        elif kind == "text":
            missing = [line for line in block.splitlines() if line not in said]
            assert not missing, said
        else:
            _change(folder / "son-la" / "coverage.toml", block)
    assert (folder / "son-la" / "maps" / "report.docx").stat().st_size > 10_000
    changes = (folder / "son-la" / "maps" / "comparison" / "village_changes.csv").read_text(encoding="utf-8")
    assert "newly_dead" in changes
    assert "newly_covered" not in changes


def _change(file: Path, block: str) -> None:
    """Put the line with + in the place of the one with -, as an editor would."""
    old, new = (line[1:] for line in block.splitlines())
    text = file.read_text(encoding="utf-8")
    assert text.count(f"{old}\n") == 1
    file.write_text(text.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")
