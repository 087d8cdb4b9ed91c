"""What Longley-Rice takes from the ground between two antennas: horizons, effective heights, irregularity."""

import math

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import njit

Pair = tuple[float, float]
"""A value at the transmitter and the same at the receiver."""


@njit
def horizons(terrain_m: NDArray[np.float64], step_m: float, radius_m: float, heights_m: Pair) -> tuple[Pair, Pair]:
    """
    Horizon of each antenna.

    Parameters
    ----------
    terrain_m
        Ground above sea level, m, at equal steps from the transmitter to the receiver.
    step_m
        Step, m.
    radius_m
        Effective radius of the Earth, m.
    heights_m
        Antennas above ground, m.

    Returns
    -------
    tuple
        Elevation angles, radians, and distances, m, of the two horizons; each other where they see one another.

    References
    ----------
    NBS Technical Note 101, equation (6.15).
    """
    last = terrain_m.size - 1
    length_m = last * step_m
    tx_m = terrain_m[0] + heights_m[0]
    rx_m = terrain_m[last] + heights_m[1]
    tx_angle = (rx_m - tx_m) / length_m - length_m / (2 * radius_m)
    rx_angle = (tx_m - rx_m) / length_m - length_m / (2 * radius_m)
    tx_distance_m = length_m
    rx_distance_m = length_m
    # Summed step by step as NTIA's program does: fits later cut at a tenth of these distances, and the last bit decides
    # on which side of a point a cut falls.
    from_tx_m = 0.0
    from_rx_m = length_m
    for i in range(1, last):
        from_tx_m += step_m
        from_rx_m -= step_m
        angle = (terrain_m[i] - tx_m) / from_tx_m - from_tx_m / (2 * radius_m)
        if angle > tx_angle:
            tx_angle = angle
            tx_distance_m = from_tx_m
        angle = (terrain_m[i] - rx_m) / from_rx_m - from_rx_m / (2 * radius_m)
        if angle > rx_angle:
            rx_angle = angle
            rx_distance_m = from_rx_m
    return (tx_angle, rx_angle), (tx_distance_m, rx_distance_m)


@njit
def fitted_ends_m(terrain_m: NDArray[np.float64], first: float, last: float) -> Pair:
    """
    Heights at both ends of a profile of the straight line fitted to a part of it.

    Parameters
    ----------
    terrain_m
        Heights at equal steps, m.
    first, last
        Where the part begins and ends, in steps from the first point; widened where they hold less than one step.

    Returns
    -------
    Pair
        Height of the line at the first and at the last point of the whole profile, m.

    References
    ----------
    G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: the algorithm", section 6 (least squares fit).
    """
    size = terrain_m.size - 1
    begin = int(max(first, 0.0))
    end = size - int(max(size - last, 0.0))
    if end <= begin:
        begin = max(begin - 1, 0)
        end = size - max(size - (end + 1), 0)
    span = end - begin
    middle = 0.5 * (begin + end)
    total = 0.5 * (terrain_m[begin] + terrain_m[end])
    moment = 0.25 * span * (terrain_m[end] - terrain_m[begin])
    for i in range(begin + 1, end):
        total += terrain_m[i]
        moment += terrain_m[i] * (i - middle)
    mean = total / span
    slope = 12.0 * moment / ((span * span + 2.0) * span)
    return mean - slope * middle, mean + slope * (size - middle)


@njit
def irregularity_m(terrain_m: NDArray[np.float64], step_m: float, start_m: float, end_m: float) -> float:
    """
    Terrain irregularity: the range between the deciles of height about a fitted line, carried to a long path.

    Parameters
    ----------
    terrain_m
        Heights at equal steps, m.
    step_m
        Step, m.
    start_m, end_m
        The part of the profile that counts, m from its first point.

    Returns
    -------
    float
        Delta h, m; 0 where the part is shorter than two steps.

    References
    ----------
    A. G. Longley and P. L. Rice, ESSA Technical Report ERL 79-ITS 67, 1968, equation (3), inverted.
    """
    first = start_m / step_m
    steps = end_m / step_m - first
    if steps < 2.0:
        return 0.0
    tenth = min(max(4, int(0.1 * (steps + 8.0))), 25)
    count = 10 * tenth - 5
    heights_m = np.empty(count)
    for j in range(count):
        at = first + j * steps / (count - 1)
        i = min(int(at), terrain_m.size - 2)
        heights_m[j] = terrain_m[i] + (terrain_m[i + 1] - terrain_m[i]) * (at - i)
    left_m, right_m = fitted_ends_m(heights_m, 0.0, count - 1.0)
    for j in range(count):
        heights_m[j] -= left_m + (right_m - left_m) * j / (count - 1)
    heights_m.sort()
    share = 1.0 - 0.8 * math.exp(-(end_m - start_m) / 50e3)
    return float((heights_m[count - tenth] - heights_m[tenth - 1]) / share)


@njit
def smooth_horizon_m(height_m: float, radius_m: float, delta_h_m: float) -> float:
    """Return the distance of the horizon over irregular ground, m (Hufford, the algorithm, equation 3.3)."""
    return math.sqrt(2.0 * height_m * radius_m) * math.exp(-0.07 * math.sqrt(delta_h_m / max(height_m, 5.0)))


@njit
def smooth_horizon_angle(height_m: float, radius_m: float, delta_h_m: float, distance_m: float) -> float:
    """Return the elevation of that horizon, radians (Hufford, the algorithm, equation 3.4)."""
    smooth_m = math.sqrt(2.0 * height_m * radius_m)
    return (0.65 * delta_h_m * (smooth_m / distance_m - 1.0) - 2.0 * height_m) / smooth_m


@njit
def path_geometry(
    terrain_m: NDArray[np.float64], step_m: float, radius_m: float, heights_m: Pair
) -> tuple[Pair, Pair, Pair, float]:
    """
    What the model needs to know of one path.

    Parameters
    ----------
    terrain_m, step_m, radius_m, heights_m
        As `horizons`.

    Returns
    -------
    tuple
        Horizon angles, radians; horizon distances, m; effective antenna heights, m; irregularity, m.

    References
    ----------
    Hufford, the algorithm, section 6; G. A. Hufford et al., NTIA Report 82-100, 1982, page 25 (where the ground begins
    to count).
    """
    length_m = (terrain_m.size - 1) * step_m
    angles, distances_m = horizons(terrain_m, step_m, radius_m, heights_m)
    start_m = min(15.0 * heights_m[0], 0.1 * distances_m[0])
    end_m = length_m - min(15.0 * heights_m[1], 0.1 * distances_m[1])
    delta_h_m = irregularity_m(terrain_m, step_m, start_m, end_m)
    ground_m = (terrain_m[0], terrain_m[-1])
    if distances_m[0] + distances_m[1] <= 1.5 * length_m:
        tx_fit_m, _ = fitted_ends_m(terrain_m, start_m / step_m, 0.9 * distances_m[0] / step_m)
        _, rx_fit_m = fitted_ends_m(terrain_m, (length_m - 0.9 * distances_m[1]) / step_m, end_m / step_m)
        effective_m = (
            heights_m[0] + max(ground_m[0] - tx_fit_m, 0.0),
            heights_m[1] + max(ground_m[1] - rx_fit_m, 0.0),
        )
        return angles, distances_m, effective_m, delta_h_m
    # The antennas see each other well: horizons are those of the irregular ground in general, not of this path.
    tx_fit_m, rx_fit_m = fitted_ends_m(terrain_m, start_m / step_m, end_m / step_m)
    tx_m = heights_m[0] + max(ground_m[0] - tx_fit_m, 0.0)
    rx_m = heights_m[1] + max(ground_m[1] - rx_fit_m, 0.0)
    reach_m = smooth_horizon_m(tx_m, radius_m, delta_h_m) + smooth_horizon_m(rx_m, radius_m, delta_h_m)
    if reach_m <= length_m:
        tx_m *= (length_m / reach_m) ** 2
        rx_m *= (length_m / reach_m) ** 2
    distances_m = (smooth_horizon_m(tx_m, radius_m, delta_h_m), smooth_horizon_m(rx_m, radius_m, delta_h_m))
    angles = (
        smooth_horizon_angle(tx_m, radius_m, delta_h_m, distances_m[0]),
        smooth_horizon_angle(rx_m, radius_m, delta_h_m, distances_m[1]),
    )
    return angles, distances_m, (tx_m, rx_m), delta_h_m
