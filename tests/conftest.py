"""What may be asked of all tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", type=int, default=5, help="How often a run is killed; other faults in proportion.")
