"""The files of a run: all there, or nothing changed."""

from pathlib import Path

import pytest

from coverage.outputs import write_results
from coverage.result import Result


@pytest.fixture(autouse=True)
def _quick_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """The map has tests of its own; here it is one file among others."""
    monkeypatch.setattr("coverage.outputs.web_map.render_map", lambda result, *, language: f"<html lang={language}>map")


def test_every_file_of_the_contract_is_written(result: Result, tmp_path: Path) -> None:
    folder = tmp_path / "maps"
    paths = write_results(result, folder)
    names = {path.relative_to(folder).as_posix() for path in paths}
    assert names == {
        "coverage_map.html",
        "uncovered_villages.csv",
        "uncovered_villages.xlsx",
        "villages.csv",
        "communes.csv",
        "indicators.csv",
        "ranked_sites.csv",
        "fiber_plan.csv",
        "report.html",
        "coverage.gpkg",
        "run.json",
        *(f"signal/{operator}_{tech}.tif" for operator in ("viettel", "vnpt", "any") for tech in ("2g", "4g")),
    }
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == names
    assert all(path.stat().st_size > 10 for path in paths)
