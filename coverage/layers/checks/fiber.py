"""Fiber routes: they lead somewhere, are as long as stated, and have no stray point."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from coverage.layers.checks.nearness import xy_m
from coverage.layers.draft import Draft

_TOUCHES_M = 200.0
"""A node, site or route within this distance is reached: plans show cables beside the mast, not at its foot."""
_LONGEST_STEP_M = 15_000.0
"""Sketches join two communes by a straight line; a stray point lies farther off."""
_LENGTH_PERCENT = 20.0
"""Cable hangs, climbs and is coiled: some percent more than the line on the map are usual."""
_LEAST_KM = 0.2


def check_routes(draft: Draft, others: list[Draft], crs: CRS) -> None:
    """
    Note routes that touch nothing, whose length is not the drawn one, or that jump.

    Parameters
    ----------
    draft
        The routes.
    others
        Nodes, cells and villages, which routes may end at.
    crs
        Measures, m.
    """
    frame = draft.frame[draft.frame.geometry.notna()]
    if frame.empty:
        return
    lines = frame.geometry.to_crs(crs).to_numpy()
    alone = pd.Series(_alone(lines, others, crs), index=frame.index).reindex(draft.frame.index).eq(True)
    draft.report(
        alone,
        lambda row: f"route {row['route_id']} touches no node, site, village or other route within {_TOUCHES_M:g} m",
        "a route that leads somewhere",
        "Draw it to its node, or supply what it leads to.",
        fatal=False,
        kind="route_touches_nothing",
    )
    step_m = pd.Series(_longest_step_m(lines), index=frame.index).reindex(draft.frame.index)
    jumps = step_m > _LONGEST_STEP_M
    draft.report(
        jumps,
        lambda row: f"route {row['route_id']} goes {step_m[row.name] / 1000:.1f} km from one point to the next",
        f"points no more than {_LONGEST_STEP_M / 1000:g} km apart",
        "Correct the stray point, or draw the way between.",
        fatal=False,
        kind="route_jumps",
    )
    drawn_km = pd.Series(shapely.length(lines) / 1000.0, index=frame.index).reindex(draft.frame.index)
    ratio = draft.frame["length_km"] / drawn_km.where(drawn_km > 0)
    in_metres = ratio.between(500.0, 2000.0)
    draft.report(
        in_metres,
        lambda row: f"{row['length_km']:g} for route {row['route_id']}, drawn {drawn_km[row.name]:.1f} km long: metres",
        "km",
        "Divide by 1000.",
        column="length_km",
        fatal=False,
        kind="length_in_metres",
    )
    off_km = (draft.frame["length_km"] - drawn_km).abs()
    draft.report(
        (off_km > np.maximum(drawn_km * _LENGTH_PERCENT / 100.0, _LEAST_KM)) & ~in_metres & ~jumps,
        lambda row: f"route {row['route_id']} of {row['length_km']:g} km is drawn {drawn_km[row.name]:.1f} km long",
        f"the same length to {_LENGTH_PERCENT:g} %",
        "Correct the length, or draw the whole route; reports give the stated length.",
        column="length_km",
        fatal=False,
        kind="length_differs",
    )


def _alone(lines: NDArray[np.object_], others: list[Draft], crs: CRS) -> NDArray[np.bool_]:
    """Return a mask of lines that touch nothing; what is settled by points is not asked of lines."""
    alone = np.ones(len(lines), dtype=bool)
    for other in others:
        points = np.unique(xy_m(other.frame.geometry.dropna(), crs), axis=0)
        left = np.flatnonzero(alone)
        near, _ = shapely.STRtree(np.asarray(shapely.points(points))).query(
            lines[left], predicate="dwithin", distance=_TOUCHES_M
        )
        alone[left[near]] = False
    left = np.flatnonzero(alone)
    one, another = shapely.STRtree(lines).query(lines[left], predicate="dwithin", distance=_TOUCHES_M)
    alone[left[one[left[one] != another]]] = False
    # A single route and nothing else to touch is all there is to know, not a fault.
    return alone if len(lines) > 1 or others else np.zeros(len(lines), dtype=bool)


def _longest_step_m(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the longest way between two neighbouring points of each line, m."""
    parts, line_of = shapely.get_parts(lines, return_index=True)
    points, part_of = shapely.get_coordinates(parts, return_index=True)
    steps = np.hypot(*np.diff(points, axis=0).T)
    inside = part_of[1:] == part_of[:-1]
    longest = np.zeros(len(lines))
    np.maximum.at(longest, line_of[part_of[1:][inside]], steps[inside])
    return longest
