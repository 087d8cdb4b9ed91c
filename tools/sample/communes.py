"""Communes: polygons grown by program around the real centres until each has its stated area, without real borders."""

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy import ndimage

from sample.facts import Facts
from sample.frame import CELL_M, CRS, NORTH_M, WEST_M
from sample.relief import Relief, noise
from sample.travel import travel

FACTOR = 3
"""Borders are grown on cells this many times the terrain's."""
MARGIN_M = 10_000.0
"""Land beyond the border that the terrain shows, m."""


def grow_communes(rng: np.random.Generator, facts: Facts, relief: Relief) -> tuple[gpd.GeoDataFrame, NDArray[np.int16]]:
    """
    Return the communes in the frame's CRS and the number of each cell's commune on the terrain grid, -1 outside.

    Crossing a ridge costs more than following a valley, so borders settle on ridges. Squared costs with one weight per
    commune make a power diagram; the weights are adjusted until areas fit.
    """
    coarse = FACTOR * CELL_M
    height = relief.height_m[::FACTOR, ::FACTOR]
    ridge = np.clip((height - ndimage.gaussian_filter(height, 12)) / 200.0, -0.5, 2.5)
    water = ndimage.gaussian_filter((relief.upstream_km2[::FACTOR, ::FACTOR] > 3000).astype(float), 1.0) > 0.05
    cost = 1.0 + 0.6 * (ridge + 0.5) + 1.5 * water
    centres = (facts.centres / coarse).astype(int)
    wanted = facts.communes.area_km2.to_numpy()
    squared = np.empty((len(wanted), *height.shape), np.float32)
    for k, (col, row) in enumerate(centres):
        far = travel(cost, np.array([row]), np.array([col]), 40_000 / coarse)
        squared[k] = np.minimum(far * coarse / 1000.0, 1e3) ** 2
    frame = _balance(squared, facts, _province(rng, squared, wanted, coarse), coarse)
    shapes = ((geometry, k) for k, geometry in enumerate(frame.geometry))
    number = rasterio.features.rasterize(
        shapes, relief.height_m.shape, fill=-1, transform=Affine(CELL_M, 0, WEST_M, 0, -CELL_M, NORTH_M), dtype="int16"
    )
    return frame, number


def _province(
    rng: np.random.Generator, squared: NDArray[np.float32], wanted: NDArray[np.float64], cell_m: float
) -> NDArray[np.bool_]:
    """Return the cells nearest to any centre for its size, as many as the communes need; one piece, no holes."""
    reach = squared - (wanted / np.pi * 1.7)[:, None, None].astype(np.float32)
    nearness = ndimage.gaussian_filter(np.minimum(reach.min(axis=0), 500.0), 1800 / cell_m)
    for wave_m, strength_km2 in ((14_000.0, 26.0), (4_500.0, 14.0)):  # a border is never round
        nearness += strength_km2 * noise(rng, nearness.shape, cell_m, wave_m)
    rim = int(MARGIN_M / cell_m) + 1
    framed = np.full(nearness.shape, np.inf)
    framed[rim:-rim, rim:-rim] = nearness[rim:-rim, rim:-rim]
    cells = round(wanted.sum() * 1e6 / cell_m**2)
    low, high = -500.0, 500.0
    for _ in range(40):
        middle = (low + high) / 2
        pieces, count = ndimage.label(framed < middle)
        biggest = np.bincount(pieces[pieces > 0]).argmax() if count else -1
        inside = ndimage.binary_fill_holes(pieces == biggest)
        low, high = (middle, high) if inside.sum() < cells else (low, middle)
    return inside


def _balance(squared: NDArray[np.float32], facts: Facts, inside: NDArray[np.bool_], cell_m: float) -> gpd.GeoDataFrame:
    """Adjust one weight per commune until the areas of the finished polygons are right; return the best seen."""
    wanted = facts.communes.area_km2.to_numpy()
    points = squared[:, inside]
    rivals = np.argpartition(points, 12, axis=0)[:12]  # a cell goes to one of the nearest dozen
    cost = np.take_along_axis(points, rivals, axis=0)
    cell_km2 = wanted.sum() / points.shape[1]
    aim, weight = wanted.copy(), wanted / np.pi
    found, least = None, np.inf
    for rounds in (120, *(30,) * 9):
        for step in np.linspace(0.5, 0.15, rounds):
            near = np.take_along_axis(
                rivals, np.argmin(cost - weight.astype(np.float32)[rivals], axis=0)[None], axis=0
            )[0]
            miss = aim - np.bincount(near, minlength=len(aim)) * cell_km2
            weight += step * np.clip(miss, -0.3 * wanted, 0.3 * wanted)
        label = np.full(inside.shape, -1, np.int16)
        label[inside] = near
        frame = _polygons(_one_piece_each(label), facts, cell_m)
        miss = wanted - frame.area.to_numpy() / 1e6
        aim += 0.6 * miss
        if np.abs(miss / wanted).max() < least:
            found, least = frame, np.abs(miss / wanted).max()
    return found


def _one_piece_each(label: NDArray[np.int16]) -> NDArray[np.int16]:
    """Smooth the borders and give every scrap that lost touch with its commune to a neighbour."""
    outside = label < 0
    for _ in range(3):
        most = np.zeros(label.shape, np.float32)
        winner, loose = label.copy(), np.zeros(label.shape, bool)
        for k, box in enumerate(ndimage.find_objects(label + 1)):
            window = tuple(slice(max(side.start - 2, 0), side.stop + 2) for side in box)
            votes = ndimage.uniform_filter((label[window] == k).astype(np.float32), 3)
            ahead = votes > most[window]
            most[window][ahead], winner[window][ahead] = votes[ahead], k
        label = np.where(outside, -1, winner).astype(np.int16)
        for k, box in enumerate(ndimage.find_objects(label + 1)):
            pieces, count = ndimage.label(label[box] == k)
            if count > 1:
                loose[box] |= (pieces > 0) & (pieces != np.bincount(pieces[pieces > 0]).argmax())
        nearest = ndimage.distance_transform_edt(loose | outside, return_distances=False, return_indices=True)
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
    smooth = shapely.coverage_simplify(np.array(raw), tolerance=1.2 * cell_m)
    table = facts.communes[["code", "full_name", "area_km2", "population"]].rename(columns={"full_name": "name"})
    return gpd.GeoDataFrame(table, geometry=smooth, crs=CRS)
