"""Functions that numba compiles when they are first called, and that Python can run where one path is all there is."""

import threading
from collections.abc import Callable
from functools import cache, cached_property, update_wrapper
from types import FunctionType
from typing import Any

_ONE_AT_A_TIME = threading.Lock()


class Compiled:
    """
    A function in line for compilation: loading numba takes half a second, and compiling P.1812 for the first time 15.

    Other compiled functions call it like one of theirs.
    """

    def __init__(self, function: FunctionType) -> None:
        self.py_func = function
        update_wrapper(self, function)

    @cached_property
    def dispatcher(self) -> Any:
        """What numba makes of it."""
        from coverage.radio._numba import njit as at_once

        with _ONE_AT_A_TIME:
            return at_once(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        """What numba asks of a name that it meets in a function."""
        return self.dispatcher._numba_type_

    def __call__(self, *values: Any) -> Any:
        return self.dispatcher(*values)

    def __reduce__(self) -> str:
        """Travel to another process by name."""
        return self.py_func.__qualname__


def njit(function: Any) -> Any:
    """Compile as `_numba.njit` does, but no sooner than the machine code is wanted."""
    return Compiled(function)


@cache
def interpreted(function: Compiled) -> Callable[..., Any]:
    """Return a function, and all that it calls, as Python runs it: slower by far, and ready at once."""
    names = dict(function.py_func.__globals__)
    for name in function.py_func.__code__.co_names:
        if isinstance(names.get(name), Compiled):
            names[name] = interpreted(names[name])
    return FunctionType(function.py_func.__code__, names, function.py_func.__name__)
