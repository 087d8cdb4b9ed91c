"""GeoPackage and GeoTIFF, opened again."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.io import MemoryFile

from coverage.errors import OutputError
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


def test_a_raster_says_its_levels_to_a_tenth_of_a_decibel(result: Result) -> None:
    with MemoryFile(gis.level_geotiff(result.signal, "viettel", "4g")) as memory, memory.open() as dataset:
        assert dataset.crs.to_epsg() == 9206
        assert dataset.transform == result.signal.grid.transform
        assert (dataset.dtypes, dataset.scales, dataset.units) == (("int16",), (0.1,), ("dBm",))
        assert dataset.compression.value == "DEFLATE"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "2"
        assert dataset.tags()["operator"] == "viettel"
        stored = dataset.read(1, masked=True)
    level_dbm = result.signal.levels["viettel", "4g"]
    assert (stored.mask == np.isnan(level_dbm)).all()
    assert stored.mask.sum() == 9
    np.testing.assert_allclose(stored.compressed() * 0.1, level_dbm[~np.isnan(level_dbm)], atol=0.0501)


def test_a_large_raster_has_overviews(result: Result) -> None:
    big = np.full((700, 700), -90, dtype=np.float32)
    grid = dataclasses.replace(result.signal.grid, shape=(700, 700))
    signal = dataclasses.replace(result.signal, grid=grid, levels={("any", "4g"): big})
    with MemoryFile(gis.level_geotiff(signal, "any", "4g")) as memory, memory.open() as dataset:
        assert dataset.overviews(1) == [2, 4]
        assert dataset.block_shapes == [(256, 256)]


def test_a_raster_has_the_same_bytes_each_time(result: Result) -> None:
    assert gis.level_geotiff(result.signal, "any", "2g") == gis.level_geotiff(result.signal, "any", "2g")


def test_an_open_raster_reads_dbm_with_nan_where_nothing_was_modelled(result: Result) -> None:
    with gis.open_raster(result.signal, "vnpt", "4g") as dataset:
        assert isinstance(dataset, rasterio.io.DatasetReader)
        assert np.isnan(dataset.nodata)
        np.testing.assert_array_equal(dataset.read(1), result.signal.levels["vnpt", "4g"])
        x, y = result.signal.grid.centre(20, 30)
        assert next(dataset.sample([(float(x), float(y))]))[0] == result.signal.levels["vnpt", "4g"][20, 30]


def test_a_raster_that_was_not_made_is_refused_by_name(result: Result) -> None:
    with pytest.raises(OutputError, match="no levels for viettel 5g; there are any/2g, any/4g, viettel/2g"):
        gis.open_raster(result.signal, "viettel", "5g")


def test_the_name_of_an_operator_cannot_leave_the_folder() -> None:
    assert gis.signal_name("viettel", "4g") == "signal/viettel_4g.tif"
    assert gis.signal_name("../../etc/x", "4g") == "signal/-etc-x_4g.tif"
    assert gis.signal_name("Mạng Ế", "2g") == "signal/Mạng-Ế_2g.tif"
