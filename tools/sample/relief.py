"""Relief: synthetic mountains. Rivers are laid first; water and landslides shape the rest to a steady state."""

import heapq
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coverage.radio._numba import njit
from sample.frame import CELL_M, COLS, ROWS, to_grid

Floats = NDArray[np.float64]

# Roughly where the two big rivers run and how high they flow: lon, lat, m. General geography, not a survey.
DA_RIVER = ((103.06, 22.13, 188), (103.18, 22.03, 180), (103.50, 21.88, 165), (103.63, 21.72, 155),
            (103.90, 21.61, 145), (104.02, 21.50, 118), (104.05, 21.42, 104), (104.24, 21.29, 94), (104.37, 21.21, 88),
            (104.66, 21.10, 80), (104.86, 20.98, 74), (105.14, 20.84, 66))  # fmt: skip
MA_RIVER = ((103.06, 21.52, 560), (103.25, 21.33, 500), (103.48, 21.23, 430), (103.60, 21.16, 390),
            (103.75, 21.05, 340), (103.86, 21.00, 310), (103.99, 20.94, 290), (104.10, 20.82, 265),
            (104.30, 20.62, 235), (104.42, 20.42, 215))  # fmt: skip
# Two lesser ones, so that the far sides of the ranges have somewhere to drain to.
SOP_COP_STREAM = (
    (103.10, 20.80, 900),
    (103.36, 20.86, 760),
    (103.60, 20.93, 560),
    (103.72, 21.02, 370),
    (103.75, 21.05, 340),
)
EASTERN_STREAM = (
    (103.95, 22.14, 900),
    (104.30, 21.86, 620),
    (104.62, 21.62, 400),
    (104.86, 21.42, 260),
    (105.14, 21.30, 150),
)
RIVERS = (DA_RIVER, MA_RIVER, SOP_COP_STREAM, EASTERN_STREAM)
# Water behind the two dams: everything lower than this and north-west (south-east) of the dam is lake, m.
UPPER_LAKE_M, LOWER_LAKE_M, DAM_LON = 213.0, 116.0, 104.01

# Ranges that stand above the rest: west end, east end (lon, lat), half width km, strength.
RANGES = (((103.65, 22.10), (104.75, 21.28), 13, 1.45), ((104.30, 21.42), (104.62, 21.27), 9, 1.0),
          ((103.35, 21.62), (103.85, 21.22), 10, 0.55), ((103.10, 20.95), (103.75, 20.72), 14, 0.55),
          ((104.35, 20.68), (104.85, 20.58), 7, 0.35), ((103.95, 21.05), (104.45, 20.85), 8, 0.20))  # fmt: skip
# High plains: centre (lon, lat), half axes km along and across the strike, steepness of the rim, lift of the whole, m.
PLATEAUS = ((104.64, 20.86, 26, 9, 1.0, 430), (104.05, 21.22, 22, 7, 0.5, 240), (103.90, 21.34, 12, 6, 0.5, 230),
            (103.68, 21.46, 10, 5, 0.4, 150), (104.28, 20.98, 13, 5, 0.3, 0))  # fmt: skip
STRIKE_DEG = -36.0
"""The grain of the country: ranges and valleys run north-west to south-east."""


SUMMIT_M = 2920.0
"""The highest summit, before the ridges are rounded: what stands above 1,600 m is brought down to it."""


@dataclass(frozen=True)
class Relief:
    """Heights and what water did to them, all [rows, cols] at CELL_M."""

    height_m: Floats
    upstream_km2: Floats
    """Land that drains through a cell, km²."""
    above_stream_m: Floats
    """Height above the stream that drains the cell, m."""
    lake: NDArray[np.bool_]
    beds: tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...] = ()
    """Rows and columns along each of the big rivers, from their sources."""


def noise(
    rng: np.random.Generator, shape: tuple[int, int], cell_m: float, wave_m: float, stretch: float = 1.0
) -> Floats:
    """Return smooth Gaussian noise, mean 0 and deviation 1, of one wave length, stretched along the strike."""
    ky, kx = np.meshgrid(np.fft.fftfreq(shape[0], cell_m), np.fft.rfftfreq(shape[1], cell_m), indexing="ij")
    angle = np.deg2rad(STRIKE_DEG)
    along = kx * np.cos(angle) - ky * np.sin(angle)
    across = kx * np.sin(angle) + ky * np.cos(angle)
    power = np.exp(-0.5 * (wave_m**2) * ((along * stretch) ** 2 + (across / stretch) ** 2) * 4.0)
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * power, s=shape)
    return (field - field.mean()) / field.std()


@njit
def _drain(height, fixed):  # type: ignore[no-untyped-def]
    """Priority flood from the fixed cells: the order in which cells drain and the neighbour each drains to."""
    rows, cols = height.shape
    filled = np.full(rows * cols, np.inf)
    order = np.empty(rows * cols, np.int64)
    receiver = np.full(rows * cols, -1, np.int64)
    done = np.zeros(rows * cols, np.uint8)
    heap = [(height[0, 0], np.int64(0))]
    filled[0] = height[0, 0]
    for row in range(rows):
        for col in range(cols):
            cell = row * cols + col
            if fixed[row, col] and cell != 0:
                filled[cell] = height[row, col]
                heapq.heappush(heap, (height[row, col], np.int64(cell)))
    count = 0
    while len(heap) > 0:
        level, cell = heapq.heappop(heap)
        if done[cell]:
            continue
        done[cell] = 1
        order[count] = cell
        count += 1
        row, col = cell // cols, cell % cols
        for drow in range(-1, 2):
            for dcol in range(-1, 2):
                r, c = row + drow, col + dcol
                if (drow == 0 and dcol == 0) or r < 0 or c < 0 or r >= rows or c >= cols:
                    continue
                other = r * cols + c
                if filled[other] == np.inf:
                    filled[other] = max(height[r, c], level + 1e-3)
                    heapq.heappush(heap, (filled[other], np.int64(other)))
    for cell in range(rows * cols):
        row, col = cell // cols, cell % cols
        if fixed[row, col] or cell == 0:
            continue
        best = 0.0
        for drow in range(-1, 2):
            for dcol in range(-1, 2):
                r, c = row + drow, col + dcol
                if (drow == 0 and dcol == 0) or r < 0 or c < 0 or r >= rows or c >= cols:
                    continue
                fall = filled[cell] - filled[r * cols + c]
                if drow != 0 and dcol != 0:
                    fall *= 0.7071067811865476
                if fall > best:
                    best = fall
                    receiver[cell] = r * cols + c
    return order, receiver


@njit
def _gather(order, receiver):  # type: ignore[no-untyped-def]
    """Number of cells that drain through each cell, itself included."""
    cells = np.ones(order.size)
    for k in range(order.size - 1, -1, -1):
        cell = order[k]
        if receiver[cell] >= 0:
            cells[receiver[cell]] += cells[cell]
    return cells


@njit
def _settle(height, order, receiver, cells, steepness, repose, cell_m, share):  # type: ignore[no-untyped-def]
    """Move heights a share of the way to the steady state of stream power, no steeper than the angle of repose."""
    cols = height.shape[1]
    flat, hard, limit = height.ravel(), steepness.ravel(), repose.ravel()
    for k in range(order.size):
        cell = order[k]
        other = receiver[cell]
        if other < 0:
            continue
        oblique = cell // cols != other // cols and cell % cols != other % cols
        reach = cell_m * (1.4142135623730951 if oblique else 1.0)
        slope = min(hard[cell] * (cells[cell] * cell_m * cell_m) ** -0.45, limit[cell])
        flat[cell] = (1 - share) * flat[cell] + share * (flat[other] + slope * reach)


@njit
def _stream_height(height, order, receiver, cells, threshold):  # type: ignore[no-untyped-def]
    """Height of the stream that each cell drains to."""
    flat = height.ravel()
    level = np.empty(flat.size)
    for k in range(order.size):
        cell = order[k]
        level[cell] = flat[cell] if receiver[cell] < 0 or cells[cell] >= threshold else level[receiver[cell]]
    return level.reshape(height.shape)


def _ellipse(
    x: Floats, y: Floats, centre: tuple[float, float], along_m: float, across_m: float, angle_rad: float
) -> Floats:
    """Return the distance from a centre in units of the half axes."""
    dx, dy = x - centre[0], y - centre[1]
    u = dx * np.cos(angle_rad) + dy * np.sin(angle_rad)
    v = -dx * np.sin(angle_rad) + dy * np.cos(angle_rad)
    return np.hypot(u / along_m, v / across_m)


def _lay_river(rng: np.random.Generator, waypoints: tuple[tuple[float, float, float], ...], shape: tuple[int, int],
               cell_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:  # fmt: skip
    """Return rows, columns and heights of the cells of a river that winds through its waypoints."""
    lon, lat, level = np.array(waypoints).T
    x, y = to_grid(lon, lat)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    fine = np.arange(0.0, along[-1], 60.0)
    bends = sum(
        amplitude
        * np.interp(fine, np.arange(0, along[-1] + step, step), rng.standard_normal(int(along[-1] // step) + 2))
        for amplitude, step in ((1700.0, 9000.0), (800.0, 3500.0), (300.0, 1500.0))
    )
    bends = ndimage.gaussian_filter1d(bends, 8.0)
    px, py = np.interp(fine, along, x), np.interp(fine, along, y)
    px, py = ndimage.gaussian_filter1d(px, 30.0), ndimage.gaussian_filter1d(py, 30.0)
    heading = np.arctan2(np.gradient(py), np.gradient(px))
    col = ((px - np.sin(heading) * bends) / cell_m).astype(np.int64)
    row = ((py + np.cos(heading) * bends) / cell_m).astype(np.int64)
    inside = (row >= 0) & (col >= 0) & (row < shape[0]) & (col < shape[1])
    return row[inside], col[inside], np.interp(fine, along, level)[inside]


def make_relief(rng: np.random.Generator) -> Relief:
    """Return the whole rectangle, coarse levels first, each the start of the next finer one."""
    rivers_seed, noise_seed = int(rng.integers(2**31)), int(rng.integers(2**31))
    height: Floats | None = None
    for factor, rounds in ((8, 60), (4, 30), (2, 9), (1, 3)):
        shape, cell_m = (ROWS // factor, COLS // factor), CELL_M * factor
        y, x = np.mgrid[0 : shape[0], 0 : shape[1]] * cell_m + cell_m / 2
        steepness, repose = _rock(np.random.default_rng(noise_seed), x, y)
        fixed, base = _outlets(np.random.default_rng(rivers_seed), x, y, cell_m)
        if height is None:
            height = 700.0 + 150.0 * rng.standard_normal(shape)
        else:
            height = np.kron(height, np.ones((2, 2)))
            height = ndimage.gaussian_filter(height, 0.8) + rng.normal(0, 2.0 * factor, shape)
        height = np.where(fixed, base, height)
        for _ in range(rounds):
            order, receiver = _drain(height, fixed)
            _settle(height, order, receiver, _gather(order, receiver), steepness, repose, cell_m, 0.5)
    beds = np.random.default_rng(rivers_seed)
    return replace(
        _finish(rng, height, fixed, base),
        beds=tuple(_lay_river(beds, river, (ROWS, COLS), CELL_M)[:2] for river in RIVERS),
    )


def _rock(rng: np.random.Generator, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return how steep streams must be to keep up with the uplift, and the angle of repose as a slope."""
    # Noise is drawn on one coarse lattice so that every level of detail sees the same country.
    lattice = (ROWS // 8, COLS // 8)
    fields = [
        ndimage.zoom(noise(rng, lattice, CELL_M * 8, wave, stretch), x.shape[0] // lattice[0], order=1)
        for wave, stretch in ((9000.0, 1.7), (3500.0, 1.4), (1800.0, 1.0), (6000.0, 1.3))
    ]
    uplift = 1.0 + 0.28 * fields[0] + 0.16 * fields[1]
    for (lon0, lat0), (lon1, lat1), half_km, strength in RANGES:
        ends_x, ends_y = to_grid(np.array([lon0, lon1]), np.array([lat0, lat1]))
        angle = np.arctan2(ends_y[1] - ends_y[0], ends_x[1] - ends_x[0])
        length = np.hypot(ends_x[1] - ends_x[0], ends_y[1] - ends_y[0])
        far = _ellipse(x, y, (ends_x.mean(), ends_y.mean()), 0.6 * length, half_km * 1000.0, float(angle))
        uplift += strength * np.exp(-(far**2))
    uplift = np.clip(uplift, 0.25, None)
    repose = np.clip(0.55 + 0.09 * fields[2] + 0.06 * fields[3], 0.25, 0.85)
    for plateau in PLATEAUS:
        far = _off_plateau(x, y, plateau) + 0.22 * fields[1] + 0.08 * fields[2]
        inside = 1 / (1 + np.exp((far - 0.9) * 9))
        rim = np.exp(-(((far - 1.15) / 0.2) ** 2))
        uplift = uplift * (1 - 0.80 * inside) + plateau[4] * rim * (1 - inside)
        repose = repose * (1 - 0.35 * inside)
    return 78.0 * uplift, repose


def _off_plateau(x: Floats, y: Floats, plateau: tuple[float, ...]) -> Floats:
    """Return the distance from the centre of a plateau in units of its half axes."""
    lon, lat, along_km, across_km = plateau[:4]
    cx, cy = to_grid(np.array([lon]), np.array([lat]))
    return _ellipse(x, y, (cx[0], cy[0]), along_km * 1000, across_km * 1000, float(np.deg2rad(-STRIKE_DEG)))


def _raise_plateaus(rng: np.random.Generator, height: Floats, fixed: NDArray[np.bool_]) -> Floats:
    """Lift the plateaus gently above the rivers and strew them with the knolls of limestone country."""
    y, x = np.mgrid[0:ROWS, 0:COLS] * CELL_M + CELL_M / 2
    taper = np.clip(ndimage.distance_transform_edt(~fixed) * CELL_M / 9000.0, 0.0, 1.0)
    taper = ndimage.gaussian_filter(taper * taper * (3 - 2 * taper), 8)
    knolls = 30.0 * np.abs(noise(rng, height.shape, CELL_M, 1100.0)) + 18.0 * noise(rng, height.shape, CELL_M, 3200.0)
    for plateau in PLATEAUS:
        far = _off_plateau(x, y, plateau)
        height = height + plateau[5] * np.exp(-((far / 1.6) ** 4)) * taper
        height = height + knolls / (1 + np.exp((far - 0.8) * 9))
    return height


def _outlets(rng: np.random.Generator, x: Floats, y: Floats, cell_m: float) -> tuple[NDArray[np.bool_], Floats]:
    """Return the cells whose height is given (the rivers, the edge of the map) and these heights."""
    shape = x.shape
    base = np.zeros(shape)
    fixed = np.zeros(shape, bool)
    fixed[0], fixed[-1], fixed[:, 0], fixed[:, -1] = True, True, True, True
    # Low towards the Red River in the north-east and the delta in the south-east, higher towards Laos in the west.
    width, depth = x.max(), y.max()
    base[fixed] = (
        720 - 470 * (x / width) - 160 * (1 - y / depth) * (x / width) + 120 * np.sin(x / 23e3) * np.cos(y / 31e3)
    )[fixed]
    edge = fixed.copy()
    for river in RIVERS:
        row, col, level = _lay_river(rng, river, shape, cell_m)
        bed = np.zeros(shape, bool)
        bed[row, col], base[row, col] = True, level
        far, near = ndimage.distance_transform_edt(~bed, return_indices=True)
        base = np.where(edge & ~bed, np.minimum(base, base[tuple(near)] + 0.12 * far * cell_m), base)
        fixed |= bed
    return fixed, base


def _finish(rng: np.random.Generator, height: Floats, fixed: NDArray[np.bool_], base: Floats) -> Relief:
    """Raise the plateaus, widen valley floors, round the ridges, fill the lakes."""
    height = _raise_plateaus(rng, height, fixed)
    height = np.where(height > 1600, 1600 + (height - 1600) * (SUMMIT_M - 1600) / (height.max() - 1600), height)
    height = np.where(fixed, base, ndimage.gaussian_filter(height, 0.9))
    order, receiver = _drain(height, fixed)
    cells = _gather(order, receiver)
    stream = ndimage.gaussian_filter(_stream_height(height, order, receiver, cells, 4e6 / CELL_M**2), 2.0)
    above = np.maximum(height - stream, 0.0)
    floor_m = 22.0  # below about this height above its stream, a slope becomes valley floor
    height = ndimage.gaussian_filter(stream + above - floor_m * (1 - np.exp(-above / floor_m)), 0.7)
    x = (np.arange(COLS) + 0.5) * CELL_M
    dam_x = to_grid(np.array([DAM_LON]), np.array([21.5]))[0][0]
    near_da = np.zeros(height.shape, bool)
    px, py = to_grid(*np.array(DA_RIVER)[:, :2].T)
    row, col = (np.interp(np.linspace(0, 1, 9000), np.linspace(0, 1, len(px)), p) for p in (py / CELL_M, px / CELL_M))
    row, col = row.astype(int), col.astype(int)
    inside = (row >= 0) & (col >= 0) & (row < ROWS) & (col < COLS)
    near_da[row[inside], col[inside]] = True
    near_da = ndimage.distance_transform_edt(~near_da) * CELL_M < 9000
    water = np.where(x[None, :] < dam_x, UPPER_LAKE_M, LOWER_LAKE_M)
    lake = near_da & (height <= water)
    height = np.where(lake, water, height)
    return Relief(height, cells.reshape(height.shape) * CELL_M**2 / 1e6, np.maximum(height - stream, 0.0), lake)
