"""Upper convex hull that grows to the right, and the questions a radio path asks of it, compiled."""

import math
from typing import Any

from coverage.radio._numba import njit

STEEPEST, HIGHEST, NEAREST = range(3)
"""Questions that `corner` answers."""


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
def _beats_the_one_before(question: int, xs: Any, ys: Any, at: int, x: float, slope: float) -> bool:
    x0, y0, x1, y1 = xs[at - 1], ys[at - 1], xs[at], ys[at]
    if question == STEEPEST:
        y = slope * x
        return bool((y1 - y) * (x - x0) >= (y0 - y) * (x - x1))
    if question == HIGHEST:
        return bool(y1 - y0 >= slope * (x1 - x0))
    clearance0, clearance1 = slope * x0 - y0, slope * x1 - y1
    return bool(clearance1 * clearance1 * (x0 * (x - x0)) <= clearance0 * clearance0 * (x1 * (x - x1)))


@njit
def corner(question: int, xs: Any, ys: Any, size: int, hint: int, x: float, slope: float) -> int:
    """
    Best corner for a ray from (0, 0) that ends at (x, slope * x), to the right of the hull.

    Along the hull each measure rises to its best and falls from there, so that galloping from `hint`, the answer for a
    ray nearby, and bisecting find it.

    Parameters
    ----------
    question
        STEEPEST: the corner seen from the end of the ray under the largest slope. HIGHEST: the corner highest above the
        ray. NEAREST: for a ray that passes over all corners, the one with the smallest ratio of clearance to the root
        of the product of the distances to both ends (convex over concave, hence with one minimum).
    xs, ys, size
        Corners 0 … size - 1.
    hint
        Where to start.
    x, slope
        The ray.

    Returns
    -------
    int
        Index of the corner.
    """
    low, high = 0, size - 1
    at = min(hint, high)
    stride = 1
    if at == 0 or _beats_the_one_before(question, xs, ys, at, x, slope):
        low = at
        while low + stride < high and _beats_the_one_before(question, xs, ys, low + stride, x, slope):
            low += stride
            stride *= 2
        high = min(high, low + stride)
    else:
        high = at - 1
        while high - stride > 0 and not _beats_the_one_before(question, xs, ys, high - stride, x, slope):
            high -= stride + 1
            stride *= 2
        low = max(0, high - stride)
    while low < high:
        middle = (low + high + 1) // 2
        if _beats_the_one_before(question, xs, ys, middle, x, slope):
            low = middle
        else:
            high = middle - 1
    return low


@njit
def dip(x0: float, y0: float, x1: float, y1: float, x: float, slope: float, ratio2: float) -> tuple[float, float]:
    """
    Where along an edge of the hull the squared ratio of NEAREST is below `ratio2`.

    Returns
    -------
    tuple
        Both ends of that stretch, the first beyond the second where there is none.
    """
    rise = slope - (y1 - y0) / (x1 - x0)
    start = slope * x0 - y0 - rise * x0
    # (start + rise * t)² = ratio2 * t * (x - t)
    a = rise * rise + ratio2
    half_b = start * rise - 0.5 * ratio2 * x
    inside = half_b * half_b - a * start * start
    if inside <= 0.0:
        return x1, x0
    root = math.sqrt(inside)
    return max(x0, (-half_b - root) / a), min(x1, (root - half_b) / a)
