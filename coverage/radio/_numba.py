"""The only door to numba, which must not find this package when it looks for coverage.py."""

import sys
from typing import Any

_ours = sys.modules.get("coverage")
sys.modules["coverage"] = None  # type: ignore[assignment]  # numba then finds "no coverage.py here"
try:
    import numba
finally:
    if _ours is None:
        del sys.modules["coverage"]
    else:
        sys.modules["coverage"] = _ours


def njit(*args: Any, **options: Any) -> Any:
    """Compile to machine code, cached on disk and free of the GIL; NaN keeps its meaning (no fastmath)."""
    return numba.njit(*args, **{"cache": True, "nogil": True, "error_model": "numpy", **options})
