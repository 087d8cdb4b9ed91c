"""The package shares its import name with coverage.py, which numba looks for: both orders of import have to work."""

import subprocess
import sys
from pathlib import Path

import pytest


def run(code: str, *, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(path)} if path else {}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=environment or None
    )


@pytest.mark.parametrize(
    "code",
    [
        "import numba; import coverage; from coverage.radio import _numba",
        "import coverage; from coverage.radio import _numba; import numba",
        "from coverage.radio import _numba; import coverage, numba",
    ],
)
def test_numba_and_coverage_load_in_any_order_and_compile(code: str) -> None:
    check = "; f = numba.njit(lambda x: x + 1); assert f(1) == 2; assert coverage.__version__; print('fine')"
    done = run(code + check)
    assert (done.returncode, done.stdout.strip()) == (0, "fine"), done.stderr


def test_a_spawned_worker_computes_with_compiled_radio() -> None:
    code = (
        "import multiprocessing as m\n"
        "from coverage.radio import antenna\n"
        "if __name__ == '__main__':\n"
        "    with m.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.apply(antenna.sector_gain_db, (30.0, 0.0, 0.0, 0.0, 60.0, 10.0)))\n"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == -3  # half the beam width off the axis: half the power


def test_beside_coverage_py_the_command_stops_with_one_clear_line(tmp_path: Path) -> None:
    beside = tmp_path / "coverage-7.6.0.dist-info"
    beside.mkdir()
    (beside / "METADATA").write_text("Metadata-Version: 2.1\nName: coverage\nVersion: 7.6.0\n")
    done = run(
        "import sys; sys.argv = ['coverage', '--help']; from coverage.__main__ import main; main()", path=tmp_path
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "pip uninstall coverage" in done.stderr


def test_the_door_to_numba_is_the_only_one() -> None:
    import coverage

    package = Path(coverage.__file__).parent
    door = package / "radio" / "_numba.py"
    others = [
        file for file in package.rglob("*.py") if file != door and "import numba" in file.read_text(encoding="utf-8")
    ]
    assert others == []
