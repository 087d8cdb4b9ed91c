"""The only door to numba, which must not find this package when it looks for coverage.py."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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

_PACKAGE = Path(__file__).parents[1]


def fingerprint(*rooms: str) -> str:
    """Return what tells one state of the sources of some rooms from another."""
    sources = sorted(file for room in rooms for file in (_PACKAGE / room).glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:16]


_CACHE = _PACKAGE / "__pycache__" / f"numba-{fingerprint('radio', 'signal', 'planning')}"
"""One for every state of the files that may call another's compiled function."""


@contextmanager
def _cache_folder() -> Iterator[None]:
    """
    Keep machine code apart for every state of the sources.

    numba looks only at the file of a function, and would go on using what it compiled before a function that it calls
    was changed in another file. Where the package may not be written numba uses a folder of the user's, as it always
    does; there the sources change only with the whole installation.
    """
    config: Any = numba.config
    before = config.CACHE_DIR
    if os.access(_PACKAGE, os.W_OK):
        config.CACHE_DIR = str(_CACHE)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def njit(function: Any = None, **options: Any) -> Any:
    """Compile to machine code, cached on disk and free of the GIL; NaN keeps its meaning (no fastmath)."""
    if function is None:
        return lambda decorated: njit(decorated, **options)
    options = {"cache": True, "nogil": True, "error_model": "numpy", **options}
    with _cache_folder():
        try:
            return numba.njit(function, **options)
        except RuntimeError:  # nowhere to keep it, as in a container without a home: compiled anew by every process
            return numba.njit(function, **{**options, "cache": False})
