"""What travels to the worker of a cluster: a call with its arrays, made only where it gives the same result as here."""

import pickle
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coverage import __version__
from coverage.errors import ClusterError

_LOADING = Lock()
"""numba hides this package while it loads (DESIGN: One landmine), so the threads of a worker load one by one."""


def call(function: Callable[..., Any], *arguments: Any) -> tuple[bytes, list[NDArray[np.uint8]]]:
    """
    Return a call as a pickle: to load it is to make the call.

    A scheduler, or a worker that lacks this package, then passes it on or fails at the task with an error that arrives;
    it could not read a task that names a function of ours.
    """
    return _packed(_Call(function, arguments))


class _Call:
    """A call that is made where it is unpickled."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._call


def _packed(thing: object) -> tuple[bytes, list[NDArray[np.uint8]]]:
    """Pickle something, its arrays apart, so that they are not copied at every stop of their way."""
    buffers: list[pickle.PickleBuffer] = []
    packed = pickle.dumps(thing, protocol=5, buffer_callback=buffers.append)
    return packed, [np.frombuffer(buffer.raw(), np.uint8) for buffer in buffers]


def call_to_work(function: Callable[[Any], Any], job: Any) -> tuple[bytes, list[NDArray[np.uint8]]]:
    """Return the call that does a job on a worker, as `call` does."""
    return call(_work, identity(), *_packed((function, job)))


def _work(expected: str, packed: bytes, arrays: list[NDArray[np.uint8]]) -> Any:
    """Do a job on a worker, provided that it would do it as the sender would."""
    if identity() != expected:
        from distributed import get_worker

        raise other_version(get_worker().address, identity(), expected)
    aligned = [array.copy() for array in arrays]  # numba counts on it; what came over the network starts anywhere
    with _LOADING:
        function, job = pickle.loads(packed, buffers=aligned)
    return function(job)


@cache
def identity() -> str:
    """Return what has to be the same on every machine that the results be the same."""
    with _LOADING:
        from coverage.radio._numba import fingerprint
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"coverage-planner {__version__} (sources {fingerprint('radio', 'signal')}), Python {python}, "
        f"numba {version('numba')}, numpy {version('numpy')}"
    )


def other_version(worker: str, found: str, expected: str) -> ClusterError:
    """Return the error of a worker that would do the work in another way, or cannot."""
    return ClusterError(
        f"{worker}: this worker has {found}; expected {expected}, as here. Install the same on every worker."
    )
