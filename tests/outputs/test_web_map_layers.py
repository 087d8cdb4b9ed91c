"""What the layers of the web map are made of: servers, shades of communes, water, villages that a proposal helps."""

import base64
import io
import zlib
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from PIL import Image
from pyproj import Transformer
from shapely.geometry import LineString, Point

from coverage.grid import Grid
from coverage.outputs.web_map.coverage_map import render_map
from coverage.outputs.web_map.helped import helped_villages
from coverage.outputs.web_map.pictures import CLASS_COLOURS, server_numbers, signal_pictures, water_picture
from coverage.outputs.web_map.servers import _stations, server_areas
from coverage.outputs.web_map.shades import nice_classes, shades
from coverage.result import Result, Signal
from tests.outputs.map_result import CELL_M, CRS_SON_LA, NORTH, SHAPE, WEST, bare_result, small_result, study
from tests.outputs.test_web_map import data_in

# Best servers ---------------------------------------------------------------------------------------------------


def areas_of(result: Result, *, operator: str = "any") -> tuple[dict[str, Any], np.ndarray]:
    """Return what the page gets, and the unpacked numbers of one area."""
    ids = sorted(set(result.layers.cells["site_id"]))
    found = server_areas(result, site_ids=ids, operators=["viettel", "vnpt"])
    assert found is not None
    (area,) = [one for one in found["areas"] if one["operator"] == operator]
    packed = zlib.decompress(base64.b64decode(area["packed"]))
    return found, np.frombuffer(packed, dtype="<u2").reshape(found["height"], found["width"])


def number_at(found: dict[str, Any], numbers: np.ndarray, east_m: float, south_m: float) -> int:
    """Return the number at metres from the north-western corner, by the bounds that the page is told."""
    to_web = Transformer.from_crs(4326, 3857, always_xy=True)
    (south, west), (north, east) = found["bounds"]
    (left, bottom), (right, top) = to_web.transform(west, south), to_web.transform(east, north)
    x, y = Transformer.from_crs(CRS_SON_LA, 3857, always_xy=True).transform(WEST + east_m, NORTH - south_m)
    row = int((top - y) / (top - bottom) * found["height"])
    return int(numbers[row, int((x - left) / (right - left) * found["width"])])


def test_each_place_names_the_station_that_serves_it_best() -> None:
    found, numbers = areas_of(small_result())
    stations = {number: found["stations"][number - 1] for number in np.unique(numbers) if number}
    assert stations[number_at(found, numbers, 5_000, 6_000)] == [2, 0]  # VT-01, viettel
    assert stations[number_at(found, numbers, 15_000, 6_000)] == [1, 1]  # VN-01, vnpt
    assert len(stations) == 2


def test_where_the_best_signal_is_none_nobody_serves() -> None:
    result = small_result()
    level = np.where(np.indices(SHAPE)[0] < 60, -115.0, -115.1).astype(np.float32)  # weak from -115 dBm
    signal = replace(result.signal, levels={("any", "4g"): level}, servers={("any", "4g"): np.zeros(SHAPE, np.int32)})
    found, numbers = areas_of(replace(result, signal=signal))
    assert number_at(found, numbers, 8_000, 5_000) > 0
    assert number_at(found, numbers, 8_000, 7_000) == 0


def test_a_pixel_without_a_server_is_nobody_however_its_neighbours_are_served() -> None:
    result = small_result()
    level = np.full(SHAPE, -60, dtype=np.float32)
    server = np.where(np.indices(SHAPE)[1] < 50, -1, 3).astype(np.int32)
    signal = replace(result.signal, levels={("any", "4g"): level}, servers={("any", "4g"): server})
    found, numbers = areas_of(replace(result, signal=signal))
    assert number_at(found, numbers, 4_000, 6_000) == 0
    assert found["stations"][number_at(found, numbers, 6_000, 6_000) - 1] == [1, 1]


def test_what_is_not_modelled_or_outside_the_communes_is_nobody() -> None:
    result = small_result()
    found, numbers = areas_of(result, operator="vnpt")
    assert number_at(found, numbers, 1_000, 6_000) == 0  # not modelled for vnpt west of 2 km
    assert number_at(found, numbers, 12_000, 6_000) > 0
    found, numbers = areas_of(replace(result, communes=result.communes.iloc[:1]))
    assert number_at(found, numbers, 9_000, 6_000) > 0
    assert number_at(found, numbers, 12_000, 6_000) == 0


def test_technologies_out_of_service_have_no_best_server() -> None:
    result = small_result()  # 1 July 2026: 2G serves until 15 September
    level, server = np.full(SHAPE, -60, np.float32), np.ones(SHAPE, np.int32)
    signal = replace(result.signal, levels={("any", "2g"): level}, servers={("any", "2g"): server})

    def pairs(as_of: str) -> list[Any]:
        about = result.study.study.model_copy(update={"as_of": pd.Timestamp(as_of).date()})
        then = result.study.model_copy(update={"study": about})
        return [pair for pair, _ in server_numbers(signal, np.ones(6, np.uint16), result.communes, then)]

    assert pairs("2026-09-15") == [("any", "2g")]
    assert pairs("2026-09-16") == []


def test_more_stations_than_two_bytes_can_name_take_four() -> None:
    count = 70_000
    cells = pd.DataFrame({"site_id": [f"s{n:05}" for n in range(count)], "operator": "viettel"})
    pairs, number = _stations(cells, cells["site_id"].tolist(), ["viettel"])
    assert number.itemsize == 4
    assert (number[-1], pairs[number[-1] - 1]) == (70_000, [69_999, 0])
    assert _stations(cells.iloc[:10], cells["site_id"].tolist(), ["viettel"])[1].itemsize == 2


def test_cells_without_an_operator_serve_as_nobody() -> None:
    cells = pd.DataFrame({"site_id": ["a", "b"], "operator": [pd.NA, "vnpt"]})
    assert _stations(cells, ["a", "b"], ["vnpt"])[1].tolist() == [0, 1]


def test_a_partner_gets_no_servers_and_no_word_of_what_a_backhaul_passes() -> None:
    data = data_in(render_map(small_result(edition="partner", operator="viettel"), language="vi"))
    assert data["servers"] is None
    assert (data["ranked"]["via"], data["ranked"]["operators"]) == (["", ""], ["", ""])
    assert data["plan"]["feeds"] == [[], ["NEW-0001"]]  # VN-01 is another operator's
    full = data_in(render_map(small_result(), language="vi"))
    assert full["ranked"]["via"] == ["VN-01", "", ""]
    assert full["plan"]["feeds"] == [[], ["NEW-0001", "VN-01"]]


# Communes -------------------------------------------------------------------------------------------------------


def test_communes_are_shaded_by_published_shares_and_the_households_of_dead_villages() -> None:
    found = {one["id"]: one for one in shades(small_result())}
    assert list(found) == ["villages_dead", "households_dead", "households_with_signal"]
    assert (found["villages_dead"]["part"], found["villages_dead"]["whole"]) == ([2, 0], [6, 3])
    assert found["households_dead"]["part"] == [90, 0]  # 40 + 50 in Tô Hiệu
    assert found["households_dead"]["whole"] is None


def test_shares_of_one_operator_stand_beside_and_those_of_another_technology_do_not_count() -> None:
    result = small_result()
    row = {"indicator": "villages_with_technology", "area": "03646", "area_kind": "commune", "denominator": 6}
    more = pd.DataFrame(
        [
            {**row, "technology": "4g", "operator": "vnpt", "numerator": 1},
            {**row, "technology": "3g", "operator": "any", "numerator": 2},
            {**row, "technology": "4g", "operator": "any", "numerator": 3},
            {**row, "technology": "4g", "operator": "any", "numerator": 4, "area_kind": "former_commune"},
        ]
    )
    found = shades(replace(result, indicators=pd.concat([result.indicators, more])), ["viettel", "vnpt"])
    (share,) = [one for one in found if one["id"] == "villages_with_technology"]
    assert (share["technology"], share["part"], share["whole"]) == ("4g", [3, None], [6, None])
    assert share["byOperator"] == {"vnpt": [1, None]}


def test_a_result_without_communes_has_nothing_to_shade() -> None:
    assert shades(bare_result()) == []


@pytest.mark.parametrize(
    ("counts", "begins"),
    [([0, 0], [0]), ([0, 7], [0, 1, 7]), ([0, 90, 110, 480, 510, 2300], [0, 1, 100, 500]), ([1, 1, 1], [0, 1])],
)
def test_classes_of_counts_begin_at_round_numbers(counts: list[float], begins: list[int]) -> None:
    assert nice_classes(np.array(counts, dtype=float)) == begins


def test_every_shade_is_named_in_both_languages() -> None:
    data = data_in(render_map(small_result(), language="vi"))
    assert [len(data["texts"][language]["shades"]) for language in ("vi", "en")] == [len(data["shades"])] * 2
    assert data["texts"]["en"]["shades"][:2] == ["Dead villages", "Households in dead villages"]


# What a proposal helps ------------------------------------------------------------------------------------------


def some_villages(*places: tuple[str, float]) -> gpd.GeoDataFrame:
    """Return villages by name and metres to the east of the proposals below."""
    frame = pd.DataFrame({"village_id": [f"v{n}" for n in range(len(places))], "name": [name for name, _ in places]})
    return gpd.GeoDataFrame(frame, geometry=[Point(x, 0) for _, x in places], crs=CRS_SON_LA)


def proposal(**columns: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame([columns]), geometry=[Point(0, 0)], crs=CRS_SON_LA)


def test_ids_say_which_villages_are_helped_whatever_their_names() -> None:
    villages = some_villages(("Bản A", 10), ("Bản A", 20), ("Bản B", 90_000))
    named = proposal(villages="Bản A; Bản B", village_ids="v1; v2")
    assert helped_villages(named, villages, within_m=1_000) == [[1, 2]]


def test_a_name_stands_for_the_only_village_of_that_name_in_reach() -> None:
    villages = some_villages(("Bản A", 90_000), ("Bản A", 999), ("Bản B", 1_001), ("Bản C", 5), ("Bản C", 6))
    assert helped_villages(proposal(villages="Bản A; Bản B; Bản C"), villages, within_m=1_000) == [[1]]


def test_villages_whose_status_changes_are_found_by_name_in_a_column_of_their_own() -> None:
    villages = some_villages(("Bản A", 10), ("Bản A", 20), ("Bản B", 30))
    lifted = proposal(villages="Bản A; Bản B", village_ids="v1; v2", villages_resolved="Bản B; Bản A")
    assert helped_villages(lifted, villages, within_m=1_000, column="villages_resolved") == [[2]]
    ranked = data_in(render_map(small_result(), language="vi"))["ranked"]
    names = small_result().villages["name"].tolist()
    assert [[names[at] for at in rows] for rows in ranked["resolved"]] == [["Nà Sản"], [], ["Bản Mòn"]]
    assert [[names[at] for at in rows] for rows in ranked["improved"]] == [["Bản Đông"], [], []]


def test_villages_without_a_point_and_proposals_without_villages_are_left_out() -> None:
    villages = some_villages(("Bản A", 5))
    villages.loc[0, "geometry"] = None
    assert helped_villages(proposal(villages="Bản A"), villages, within_m=1_000) == [[]]
    assert helped_villages(proposal(villages=""), some_villages(("Bản A", 5)), within_m=1_000) == [[]]


# Pictures -------------------------------------------------------------------------------------------------------


def pixels(picture: Any) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.content)).convert("RGBA"))


GRID = Grid(CRS_SON_LA, Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH), (20, 60))
NOWHERE = gpd.GeoDataFrame(geometry=[], crs=CRS_SON_LA)


def test_water_is_drawn_where_land_cover_says_so_and_nothing_elsewhere() -> None:
    cover = np.full(GRID.shape, 10, dtype=np.uint8)
    cover[:, 20:40] = 80
    picture = water_picture(GRID, cover)
    assert picture is not None
    middle = pixels(picture)[10, :, 3]
    assert (middle[: len(middle) // 3 - 1] == 0).all()
    assert (middle[len(middle) // 3 + 1 : 2 * len(middle) // 3 - 1] == 255).all()
    assert (middle[2 * len(middle) // 3 + 1 :] == 0).all()


def test_without_land_cover_or_water_there_is_no_layer_of_water() -> None:
    assert water_picture(GRID, None) is None
    assert water_picture(GRID, np.full(GRID.shape, 10, dtype=np.uint8)) is None
    assert data_in(render_map(small_result(), language="vi"))["water"] is None


def test_rivers_are_drawn_wider_than_streams() -> None:
    line = LineString([(WEST, NORTH), (WEST + 5_000, NORTH - 5_000)])
    frame = gpd.GeoDataFrame(
        {"class": ["river", "stream", None], "name": ["Sông Đà", None, None]},
        geometry=[line, line, None],
        crs=CRS_SON_LA,
    )
    result = small_result()
    data = data_in(render_map(replace(result, layers=replace(result.layers, rivers=frame)), language="vi"))
    assert data["rivers"]["wide"] == [1, 0, 0]
    assert data["rivers"]["shape"][0] == data["rivers"]["shape"][1] != data["rivers"]["shape"][2] == ""


def test_known_classes_are_drawn_in_the_colours_of_levels() -> None:
    classes = np.repeat([[2, 1, 0, 255]], 15, axis=1).repeat(20, axis=0).astype(np.uint8)
    ((_, picture),) = signal_pictures(GRID, {("any", "4g"): classes}, NOWHERE)
    drawn = pixels(picture)[10]
    at = (np.array([1, 3, 5, 7]) / 8 * len(drawn)).astype(int)
    colours = [tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in CLASS_COLOURS]
    assert [tuple(drawn[place, :3]) for place in at[:3]] == colours
    assert drawn[at, 3].tolist() == [255, 255, 255, 0]


def test_servers_without_levels_of_the_same_network_are_not_drawn() -> None:
    signal = Signal(GRID, {}, servers={("any", "4g"): np.zeros(GRID.shape, np.int32)})
    assert list(server_numbers(signal, np.ones(1, np.uint16), NOWHERE, study())) == []
