"""What lies near what, in metres: whether points share a place, whether a polygon holds them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
"""[n, 2] x and y, m."""


def xy_m(points: gpd.GeoSeries, crs: CRS) -> Points:
    """Return x and y of points in a projected system, m; NaN where there is none."""
    placed = points.to_crs(crs)
    return np.column_stack([placed.x, placed.y])


def neighbours(points: Points, within_m: float) -> NDArray[np.int64]:
    """
    Return for each point the number of another one that shares its place, -1 where none does.

    Parameters
    ----------
    points
        None of them NaN.
    within_m
        How far apart two points of one place may lie, m.
    """
    metre = pd.DataFrame(np.round(points)).groupby([0, 1], sort=False).ngroup().to_numpy()
    # Points piled on one spot are told first and cheaply: a tree of them would compare each with each.
    _, first = np.unique(metre, return_index=True)
    partner = first[metre]
    piled = np.bincount(metre) > 1
    second = np.full(len(first), -1)
    others = np.setdiff1d(np.arange(len(points)), first)[::-1]
    second[metre[others]] = others
    partner = np.where(partner == np.arange(len(points)), second[metre], partner)
    if len(first) > 1:
        far, near = cKDTree(points[first]).query(points[first], k=[2], distance_upper_bound=within_m)
        beside = np.isfinite(far).ravel() & ~piled
        partner[first[beside]] = first[np.ravel(near)[beside]]
    return partner.astype(np.int64)


def held(points: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return a mask of points that lie in or on one of some polygons."""
    # The tree prepares what it is asked about: few polygons asked of many points is far faster than the reverse.
    _, inside = shapely.STRtree(points).query(polygons, predicate="intersects")
    mask = np.zeros(len(points), dtype=bool)
    mask[inside] = True
    return mask
