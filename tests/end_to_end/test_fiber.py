"""`coverage fiber` in the country that can be counted by hand."""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

from coverage.cli import cli
from tests.end_to_end import country


def run(command: str, folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, [command, str(folder), *options])


def table(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fiber")
    country.build(made)
    done = run("analyze", made)
    assert done.exit_code == 0, done.output
    return made


def test_the_plan_is_that_of_the_analysis_and_its_trenches_are_lines(folder: Path) -> None:
    analysed = (folder / "maps" / "fiber_plan.csv").read_bytes()
    done = run("fiber", folder)
    assert done.exit_code == 0, done.output
    assert (folder / "maps" / "fiber_plan.csv").read_bytes() == analysed
    lines = gpd.read_file(folder / "maps" / "fiber_plan.gpkg")
    plan = table(folder / "maps" / "fiber_plan.csv")
    assert len(lines) == len(plan) > 0
    metres = lines.to_crs("EPSG:9206").length
    assert (metres / 1000).tolist() == pytest.approx([float(row["length_km"]) for row in plan], abs=0.05)
    record = json.loads((folder / "maps" / "run.json").read_text(encoding="utf-8"))
    assert "fiber" in record


def test_a_budget_is_kept_and_buys_no_more_households_than_more_money(folder: Path) -> None:
    whole = table(folder / "maps" / "fiber_plan.csv")
    total = sum(float(row["cost_central_usd"]) for row in whole)
    households = []
    for share in (0.25, 0.5, 1.0):
        done = run("fiber", folder, "--budget", str(total * share + 1), "--out", str(folder / f"fiber-{share}"))
        assert done.exit_code == 0, done.output
        plan = table(folder / f"fiber-{share}" / "fiber_plan.csv")
        assert sum(float(row["cost_central_usd"]) for row in plan) <= total * share + 1 + len(plan)
        households.append(sum(int(row["households"]) for row in plan))
    assert households == sorted(households)


def test_a_budget_below_the_cheapest_place_says_what_that_takes(folder: Path) -> None:
    done = run("fiber", folder, "--budget", "1", "--out", str(folder / "poor"), "--language", "en")
    assert done.exit_code == 0, done.output
    assert table(folder / "poor" / "fiber_plan.csv") == []
    assert "the cheapest place takes" in done.output
