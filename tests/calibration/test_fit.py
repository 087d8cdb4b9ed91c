from dataclasses import replace

import numpy as np
import pytest

from coverage.calibration.blocks import Blocks, blocks, correlation_m, folds, side_m
from coverage.calibration.fit import effective, fit_offsets
from coverage.calibration.technology import Pixels, fit_technology, lacking
from coverage.calibration.validation import held_out
from coverage.radio.clutter import CATEGORIES
from tests.calibration.trials import PIXEL_M, SIDE, Trial, shadowing_db, trial
from tests.worlds import study

TRUTH = (-4.0, 3.0, -9.0, 0.5)
"""Of the categories unknown, water, open, suburban."""


def pixels(of: Trial) -> Pixels:
    return Pixels(of.x_m, of.y_m, of.measured_dbm, of.predicted_dbm, of.category, of.mast, of.distance_km)


def test_three_alike_and_one_astray_give_what_huber_worked_by_hand_gives() -> None:
    """0, 1, 2 and 100: with scale s the last pulls 1.345 s, so the offset m is (0 + 1 + 2 + m + 1.345 s) / 4."""
    found = fit_offsets(np.array([0.0, 1.0, 2.0, 100.0]), np.zeros(4, int), [np.arange(4)], groups=1)
    m, s = float(found.offset_db[0]), found.scale_db
    assert m == pytest.approx((3 + m + 1.345 * s) / 4, abs=1e-4)
    assert s == pytest.approx(1.4826 * np.median(np.abs(np.array([0, 1, 2, 100]) - m)), abs=1e-4)
    assert 1.4 < m < 3.0


def test_without_outliers_the_interval_is_that_of_a_mean_of_blocks() -> None:
    """Of equal blocks: the mean of their levels, and its error their deviation over the root of their number."""
    of_blocks = np.array([2.0, 4.0, 2.0, 4.0, 2.0, 4.0])
    found = fit_offsets(of_blocks.repeat(5), np.zeros(30, int), [np.arange(6).repeat(5)], groups=1)
    assert found.offset_db[0] == pytest.approx(3.0, abs=1e-4)
    assert found.clusters[0] == pytest.approx(6.0)
    error = np.std(of_blocks, ddof=1) / np.sqrt(6)
    # Student's t of 5 degrees of freedom: 2.571.
    assert found.half_width_db[0] == pytest.approx(2.5706 * error, rel=1e-3)


def test_readings_repeated_in_a_block_make_nothing_surer() -> None:
    random = np.random.default_rng(3)
    level, of = random.normal(0, 5, 20), np.arange(20)
    once = fit_offsets(level, np.zeros(20, int), [of], groups=1)
    often = fit_offsets(level.repeat(50), np.zeros(1000, int), [of.repeat(50)], groups=1)
    assert often.half_width_db[0] == pytest.approx(once.half_width_db[0], rel=1e-3)


def test_of_two_clusterings_the_wider_interval_counts() -> None:
    level = np.array([0.0, 10.0]).repeat(50) + np.tile([-1.0, 1.0], 50)
    fine, coarse = np.arange(100), np.arange(2).repeat(50)
    both = fit_offsets(level, np.zeros(100, int), [fine, coarse], groups=1)
    assert both.half_width_db[0] == fit_offsets(level, np.zeros(100, int), [coarse], groups=1).half_width_db[0]
    assert both.clusters[0] == pytest.approx(2.0)


def test_one_large_cluster_and_some_small_ones_count_as_little_more_than_one() -> None:
    cluster = np.concatenate([np.zeros(90, int), np.arange(1, 11)])
    assert effective(cluster, np.zeros(100, int), 1)[0] == pytest.approx(100**2 / (90**2 + 10))


def test_the_slope_is_told_apart_from_the_offsets() -> None:
    random = np.random.default_rng(5)
    decades, group = random.uniform(-1, 1, 4000), np.arange(4000) % 2
    level = np.where(group == 0, -3.0, 6.0) - 8.0 * decades + random.normal(0, 2, 4000)
    found = fit_offsets(level, group, [np.arange(4000) // 20], groups=2, covariate=decades)
    np.testing.assert_allclose(found.offset_db, [-3.0, 6.0], atol=0.2)
    assert abs(found.slope_db + 8.0) < found.slope_half_width_db < 0.5


@pytest.mark.parametrize("length_m", [200.0, 500.0])
def test_the_length_of_shadows_is_found_again(length_m: float) -> None:
    found = []
    for seed in range(4):
        field = shadowing_db(np.random.default_rng(seed), 7.0, length_m)
        row, col = np.mgrid[0:SIDE:2, 0:SIDE:2].reshape(2, -1)
        x_m, y_m = PIXEL_M * col, PIXEL_M * row
        found.append(correlation_m(x_m, y_m, field[row, col], within_m=4000.0, pixel_m=100.0))
    assert np.mean(found) == pytest.approx(length_m, rel=0.25)


def test_noise_has_no_length_and_blocks_grow_with_it() -> None:
    random = np.random.default_rng(1)
    row, col = np.mgrid[0:100, 0:100].reshape(2, -1)
    assert correlation_m(100.0 * col, 100.0 * row, random.normal(size=10_000), within_m=2000, pixel_m=100) < 150
    assert [side_m(length) for length in (0.0, 199.0, 201.0, 640.0)] == [2000.0, 2000.0, 3000.0, 7000.0]


def test_what_is_fitted_on_lies_apart_from_what_is_held_out() -> None:
    row, col = np.mgrid[0:80, 0:80].reshape(2, -1)
    x_m, y_m = 100.0 * col, 100.0 * row
    division = blocks(x_m, y_m, 2000.0)
    assert division.count == 16
    parts = folds(division, x_m, y_m, apart_m=500.0)
    assert np.array_equal(np.sort(np.concatenate([held for _, held in parts])), np.arange(6400))
    for train, held in parts:
        assert not np.intersect1d(division.of[train], division.of[held]).size
        nearest = np.min(np.hypot(x_m[train][:, None] - x_m[held][::7], y_m[train][:, None] - y_m[held][::7]))
        assert nearest >= 500.0


def test_offsets_are_found_within_their_intervals_in_95_percent_of_200_trials() -> None:
    """Shadowing of 6 to 8 dB that neighbours share over 250 m, four classes; all intervals of a trial together."""
    right, alone = [], []
    for seed in range(200):
        drawn = trial(seed, TRUTH, pixels=1500, sigma_db=6.0 + seed % 3, correlation_m=250.0, masts=24)
        of = pixels(drawn)
        found = fit_technology(of, blocks(of.x_m, of.y_m, side_m(250.0)))
        assert list(found.classes) == list(CATEGORIES[:4])
        inside = [abs(found.classes[name][0] - truth) <= found.classes[name][1]
                  for name, truth in zip(CATEGORIES, TRUTH, strict=False)]  # fmt: skip
        right.append(all(inside))
        alone.append(np.mean([found.classes[name][1] for name in found.classes]))
    assert np.mean(right) >= 0.95
    assert np.mean(alone) < 5.0, "an interval that holds everything says nothing"


def test_a_slope_is_found_within_its_interval() -> None:
    inside = []
    for seed in range(20):
        of = pixels(trial(seed, TRUTH, pixels=600, slope_db=-8.0, correlation_m=250.0))
        found = fit_technology(of, blocks(of.x_m, of.y_m, 3000.0), sloped=True)
        inside.append(abs(found.correction.slope_db + 8.0) <= found.slope_half_width_db)
    assert np.mean(inside) >= 0.9


@pytest.mark.parametrize("kept", ["censored", "silent"])
def test_what_the_instrument_cannot_hear_does_not_pull_the_offset_up(kept: str) -> None:
    """A floor at -100 dBm hides a fifth of the readings, written down as the floor or not at all."""
    errors, naive = [], []
    for seed in range(20):
        drawn = trial(seed, (-5.0,), pixels=1500, sigma_db=7.0, correlation_m=250.0)
        of = pixels(drawn)
        low = of.measured_dbm < -100.0
        assert 0.05 < low.mean() < 0.6
        of = of.take(~low) if kept == "silent" else Pixels(
            of.x_m, of.y_m, np.maximum(of.measured_dbm, -100.0), of.predicted_dbm, of.category, of.mast, of.distance_km
        )  # fmt: skip
        errors.append(fit_technology(of, blocks(of.x_m, of.y_m, 3000.0)).offset_db + 5.0)
        naive.append(np.mean(of.measured_dbm - of.predicted_dbm) + 5.0)
    assert abs(np.mean(errors)) < 0.7
    assert np.mean(naive) > 1.0


def test_a_class_seen_in_few_blocks_has_the_offset_of_all() -> None:
    drawn = trial(2, (-4.0, -4.0, 6.0), pixels=1500)
    of = pixels(drawn)
    rare = of.take((of.category != 2) | ((of.x_m < 6000) & (of.y_m > -6000)))
    found = fit_technology(rare, blocks(rare.x_m, rare.y_m, 3000.0))
    assert found.pooled == ("open",)
    assert list(found.classes) == ["unknown", "water"]
    assert found.correction.offsets_db[CATEGORIES.index("open")] == found.offset_db
    assert found.correction.offsets_db[CATEGORIES.index("dense_urban")] == found.offset_db


def spread(count: int, masts: int, side: float) -> tuple[Pixels, Blocks]:
    random = np.random.default_rng(0)
    x_m, y_m = random.uniform(0, side, (2, count))
    mast = np.arange(count) % masts
    of = Pixels(
        x_m, y_m, random.normal(-90, 5, count), np.full(count, -90.0), np.zeros(count, int), mast, np.ones(count)
    )
    return of, blocks(x_m, y_m, 2000.0)


@pytest.mark.parametrize(
    ("count", "masts", "side", "found", "expected"),
    [
        (12, 6, 20_000, "12 usable pixels", "at least 30"),
        (300, 1, 20_000, "pixels served by one mast alone", "at least 3 masts"),
        (300, 6, 1_900, "pixels in 1 block of 2 km", "measure more widely, not more often"),
    ],
)
def test_what_cannot_support_a_fit_is_told(count: int, masts: int, side: float, found: str, expected: str) -> None:
    of, division = spread(count, masts, side)
    fault = lacking(of, np.ones(count, bool), division)
    assert fault is not None
    assert fault[0].startswith(found)
    assert expected in fault[1]
    of, division = spread(300, 6, 20_000)
    assert lacking(of, np.ones(300, bool), division) is None
    uneven = np.where(np.arange(300) < 290, 0, np.arange(300))
    fault = lacking(replace(of, mast=uneven), np.ones(300, bool), division)
    assert fault is not None
    assert fault[0].startswith("pixels served by 11 masts, nearly all of them by one")


def test_held_out_errors_are_those_of_offsets_fitted_elsewhere() -> None:
    drawn = trial(4, (-6.0,), pixels=1500, sigma_db=5.0)
    of = pixels(drawn)
    division = blocks(of.x_m, of.y_m, 3000.0)
    check, after_dbm = held_out(of, division, "4g", study(), sloped=False, apart_m=300.0)
    parts = folds(division, of.x_m, of.y_m, apart_m=300.0)
    for train, held in parts:
        added = after_dbm[held] - of.predicted_dbm[held]
        assert np.ptp(added) < 1e-9
        outside = of.measured_dbm[train] - of.predicted_dbm[train]
        assert added[0] == pytest.approx(np.median(outside), abs=1.0)
    assert check.before.bias_db == pytest.approx(6.0, abs=1.5)
    assert abs(check.after.bias_db) < 1.0
    assert check.after.rmse_db < check.before.rmse_db
    for scores, table in ((check.before, check.confusion_before), (check.after, check.confusion_after)):
        assert table.to_numpy().sum() == check.classed == len(of)
        assert scores.right_percent == pytest.approx(100 * np.trace(table) / len(of))
        assert scores.rmse_db**2 == pytest.approx(scores.bias_db**2 + scores.sigma_db**2)
    measured = np.digitize(of.measured_dbm, [-115.0, -105.0])
    assert check.confusion_after.sum(axis=1).tolist() == np.bincount(measured, minlength=3).tolist()
