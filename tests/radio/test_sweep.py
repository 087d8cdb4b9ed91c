"""The area kernel against the whole of P.1812 along the same lines, and what must hold on any terrain."""

import math
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from coverage.errors import CoverageError, ModelRangeError
from coverage.radio.p1812 import terms_of_path
from coverage.radio.pathwise import read_profile
from coverage.radio.radial import Mast
from coverage.radio.sweep import area_loss_db, radials_per_sector

SETTINGS: dict[str, Any] = {"cell_m": 100.0, "tx_height_m": 30.0, "rx_height_m": 1.5, "freq_mhz": 900.0}
LN10 = math.log(10.0)


def hills(seed: int, relief_m: float, size: int = 81) -> NDArray[np.float32]:
    """Smooth random terrain whose heights differ by about `relief_m`."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    waves = sum(
        rng.normal() / k * np.sin(2 * math.pi * (k * (x * math.cos(a) + y * math.sin(a)) + rng.uniform()))
        for k in range(1, 9)
        for a in rng.uniform(0, math.pi, 2)
    )
    return (500.0 + relief_m * (waves + rng.normal(size=(size, size)) * 0.02)).astype(np.float32)


def assert_equals_the_twin(terrain: NDArray[np.float32], row: int, col: int, cells: float, **changes: Any) -> None:
    """
    Compare with the slow twin: paths read sample by sample and put through all of P.1812.

    Up to 1 km the twin follows the exact line; beyond, the radial nearest to the pixel, and leaves out ducting, whose
    part docs/radio.md shows.
    """
    use = {**SETTINGS, "cover_m": None, "polarization": "vertical", "time_percent": 50.0, **changes}
    cell_km = use["cell_m"] / 1000.0
    fast = area_loss_db(terrain, tx_row=row, tx_col=col, radius_m=cells * use["cell_m"], **use)[0]
    cover = np.zeros((0, 0), np.float32) if use["cover_m"] is None else use["cover_m"]
    mast = Mast(terrain, cover, row, col, use["tx_height_m"], use["rx_height_m"], cell_km)
    n = math.floor(cells)
    step = 0.5 * math.pi / radials_per_sector(cells)
    distance, ground, obstacle = np.zeros(2 * n), np.zeros(2 * n), np.zeros(2 * n)
    compared = 0
    for y, x in np.random.default_rng(0).integers(-n, n + 1, (150, 2)).tolist():
        if not 1.5 <= math.hypot(x, y) <= cells or not (0 <= row + y < len(terrain) and 0 <= col + x < len(terrain[0])):
            continue
        whole = math.hypot(x, y) * cell_km <= 1.0 or use["time_percent"] < 50.0
        exact = math.atan2(y, x)
        turn = 0.0 if whole else round(exact / step) * step - exact
        points = read_profile(mast, row + y, col + x, turn, distance, ground, obstacle)
        terms = terms_of_path(
            distance[:points], ground[:points], obstacle[:points], np.full(points, 4), use["tx_height_m"],
            use["rx_height_m"], 21.0, use["freq_mhz"] / 1000.0, use["time_percent"], 50.0, 0.0,
            use["polarization"] == "vertical", 45.0, 325.0, 500.0, 500.0,
        )  # fmt: skip
        without_ducting = -5.0 * np.logaddexp(-0.2 * LN10 * terms.Lbs, -0.2 * LN10 * terms.Lbd) / LN10
        expected = terms.Lb if whole else max(terms.Lb0p, without_ducting)
        assert fast[n + y, n + x] == pytest.approx(expected, abs=0.01)
        compared += 1
    assert compared > 10


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 1.0, 30.0, 300.0, 1500.0]),
    st.sampled_from([50.0, 450.0, 900.0, 3700.0]),
    st.sampled_from([1.5, 10.0, 80.0]),
    st.sampled_from([3.0, 30.0, 300.0]),
    st.sampled_from(["vertical", "horizontal"]),
    st.sampled_from([30.0, 100.0, 500.0]),
)
def test_the_fast_kernel_equals_the_whole_recommendation_along_the_same_lines(
    seed: int, relief: float, freq: float, rx: float, tx: float, polarization: str, cell: float
) -> None:
    terrain = hills(seed, relief)
    row, col = np.random.default_rng(seed).integers(0, 81, 2)
    same = {"freq_mhz": freq, "rx_height_m": rx, "tx_height_m": tx, "polarization": polarization, "cell_m": cell}
    assert_equals_the_twin(terrain, int(row), int(col), 30.4, **same)


def test_clutter_enters_the_profile_between_the_ends() -> None:
    terrain = hills(3, 60.0)
    cover = np.where(np.random.default_rng(3).uniform(size=terrain.shape) < 0.4, 15.0, 0.0).astype(np.float32)
    assert_equals_the_twin(terrain, 40, 40, 35.0, cover_m=cover)
    fast = area_loss_db(terrain, tx_row=40, tx_col=40, radius_m=3500.0, cover_m=cover, **SETTINGS)[0]
    bare = area_loss_db(terrain, tx_row=40, tx_col=40, radius_m=3500.0, **SETTINGS)[0]
    assert np.nanmean(fast - bare) > 3.0


def test_several_bands_are_the_bands_one_by_one() -> None:
    terrain = hills(1, 300.0)
    freqs = [700.0, 1800.0, 3700.0]
    at = {**SETTINGS, "tx_row": 40, "tx_col": 20, "radius_m": 3000.0}
    together = area_loss_db(terrain, **{**at, "freq_mhz": freqs})
    apart = [area_loss_db(terrain, **{**at, "freq_mhz": freq})[0] for freq in freqs]
    assert together.dtype == np.float32
    assert together.shape == (3, 61, 61)
    np.testing.assert_allclose(together, apart, rtol=0.0, atol=2e-5)


def test_threads_change_nothing() -> None:
    terrain = hills(2, 300.0)
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 4000.0}
    np.testing.assert_array_equal(area_loss_db(terrain, **at), area_loss_db(terrain, **at, threads=3))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_terrain_gives_turned_losses(turns: int) -> None:
    terrain = hills(5, 400.0)
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 4000.0}
    there = area_loss_db(np.rot90(terrain, turns), **at)[0]
    np.testing.assert_allclose(there, np.rot90(area_loss_db(terrain, **at)[0], turns), rtol=0.0, atol=1e-3)


@pytest.mark.parametrize("axis", [0, 1])
def test_mirrored_terrain_gives_mirrored_losses(axis: int) -> None:
    terrain = hills(6, 400.0)
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 4000.0}
    there = area_loss_db(np.flip(terrain, axis), **at)[0]
    np.testing.assert_allclose(there, np.flip(area_loss_db(terrain, **at)[0], axis), rtol=0.0, atol=1e-3)


def test_every_pixel_within_the_radius_and_none_beyond_has_a_loss() -> None:
    for radius in (100.0, 149.0, 150.0, 730.0, 2222.0):
        loss = area_loss_db(np.zeros((81, 81)), tx_row=40, tx_col=40, radius_m=radius, **SETTINGS)[0]
        n = int(radius // 100)
        y, x = np.mgrid[-n : n + 1, -n : n + 1]
        np.testing.assert_array_equal(np.isfinite(loss), np.hypot(x, y) * 100.0 <= radius)


def test_near_the_mast_on_flat_ground_the_loss_is_free_space() -> None:
    loss = area_loss_db(
        np.zeros((21, 21)), tx_row=10, tx_col=10, radius_m=500.0, **{**SETTINGS, "rx_height_m": 30.0, "freq_mhz": 1000}
    )[0]
    assert loss[5, 10] == pytest.approx(92.4 + 20.0 * math.log10(0.5), abs=1e-4)
    assert loss[5, 5] == pytest.approx(92.4 + 20.0 * math.log10(0.05), abs=1e-4)  # own pixel: half a cell of 100 m


def test_a_wall_shadows_what_lies_behind_it_and_nothing_else() -> None:
    wall = np.zeros((61, 61), np.float32)
    wall[:, 40] = 200.0
    at = {**SETTINGS, "tx_row": 30, "tx_col": 30, "radius_m": 2500.0}
    more = area_loss_db(wall, **at)[0] - area_loss_db(np.zeros((61, 61)), **at)[0]
    assert np.nanmax(np.abs(more[:, :34])) < 0.5
    assert np.nanmin(more[:, 38:]) > 15.0


def test_voids_are_nan_and_so_is_what_lies_behind_them() -> None:
    terrain = np.zeros((41, 41), np.float32)
    terrain[20, 25] = np.nan
    loss = area_loss_db(terrain, tx_row=20, tx_col=20, radius_m=1500.0, **SETTINGS)[0]
    assert np.isnan(loss[15, 20:]).all()  # the void lies 5 pixels east of the mast, at [15, 20] of the result
    assert np.isfinite(loss[15, :20]).all()
    assert np.isfinite(loss[:, :15][~np.isnan(area_loss_db(np.zeros((41, 41)), tx_row=20, tx_col=20,
                                                           radius_m=1500.0, **SETTINGS)[0][:, :15])]).all()  # fmt: skip


def test_beyond_the_raster_is_nan_and_within_it_is_not() -> None:
    loss = area_loss_db(np.zeros((30, 30)), tx_row=0, tx_col=29, radius_m=1000.0, **SETTINGS)[0]
    y, x = np.mgrid[-10:11, -10:11]
    np.testing.assert_array_equal(np.isfinite(loss), (np.hypot(x, y) <= 10) & (y >= 0) & (x <= 0))


def test_below_half_the_time_every_term_counts() -> None:
    terrain = hills(8, 200.0, size=41)
    loss = area_loss_db(terrain, tx_row=20, tx_col=20, radius_m=1200.0, time_percent=1.0, **SETTINGS)[0]
    assert_equals_the_twin(terrain, 20, 20, 12.0, time_percent=1.0)
    median = area_loss_db(terrain, tx_row=20, tx_col=20, radius_m=1200.0, **SETTINGS)[0]
    assert np.nanmean(loss) < np.nanmean(median)


def test_more_places_need_more_loss_by_the_normal_deviate() -> None:
    terrain = hills(9, 100.0)
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 2000.0}
    more = area_loss_db(terrain, **at, location_percent=95.0, location_sigma_db=5.5) - area_loss_db(terrain, **at)
    assert np.nanmin(more) == pytest.approx(1.6449 * 5.5, abs=0.01)
    assert np.nanmax(more) == pytest.approx(1.6449 * 5.5, abs=0.01)


def test_lucky_places_do_not_get_below_free_space() -> None:
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 2000.0, "rx_height_m": 30.0}
    lucky = area_loss_db(np.zeros((81, 81)), **at, location_percent=5.0, location_sigma_db=8.0)
    np.testing.assert_array_equal(
        lucky, area_loss_db(np.zeros((81, 81)), **at, location_percent=1.0, location_sigma_db=8.0)
    )
    assert lucky[0, 20, 40] == pytest.approx(91.5 + 20.0 * math.log10(2.0), abs=0.1)  # 92.4 + 20 log10(0.9) at 2 km


def test_the_kind_of_array_does_not_matter() -> None:
    terrain = np.round(hills(4, 50.0))
    at = {**SETTINGS, "tx_row": 40, "tx_col": 40, "radius_m": 1000.0}
    expected = area_loss_db(terrain, **at)
    locked = terrain.copy()
    locked.flags.writeable = False
    for same in (terrain.astype(np.int16), terrain.astype(np.float64), np.asfortranarray(terrain), locked):
        np.testing.assert_array_equal(area_loss_db(same, **at), expected)


@pytest.mark.compiled
def test_memory_stays_below_three_times_the_window() -> None:
    terrain = np.zeros((401, 401), np.float32)
    at = {**SETTINGS, "tx_row": 200, "tx_col": 200}
    area_loss_db(terrain, **at, radius_m=500.0)
    tracemalloc.start()
    area_loss_db(terrain, **at, radius_m=20_000.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    window_and_result = 2 * 401 * 401 * 4
    assert peak < 1.5 * window_and_result


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"freq_mhz": [900.0, 7000.0]}, "freq_mhz"),
        ({"tx_height_m": 0.9}, "tx_height_m"),
        ({"rx_height_m": math.nan}, "rx_height_m"),
        ({"time_percent": 51.0}, "time_percent"),
        ({"location_percent": 0.5}, "location_percent"),
        ({"radius_m": 99.0}, "radius_m"),
        ({"polarization": "V"}, "polarization"),
        ({"delta_n": -1.0}, "delta_n"),
    ],
)
def test_values_outside_the_range_are_named(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(ModelRangeError, match=f"P.1812-8: {name} = "):
        area_loss_db(np.zeros((9, 9)), tx_row=4, tx_col=4, **{**SETTINGS, "radius_m": 300.0, **changes})


def test_a_mast_without_ground_under_it_is_refused() -> None:
    terrain = np.zeros((9, 9))
    terrain[4, 4] = np.nan
    with pytest.raises(CoverageError, match="row 4, column 4 stands on a pixel without height"):
        area_loss_db(terrain, tx_row=4, tx_col=4, radius_m=300.0, **SETTINGS)
    with pytest.raises(CoverageError, match="row -1, column 4 lies outside its 9 x 9 pixels"):
        area_loss_db(terrain, tx_row=-1, tx_col=4, radius_m=300.0, **SETTINGS)
    with pytest.raises(CoverageError, match="land cover"):
        area_loss_db(terrain, tx_row=1, tx_col=1, radius_m=300.0, cover_m=np.zeros((3, 3)), **SETTINGS)


def test_it_gives_the_same_without_compilation() -> None:
    program = (
        "import sys, numpy as np\n"
        "from coverage.radio.sweep import area_loss_db\n"
        "terrain = (np.arange(225).reshape(15, 15) * 37 % 101).astype(np.float32)\n"
        "loss = area_loss_db(terrain, cell_m=200.0, tx_row=7, tx_col=6, tx_height_m=25.0, rx_height_m=1.5,\n"
        "                    freq_mhz=[450.0, 2100.0], radius_m=1300.0, cover_m=terrain % 7)\n"
        "np.save(sys.stdout.buffer, loss)\n"
    )
    root = Path(__file__).parents[2]

    def result(disabled: str) -> bytes:
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(root)}
        return subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True).stdout

    compiled, plain = (np.frombuffer(result(flag)[128:], np.float32) for flag in ("0", "1"))
    assert len(plain) == 2 * 13 * 13
    np.testing.assert_allclose(compiled, plain, rtol=0.0, atol=1e-4)
