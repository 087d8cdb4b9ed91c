"""Every model over an area against its own function of one path, at pixels picked by hand."""

import math
from typing import Any, get_args

import numpy as np
import pytest

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio import cost231, free_space, hata, itm, sweep, tr38901
from coverage.radio.effective_height import effective_height_m
from coverage.radio.itm_conditions import Quantile, Surroundings
from coverage.radio.models import Model, area_loss_db, sees_terrain
from coverage.settings.radio import Radio

CELL_M, MID = 250.0, 30
FLAT = np.full((2 * MID + 1, 2 * MID + 1), 500, dtype=np.float32)
"""15 km from side to side, the mast in the middle."""
EAST = {2.0: (MID, MID + 8), 5.0: (MID + 12, MID - 16)}
"""km -> a pixel exactly so far from the mast: 8 cells east; 12 south and 16 west."""
PLACE = {"cell_m": CELL_M, "tx_row": MID, "tx_col": MID, "rx_height_m": 1.5, "radius_m": 7400.0}


def area(model: Model, terrain: np.ndarray = FLAT, **options: Any) -> np.ndarray:
    return area_loss_db(model, terrain, **{**PLACE, "tx_height_m": 33.0, "freq_mhz": 900.0, **options})


def at(loss_db: np.ndarray, row: int, col: int) -> float:
    n = loss_db.shape[1] // 2
    return float(loss_db[0, row - MID + n, col - MID + n])


def test_the_settings_of_a_study_name_the_models_there_are() -> None:
    assert set(get_args(Radio.model_fields["model"].annotation)) == set(get_args(Model))
    assert {model for model in get_args(Model) if sees_terrain(model)} == {"p1812", "itm"}


def test_p1812_is_the_sweep() -> None:
    options = {**PLACE, "tx_height_m": 33.0, "freq_mhz": [900.0, 1800.0], "location_percent": 90.0}
    terrain = np.random.default_rng(3).uniform(300, 700, FLAT.shape).astype(np.float32)
    cover = np.full(FLAT.shape, 15, dtype=np.float32)
    found = area_loss_db("p1812", terrain, cover_m=cover, location_sigma_db=5.5, delta_n=50.0, **options)
    expected = sweep.area_loss_db(terrain, cover_m=cover, location_sigma_db=5.5, delta_n=50.0, **options)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("km", "pixel"), EAST.items())
def test_free_space_counts_the_climb_from_antenna_to_antenna(km: float, pixel: tuple[int, int]) -> None:
    terrain = FLAT.copy()
    terrain[pixel] = 1500.0
    apart_km = math.hypot(km, (1500 + 1.5 - 500 - 33) / 1000)
    expected = 32.4478 + 20 * math.log10(900) + 20 * math.log10(apart_km)  # P.525
    assert at(area("free_space", terrain), *pixel) == pytest.approx(expected, abs=1e-3)
    assert at(area("free_space"), *pixel) == pytest.approx(
        float(free_space.basic_transmission_loss_db(freq_mhz=900, distance_km=km, tx_height_m=33, rx_height_m=1.5)),
        abs=1e-4,
    )


@pytest.mark.parametrize(("km", "pixel"), EAST.items())
@pytest.mark.parametrize("environment", ["open", "suburban", "urban"])
def test_hata_over_flat_ground_takes_the_mast_as_it_stands(
    km: float, pixel: tuple[int, int], environment: hata.Environment
) -> None:
    expected = hata.basic_transmission_loss_db(
        freq_mhz=900, distance_km=km, tx_height_m=33, rx_height_m=1.5, environment=environment
    )
    assert at(area("hata", environment=environment), *pixel) == pytest.approx(float(expected), abs=1e-4)


@pytest.mark.parametrize(("km", "pixel"), EAST.items())
def test_cost_231_over_flat_ground_takes_the_mast_as_it_stands(km: float, pixel: tuple[int, int]) -> None:
    expected = cost231.basic_transmission_loss_db(freq_mhz=1800, distance_km=km, tx_height_m=33, rx_height_m=1.5)
    assert at(area("cost231", freq_mhz=1800), *pixel) == pytest.approx(float(expected), abs=1e-4)


@pytest.mark.parametrize(("km", "pixel"), [(2.0, EAST[2.0]), (0.25, (MID - 1, MID))])
@pytest.mark.parametrize(
    ("scenario", "height_m", "share"),
    [
        ("rma", 33.0, {2.0: math.exp(-1.99), 0.25: math.exp(-0.24)}),
        # 18/d + exp(-d/63) (1 - 18/d)
        ("uma", 25.0, {2.0: 0.009, 0.25: 0.072 + math.exp(-250 / 63) * 0.928}),
    ],
)
def test_tr_38901_is_the_mean_of_seen_and_hidden_by_the_share_that_sees(
    km: float, pixel: tuple[int, int], scenario: tr38901.Scenario, height_m: float, share: dict[float, float]
) -> None:
    seen, hidden = (
        float(
            tr38901.basic_transmission_loss_db(
                freq_mhz=900,
                distance_km=km,
                tx_height_m=height_m,
                rx_height_m=1.5,
                scenario=scenario,
                line_of_sight=see,
            )
        )
        for see in (True, False)
    )
    expected = share[km] * seen + (1 - share[km]) * hidden
    model: Model = "tr38901_rma" if scenario == "rma" else "tr38901_uma"
    assert at(area(model, tx_height_m=height_m), *pixel) == pytest.approx(expected, abs=1e-3)


def hills() -> np.ndarray:
    """Hills of 250 m with the mast near the foot of one."""
    rows, cols = np.indices(FLAT.shape)
    return (800 - 250 * np.sin(rows / 4) * np.cos(cols / 5)).astype(np.float32)


@pytest.mark.parametrize("pixel", [(MID, MID + 25), (MID - 20, MID), (MID + 13, MID + 15)])
def test_longley_rice_is_that_of_the_profile_along_the_line_to_the_pixel(pixel: tuple[int, int]) -> None:
    terrain, (row, col) = hills(), pixel
    cells = math.hypot(row - MID, col - MID)
    share = np.linspace(0, 1, round(cells) + 1)  # steps of very nearly one cell
    profile = [bilinear(terrain, MID + s * (row - MID), MID + s * (col - MID)) for s in share]
    expected = itm.basic_transmission_loss_db(
        freq_mhz=900, distance_km=share * cells * CELL_M / 1000, terrain_m=profile, tx_height_m=33, rx_height_m=1.5,
        surroundings=Surroundings(n0=350), quantile=Quantile(time_percent=10),
    )  # fmt: skip
    found = at(area("itm", terrain, n0=350.0, time_percent=10.0), row, col)
    assert found == pytest.approx(expected, abs=1e-3)
    assert found > at(area("free_space", terrain), row, col) + 10  # hills stand in the way


def bilinear(terrain: np.ndarray, row: float, col: float) -> float:
    i, j = min(int(row), terrain.shape[0] - 2), min(int(col), terrain.shape[1] - 2)
    y, x = row - i, col - j
    upper, lower = terrain[i : i + 2, j : j + 2].astype(float) @ [1 - x, x]
    return float(upper * (1 - y) + lower * y)


@pytest.mark.parametrize("model", [model for model in get_args(Model) if model != "p1812"])
def test_location_variability_is_the_same_for_every_model(model: Model) -> None:
    options = {"freq_mhz": 1800.0 if model == "cost231" else 900.0, "tx_height_m": 25.0 if "uma" in model else 33.0}
    median = area(model, **options)
    cautious = area(model, location_percent=90.0, location_sigma_db=5.5, **options)
    known = np.isfinite(median)
    assert known.any()
    np.testing.assert_array_equal(np.isfinite(cautious), known)
    np.testing.assert_allclose((cautious - median)[known], 1.2816 * 5.5, atol=0.01)  # 90 % of a normal distribution


@pytest.mark.parametrize("model", ["free_space", "hata", "tr38901_rma"])
def test_voids_are_not_modelled_but_what_lies_behind_them_is_to_a_model_that_sees_no_terrain(model: Model) -> None:
    terrain = FLAT.copy()
    terrain[:, MID + 6] = np.nan
    found = area(model, terrain)
    assert math.isnan(at(found, MID, MID + 6))
    assert at(found, MID, MID + 10) == at(area(model), MID, MID + 10)


def test_longley_rice_knows_nothing_behind_a_void() -> None:
    terrain = FLAT.copy()
    terrain[:, MID + 6] = np.nan
    found = area("itm", terrain)
    assert math.isnan(at(found, MID, MID + 10))
    assert math.isfinite(at(found, MID, MID - 10))


@pytest.mark.parametrize(
    ("model", "nearest_cells", "farthest_cells"),
    [("free_space", 0, 29), ("hata", 4, 29), ("itm", 4, 29), ("tr38901_rma", 0, 20)],
)
def test_pixels_out_of_a_models_distances_are_nan(model: Model, nearest_cells: int, farthest_cells: int) -> None:
    # Hata and Longley-Rice begin at 1 km, the rural macro cell ends at 5 km, and the radius holds 29 cells.
    known = np.isfinite(area(model)[0, 29, 29:])
    assert np.flatnonzero(known)[[0, -1]].tolist() == [nearest_cells, farthest_cells]


def test_beyond_the_raster_and_the_radius_there_is_nothing() -> None:
    found = area("free_space", FLAT[:, : MID + 11])[0]
    assert np.isnan(found[:, 29 + 11 :]).all()
    assert np.isfinite(found[29, :40]).all()
    assert np.isnan(found[0, 0])


def test_several_bands_are_those_of_each() -> None:
    found = area("itm", hills(), freq_mhz=[450.0, 2100.0])
    for band, freq in enumerate((450.0, 2100.0)):
        np.testing.assert_array_equal(found[band], area("itm", hills(), freq_mhz=freq)[0])


def test_the_effective_height_is_over_the_mean_ground_3_to_15_km_ahead() -> None:
    terrain = np.full((161, 161), 500, dtype=np.float32)
    terrain[:, 80 + 6 :] = 450.0  # from 1.5 km east on, the country lies 50 m lower
    terrain[80, 80 + 40] = np.nan
    found = effective_height_m(terrain, cell_m=CELL_M, tx_row=80, tx_col=80, tx_height_m=33.0, reach=10)
    assert found[10, 20] == pytest.approx(83.0)  # east
    assert found[10, 0] == pytest.approx(33.0)  # west
    assert found[0, 10] == pytest.approx(33.0)  # north
    ramp = np.tile(np.arange(161, dtype=np.float32), (161, 1))  # 1 m up each cell eastwards
    up = effective_height_m(ramp, cell_m=CELL_M, tx_row=80, tx_col=80, tx_height_m=33.0, reach=10)
    assert up[10, 20] == pytest.approx(33.0 - 36.0)  # cells 12 to 60 ahead: 36 m higher in the mean
    assert up[10, 0] == pytest.approx(33.0 + 36.0)
    assert up[20, 20] == pytest.approx(33.0 - 36.0 * math.sqrt(0.5), abs=0.3)  # south-east


def test_hata_is_nan_where_the_mast_stands_too_low_or_too_high_over_the_country_ahead() -> None:
    terrain = FLAT.copy()
    terrain[:, MID + 12 :] = 560.0  # east: 27 m below the mean ground
    terrain[: MID - 11, MID] = 300.0
    found = area("hata", terrain)
    assert math.isnan(at(found, MID, MID + 20))
    assert math.isnan(at(found, MID - 20, MID))  # north: 233 m above it
    assert math.isfinite(at(found, MID, MID - 20))


def test_without_ground_3_km_ahead_hata_is_nan() -> None:
    assert math.isnan(at(area("hata", FLAT[:, : MID + 11]), MID, MID + 8))


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("hata", {"freq_mhz": 1800.0}, "Okumura-Hata: freq_mhz = 1800.0 .* 150 to 1500 MHz"),
        ("hata", {"time_percent": 1.0}, "hata: time_percent = 1.0 .* 50 %"),
        ("cost231", {}, "COST 231-Hata: freq_mhz = 900.0 .* 1500 to 2000 MHz"),
        ("cost231", {"freq_mhz": 1800.0, "environment": "open"}, "environment = open .* one of suburban, urban"),
        ("tr38901_uma", {}, "3GPP TR 38.901 uma: tx_height_m = 33.0 .* 25 to 25"),
        ("tr38901_rma", {"freq_mhz": 450.0}, "3GPP TR 38.901 rma: freq_mhz = 450.0"),
        ("itm", {"n0": 420.0}, "ITM: n0 = 420.0 .* 250 to 400"),
        ("itm", {"rx_height_m": 0.2}, "ITM: rx_height_m = 0.2"),
        ("free_space", {"tx_height_m": math.nan}, "free_space: tx_height_m = nan"),
        ("free_space", {"location_percent": 100.0}, "free_space: location_percent = 100.0 .* 1 to 99 %"),
        ("free_space", {"location_sigma_db": -1.0}, "location_sigma_db = -1.0"),
        ("free_space", {"radius_m": 100.0}, "radius_m = 100.0 .* at least one pixel"),
    ],
)
def test_a_value_of_the_whole_study_out_of_range_is_refused(
    model: Model, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelRangeError, match=message):
        area(model, **options)


def test_a_mast_without_ground_is_refused() -> None:
    terrain = FLAT.copy()
    terrain[MID, MID] = np.nan
    with pytest.raises(CoverageError, match="stands on a pixel without height"):
        area("free_space", terrain)
    with pytest.raises(CoverageError, match="lies outside"):
        area("free_space", tx_row=-1)
