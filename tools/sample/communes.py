"""Communes: polygons grown by program around the real centres until each has its stated area. No real border is used."""

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage

from sample.facts import Facts
from sample.frame import CELL_M, CRS, NORTH_M, WEST_M
from sample.relief import Relief
from sample.travel import travel

FACTOR = 3
"""Borders are grown on cells this many times the terrain's."""


def grow_communes(facts: Facts, relief: Relief) -> tuple[gpd.GeoDataFrame, NDArray[np.int16]]:
    """
    Return the communes in the frame's CRS and the number of each cell's commune on the terrain grid, -1 outside.

    Crossing a ridge costs more than following a valley, so borders settle on ridges. Squared costs with one weight per
    commune make a power diagram; the weights are adjusted until areas fit.
    """
    coarse = FACTOR * CELL_M
    height = relief.height_m[::FACTOR, ::FACTOR]
    ridge = np.clip((height - ndimage.gaussian_filter(height, 12)) / 200.0, -0.5, 2.5)
    water = ndimage.gaussian_filter((relief.upstream_km2[::FACTOR, ::FACTOR] > 3000).astype(float), 1.0) > 0.05
    cost = 1.0 + 0.45 * (ridge + 0.5) + 1.5 * water
    centres = (facts.centres / coarse).astype(int)
    wanted = facts.communes.area_km2.to_numpy()
    squared = np.empty((len(wanted), *height.shape), np.float32)
    for k, (col, row) in enumerate(centres):
        far = travel(cost, np.array([row]), np.array([col]), 40_000 / coarse)
        squared[k] = np.minimum(far * coarse / 1000.0, 1e3) ** 2
    label = _balance(squared, wanted, coarse, _province(squared, wanted, coarse))
    frame = _polygons(label, facts, coarse)
    shapes = ((geometry, k) for k, geometry in enumerate(frame.geometry))
    number = rasterio.features.rasterize(
        shapes, relief.height_m.shape, fill=-1, transform=Affine(CELL_M, 0, WEST_M, 0, -CELL_M, NORTH_M), dtype="int16"
    )
    return frame, number


def _province(squared: NDArray[np.float32], wanted: NDArray[np.float64], cell_m: float) -> NDArray[np.bool_]:
    """Return the cells nearest to any centre for its size, as many as the communes need; one piece, no holes."""
    reach = squared - (wanted / np.pi * 1.7)[:, None, None].astype(np.float32)
    nearness = ndimage.gaussian_filter(np.minimum(reach.min(axis=0), 500.0), 1800 / cell_m)
    cells = int(round(wanted.sum() * 1e6 / cell_m**2))
    low, high = -500.0, 500.0
    inside = nearness < 0
    for _ in range(40):
        middle = (low + high) / 2
        pieces, _n = ndimage.label(nearness < middle)
        inside = (
            ndimage.binary_fill_holes(pieces == np.bincount(pieces[pieces > 0]).argmax())
            if pieces.any()
            else pieces > 0
        )
        low, high = (middle, high) if inside.sum() < cells else (low, middle)
    return inside


def _balance(
    squared: NDArray[np.float32], wanted: NDArray[np.float64], cell_m: float, inside: NDArray[np.bool_]
) -> NDArray[np.int16]:
    """Adjust one weight per commune until areas are right; the label of cells outside is -1."""
    points = squared[:, inside]
    share = wanted / wanted.sum() * points.shape[1]
    weight = (wanted / np.pi).astype(np.float64)
    damping = 0.5
    for round_number in range(240):
        near = np.argmin(points - weight[:, None].astype(np.float32), axis=0)
        count = np.bincount(near, minlength=len(wanted))
        miss = (share - count) / share
        if np.abs(miss).max() < 0.006:
            break
        damping = 0.5 if round_number < 120 else 0.2
        weight += damping * np.clip(miss, -0.6, 0.6) * wanted / np.pi
    label = np.full(inside.shape, -1, np.int16)
    label[inside] = near
    return _one_piece_each(label)


def _one_piece_each(label: NDArray[np.int16]) -> NDArray[np.int16]:
    """Smooth the borders and give every scrap that lost touch with its commune to a neighbour."""
    outside = label < 0
    for _ in range(3):
        votes = np.stack([ndimage.uniform_filter((label == k).astype(np.float32), 3) for k in range(label.max() + 1)])
        label = np.where(outside, -1, votes.argmax(axis=0)).astype(np.int16)
        loose = np.zeros(label.shape, bool)
        for k in range(votes.shape[0]):
            pieces, count = ndimage.label(label == k)
            if count > 1:
                loose |= (pieces > 0) & (pieces != np.bincount(pieces[pieces > 0]).argmax())
        keep = ~loose & ~outside
        nearest = ndimage.distance_transform_edt(~keep, return_distances=False, return_indices=True)
        label = np.where(outside, -1, label[tuple(nearest)]).astype(np.int16)
    return label


def _polygons(label: NDArray[np.int16], facts: Facts, cell_m: float) -> gpd.GeoDataFrame:
    """Turn labels to polygons that share simplified borders exactly."""
    transform = Affine(cell_m, 0, WEST_M, 0, -cell_m, NORTH_M)
    parts: dict[int, list[shapely.Geometry]] = {}
    for shape, value in rasterio.features.shapes(label, mask=label >= 0, transform=transform):
        parts.setdefault(int(value), []).append(shapely.geometry.shape(shape))
    # A node at every cell corner, or a border that meets the middle of a long edge would not be shared.
    raw = [shapely.segmentize(shapely.union_all(parts[k]), cell_m * 1.01) for k in range(len(facts.communes))]
    raw = [shapely.transform(polygon, np.round) for polygon in raw]
    smooth = shapely.coverage_simplify(np.array(raw), tolerance=1.3 * cell_m)
    table = facts.communes[["code", "full_name", "area_km2", "population"]].rename(columns={"full_name": "name"})
    return gpd.GeoDataFrame(table, geometry=smooth, crs=CRS)
