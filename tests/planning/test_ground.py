import math

import numpy as np
import pytest
import shapely

from coverage.planning.ground import clearance, mean_slope_deg, nearest
from tests.planning.world import GRID, SOUTH, WEST, at, flat, line

FREQ_MHZ = 1800.0


def room(terrain_m, start, end):
    (x0, y0, h0), (x1, y1, h1) = start, end
    found = clearance(
        GRID,
        terrain_m,
        (np.array([WEST + x0]), np.array([SOUTH + y0]), np.array([h0])),
        (np.array([WEST + x1]), np.array([SOUTH + y1]), np.array([h1])),
        freq_mhz=FREQ_MHZ,
    )
    return float(found[0])


def test_clearance_over_a_plain_is_least_in_the_middle_and_less_by_the_bulge_of_the_earth():
    wavelength = 299.792458 / FREQ_MHZ
    bulge = 1500 * 1500 / (2 * 8_494_667)
    fresnel = math.sqrt(wavelength * 1500 * 1500 / 3000)
    assert room(flat(), (50, 50, 36), (3050, 50, 36)) == pytest.approx((36 - bulge) / fresnel, rel=1e-6)


def test_a_wall_higher_than_the_ray_gives_a_negative_clearance():
    terrain = flat()
    terrain[:, 15] = 600
    wavelength = 299.792458 / FREQ_MHZ
    bulge = 1500 * 1500 / (2 * 8_494_667)
    fresnel = math.sqrt(wavelength * 1500 * 1500 / 3000)
    assert room(terrain, (50, 50, 36), (3050, 50, 36)) == pytest.approx((36 - 100 - bulge) / fresnel, rel=1e-6)


def test_clearance_is_unknown_where_terrain_is_missing_on_the_way_and_infinite_between_neighbours():
    terrain = flat()
    terrain[:, 15] = np.nan
    assert math.isnan(room(terrain, (50, 50, 36), (3050, 50, 36)))
    assert math.isnan(room(flat(), (50, 50, 36), (9050, 50, 36)))
    assert room(terrain, (50, 50, 36), (150, 50, 1.5)) == math.inf


def test_mean_slope_of_a_plane_is_its_grade_uphill_and_zero_along_its_contours():
    plane = flat() + np.arange(40, dtype=np.float32)[None, :] * 10  # 10 m up every 100 m east
    x, y = np.array([WEST + 50.0]), np.array([SOUTH + 50.0])
    uphill = mean_slope_deg(GRID, plane, x, y, x + 3000, y)
    level = mean_slope_deg(GRID, plane, x, y, x, y + 3000)
    assert uphill[0] == pytest.approx(math.degrees(math.atan(0.1)))
    assert level[0] == 0


def test_mean_slope_leaves_out_what_has_no_terrain_and_a_line_of_no_length_is_flat():
    plane = flat() + np.arange(40, dtype=np.float32)[None, :] * 10
    plane[:, 10:20] = np.nan
    x, y = np.array([WEST + 50.0]), np.array([SOUTH + 50.0])
    assert mean_slope_deg(GRID, plane, x, y, x + 3000, y)[0] == pytest.approx(math.degrees(math.atan(0.1)))
    assert mean_slope_deg(GRID, plane, x, y, x, y)[0] == 0


def test_the_nearest_shape_is_found_with_the_place_on_it():
    shapes = np.array([line((0, 0), (0, 4000)), line((1000, 0), (1000, 4000))], dtype=object)
    point = at(800, 1234)
    found = nearest(shapes, shapely.get_x([point]), shapely.get_y([point]))
    assert (found.distance_m[0], found.x_m[0], found.y_m[0], found.index[0]) == (200, WEST + 1000, SOUTH + 1234, 1)
    assert nearest(shapes[:0], found.x_m, found.y_m) is None
