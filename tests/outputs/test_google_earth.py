"""The map for Google Earth, read back by GDAL and as the XML that it is."""

import datetime
import io
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from PIL import Image
from pyproj import Transformer

from coverage.errors import OutputError
from coverage.outputs.google_earth import kml
from coverage.outputs.google_earth.document import google_earth
from coverage.outputs.web_map.pictures import CLASS_COLOURS
from coverage.result import Result
from tests.outputs.map_result import CRS_SON_LA, HOSTILE, NORTH, WEST, bare_result, small_result, with_islands

NS = {"k": "http://www.opengis.net/kml/2.2"}
STATUSES = {"Trắng sóng (2)": 2, "Lõm sóng (2)": 2, "Đã phủ sóng (5)": 5}


def archive(result: Result, language: str = "vi") -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(google_earth(result, language=language)))


def document(result: Result, language: str = "vi") -> Element:
    return ElementTree.fromstring(archive(result, language).read("doc.kml"))


def read_back(result: Result, folder: Path) -> dict[str, gpd.GeoDataFrame]:
    (folder / "coverage.kmz").write_bytes(google_earth(result, language="vi"))
    layers = pyogrio.list_layers(folder / "coverage.kmz")[:, 0]
    return {name: pyogrio.read_dataframe(folder / "coverage.kmz", layer=name) for name in layers}


def texts(root: Element, path: str) -> list[str]:
    return [found.text or "" for found in root.iterfind(path, NS)]


def test_gdal_finds_every_village_under_its_status_and_where_it_lies(tmp_path: Path) -> None:
    result = small_result()
    layers = read_back(result, tmp_path)
    assert {name: len(layers[name]) for name in STATUSES} == STATUSES
    placed = result.villages[result.villages["lon"].notna()].set_index("village_id")
    found = pd.concat([layers[name] for name in STATUSES]).set_index("village_id")
    assert sorted(found.index) == sorted(placed.index)
    np.testing.assert_allclose(found.geometry.x, placed.loc[found.index, "lon"], atol=1e-6)
    np.testing.assert_allclose(found.geometry.y, placed.loc[found.index, "lat"], atol=1e-6)
    assert [*found["status"]] == [*placed.loc[found.index, "status"]]


def test_gdal_finds_sites_with_their_sectors_proposals_lines_and_borders(tmp_path: Path) -> None:
    result = small_result()
    layers = read_back(result, tmp_path)
    assert [*layers["Viettel"]["Name"]] == ["VT-01", "VT-02"]
    assert [*layers["Nhiều nhà mạng"]["Name"]] == ["SHARED"]
    site = layers["Viettel"].set_index("Name").geometry["VT-02"]
    mast, sector = site.geoms
    end = gpd.GeoSeries([sector], crs=4326).to_crs(CRS_SON_LA).iloc[0].coords[-1]
    east, north = end[0] - (WEST + 3_333), end[1] - (NORTH - 2_777)
    assert np.degrees(np.arctan2(east, north)) == pytest.approx(120, abs=1)  # the grid's north is not quite the pole's
    assert np.hypot(east, north) == pytest.approx(400, rel=0.01)
    assert mast.distance(sector) < 1e-9
    assert [*layers["Vị trí đề xuất xây trạm"]["Name"]] == [
        f"{row.rank} · {row.site_id}" for row in result.ranked_sites.sort_values("rank").itertuples()
    ]
    plan = layers["Cáp quang đề xuất"].to_crs(CRS_SON_LA).geometry.iloc[0]
    assert plan.hausdorff_distance(result.fiber_plan.geometry.iloc[0]) < 11
    borders = layers["Ranh giới và tên xã"].to_crs(CRS_SON_LA)
    assert borders.geometry.area.tolist() == pytest.approx([1.2e8, 1.2e8], rel=1e-3)


def test_every_status_has_a_sign_of_its_own_shape_and_colour_and_nothing_is_fetched() -> None:
    packed = archive(small_result())
    root = ElementTree.fromstring(packed.read("doc.kml"))
    pairs = {one.get("id"): texts(one, "k:Pair/k:styleUrl") for one in root.iterfind(".//k:StyleMap", NS)}
    styles = {one.get("id"): one for one in root.iterfind(".//k:Style", NS)}
    used = {url.removeprefix("#") for url in texts(root, ".//k:Placemark/k:styleUrl")}
    assert {"dead", "weak", "covered", "ranked", "plan", "commune"} <= used <= pairs.keys()
    assert {url.removeprefix("#") for urls in pairs.values() for url in urls} <= styles.keys()
    hrefs = set(texts(root, ".//k:href"))
    assert hrefs <= set(packed.namelist())
    shapes = {}
    for name in ("dead", "weak", "covered", "not_assessed"):
        (href,) = texts(styles[f"{name}-rest"], ".//k:href")
        pixels = np.asarray(Image.open(io.BytesIO(packed.read(href))).convert("RGBA"))
        shapes[name] = ((pixels[..., 3] > 127).tobytes(), tuple(pixels[24, 24, :3]))
    assert len({outline for outline, _ in shapes.values()}) == 4
    assert len({colour for _, colour in shapes.values()}) == 4
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", packed.read("doc.kml").decode())


class _Balloon(HTMLParser):
    """Tags of a balloon, and its text."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.said: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


WORSE = [*HOSTILE, "$[name] $[description]", "a\x00b\x0bc\ufffe]]> &amp;lt;"]


def test_hostile_names_are_text_in_lists_and_in_balloons() -> None:
    result = small_result(names=WORSE)
    result.communes["commune_name"] = [HOSTILE[0], HOSTILE[3]]
    result.villages["commune_name"] = HOSTILE[1]
    result.ranked_sites["villages"] = HOSTILE[0]
    root = document(result)
    shown = [re.sub("[\x00\x0b\ufffe]", "\N{REPLACEMENT CHARACTER}", name) for name in WORSE]
    names = texts(root, ".//k:Placemark/k:name")
    assert set(shown) <= set(names)
    balloons = [_Balloon(content) for content in texts(root, ".//k:description")]
    assert set().union(*(balloon.tags for balloon in balloons)) == {"h3", "p", "table", "tr", "td"}
    said = {line for balloon in balloons for line in balloon.said}
    assert {*shown, HOSTILE[1]} <= said
    assert set(texts(root, ".//k:BalloonStyle/k:text")) == {"$[description]"}
    for content in texts(root, ".//k:description"):
        assert "$[" not in content


def test_signal_lies_where_the_grid_says_and_means_what_the_legend_says() -> None:
    result = small_result()
    packed = archive(result)
    (overlay,) = ElementTree.fromstring(packed.read("doc.kml")).iterfind(".//k:GroundOverlay", NS)
    picture = np.asarray(Image.open(io.BytesIO(packed.read(overlay.findtext("k:Icon/k:href", "", NS)))).convert("RGBA"))
    side = {
        name: float(overlay.findtext(f"k:LatLonBox/k:{name}", "", NS)) for name in ("north", "south", "east", "west")
    }
    to_degrees = Transformer.from_crs(CRS_SON_LA, 4326, always_xy=True)
    level_dbm = result.signal.levels["any", "4g"]
    for row, col in ((60, 50), (60, 150), (5, 190), (100, 100), (119, 0)):
        lon, lat = to_degrees.transform(*result.signal.grid.centre(row, col))
        y = int((side["north"] - lat) / (side["north"] - side["south"]) * picture.shape[0])
        x = int((lon - side["west"]) / (side["east"] - side["west"]) * picture.shape[1])
        kind = 0 if level_dbm[row, col] >= -105 else 1 if level_dbm[row, col] >= -115 else 2
        assert picture[y, x].tobytes()[:3].hex() == CLASS_COLOURS[kind][1:], (row, col)
    legend = overlay.findtext("k:description", "", NS)
    assert all(word in legend for word in (CLASS_COLOURS[0], "Tốt", "≥ -105 dBm"))
    assert overlay.findtext("k:visibility", "", NS) == "1"


def test_it_speaks_the_language_asked_for() -> None:
    folders = texts(document(small_result(), "en"), "k:Document/k:Folder/k:name")
    assert folders == ["Villages by status", "Ranked new sites", "Planned fiber", "Sites", "Commune borders and names",
                       "Signal"]  # fmt: skip
    with pytest.raises(OutputError, match="language 'fr' is unknown"):
        google_earth(small_result(), language="fr")


def test_the_same_result_gives_the_same_bytes() -> None:
    assert google_earth(small_result(), language="vi") == google_earth(small_result(), language="vi")


def test_a_partners_file_holds_no_trace_of_other_operators_sites() -> None:
    content = archive(small_result(edition="partner", operator="viettel")).read("doc.kml").decode()
    assert "VT-01" in content
    for trace in ("VN-01", "R2", "vnpt", "VNPT"):
        assert trace not in content
    assert "Bản dành cho đối tác: Viettel" in content


def test_one_village_and_nothing_else_and_no_village_at_all_make_a_file_too(tmp_path: Path) -> None:
    assert len(read_back(bare_result(), tmp_path)["Trắng sóng (1)"]) == 1
    nothing = replace(bare_result(), villages=bare_result().villages.iloc[:0])
    assert document(nothing).findall(".//k:Placemark", NS) == []


def test_islands_far_out_do_not_widen_the_first_view() -> None:
    near, far = (document(result).find(".//k:LookAt", NS) for result in (small_result(), with_islands(small_result())))
    assert near is not None
    assert far is not None
    assert ElementTree.tostring(near) == ElementTree.tostring(far)
    assert 10_000 < float(near.findtext("k:range", "", NS)) < 50_000


def test_an_area_with_a_hole_keeps_it() -> None:
    ring = gpd.GeoSeries.from_wkt(["POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 6 3, 6 6, 3 6, 3 3))"]).iloc[0]
    shape = kml.shape(ring)
    assert shape is not None
    assert [one.tag for one in shape] == ["tessellate", "outerBoundaryIs", "innerBoundaryIs"]
    assert kml.shape(gpd.GeoSeries.from_wkt(["POLYGON EMPTY"]).iloc[0]) is None


def test_a_date_before_1980_which_zip_cannot_write_is_no_obstacle() -> None:
    content = kml.kmz([], {}, day=datetime.date(1975, 5, 1))
    assert zipfile.ZipFile(io.BytesIO(content)).infolist()[0].date_time == (1980, 5, 1, 0, 0, 0)
