"""What the web map is given to be used with: the zone of VN-2000, and every village under every network."""

from dataclasses import replace

import pytest
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from coverage.outputs.web_map.data import map_data
from coverage.outputs.web_map.edition import for_edition
from coverage.outputs.web_map.networks import village_networks
from coverage.outputs.web_map.zone import vn2000
from coverage.result import Result
from tests.outputs.map_result import small_result, with_networks


def of_province(name: str, *, crs: int = 9206) -> Result:
    result = small_result()
    about = result.study.study.model_copy(update={"province": name})
    grid = replace(result.layers.grid, crs=CRS.from_epsg(crs))
    study = result.study.model_copy(update={"study": about})
    return replace(result, study=study, layers=replace(result.layers, grid=grid))


@pytest.mark.parametrize(
    ("province", "epsg", "meridian"),
    [("Sơn La", 9206, 104.0), ("Tỉnh Điện Biên", 9205, 103.0), ("Khánh Hòa", 9217, 108.25), ("Đắk Lắk", 9218, 108.5),
     ("TP. Huế", 9214, 107.0), ("Thành phố Hồ Chí Minh", 9210, 105.75)],
)  # fmt: skip
def test_the_zone_is_the_one_that_the_province_uses(province: str, epsg: int, meridian: float) -> None:
    zone = vn2000(of_province(province, crs=32648), centre_lon=105.0)
    assert (zone["epsg"], zone["meridian"], zone["scale"], zone["falseEasting"]) == (epsg, meridian, 0.9999, 500_000)


def test_a_province_that_the_register_does_not_know_gets_the_grids_zone_else_the_nearest() -> None:
    assert vn2000(of_province("Tỉnh Thử", crs=9217), centre_lon=104.1)["epsg"] == 9217
    assert vn2000(of_province("Tỉnh Thử", crs=32648), centre_lon=104.1)["epsg"] == 9206


def test_the_shift_is_the_one_by_which_the_layers_were_turned_to_degrees() -> None:
    used = TransformerGroup(9206, 4326).transformers[0].definition
    x, y, z, rx, ry, rz, scale = vn2000(small_result(), centre_lon=104.0)["shift"]
    for part in (f"x={x}", f"y={y}", f"z={z}", f"rx={rx}", f"ry={ry}", f"rz={rz}", f"s={scale}"):
        assert part in used
    assert "convention=coordinate_frame" in used


def test_every_village_is_packed_under_every_network_in_the_order_of_the_villages() -> None:
    result = with_networks(small_result())
    shuffled = replace(result, village_statuses=result.village_statuses.iloc[::-1].reset_index(drop=True))
    packed = village_networks(shuffled, ["viettel", "vnpt"])
    assert packed["reasons"] == sorted(packed["reasons"])
    by_name = {(one["operator"], one["technology"]): one for one in packed["of"]}
    assert list(by_name) == [("any", ""), ("any", "4g"), ("viettel", "4g"), ("vnpt", "4g")]
    vnpt = by_name["vnpt", "4g"]
    assert vnpt["status"] == "0002211023"  # dead 0, weak 1, covered 2, not assessed 3
    assert vnpt["covered"] == [0, 0, 0, 10, 10, 0, 0, 0, 10, 0]
    reasons = [packed["reasons"][ord(letter) - 48] for letter in vnpt["reason"]]
    assert reasons[:4] == ["no_signal", "no_signal", "no_signal", "covered"]


def test_a_village_that_the_table_lacks_is_not_assessed() -> None:
    result = with_networks(small_result())
    table = result.village_statuses
    lacking = replace(result, village_statuses=table[table["village_id"] != "v3"])
    assert [one["status"][3] for one in village_networks(lacking, ["viettel", "vnpt"])["of"]] == ["3"] * 4


def test_without_statuses_by_network_the_page_has_none_to_offer() -> None:
    assert map_data(small_result())["networks"] == {"reasons": [], "of": []}


def test_a_partner_gets_the_networks_of_others_neither() -> None:
    data = map_data(for_edition(with_networks(small_result(edition="partner", operator="vnpt"))))
    assert {one["operator"] for one in data["networks"]["of"]} == {"any", "vnpt"}
