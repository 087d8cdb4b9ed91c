"""Loss to every pixel around one mast by ITU-R P.1812-8, in nearly constant time per pixel."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio._numba import njit
from coverage.radio.hull import HIGHEST, NEAREST, STEEPEST, corner, push
from coverage.radio.p1812 import MODEL, check_ranges
from coverage.radio.p1812_profile import effective_radius_km, location_db
from coverage.radio.pathwise import Setting, exact_sweep
from coverage.radio.radial import Mast, Radial, least_clearance, new_radial, read_line
from coverage.radio.sphere import EDGE, FREE_SPACE, SCATTER, bands, first_term_land_db, smooth_edge, sphere_clearance

NU_CLEAR = -0.78
"""Fresnel parameter up to which an edge does not matter."""
NEAR_KM = 1.0
"""Up to here paths are few and short, and ducting counts in the Recommendation's median: they are evaluated in full."""
OVER_SCATTER_DB = 18.0
"""Losses that stay this far below that of troposcatter are not changed by it (at most 0.005 dB)."""
_SCATTER_DB = 573.0
"""Troposcatter loss per radian of bend (equation 44)."""
_20_LOG10 = 20.0 / math.log(10.0)


class Pixels(NamedTuple):
    """The pixels of one radial in order of distance, and what their losses depend on."""

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    """In the result."""
    cells: NDArray[np.float64]
    """Distance in pixels."""
    ground: NDArray[np.float64]
    """m above the mast's antenna."""
    edge: NDArray[np.float64]
    """Fresnel parameter of Bullington's edge for a wavelength of 1 m; -inf where it does not matter."""
    tx_above: NDArray[np.float64]
    rx_above: NDArray[np.float64]
    """Antennas above the smooth surface, m."""
    tx_slope: NDArray[np.float64]
    rx_slope: NDArray[np.float64]
    """Of the horizons seen from mast and receiver over the flattened Earth, m/km."""
    samples: NDArray[np.int64]
    """How many samples of the radial lie between the ends."""


def area_loss_db(
    terrain_m: ArrayLike,
    *,
    cell_m: float,
    tx_row: int,
    tx_col: int,
    tx_height_m: float,
    rx_height_m: float,
    freq_mhz: float | ArrayLike,
    radius_m: float,
    cover_m: ArrayLike | None = None,
    time_percent: float = 50.0,
    location_percent: float = 50.0,
    location_sigma_db: float = 0.0,
    polarization: str = "vertical",
    delta_n: float = 45.0,
    n0: float = 325.0,
    latitude_deg: float = 21.0,
    threads: int = 1,
) -> NDArray[np.float32]:
    """
    Loss from one mast to every pixel around it.

    Parameters
    ----------
    terrain_m
        [rows, columns] heights above sea level, m; NaN where unknown. The whole raster: the window is taken here.
    cell_m
        Side of a square pixel, m.
    tx_row, tx_col
        The mast's pixel; it stands at the centre.
    tx_height_m, rx_height_m
        Antennas above ground, 1 to 3000 m.
    freq_mhz
        One frequency or several, 30 to 6000 MHz.
    radius_m
        Pixels whose centres lie beyond are left out, m; at least one pixel.
    cover_m
        Representative clutter heights, m, of the shape of `terrain_m`, added to the ground between the ends (§ 3.2).
    time_percent
        Share of the average year, 1 to 50 %, for which the loss is not exceeded. At 50 % and beyond 1 km ducting and
        layer reflection are left out (docs/radio.md has the table that shows why). Below 50 % every path is evaluated
        in full, which takes hundreds of times longer.
    location_percent, location_sigma_db
        Share of locations, 1 to 99 %, for which the loss is not exceeded, and the standard deviation between them, dB.
    polarization
        "vertical" or "horizontal".
    delta_n, n0
        Median refractivity lapse of the lowest km, N-units/km, and sea-level refractivity, N-units.
    latitude_deg
        Of the mast, -80 to 80 degrees; matters below 50 % of the time.
    threads
        How many share the radials; the result does not depend on it.

    Returns
    -------
    ndarray
        float32 [bands, 2n+1, 2n+1], n = floor(radius_m / cell_m), the mast at [n, n]; dB. NaN beyond the radius, beyond
        the raster, on voids and behind them. The mast's own pixel has the free-space loss at half a cell.
        Below 0.25 km, where the Recommendation ends, the same formulas go on.

    Raises
    ------
    ModelRangeError
        A value outside the ranges above.
    CoverageError
        The mast lies outside the terrain or on a void, or the rasters differ in shape.

    References
    ----------
    ITU-R P.1812-8, annex 1, over inland ground.
    """
    freq = np.atleast_1d(np.asarray(freq_mhz, np.float64))
    check_ranges(
        freq_mhz=freq,
        tx_height_m=tx_height_m,
        rx_height_m=rx_height_m,
        latitude_deg=latitude_deg,
        time_percent=time_percent,
        location_percent=location_percent,
        location_sigma_db=location_sigma_db,
        polarization=polarization,
        delta_n=delta_n,
        n0=n0,
    )
    if not (0.0 < cell_m <= radius_m < math.inf):
        raise ModelRangeError(MODEL, "radius_m", radius_m, f"at least one pixel of {cell_m} m")
    cells = radius_m / cell_m
    n = math.floor(cells)
    terrain, cover = np.asarray(terrain_m), None if cover_m is None else np.asarray(cover_m)
    check_ground(terrain, tx_row, tx_col)
    if cover is not None and cover.shape != terrain.shape:
        raise CoverageError(f"land cover: {cover.shape} pixels; expected as many as the terrain has, {terrain.shape}.")
    top, left = max(tx_row - n, 0), max(tx_col - n, 0)
    window = np.s_[top : tx_row + n + 1, left : tx_col + n + 1]
    # Copies, so that every caller's arrays have the one type that is compiled for.
    mast = Mast(
        np.array(terrain[window], np.float32, order="C"),
        np.array(np.zeros((0, 0)) if cover is None else cover[window], np.float32, order="C"),
        tx_row - top,
        tx_col - left,
        float(tx_height_m),
        float(rx_height_m),
        cell_m / 1000.0,
    )
    loss = np.full((len(freq), 2 * n + 1, 2 * n + 1), np.nan, np.float32)
    location = location_db(float(location_percent), float(location_sigma_db))
    own_m = math.hypot(0.5 * cell_m, tx_height_m - rx_height_m)
    loss[:, n, n] = 92.4 + 20.0 * np.log10(freq / 1e6 * own_m) + max(0.0, location)
    setting = Setting(
        float(latitude_deg), float(time_percent), polarization == "vertical", float(delta_n), float(n0),
        float(location_percent), float(location_sigma_db),
    )  # fmt: skip
    median = time_percent == 50.0
    exact_sweep(mast, setting, min(cells, NEAR_KM / mast.cell_km) if median else cells, freq / 1000.0, loss)
    if median:
        radius_km = effective_radius_km(float(delta_n))
        table = bands(freq / 1000.0, vertical=setting.vertical, n0=setting.n0)
        radials = 4 * radials_per_sector(cells)

        def sweep(first: int, stop: int) -> None:
            radial = new_radial(n + 1, mast.cell_km, radius_km)
            _sweep(mast, radial, table, cells, 500.0 / radius_km, location, first, stop, loss)

        parts = 1 if threads == 1 else 8 * threads  # several for each, as some directions take longer
        shares = [radials * i // parts for i in range(parts + 1)]
        if threads == 1:
            sweep(0, radials)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(sweep, shares[:-1], shares[1:]))
    return loss


def check_ground(terrain_m: NDArray[Any], row: int, col: int) -> None:
    """Raise CoverageError where a mast's pixel lies outside the terrain or on a void."""
    rows, cols = terrain_m.shape
    if not (0 <= row < rows and 0 <= col < cols):
        raise CoverageError(
            f"terrain: the mast at row {row}, column {col} lies outside its {rows} x {cols} pixels; "
            "supply terrain that surrounds the mast."
        )
    if not np.isfinite(terrain_m[row, col]):
        raise CoverageError(
            f"terrain: the mast at row {row}, column {col} stands on a pixel without height; fill the void."
        )


@njit
def radials_per_sector(radius_cells: float) -> int:
    """How many radials a quarter of the circle gets so that they lie half a cell apart at the rim; an even number."""
    return 2 * math.ceil(0.5 * math.pi * radius_cells)


@njit
def _sweep(
    mast: Mast,
    radial: Radial,
    bands: Any,
    radius_cells: float,
    curve: float,
    location: float,
    first: int,
    stop: int,
    loss: Any,
) -> None:
    """Fill `loss` along radials first … stop - 1, counted through the four sectors."""
    n = loss.shape[1] // 2
    terrain, tx_row, tx_col = mast.terrain, mast.row, mast.col
    rows, cols = terrain.shape
    tx_m = terrain[tx_row, tx_col] + mast.tx_height_m
    most = 2 * n + 2
    pixels = Pixels(
        np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most), np.empty(most), np.empty(most),
        np.empty(most), np.empty(most), np.empty(most), np.empty(most), np.empty(most, np.int64),
    )  # fmt: skip
    lowest = bands[:, EDGE].min()
    near = NEAR_KM / mast.cell_km
    per_sector = radials_per_sector(radius_cells)
    turn = 0.5 * math.pi / per_sector
    for number in range(first, stop):
        sector = number // per_sector
        k = number - sector * per_sector - per_sector // 2
        x_row, x_col = (0, 1, 0, -1)[sector], (1, 0, -1, 0)[sector]
        cos, sin = math.cos(k * turn), math.sin(k * turn)
        known = read_line(radial, mast, x_row * cos + x_col * sin, x_col * cos - x_row * sin)
        # Pixels whose direction is nearest to this radial's, in order of distance.
        lower, upper = math.tan((k - 0.5) * turn), math.tan((k + 0.5) * turn)
        count = 0
        for x in range(1, n + 1):
            y = math.ceil(x * lower) - 1
            while y + 1 < x * upper:
                y += 1
                row, col = tx_row + x_row * x + x_col * y, tx_col + x_col * x - x_row * y
                cells = math.sqrt(x * x + y * y)
                samples = int(cells - 0.5)
                if not near < cells <= radius_cells or samples >= known or not (0 <= row < rows and 0 <= col < cols):
                    continue
                height = terrain[row, col] - tx_m
                if height > -math.inf:
                    pixels.row[count], pixels.col[count] = row - tx_row + n, col - tx_col + n
                    pixels.cells[count], pixels.samples[count], pixels.ground[count] = cells, samples, height
                    count += 1
        _geometry(radial, pixels, count, mast.tx_height_m, mast.rx_height_m, curve, lowest)
        _losses(pixels, count, mast.cell_km, mast.rx_height_m, curve, location, bands, loss)


@njit
def _geometry(
    radial: Radial, pixels: Pixels, count: int, tx_height_m: float, rx_height_m: float, curve: float, lowest: float
) -> None:
    """
    Find what the losses of the pixels on a radial depend on, whatever the frequency.

    Heights are relative to the mast's antenna. Between the ends only what a pixel needs of the terrain passed so far is
    kept: the steepest sample from the mast, two convex hulls (over the flattened Earth for the receiver's horizon, over
    sea level for the smooth surface) and sums for the fitted line. `lowest` is EDGE of the lowest frequency.
    """
    distance, inverse, ground, obstacle = radial.distance, radial.inverse, radial.ground, radial.obstacle
    size = len(distance)
    flat_x, flat_y, sea_x, sea_y = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    step = distance[1]
    last = flat_size = sea_size = flat_at = near_at = sea_at = highest_at = 0
    tx_slope = sea_slope = -math.inf
    sum0 = sum1 = 0.0
    for p in range(count):
        while last < pixels.samples[p]:
            last += 1
            d, g, o = distance[last], ground[last], obstacle[last]
            sum0 += g
            sum1 += g * last
            tx_slope = max(tx_slope, o * inverse[last])
            sea_slope = max(sea_slope, g * inverse[last])
            flat_size = push(flat_x, flat_y, flat_size, d, o)
            sea_size = push(sea_x, sea_y, sea_size, d, g)
        if last == 0:
            continue
        cells, height = pixels.cells[p], pixels.ground[p]
        total = cells * step
        rx = height + rx_height_m

        # Bullington's edge over the flattened Earth.
        direct = rx / total - curve * total
        pixels.tx_slope[p], pixels.rx_slope[p] = direct, -direct
        if tx_slope < direct:
            worst = NU_CLEAR * NU_CLEAR / (lowest * lowest * 0.002 * total)
            near_at = corner(NEAREST, flat_x, flat_y, flat_size, near_at, total, direct)
            least = least_clearance(flat_x, flat_y, near_at, flat_size, obstacle, total, direct, worst)
            pixels.edge[p] = -math.sqrt(0.002 * total * least) if least < worst else -math.inf
        else:
            flat_at = corner(STEEPEST, flat_x, flat_y, flat_size, flat_at, total, direct)
            rx_slope = (flat_y[flat_at] - direct * total) / (total - flat_x[flat_at])
            pixels.tx_slope[p], pixels.rx_slope[p] = tx_slope, rx_slope
            pixels.edge[p] = math.sqrt(0.002 * total * (tx_slope - direct) * (rx_slope + direct))

        # The fitted line (in units of one step), lowered where the ground blocks the ray.
        rest, before = cells - last, ground[last]
        v1 = 2.0 * (sum0 - before) - tx_height_m + before * (1.0 + rest) + height * rest
        v2 = (
            6.0 * (sum1 - before * last)
            - tx_height_m
            + before * (3.0 * last - 1.0 + rest * (cells + 2.0 * last))
            + height * rest * (2.0 * cells + last)
        )
        tx_fit = (2.0 * v1 - v2 / cells) / cells
        rx_fit = (v2 / cells - v1) / cells
        line = rx / total
        if sea_slope > line:
            highest_at = corner(HIGHEST, sea_x, sea_y, sea_size, highest_at, total, line)
            sea_at = corner(STEEPEST, sea_x, sea_y, sea_size, sea_at, total, line)
            out = sea_slope - line
            back = (sea_y[sea_at] - rx) / (total - sea_x[sea_at]) + line
            highest = (sea_y[highest_at] - line * sea_x[highest_at]) / (out + back)
            tx_fit -= highest * out
            rx_fit -= highest * back
        pixels.tx_above[p] = max(-tx_fit, tx_height_m)
        pixels.rx_above[p] = rx - min(rx_fit, height)


@njit
def _bullington_db(nu: float, total: float) -> float:
    """Loss of a path of so many km whose edge has this Fresnel parameter (equations 12 and 21)."""
    if nu <= NU_CLEAR:
        return 0.0
    shifted = nu - 0.1
    knife = 6.9 + _20_LOG10 * math.log(math.sqrt(shifted * shifted + 1.0) + shifted)
    return knife + (1.0 - math.exp(knife * (-1.0 / 6.0))) * (10.0 + 0.02 * total)


@njit
def _losses(
    pixels: Pixels, count: int, step: float, rx_height_m: float, curve: float, location: float, bands: Any, loss: Any
) -> None:
    """
    Write the loss of every band at the pixels of a radial.

    Free space, delta-Bullington diffraction (equations 8, 39 and 42), troposcatter (44 and 63) and `location`, the
    variation between locations, dB (69).
    """
    lowest = bands[:, EDGE].min()
    earth_root = (500.0 / curve) ** (-1.0 / 3.0)
    hint = -1
    for p in range(count):
        row, col, last = pixels.row[p], pixels.col[p], pixels.samples[p]
        total, rx = pixels.cells[p] * step, pixels.ground[p] + rx_height_m
        spread = 0.5 * _20_LOG10 * math.log(total * total + 1e-6 * rx * rx)
        clearance = math.inf
        tx_above, rx_above = pixels.tx_above[p], pixels.rx_above[p]
        if last > 0:
            clearance = sphere_clearance(total, tx_above, rx_above, curve, lowest)
        radius_root = earth_root
        if 0.0 <= clearance < math.inf:
            roots2 = tx_above + rx_above + 2.0 * math.sqrt(tx_above * rx_above)
            radius_root = math.exp(math.log(roots2 / (500.0 * total * total)) / 3.0)
        # Troposcatter bends at both horizons; an arctangent is at least x - x³ / 3, or x where that is negative.
        tx_slope, rx_slope = pixels.tx_slope[p] / 1000.0, pixels.rx_slope[p] / 1000.0 - 0.002 * curve * total
        cubes = max(tx_slope, 0.0) ** 3 + max(rx_slope, 0.0) ** 3
        least_bend = _SCATTER_DB * (2.0 * curve * total / 1000.0 + tx_slope + rx_slope - cubes / 3.0)
        smooth = math.nan
        for band in range(len(bands)):
            edge = bands[band, EDGE]
            total_db = bands[band, FREE_SPACE] + spread
            if last > 0:
                total_db += _bullington_db(pixels.edge[p] * edge, total)
            if clearance * edge <= 1.0:
                sphere = first_term_land_db(bands, band, total, tx_above, rx_above, radius_root)
                if clearance >= 0.0:
                    sphere *= 1.0 - clearance * edge
                if sphere > 0.0:
                    if smooth != smooth:
                        smooth, hint = smooth_edge(total, step, last, tx_above, rx_above, curve, clearance < 0.0, hint)
                    total_db += max(0.0, sphere - _bullington_db(smooth * edge, total))
            scatter = bands[band, SCATTER] + spread
            if total_db > scatter + least_bend - OVER_SCATTER_DB:
                scatter += _SCATTER_DB * (2.0 * curve * total / 1000.0 + math.atan(tx_slope) + math.atan(rx_slope))
                scatter += _20_LOG10 * math.log(total) - spread
                gap = abs(scatter - total_db)
                total_db = min(scatter, total_db) - 0.25 * _20_LOG10 * math.log(1.0 + math.pow(10.0, -0.2 * gap))
            loss[band, row, col] = max(bands[band, FREE_SPACE] + spread, total_db + location)
