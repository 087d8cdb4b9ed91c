"""GeoPackage, opened again."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

from coverage.outputs import gis
from coverage.result import Result


@pytest.fixture
def package(result: Result, tmp_path: Path) -> Path:
    path = tmp_path / "coverage.gpkg"
    gis.write_geopackage(result, path)
    return path


def test_every_layer_is_there_in_wgs_84_with_all_its_features(package: Path) -> None:
    expected = {"villages": 10, "communes": 2, "cells": 4, "ranked_sites": 2, "fiber_plan": 1, "fiber_routes": 1}
    assert dict(pyogrio.list_layers(package)) == {
        "villages": "Point",
        "communes": "MultiPolygon",
        "cells": "Point",
        "ranked_sites": "Point",
        "fiber_plan": "MultiLineString",
        "fiber_routes": "MultiLineString",
    }
    for layer, count in expected.items():
        info = pyogrio.read_info(package, layer=layer)
        assert (info["features"], info["crs"]) == (count, "EPSG:4326")


def test_points_lie_where_their_coordinates_say_and_no_point_is_none(package: Path) -> None:
    villages = gpd.read_file(package, layer="villages")
    known = villages[villages["lon"].notna()]
    np.testing.assert_allclose(known.geometry.x, known["lon"], atol=1e-9)
    np.testing.assert_allclose(known.geometry.y, known["lat"], atol=1e-9)
    assert villages[villages["lon"].isna()].geometry.isna().all()


def test_values_and_gaps_survive(package: Path) -> None:
    villages = gpd.read_file(package, layer="villages").set_index("village_id")
    assert villages["commune_code"]["03646-nam-1"] == "03646"
    assert villages["name"]["03646-co-3"] == "=1+1"
    assert villages["any_4g_dbm"]["03646-lu-5"] == -85.25
    assert np.isnan(villages["any_4g_dbm"]["03646-ta-2"])
    assert bool(villages["has_power"]["03646-nam-1"]) is True
    assert villages["has_power"].isna().sum() == 2


def test_no_ranked_site_and_no_fiber_layer_still_make_a_package(result: Result, tmp_path: Path) -> None:
    bare = dataclasses.replace(
        result,
        ranked_sites=result.ranked_sites.iloc[:0],
        fiber_plan=result.fiber_plan.iloc[:0],
        layers=dataclasses.replace(result.layers, fiber_routes=None),
    )
    path = tmp_path / "bare.gpkg"
    gis.write_geopackage(bare, path)
    assert [layer for layer, _ in pyogrio.list_layers(path)] == [
        "villages", "communes", "cells", "ranked_sites", "fiber_plan",
    ]  # fmt: skip
    assert pyogrio.read_info(path, layer="ranked_sites")["features"] == 0


def test_a_package_written_later_has_the_same_bytes(result: Result, package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.gpkg"
    gis.write_geopackage(result, again)
    assert again.read_bytes() == package.read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_cell_is_found_by_the_number_that_the_rasters_of_servers_hold(result: Result, package: Path) -> None:
    cells = gpd.read_file(package, layer="cells").set_index("cell")
    assert cells["cell_id"].to_dict() == dict(enumerate(result.layers.cells["cell_id"]))
    served_by = result.signal.servers["vnpt", "4g"][20, 20]
    assert cells["operator"][int(served_by)] == "vnpt"
