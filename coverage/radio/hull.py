"""Upper convex hulls that grow to the right, and the questions a radio path asks of them, compiled."""

from typing import Any

from coverage.radio._numba import njit


@njit
def push(xs: Any, ys: Any, size: int, x: float, y: float) -> int:
    """Add a point to the right of all others; returns the new number of corners, the last of which it is."""
    while size > 1 and (y - ys[size - 1]) * (xs[size - 1] - xs[size - 2]) >= (ys[size - 1] - ys[size - 2]) * (
        x - xs[size - 1]
    ):
        size -= 1
    xs[size] = x
    ys[size] = y
    return size + 1


@njit
def _left_is_steeper(xs: Any, ys: Any, corner: int, x: float, y: float) -> bool:
    """Whether the corner before `corner` is seen under a larger slope from (x, y), right of both."""
    return (ys[corner - 1] - y) * (x - xs[corner]) > (ys[corner] - y) * (x - xs[corner - 1])


@njit
def tangent(xs: Any, ys: Any, size: int, hint: int, x: float, y: float) -> int:
    """
    Corner seen under the largest slope (ys - y) / (x - xs) from a point to the right of the hull.

    Gallops from `hint`, the answer for a point nearby, and bisects.
    """
    low, high = 0, size - 1
    at = min(hint, high)
    step = 1
    if at > 0 and _left_is_steeper(xs, ys, at, x, y):
        high = at - 1
        while True:
            at = high - step
            if at <= 0:
                break
            if not _left_is_steeper(xs, ys, at, x, y):
                low = at
                break
            high = at - 1
            step *= 2
    else:
        low = at
        while True:
            at = low + step
            if at >= high:
                break
            if _left_is_steeper(xs, ys, at, x, y):
                high = at - 1
                break
            low = at
            step *= 2
    while low < high:
        middle = (low + high + 1) // 2
        if _left_is_steeper(xs, ys, middle, x, y):
            high = middle - 1
        else:
            low = middle
    return low


@njit
def support(xs: Any, ys: Any, size: int, hint: int, slope: float) -> int:
    """Corner highest above a line of this slope; gallops from `hint` and bisects."""
    low, high = 0, size - 1
    at = min(hint, high)
    step = 1
    if at > 0 and ys[at] - ys[at - 1] < slope * (xs[at] - xs[at - 1]):
        high = at - 1
        while True:
            at = high - step
            if at <= 0:
                break
            if not ys[at] - ys[at - 1] < slope * (xs[at] - xs[at - 1]):
                low = at
                break
            high = at - 1
            step *= 2
    else:
        low = at
        while True:
            at = low + step
            if at >= high:
                break
            if ys[at] - ys[at - 1] < slope * (xs[at] - xs[at - 1]):
                high = at - 1
                break
            low = at
            step *= 2
    while low < high:
        middle = (low + high + 1) // 2
        if ys[middle] - ys[middle - 1] < slope * (xs[middle] - xs[middle - 1]):
            high = middle - 1
        else:
            low = middle
    return low
