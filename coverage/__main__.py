"""python -m coverage, and the command `coverage`."""

import sys
from importlib.metadata import PackageNotFoundError, distribution


def main() -> None:
    """Run the command, unless coverage.py is installed beside us: of two packages of one name neither would work."""
    if _coverage_py_is_here():
        sys.exit(
            "coverage-planner: the distribution coverage (coverage.py) is installed in this environment and has the "
            "same import name; give coverage-planner an environment of its own, or run: pip uninstall coverage"
        )
    from coverage.cli import cli

    cli(prog_name="coverage")


def _coverage_py_is_here() -> bool:
    try:
        distribution("coverage")
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    main()
