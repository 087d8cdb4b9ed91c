"""The web map as a document: what is in it, where it lies, and what a partner's edition leaves out."""

import base64
import io
import json
import re
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from PIL import Image
from pyproj import Transformer
from shapely.geometry import LineString, Polygon, box

from coverage.columns.results import level_column
from coverage.errors import OutputError
from coverage.grid import Grid
from coverage.outputs.web_map import pictures
from coverage.outputs.web_map.coverage_map import render_map
from coverage.outputs.web_map.data import first_view
from coverage.outputs.web_map.edition import for_edition
from coverage.outputs.web_map.lines import encode_areas, encode_lines, encode_paths
from coverage.outputs.web_map.pictures import CLASS_COLOURS, relief_picture, signal_pictures
from coverage.outputs.web_map.values import to_json
from coverage.result import Signal
from tests.outputs.map_result import (
    CELL_M,
    CRS_SON_LA,
    HOSTILE,
    NORTH,
    WEST,
    bare_result,
    small_result,
    study,
    with_islands,
)

GOOD, WEAK, NONE = (tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in CLASS_COLOURS)


def data_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


# The document ---------------------------------------------------------------------------------------------------


def test_the_same_result_gives_the_same_bytes() -> None:
    assert render_map(small_result(), language="vi") == render_map(small_result(), language="vi")


def test_nothing_in_the_page_is_loaded_from_elsewhere() -> None:
    page = render_map(small_result(), language="vi")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)=", page) == []
    assert re.findall(r"url\((?!#)[^)]*\)", page) == []
    assert "@import" not in page
    code = re.sub(r"/\*.*?\*/", "", page, flags=re.DOTALL)
    assert set(re.findall(r"https?://[\w.-]+", code)) <= {"http://www.w3.org", "https://leafletjs.com"}


def test_the_policy_names_every_script_and_style_by_hash_and_no_host() -> None:
    page = render_map(small_result(), language="vi")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none'; img-src data:; script-src 'sha256-")
    assert "unsafe" not in policy.group(1)
    assert "http" not in policy.group(1)
    assert policy.group(1).count("'sha256-") == len(re.findall(r"<(?:script|style)>", page))


def test_leaflets_copyright_travels_with_its_code() -> None:
    page = render_map(small_result(), language="vi")
    assert "Redistributions of source code must retain" in page
    assert "Volodymyr Agafonkin" in page


def test_tiles_are_allowed_from_the_studys_server_only() -> None:
    page = render_map(small_result(tiles="https://{s}.tiles.example.org/{z}/{x}/{y}.png"), language="vi")
    assert "img-src data: https://*.tiles.example.org;" in page


@pytest.mark.parametrize(
    "tiles", ["tiles/{z}.png", "https://a b/{z}", "https://x.org; script-src *", "https://x/{{ 1 }}"]
)
def test_an_address_that_is_no_tile_server_is_refused(tiles: str) -> None:
    with pytest.raises(OutputError, match="not the address of a tile server"):
        render_map(small_result(tiles=tiles), language="vi")


def test_another_language_is_refused() -> None:
    with pytest.raises(OutputError, match="one of vi, en is expected"):
        render_map(small_result(), language="fr")


def test_data_cannot_leave_its_script_block_and_reads_back_the_same() -> None:
    text = to_json({"names": HOSTILE, "nested": {"a": {"b": {}}}})
    assert not set("<>&\u2028\u2029") & set(text)
    assert not re.search(r"\{[{%#]", text)
    assert json.loads(text) == {"names": HOSTILE, "nested": {"a": {"b": {}}}}


def test_the_page_says_when_by_which_definition_and_from_whom() -> None:
    meta = data_in(render_map(small_result(), language="vi"))["meta"]
    assert (meta["asOf"], meta["definition"], meta["source"]) == ("2026-07-01", "vn-center-2024", "Số liệu đặt ra")


def test_every_phrase_exists_in_both_languages() -> None:
    texts = data_in(render_map(small_result(), language="vi"))["texts"]
    assert texts["vi"].keys() == texts["en"].keys()
    assert texts["vi"]["reasons"]["weak_centre"] == "Sóng yếu tại trung tâm thôn/bản"


def test_a_result_with_one_village_and_nothing_else_still_makes_a_page() -> None:
    data = data_in(render_map(bare_result(), language="en"))
    assert data["villages"]["name"] == ["Nà Sản"]
    assert data["communes"]["shape"] == []
    assert data["sites"]["id"] == data["ranked"]["rank"] == data["plan"]["shape"] == data["signal"] == []


# Where the view starts ------------------------------------------------------------------------------------------


def test_the_view_fits_the_villages_and_not_the_communes() -> None:
    result = small_result()
    placed = result.villages[result.villages["lon"].notna()]
    assert first_view(result) == [
        [placed["lat"].min(), placed["lon"].min()], [placed["lat"].max(), placed["lon"].max()],
    ]  # fmt: skip


def test_a_village_on_an_island_far_out_does_not_widen_the_view() -> None:
    assert first_view(with_islands(small_result())) == first_view(small_result())


def test_the_view_falls_back_on_the_sites_and_then_on_the_grid() -> None:
    result = small_result()
    no_villages = replace(result, villages=result.villages.iloc[:0])
    (south, west), _ = first_view(no_villages)
    assert (south, west) == (result.layers.cells["lat"].min(), result.layers.cells["lon"].min())
    nothing = replace(no_villages, layers=replace(result.layers, cells=result.layers.cells.iloc[:0]))
    (south, west), (north, east) = first_view(nothing)
    assert south < no_villages.layers.cells["lat"].min() < north
    assert west < no_villages.layers.cells["lon"].min() < east


# Lines ----------------------------------------------------------------------------------------------------------


def decode(text: str, decimals: int = 4) -> list[tuple[float, float]]:
    """Undo the encoding bit by bit, as its publication says; longitude first."""
    values, bits = [], ""
    for character in text:
        six = f"{ord(character) - 63:06b}"
        bits = six[1:] + bits
        if six[0] == "0":
            number = int(bits, 2)
            values.append(-(number + 1) // 2 if number % 2 else number // 2)
            bits = ""
    at = np.cumsum(np.array(values).reshape(-1, 2), axis=0) / 10**decimals
    return [(lon, lat) for lat, lon in at.tolist()]


def test_a_path_is_encoded_as_in_the_published_example() -> None:
    path = LineString([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]])
    assert encode_paths([path], decimals=5) == ["_p~iF~ps|U_ulLnnqC_mqNvxq`@"]


def test_paths_side_by_side_are_each_as_if_alone_empty_ones_too() -> None:
    there, back = LineString([(103.9, 21.3), (103.9, 21.3), (-180, -90)]), LineString([(-180, 90), (180, -90)])
    texts = encode_paths([LineString(), there, LineString(), back, LineString()])
    assert texts == ["", *encode_paths([there]), "", *encode_paths([back]), ""]
    assert [decode(text) for text in texts] == [[], [(103.9, 21.3), (-180, -90)], [], [(-180, 90), (180, -90)], []]
    assert encode_paths([]) == []


def test_a_line_keeps_its_place_to_the_digits_kept() -> None:
    line = LineString([(WEST, NORTH), (WEST + 5_000, NORTH - 3_000)])
    (text,) = encode_lines(gpd.GeoDataFrame(geometry=[line], crs=CRS_SON_LA), tolerance_m=10)
    back = Transformer.from_crs(4326, CRS_SON_LA, always_xy=True)
    for (lon, lat), (x, y) in zip(decode(text), line.coords, strict=True):
        assert np.hypot(*np.subtract(back.transform(lon, lat), (x, y))) < 8


def test_neighbours_keep_one_border_when_simplified() -> None:
    border = [(WEST + 1_000 + 300 * np.sin(np.pi * step / 20), NORTH - 100 * step) for step in range(21)]
    left = Polygon([*border, (WEST, NORTH - 2_000), (WEST, NORTH)])
    corners = [(WEST + 3_000, NORTH - 2_000), (WEST + 3_000, NORTH)]
    right = Polygon([*border[9:], *corners, *border[:9]])  # written from the middle of the border
    (one, other), outline = encode_areas(gpd.GeoDataFrame(geometry=[left, right], crs=CRS_SON_LA), tolerance_m=100)
    to_degrees = Transformer.from_crs(CRS_SON_LA, 4326, always_xy=True)
    lon_between, _ = to_degrees.transform(WEST + 500, NORTH)
    _, lat_between = to_degrees.transform(WEST, NORTH - 1_000)
    assert len(decode(one)) < 12  # 24 before
    assert {point for point in decode(one) if point[0] > lon_between} == set(decode(one)) & set(decode(other))
    assert not [point for point in decode(outline) if abs(point[1] - lat_between) < 0.005]


# Pictures -------------------------------------------------------------------------------------------------------


def drawn(picture: Any) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.content)).convert("RGBA"))


def level_picture(level: np.ndarray, **definitions: Any) -> tuple[np.ndarray, Any, Grid]:
    grid = Grid(CRS_SON_LA, Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH), level.shape)
    settings = study()
    settings = settings.model_copy(update={"definitions": settings.definitions.model_copy(update=definitions)})
    nowhere = gpd.GeoDataFrame(geometry=[], crs=CRS_SON_LA)
    signal = Signal(grid, {("any", "4g"): level.astype(np.float32)})
    ((_, picture),) = signal_pictures(grid, signal.classified(settings), nowhere)
    return drawn(picture), picture, grid


def test_levels_on_the_threshold_belong_to_the_better_class_out_of_reach_is_none_and_nan_stays_clear() -> None:
    level = np.repeat(np.repeat([[-105.0, -105.1, -115.0, -115.1, -np.inf, np.nan]], 20, axis=0), 20, axis=1)
    pixels, _, _ = level_picture(level)
    middle = pixels[10, (np.arange(1, 12, 2) / 12 * pixels.shape[1]).astype(int)]
    assert [tuple(pixel[:3]) for pixel in middle[:5]] == [GOOD, WEAK, WEAK, NONE, NONE]
    assert middle[:, 3].tolist() == [255, 255, 255, 255, 255, 0]


def test_pictures_are_the_same_by_bands_of_rows_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    level = np.random.default_rng(7).choice([-80.0, -110.0, -np.inf, np.nan], size=(60, 80))
    whole = level_picture(level)[0]
    monkeypatch.setattr(pictures, "_ROWS_AT_ONCE", 7)
    np.testing.assert_array_equal(level_picture(level)[0], whole)


def test_indoor_loss_raises_the_thresholds() -> None:
    pixels, _, _ = level_picture(np.full((20, 20), -104.0), indoor_db=10.0)
    assert tuple(pixels[10, 10, :3]) == WEAK


def test_every_pixel_shows_the_cell_that_lies_under_it() -> None:
    rng = np.random.default_rng(4)
    level = rng.choice([-80.0, -110.0, -130.0], size=(60, 80))
    pixels, picture, grid = level_picture(level)
    (south, west), (north, east) = picture.bounds
    to_web = Transformer.from_crs(4326, 3857, always_xy=True)
    (left, bottom), (right, top) = to_web.transform(west, south), to_web.transform(east, north)
    rows, cols = rng.integers(3, pixels.shape[0] - 3, 400), rng.integers(3, pixels.shape[1] - 3, 400)
    x = left + (cols + 0.5) * (right - left) / pixels.shape[1]
    y = top + (rows + 0.5) * (bottom - top) / pixels.shape[0]
    row, col = grid.pixel(*Transformer.from_crs(3857, CRS_SON_LA, always_xy=True).transform(x, y))
    colours = {-80.0: GOOD, -110.0: WEAK, -130.0: NONE}
    inside = row >= 0
    expected = [colours[value] for value in level[row[inside], col[inside]]]
    same = [tuple(pixel[:3]) == colour for pixel, colour in zip(pixels[rows, cols][inside], expected, strict=True)]
    assert inside.sum() > 380
    assert np.mean(same) > 0.995


def test_signal_is_not_claimed_outside_the_communes() -> None:
    result = small_result()
    west_half = result.communes.iloc[:1]
    classes = {("any", "4g"): result.signal.classified(result.study)["any", "4g"]}
    ((_, picture),) = signal_pictures(result.signal.grid, classes, west_half)
    alpha = drawn(picture)[..., 3]
    assert (alpha[5:-5, 5 : alpha.shape[1] // 2 - 5] == 255).all()
    assert (alpha[:, alpha.shape[1] // 2 + 5 :] == 0).all()


def test_slopes_towards_the_north_west_are_lit_and_the_others_lie_in_shade() -> None:
    rows, cols = np.indices((60, 60))
    cone = (900 - 20 * np.hypot(rows - 30, cols - 30)).astype(np.float32)
    grid = Grid(CRS_SON_LA, Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH), cone.shape)
    everywhere = gpd.GeoDataFrame(geometry=[box(*grid.bounds)], crs=CRS_SON_LA)
    grey = drawn(relief_picture(grid, cone, everywhere))[..., :3].astype(int).sum(axis=2)
    assert grey[18:22, 18:22].mean() > grey[38:42, 38:42].mean() + 100


# A partner's edition --------------------------------------------------------------------------------------------


def test_the_full_edition_holds_everybodys_sites() -> None:
    data = data_in(render_map(small_result(), language="vi"))
    assert data["sites"]["id"] == ["SHARED", "VN-01", "VT-01", "VT-02"]
    assert "dbm_vnpt_4g" in data["villages"]


def test_a_partners_file_holds_no_trace_of_other_operators_sites() -> None:
    result = small_result(edition="partner", operator="Viettel")
    page = render_map(result, language="vi")
    others = result.layers.cells[result.layers.cells["site_id"] == "VN-01"].iloc[0]
    for trace in ("VN-01", f"{others['lon']:.4f}", f"{others['lat']:.4f}", "R2", "vnpt", "VNPT"):
        assert trace not in page, trace
    data = data_in(page)
    assert data["sites"]["id"] == ["SHARED", "VT-01", "VT-02"]
    assert {cell[0] for cells in data["sites"]["cells"] for cell in cells} == {0}
    assert {picture["operator"] for picture in data["signal"]} == {"any", "viettel"}
    assert data["ranked"]["site_id"] == ["NEW-0001", "VT-02"]
    assert set(data["villages"]["siteKm"]) == {None}


def test_a_partners_file_shows_sensitive_sites_to_the_kilometre_only() -> None:
    result = small_result(edition="partner", operator="viettel", sensitive=True)
    true = result.layers.cells[result.layers.cells["site_id"] == "VT-02"].iloc[0]
    page = render_map(result, language="vi")
    data = data_in(page)
    at = data["sites"]["id"].index("VT-02")
    x, y = Transformer.from_crs(4326, CRS_SON_LA, always_xy=True).transform(
        data["sites"]["lon"][at], data["sites"]["lat"][at]
    )
    assert (x, y) == (pytest.approx(WEST + 3_000, abs=2), pytest.approx(NORTH - 3_000, abs=2))
    for trace in (f"{true['lon']:.5f}", f"{true['lat']:.5f}"):
        assert trace not in page
    assert data["ranked"]["lon"][1] == data["sites"]["lon"][at]
    assert data["ranked"]["reason"] == ["", ""]


def test_planned_fiber_does_not_point_at_a_hidden_site() -> None:
    result = small_result(edition="partner", operator="viettel", redaction_m=1500.0)
    site = result.layers.cells.query("site_id == 'VN-01'").geometry.iloc[0]
    without_routes = replace(result, layers=replace(result.layers, fiber_routes=None))
    assert for_edition(without_routes).fiber_plan.geometry.iloc[0].distance(site) == pytest.approx(1500, rel=0.01)
    route = result.layers.fiber_routes.query("operator == 'vnpt'").geometry.iloc[0]
    assert for_edition(result).fiber_plan.geometry.iloc[0].distance(route) == pytest.approx(1500, rel=0.01)


def test_a_mast_is_sensitive_whoevers_cell_says_so() -> None:
    result = small_result(edition="partner", operator="viettel")
    cells = result.layers.cells
    cells.loc[(cells["site_id"] == "SHARED") & (cells["operator"] == "vnpt"), "sensitive"] = True
    cells.loc[cells["site_id"] == "SHARED", "geometry"] = shapely.Point(WEST + 12_345, NORTH - 3_456)
    shown = for_edition(result).layers.cells.query("site_id == 'SHARED'").geometry.iloc[0]
    assert (shown.x - WEST, NORTH - shown.y) == (12_000, 3_000)


def test_a_partner_sees_the_backhaul_of_a_proposal_only_where_it_touches_nothing_hidden() -> None:
    result = small_result(edition="partner", operator="viettel", sensitive=True)
    row = result.ranked_sites.iloc[[0]]
    ways = {
        "VT-01": True,  # its own
        "R1": True,
        None: True,  # transmission is there
        "VN-01": False,
        "R2": False,
        "VT-02": False,  # its own, but sensitive
        "a relay; VT-01": False,
        "VT-01; VN-01": False,
    }
    ranked = pd.concat([row] * len(ways), ignore_index=True)
    ranked = ranked.assign(via=list(ways), operators="vnpt", backhaul_km=4.2, reason="4.2 km")
    shown = for_edition(replace(result, ranked_sites=ranked)).ranked_sites
    for name in ("via", "backhaul_km", "reason"):
        kept = [*shown[name].notna()]
        assert kept == [seen and not (name == "via" and way is None) for way, seen in ways.items()], name
    assert shown["operators"].isna().all()


def test_a_partner_gets_no_distances_and_no_tables_that_tell_of_others() -> None:
    result = small_result(edition="partner", operator="viettel")
    rows = pd.DataFrame({"operator": ["any", "viettel", "vnpt"], "indicator": "stations"})
    plan = result.fiber_plan.assign(feeds_sites="VN-01; NEW-0001")
    shown = for_edition(replace(result, indicators=rows, village_statuses=rows, fiber_plan=plan))
    assert shown.villages[["nearest_site_km", "fiber_km", "route_passes"]].isna().all(axis=None)
    assert [*shown.indicators["operator"]] == [*shown.village_statuses["operator"]] == ["any", "viettel"]
    assert set(shown.fiber_plan["feeds_sites"]) == {"NEW-0001"}


def test_a_partner_that_is_no_operator_of_the_study_is_refused() -> None:
    with pytest.raises(OutputError, match="'Beeline' is not among the study's operators; one of viettel, vnpt"):
        render_map(small_result(edition="partner", operator="Beeline"), language="vi")


def test_levels_of_others_are_gone_and_the_best_of_all_stays() -> None:
    columns = for_edition(small_result(edition="partner", operator="vnpt")).villages.columns
    assert level_column("viettel", "4g") not in columns
    assert {level_column("vnpt", "4g"), level_column("any", "4g")} <= set(columns)


def test_a_partner_gets_no_raster_that_tells_of_other_operators_cells() -> None:
    full = small_result(edition="partner", operator="vnpt")
    whole = {pair: np.zeros((120, 200), dtype=np.uint8) for pair in full.signal.levels}
    signal = replace(full.signal, seconds=whole, overlaps=whole, servers=whole)
    shown = for_edition(replace(full, signal=signal)).signal
    assert set(shown.levels) == {("any", "4g"), ("vnpt", "4g")}
    assert set(shown.seconds) == set(shown.overlaps) == {("vnpt", "4g")}
    assert shown.servers == {}


def test_a_village_out_of_reach_is_told_from_one_where_nothing_was_modelled() -> None:
    result = small_result()
    nowhere = np.full((120, 200), -np.inf, dtype=np.float32)
    unknown = np.full((120, 200), np.nan, dtype=np.float32)
    for level, expected in ((nowhere, "none"), (unknown, None)):
        levels = {**result.signal.levels, ("viettel", "4g"): level}
        data = data_in(render_map(replace(result, signal=replace(result.signal, levels=levels)), language="vi"))
        assert data["villages"]["dbm_viettel_4g"][:3] == [-121, expected, -110]
        assert data["villages"]["dbm_viettel_4g"][9] is None  # it has no point


def test_pictures_are_whole_files() -> None:
    data = data_in(render_map(small_result(), language="vi"))
    for picture in (data["relief"], *data["signal"]):
        kind, content = re.fullmatch(r"data:image/(\w+);base64,(.*)", picture["src"]).groups()
        image = Image.open(io.BytesIO(base64.b64decode(content)))
        image.load()
        assert image.format == kind.upper()
