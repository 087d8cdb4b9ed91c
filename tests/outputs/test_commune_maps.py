"""The maps of communes, read as pictures."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image, ImageColor
from shapely.geometry import MultiPolygon, box

from coverage.outputs.pictures.commune_legend import FRAME_PX
from coverage.outputs.pictures.commune_maps import CommuneMaps, _view, map_names
from coverage.outputs.pictures.map_drawing import STATUS_COLOURS
from coverage.outputs.pictures.map_labels import Room, fitted, font, place_names
from coverage.outputs.wording import Wording
from coverage.result import Result
from tests.outputs import map_result
from tests.outputs.map_result import NORTH, WEST

HOSTILE = ["", "\x00\x1b\u202e", "😀 עברית", "<script>", "Dài " * 125, "=1+1\r\n\t", "Bản Nậ\u0323m"]


@pytest.fixture
def country() -> Result:
    return map_result.small_result()


def _png(result: Result, code: str = "03646", language: str = "vi") -> bytes:
    return CommuneMaps(result, Wording(language, result.study)).png(code)


def _image(result: Result, code: str = "03646") -> Image.Image:
    return Image.open(io.BytesIO(_png(result, code))).convert("RGB")


def _strip(image: Image.Image) -> np.ndarray:
    """Return the pixels of the title."""
    return np.asarray(image.crop((0, 0, image.width, FRAME_PX[1] - 4)))


def _village_pixels(result: Result, code: str) -> list[tuple[str, tuple[int, int]]]:
    villages = result.villages[(result.villages["commune_code"] == code) & result.villages.geometry.notna()]
    area = result.communes.set_index("commune_code").geometry[code]
    view = _view(area, villages)
    return [
        (
            status,
            (
                FRAME_PX[0] + int((point.x - view.west) / view.metres_per_px),
                FRAME_PX[1] + int((view.north - point.y) / view.metres_per_px),
            ),
        )
        for status, point in zip(villages["status"], villages.geometry, strict=True)
    ]


@pytest.mark.parametrize("code", ["03646", "03657"])
def test_every_village_lies_where_it_is_in_the_colour_of_its_status(country: Result, code: str) -> None:
    cells = country.layers.cells.iloc[:0]  # a mast would be drawn over a village at its foot
    layers = dataclasses.replace(country.layers, cells=cells, roads=None, fiber_routes=None)
    bare = dataclasses.replace(country, layers=layers)
    image, found = _image(bare, code), _village_pixels(bare, code)
    assert len(found) == {"03646": 6, "03657": 3}[code]
    for status, place in found:
        assert np.abs(np.subtract(image.getpixel(place), ImageColor.getrgb(STATUS_COLOURS[status]))).max() <= 10


def test_statuses_differ_in_shape_so_that_nobody_needs_the_colour(country: Result) -> None:
    """A diamond is as high as wide and empty at its corners, a triangle is full below alone."""
    layers = dataclasses.replace(country.layers, roads=None, fiber_routes=None, cells=country.layers.cells.iloc[:0])
    image = np.asarray(_image(dataclasses.replace(country, layers=layers))).astype(int)
    corners = {}
    for status, (col, row) in _village_pixels(country, "03646"):
        own = np.abs(image - ImageColor.getrgb(STATUS_COLOURS[status])).max(axis=2) <= 12
        corners[status] = tuple(bool(own[row + dy, col + dx]) for dx, dy in ((4, -3), (5, 4), (0, 6)))
    assert corners["dead"] == (True, False, True)
    assert corners["weak"] == (False, True, False)
    assert corners["covered"][1:] == (False, False)


def test_the_title_names_the_commune(country: Result) -> None:
    titled = _strip(_image(country))
    other = country.communes.assign(commune_name=["Xã Mường Chiên", "Chiềng An"])
    assert (titled < 128).sum() > 5000
    assert not np.array_equal(titled, _strip(_image(dataclasses.replace(country, communes=other))))
    assert np.array_equal(titled, _strip(_image(dataclasses.replace(country, villages=country.villages.iloc[:3]))))


def test_accents_put_together_or_apart_look_the_same(country: Result) -> None:
    apart = country.communes.assign(commune_name=["To\u0302 Hie\u0323\u0302u", "Chiềng An"])
    assert np.array_equal(_strip(_image(country)), _strip(_image(dataclasses.replace(country, communes=apart))))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_name_breaks_a_map(country: Result, hostile: str) -> None:
    about = country.study.study.model_copy(update={"source": hostile})
    changed = dataclasses.replace(
        country,
        villages=country.villages.assign(name=hostile),
        communes=country.communes.assign(commune_name=hostile),
        study=country.study.model_copy(update={"study": about}),
    )
    assert _image(changed).size == (1400, 990)


def test_the_same_result_gives_the_same_bytes_and_not_too_many(country: Result) -> None:
    content = _png(country)
    assert content == _png(country)
    assert len(content) < 300_000
    assert content != _png(country, language="en")


def test_there_is_a_map_of_each_commune_that_has_villages_and_a_code(country: Result) -> None:
    assert map_names(country) == {"communes/03646.png": "03646", "communes/03657.png": "03657"}
    alone = dataclasses.replace(country, villages=country.villages.iloc[:6])
    assert list(map_names(alone)) == ["communes/03646.png"]
    codes = {"03646": "../evil", "03657": "0365\n"}
    forged = dataclasses.replace(
        country,
        villages=country.villages.assign(commune_code=country.villages["commune_code"].map(codes)),
        communes=country.communes.assign(commune_code=list(codes.values())),
    )
    assert map_names(forged) == {}


def test_a_commune_whose_villages_have_no_place_and_a_bare_network_still_make_a_map(country: Result) -> None:
    unplaced = country.villages.assign(geometry=None).set_geometry("geometry", crs=country.villages.crs)
    bare = dataclasses.replace(country, villages=unplaced, signal=dataclasses.replace(country.signal, levels={}))
    assert _image(bare).size == (1400, 990)


def test_an_island_without_villages_does_not_shrink_the_map(country: Result) -> None:
    villages = country.villages[country.villages["commune_code"] == "03646"]
    main = box(WEST, NORTH - 12_000, WEST + 10_000, NORTH)
    island = box(WEST + 900_000, NORTH, WEST + 910_000, NORTH + 1000)
    assert _view(MultiPolygon([main, island]), villages) == _view(main, villages)


def test_no_label_lies_over_another_or_over_a_sign() -> None:
    places = [(100.0 + 9 * (n % 8), 100.0 + 9 * (n // 8)) for n in range(40)]
    signs = [(x - 8, y - 8, x + 8, y + 8) for x, y in places]
    room = Room(600, 400, list(signs))
    names = [f"Bản Nậm Khoang {n}" for n in range(40)]
    labels, keyed = place_names(names, places, room, font(15, bold=True), 8.0)
    boxes = [label.box for label in labels if label is not None]
    assert len(boxes) == 40
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 600
        others = [*boxes[:place], *boxes[place + 1 :], *signs]
        assert not any(left < r and right > x and top < b and bottom > y for x, y, r, b in others)
    numbered = [label.text for label in labels if label is not None and label.text.isdigit()]
    assert numbered == [str(n + 1) for n in range(len(keyed))]
    assert keyed[0].endswith(names[next(n for n, label in enumerate(labels) if label and label.text == "1")])


def test_a_lone_village_bears_its_name_to_the_right() -> None:
    labels, keyed = place_names(["Bản Tà"], [(300.0, 200.0)], Room(600, 400), font(15, bold=True), 8.0)
    assert keyed == []
    assert labels[0] is not None
    assert labels[0].text == "Bản Tà"
    assert labels[0].box[0] == 310


def test_where_there_is_no_room_at_all_the_name_is_listed_all_the_same() -> None:
    room = Room(600, 400, [(0, 0, 600, 400)])
    assert place_names(["Bản Tà"], [(300.0, 200.0)], room, font(15, bold=True), 8.0) == ([None], ["Bản Tà"])


def test_a_long_text_is_cut_to_its_width() -> None:
    letters = font(16)
    assert fitted("Bản Tà", letters, 200) == "Bản Tà"
    cut = fitted("Bản " * 100, letters, 200)
    assert cut.endswith("…")
    assert 150 < letters.getlength(cut) <= 200
    assert fitted("", letters, 10) == ""
