import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from rich.console import Console
from rich.progress import Progress

from coverage.cli import cli
from coverage.cli.terminal import Bars


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from coverage.cli import cli\n"
        "print(CliRunner().invoke(cli, ['--help']).output)\n"
        "print(sorted({'geopandas', 'numba', 'rasterio', 'pandas', 'folium', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in ("analyze", "check", "compare", "init"):
        assert name in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "wrong",
    [
        ["analyse"],
        ["analyze", "--as-of", "15/09/2026"],
        ["analyze", "--language", "fr"],
        ["analyze", "--decimal", "dot"],
    ],
)
def test_wrong_usage_exits_2(wrong: list[str]) -> None:
    assert CliRunner().invoke(cli, wrong).exit_code == 2


def test_an_error_is_one_line_and_verbose_shows_where_it_came_from(tmp_path: Path) -> None:
    plain = CliRunner().invoke(cli, ["analyze", str(tmp_path)])
    assert plain.exit_code == 1
    assert len(plain.output.strip().splitlines()) == 1
    assert "no such study" in plain.output
    verbose = CliRunner().invoke(cli, ["--verbose", "analyze", str(tmp_path)])
    assert verbose.exit_code == 1
    assert "Traceback" in verbose.output


def test_init_makes_a_study_and_says_what_to_do_next(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "new")])
    assert done.exit_code == 0
    assert (tmp_path / "new" / "coverage.toml").is_file()
    assert "coverage check" in done.output


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a study whose files are all missing."""
    layers = "\n".join(f'{name} = "{name}.csv"' for name in ("communes", "villages", "sites", "terrain"))
    (tmp_path / "coverage.toml").write_text(f"[layers]\n{layers}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", ["analyze", "check"])
def test_a_template_that_cannot_be_used_stops_a_run_before_anything_is_read(broken: Path, command: str) -> None:
    with (broken / "coverage.toml").open("a", encoding="utf-8") as file:
        file.write('[papers]\ndocx_template = "letterhead.docx"\n')
    done = CliRunner().invoke(cli, [command, str(broken)])
    assert done.exit_code == 1
    assert done.output.startswith(
        "coverage: coverage.toml: [papers] docx_template = 'letterhead.docx': found no such file"
    )
    assert len(done.output.splitlines()) == 1


def test_check_lists_every_problem_and_exits_1_where_the_study_cannot_run(broken: Path) -> None:
    done = CliRunner().invoke(cli, ["check", str(broken)])
    lines = done.output.splitlines()
    assert done.exit_code == 1
    assert len([line for line in lines if line.startswith("error: ")]) == 4
    assert lines[-1] == "4 errors, 0 warnings: the study cannot run."


def test_check_as_json_is_a_list_with_the_kind_of_each_problem(broken: Path) -> None:
    done = CliRunner().invoke(cli, ["check", str(broken), "--format", "json"])
    problems = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {problem["file"] for problem in problems} == {"communes.csv", "villages.csv", "sites.csv", "terrain.csv"}
    assert {problem["kind"] for problem in problems} == {"no_such_file"}


def test_check_writes_a_workbook_in_the_language_asked_for(broken: Path) -> None:
    for language, sheet in (("vi", "Tổng hợp"), ("en", "Summary")):
        file = broken / f"{language}.xlsx"
        options = ["--workbook", str(file), "--language", language]
        assert CliRunner().invoke(cli, ["check", str(broken), *options]).exit_code == 1
        assert openpyxl.load_workbook(file).sheetnames[0] == sheet


def test_check_says_in_one_line_that_the_workbook_cannot_be_written(broken: Path) -> None:
    done = CliRunner().invoke(cli, ["check", str(broken), "--workbook", str(broken / "none" / "check.xlsx")])
    assert done.exit_code == 1
    assert "could not be written" in done.output.splitlines()[-1]


def test_bars_are_in_the_language_of_the_study_and_end_full() -> None:
    with Progress(console=Console(quiet=True)) as progress:
        bars = Bars(progress, {"signal": "Tính sóng"})
        with bars.step("signal", 4) as advance:
            advance(3)
            assert progress.tasks[0].completed == 3
        with bars.step("something new"):
            pass
        assert [task.description for task in progress.tasks] == ["Tính sóng", "something new"]
        assert all(task.finished for task in progress.tasks)
