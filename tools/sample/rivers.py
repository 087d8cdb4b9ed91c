"""Rivers: the big ones as they were laid, and the streams that the relief gathers into them."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from sample.frame import CELL_M, CRS, NORTH_M, WEST_M
from sample.relief import Relief

NAMES = ("Sông Đà", "Sông Mã", None, None)
"""Of `relief.RIVERS`; the two lesser ones are made up and have none."""
STREAM_KM2 = 45.0
"""A stream is drawn where this much land drains through it."""
SMOOTH_M = 60.0
"""Steps from cell to cell are smoothed by as much."""
_AROUND = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if row or col]


def rivers(land: Relief) -> gpd.GeoDataFrame:
    """Return the rivers with `class` (river, stream) and `name`, as lines that run downstream."""
    lines = [_line(rows, cols) for rows, cols in land.beds]
    streams = [_line(*np.array(path).T) for path in _streams(land)]
    frame = {
        "class": ["river"] * len(lines) + ["stream"] * len(streams),
        "name": [*NAMES, *[None] * len(streams)],
    }
    return gpd.GeoDataFrame(frame, geometry=[*lines, *streams], crs=CRS)


def _line(rows: NDArray[np.int64], cols: NDArray[np.int64]) -> shapely.LineString:
    line = shapely.linestrings(WEST_M + (cols + 0.5) * CELL_M, NORTH_M - (rows + 0.5) * CELL_M)
    return shapely.simplify(line, SMOOTH_M)


def _streams(land: Relief) -> list[list[tuple[int, int]]]:
    """Return cells along every stream, from its head, or from where two meet, to the next meeting or a big river."""
    bed = np.zeros(land.upstream_km2.shape, dtype=bool)
    for rows, cols in land.beds:
        bed[rows, cols] = True
    wet = (land.upstream_km2 >= STREAM_KM2) | bed
    below = {cell: _below(cell, land.upstream_km2, wet, bed) for cell in zip(*np.nonzero(wet & ~bed), strict=True)}
    feeders: dict[tuple[int, int], int] = {}
    for cell in below.values():
        if cell is not None:
            feeders[cell] = feeders.get(cell, 0) + 1
    found = []
    for start in below:
        if feeders.get(start, 0) == 1:
            continue  # the middle of a stream
        path = [start]
        while (following := below.get(path[-1])) is not None:
            path.append(following)
            if following not in below or feeders[following] > 1:
                break
        if len(path) > 2:
            found.append(path)
    return found


def _below(
    cell: tuple[int, int], upstream_km2: NDArray[np.float64], wet: NDArray[np.bool_], bed: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Return the neighbour through which most land drains; a big river is reached before anything else."""
    best, most = None, upstream_km2[cell]
    for row, col in ((cell[0] + step[0], cell[1] + step[1]) for step in _AROUND):
        if not (0 <= row < wet.shape[0] and 0 <= col < wet.shape[1] and wet[row, col]):
            continue
        drained = np.inf if bed[row, col] else upstream_km2[row, col]
        if drained > most:
            best, most = (row, col), drained
    return best
