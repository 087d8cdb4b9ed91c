"""
Coverage planning for mountain provinces: who has signal, who has fiber, what to build next.

>>> from coverage import load_study, analyze  # doctest: +SKIP
>>> result = analyze(load_study("coverage.toml"))  # doctest: +SKIP
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

_probe = sys.modules.get("numba.misc.coverage_support")
if _probe is not None and not hasattr(_probe, "coverage_available"):
    # numba is asking for coverage.py under our name and would break on finding us: be absent for it.
    raise ImportError("this is coverage-planner, not coverage.py")
del _probe

if TYPE_CHECKING:
    from coverage.errors import CoverageError as CoverageError
    from coverage.pipeline import analyze as analyze
    from coverage.result import Result as Result
    from coverage.study import Study as Study
    from coverage.study import load_study as load_study

__version__ = "0.1.0"
__all__ = ["CoverageError", "Result", "Study", "analyze", "load_study"]

_HOMES = {
    "CoverageError": "coverage.errors",
    "Result": "coverage.result",
    "Study": "coverage.study",
    "analyze": "coverage.pipeline",
    "load_study": "coverage.study",
}


def __getattr__(name: str) -> object:
    """Load the public names on first use, so that importing the package costs nothing."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'coverage' has no attribute {name!r}")
