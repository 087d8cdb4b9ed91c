"""`coverage cache`: what the store holds, and pruning it."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage.cli import cli
from coverage.signal.store import Store

KEY, OTHER = "ab" + "0" * 62, "cd" + "1" * 62


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Return a study none of whose layers is there."""
    layers = "\n".join(f'{name} = "{name}.csv"' for name in ("communes", "villages", "sites", "terrain"))
    (tmp_path / "coverage.toml").write_text(f"[layers]\n{layers}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def worked(study: Path) -> Path:
    """Return a study whose last run used one footprint of two."""
    with Store.open(study) as store:
        store.put("footprints", KEY, {"a": bytes(2_000_000)})
        store.put("footprints", OTHER, {"a": bytes(5_000_000)})
        store.remember([("footprints", KEY)])
    return study


def _cache(study: Path, *options: str) -> str:
    done = CliRunner().invoke(cli, ["cache", str(study), *options])
    assert done.exit_code == 0, done.output
    return done.output


def _row(output: str, kind: str) -> list[str]:
    line = next(line for line in output.splitlines() if kind in line)
    return [cell.strip() for cell in line.strip("│┃ ").split("│")]


@pytest.mark.parametrize("options", [[], ["--prune"], ["--clear"]])
def test_a_study_without_a_store_is_told_so_and_left_alone(study: Path, options: list[str]) -> None:
    assert "no store" in _cache(study, *options)
    assert [path.name for path in study.iterdir()] == ["coverage.toml"]


def test_a_table_shows_files_sizes_and_what_the_last_run_used(worked: Path) -> None:
    output = _cache(worked)
    assert _row(output, "footprints") == ["footprints", "2", "7.0 MB", "2.0 MB", "5.0 MB"]
    assert _row(output, "tiles") == ["tiles", "0", "0 bytes", "0 bytes", "0 bytes"]
    assert str(worked / ".coverage-cache") in output.splitlines()


def test_pruning_says_what_was_freed_and_spares_what_the_last_run_used(worked: Path) -> None:
    assert _cache(worked, "--prune").strip() == f"{worked / '.coverage-cache'}: freed 5.0 MB; files removed: 1."
    assert _row(_cache(worked), "footprints") == ["footprints", "1", "2.0 MB", "2.0 MB", "0 bytes"]


def test_clearing_removes_all_of_it(worked: Path) -> None:
    assert _cache(worked, "--clear").strip() == f"{worked / '.coverage-cache'}: freed 7.0 MB; files removed: 2."
    assert _row(_cache(worked), "footprints")[:3] == ["footprints", "0", "0 bytes"]


def test_before_any_run_has_finished_nothing_is_pruned_and_it_is_said(study: Path) -> None:
    with Store.open(study) as store:
        store.put("tiles", KEY, {"a": bytes(3000)})
    (store.folder / "writing" / "half").write_bytes(b"half")
    output = _cache(study)
    assert _row(output, "tiles") == ["tiles", "1", "3.0 kB", "?", "?"]
    assert "No finished run is on record" in output
    assert "Half-written files: 1." in output
    done = CliRunner().invoke(cli, ["cache", str(study), "--prune"])
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1
    assert "no finished run is on record" in done.output
    assert store.whole("tiles", KEY)


def test_it_loads_nothing_that_reads_layers(worked: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from coverage.cli import cli\n"
        f"assert CliRunner().invoke(cli, ['cache', {str(worked)!r}]).exit_code == 0\n"
        "print(sorted({'geopandas', 'numba', 'rasterio', 'pandas', 'scipy', 'coverage.layers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pruning_says_that_it_waits_for_the_run_at_work(worked: Path) -> None:
    command = [sys.executable, "-m", "coverage", "cache", str(worked), "--prune"]
    with Store.open(worked) as store:
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert run.stderr is not None
        assert "waiting" in run.stderr.readline()
        store.put("footprints", OTHER, {"a": bytes(9_000_000)})
    said, _ = run.communicate(timeout=30)
    assert "freed 9.0 MB; files removed: 1" in said
