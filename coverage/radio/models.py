"""Every model a study may name, behind the one interface of the P.1812 sweep: loss to every pixel around a mast."""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.errors import ModelRangeError
from coverage.radio import cost231, free_space, hata, itm_conditions, sweep, tr38901
from coverage.radio.effective_height import AHEAD_M, effective_height_m
from coverage.radio.itm_area import fill_losses
from coverage.radio.p1812 import LOCATION_RANGE_PERCENT
from coverage.radio.p1812_profile import inverse_normal

Model = Literal["p1812", "itm", "hata", "cost231", "tr38901_rma", "tr38901_uma", "free_space"]
Environment = Literal["open", "suburban", "urban"]


def sees_terrain(model: Model) -> bool:
    """Tell whether a model looks at the ground between mast and receiver; the others know the distance alone."""
    return model in ("p1812", "itm")


def terrain_needed_m(model: Model, radius_m: float) -> float:
    """Return how far from a mast the terrain matters to a prediction up to a radius, m."""
    return max(radius_m, AHEAD_M[1]) if model in ("hata", "cost231") else radius_m


def area_loss_db(
    model: Model,
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
    polarization: Literal["vertical", "horizontal"] = "vertical",
    delta_n: float = 45.0,
    n0: float = 325.0,
    latitude_deg: float = 21.0,
    environment: Environment = "suburban",
) -> NDArray[np.float32]:
    """
    Loss from one mast to every pixel around it, by a model of choice.

    Parameters
    ----------
    model
        `p1812` sweeps the terrain; `itm` follows the line to each pixel, which takes tens of times longer; the others
        need no terrain but the pixel's own, and what lies on the way does not matter to them.
    terrain_m, cell_m, tx_row, tx_col, tx_height_m, rx_height_m, freq_mhz, radius_m
        As `sweep.area_loss_db`, within the range of the model (docs/models.md). Hata-type models take the antenna's
        height over the mean ground 3 to 15 km ahead (`effective_height`), the others its height above its own ground.
    cover_m
        Clutter heights, m, of the shape of `terrain_m`; counts in `p1812` alone.
    time_percent
        As `sweep.area_loss_db`, for `p1812` and `itm`; the others know only 50 %.
    location_percent, location_sigma_db
        Share of locations, 1 to 99 %, for which the loss is not exceeded, and the standard deviation between them, dB;
        the same spread about the median for every model, in the place of the model's own.
    polarization, n0
        For `p1812` and `itm`, as `sweep.area_loss_db`.
    delta_n, latitude_deg
        For `p1812` alone.
    environment
        Kind of surroundings, for `hata` and `cost231`, which has no open country.

    Returns
    -------
    ndarray
        float32 [bands, 2n+1, 2n+1], n = floor(radius_m / cell_m), the mast at [n, n]; dB. NaN beyond the radius, where
        there is no terrain, and at distances or effective heights out of the model's range. In its own pixel the mast
        is taken to be half a pixel away.

    Raises
    ------
    ModelRangeError
        A frequency, height or percentage out of the model's range.
    CoverageError
        The mast lies outside the terrain or on a void.

    References
    ----------
    Those of each model. TR 38.901 gives the loss of receivers that see the mast and of those that do not: here it is
    the mean of both in dB, weighed by the share of receivers that see it at that distance.
    """
    if model == "p1812":
        return sweep.area_loss_db(
            terrain_m, cell_m=cell_m, tx_row=tx_row, tx_col=tx_col, tx_height_m=tx_height_m, rx_height_m=rx_height_m,
            freq_mhz=freq_mhz, radius_m=radius_m, cover_m=cover_m, time_percent=time_percent,
            location_percent=location_percent, location_sigma_db=location_sigma_db, polarization=polarization,
            delta_n=delta_n, n0=n0, latitude_deg=latitude_deg,
        )  # fmt: skip
    _check(model, tx_height_m, time_percent, location_percent, location_sigma_db)
    freqs = [float(freq) for freq in np.atleast_1d(np.asarray(freq_mhz))]
    ground_m = _around(model, np.asarray(terrain_m), cell_m=cell_m, row=tx_row, col=tx_col, radius_m=radius_m)
    n = ground_m.shape[0] // 2
    south, east = np.mgrid[-n : n + 1, -n : n + 1]
    cells = np.hypot(south, east)
    cells[n, n] = 0.5
    along_km = np.where((cells <= radius_m / cell_m) & np.isfinite(ground_m), cells * cell_m / 1000, np.nan)
    if model == "itm":
        air = itm_conditions.Surroundings(n0=n0)
        found = [
            _longley_rice_db(
                ground_m, along_km, cell_m,
                itm_conditions.conditions(
                    freq_mhz=freq, tx_height_m=tx_height_m, rx_height_m=rx_height_m, polarization=polarization,
                    surroundings=air, quantile=itm_conditions.Quantile(time_percent=time_percent),
                ),
            )
            for freq in freqs
        ]  # fmt: skip
    elif model == "free_space":
        apart_km = np.hypot(along_km, (ground_m[n, n] + tx_height_m - ground_m - rx_height_m) / 1000)
        found = [free_space.basic_transmission_loss_db(freq_mhz=freq, distance_km=apart_km) for freq in freqs]
    elif model in ("hata", "cost231"):
        effective_m = effective_height_m(
            terrain_m, cell_m=cell_m, tx_row=tx_row, tx_col=tx_col, tx_height_m=tx_height_m, reach=n
        )
        found = [_hata_db(model, freq, along_km, effective_m, rx_height_m, environment) for freq in freqs]
    else:
        scenario: tr38901.Scenario = "rma" if model == "tr38901_rma" else "uma"
        found = [_macro_cell_db(scenario, freq, along_km, tx_height_m, rx_height_m) for freq in freqs]
    spread_db = float(inverse_normal(location_percent / 100)) * location_sigma_db
    return np.asarray(np.stack(found) - spread_db, dtype=np.float32)


def _longley_rice_db(
    ground_m: NDArray[np.float32], along_km: NDArray[np.float64], cell_m: float, given: itm_conditions.Conditions
) -> NDArray[np.float64]:
    loss_db = along_km.copy()
    fill_losses(ground_m, cell_m / 1000, given, loss_db)
    return loss_db


def _hata_db(
    model: Model,
    freq_mhz: float,
    along_km: NDArray[np.float64],
    effective_m: NDArray[np.float64],
    rx_height_m: float,
    environment: Environment,
) -> NDArray[np.float64]:
    if model == "hata":
        return hata.basic_transmission_loss_db(
            freq_mhz=freq_mhz, distance_km=along_km, tx_height_m=effective_m, rx_height_m=rx_height_m,
            environment=environment,
        )  # fmt: skip
    if environment == "open":
        raise ModelRangeError("COST 231-Hata", "environment", environment, "one of suburban, urban")
    return cost231.basic_transmission_loss_db(
        freq_mhz=freq_mhz, distance_km=along_km, tx_height_m=effective_m, rx_height_m=rx_height_m,
        environment=environment,
    )  # fmt: skip


def _macro_cell_db(
    scenario: tr38901.Scenario, freq_mhz: float, along_km: NDArray[np.float64], tx_height_m: float, rx_height_m: float
) -> NDArray[np.float64]:
    """Mean of the loss of those who see the mast and those who do not, by their share."""
    seen_db, hidden_db = (
        tr38901.basic_transmission_loss_db(
            freq_mhz=freq_mhz, distance_km=along_km, tx_height_m=tx_height_m, rx_height_m=rx_height_m,
            scenario=scenario, line_of_sight=seen,
        )
        for seen in (True, False)
    )  # fmt: skip
    share = tr38901.line_of_sight_probability(along_km, scenario=scenario)
    return share * seen_db + (1 - share) * hidden_db


def _check(
    model: Model, tx_height_m: float, time_percent: float, location_percent: float, location_sigma_db: float
) -> None:
    """Hold what the formulas themselves do not look at to its range."""
    low, high = LOCATION_RANGE_PERCENT
    if not 0.0 < tx_height_m < math.inf:
        raise ModelRangeError(model, "tx_height_m", tx_height_m, "above 0 m")
    if not sees_terrain(model) and time_percent != 50.0:
        raise ModelRangeError(model, "time_percent", time_percent, "50 %, the only share of time that it knows")
    if not low <= location_percent <= high:
        raise ModelRangeError(model, "location_percent", location_percent, f"{low:g} to {high:g} %")
    if not 0.0 <= location_sigma_db < math.inf:
        raise ModelRangeError(model, "location_sigma_db", location_sigma_db, "0 dB or more")


def _around(
    model: Model, terrain_m: NDArray[np.generic], *, cell_m: float, row: int, col: int, radius_m: float
) -> NDArray[np.float32]:
    """Return [2n+1, 2n+1] heights with the mast in the middle, NaN beyond the raster."""
    if not (0.0 < cell_m <= radius_m < math.inf):
        raise ModelRangeError(model, "radius_m", radius_m, f"at least one pixel of {cell_m} m")
    sweep.check_ground(terrain_m, row, col)
    n = math.floor(radius_m / cell_m)
    top, left = max(row - n, 0), max(col - n, 0)
    known = terrain_m[top : row + n + 1, left : col + n + 1]
    ground_m = np.full((2 * n + 1, 2 * n + 1), np.nan, np.float32)
    ground_m[top - row + n :, left - col + n :][: known.shape[0], : known.shape[1]] = known
    return ground_m
