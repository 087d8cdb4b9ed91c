"""The report, read as text and as a picture."""

import base64
import dataclasses
import io
import re

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

from coverage.errors import Problem
from coverage.outputs.pictures import map_drawing, overview_picture
from coverage.outputs.pictures.map_drawing import SIGNAL_COLOURS, STATUS_COLOURS
from coverage.outputs.pictures.overview_picture import overview_png
from coverage.outputs.report.content import report_content
from coverage.outputs.report.html import render_report
from coverage.outputs.wording import Wording
from coverage.result import Result


@pytest.fixture(autouse=True)
def _small_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview_picture, "_LONG_SIDE_PX", 400)


def _report(result: Result, language: str = "vi") -> str:
    return render_report(report_content(result, Wording(language, result.study)), result.study)


def _text(html: str) -> str:
    html = re.sub(r"(?s)<style>.*?</style>", " ", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_summary_states_the_counts_worked_out_by_hand(result: Result) -> None:
    text = _text(_report(result))
    assert "Đến 01/10/2026, trên địa bàn có 10 thôn/bản, trong đó 9 thôn/bản được đánh giá" in text
    assert "4 thôn/bản trắng sóng tại 2 xã/phường, với 140 hộ, 600 khẩu" in text
    assert "Tỷ lệ thôn/bản có sóng di động đạt 55,6%" in text
    assert "1 thôn/bản có điện lưới" in text
    assert "2 chưa có điện lưới , 1 chưa rõ" in text.replace("lưới,", "lưới ,")
    assert "1 thôn/bản chỉ còn sóng của công nghệ đã ngừng cung cấp" in text
    assert "1 thôn/bản cần xác minh vị trí" in text
    assert "3 thôn/bản lõm sóng (165 hộ)" in text
    assert "2 vị trí xây mới hoặc nâng cấp, phủ mới 115 hộ, chi phí trung bình ước tính 52.000 USD" in text
    assert "1 tuyến cáp quang dài 3,4 km cho 45 hộ" in text


def test_it_has_the_form_of_an_administrative_report(result: Result) -> None:
    text = _text(_report(result))
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH SƠN LA",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Báo cáo",
        "Nơi nhận:",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "IX. Hạn chế",
    ):
        assert part in text


def test_dead_villages_are_listed_under_their_commune(result: Result) -> None:
    text = _text(_report(result))
    listed = text[text.index("Bảng 5.") : text.index("VI. Mất sóng")]
    order = ["Phường Tô Hiệu (03646): 3", "Bản Tà", "Bản Nậm", "=1+1", "Xã Chiềng Lao (04000): 1", "Bản Sọ"]
    assert [listed.index(part) for part in order] == sorted(listed.index(part) for part in order)
    assert "Bản Pá" not in listed


def test_it_needs_nothing_from_a_network(result: Result) -> None:
    html = _report(result)
    assert not re.search(r"(?i)(src|href)\s*=\s*(?![\"']data:)", html)
    assert "url(" not in html
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_names_cannot_carry_markup(result: Result) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    villages = result.villages.assign(name=hostile, commune_name=hostile)
    about = result.study.study.model_copy(update={"source": hostile, "province": hostile})
    study = result.study.model_copy(update={"study": about})
    communes = result.communes.assign(commune_name=hostile)
    html = _report(dataclasses.replace(result, villages=villages, communes=communes, study=study))
    assert hostile not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_it_prints_on_a4_and_says_whose_data_it_shows(result: Result) -> None:
    html = _report(result)
    assert "@page { size: A4;" in html
    assert "Nguồn số liệu:</b> Synthetic data for tests." in html
    about = result.study.study.model_copy(update={"source": ""})
    silent = dataclasses.replace(result, study=result.study.model_copy(update={"study": about}))
    assert "Nguồn số liệu:" not in _report(silent)


def test_faults_of_the_input_are_listed_but_no_more_than_ten(result: Result) -> None:
    problems = tuple(Problem(f"file{n}.csv", "nothing", "something", "Fix it.", fatal=False) for n in range(12))
    html = _report(dataclasses.replace(result, layers=dataclasses.replace(result.layers, problems=problems)))
    assert "12 điểm cần kiểm tra" in html
    assert "file9.csv" in html
    assert "file10.csv" not in html


def test_nothing_dead_nothing_planned_and_no_indicator_still_make_a_report(result: Result) -> None:
    bare = dataclasses.replace(
        result,
        villages=result.villages[result.villages["status"] == "covered"],
        ranked_sites=result.ranked_sites.iloc[:0],
        fiber_plan=result.fiber_plan.iloc[:0],
        indicators=result.indicators.iloc[:0],
    )
    text = _text(_report(bare))
    assert "Không có thôn/bản trắng sóng." in text
    assert "Không có vị trí nào được đề xuất." in text
    assert "Tỷ lệ thôn/bản có sóng di động đạt –%" in text


def test_the_english_report_has_no_vietnamese_sentence(result: Result) -> None:
    text = _text(_report(result, "en"))
    assert "4 dead villages in 2 communes, with 140 households and 600 people" in text
    assert "Villages with mobile signal: 55.6%" in text
    for word in ("thôn", "hộ,", "Không", "Bảng", "trạm", "sóng"):
        assert word not in text


def test_the_same_result_gives_the_same_report(result: Result) -> None:
    assert _report(result) == _report(result)


def _picture(result: Result) -> Image.Image:
    match = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", _report(result))
    assert match
    return Image.open(io.BytesIO(base64.b64decode(match[1]))).convert("RGB")


def _near(pixel: tuple[int, ...], colour: str, tolerance: int = 14) -> bool:
    return all(abs(a - int(colour[1 + 2 * n : 3 + 2 * n], 16)) <= tolerance for n, a in enumerate(pixel))


def test_a_village_is_drawn_where_it_lies_in_the_colour_of_its_status(result: Result) -> None:
    # Two villages, 0.5 and 2.5 km from the west; the picture shows some margin around them.
    villages = result.villages[result.villages["village_id"].isin(["03646-ta-2", "04000-mo-3"])]
    image = _picture(dataclasses.replace(result, villages=villages, ranked_sites=result.ranked_sites.iloc[:0]))
    west, north, width = 490_000.0, 2_360_000.0, 4000.0
    for village_id, status in (("03646-ta-2", "dead"), ("04000-mo-3", "weak")):
        point = villages.set_index("village_id").geometry[village_id]
        view = overview_picture._view(dataclasses.replace(result, villages=villages))
        assert west - 0.02 * width <= view.west <= west + width
        assert view.north <= north + 0.02 * width
        col = int((point.x - view.west) / view.metres_per_px)
        row = int((view.north - point.y) / view.metres_per_px)
        assert _near(image.getpixel((col, row)), STATUS_COLOURS[status])  # type: ignore[arg-type]


def test_good_weak_and_no_signal_are_told_apart_on_the_ground(result: Result) -> None:
    grid = result.signal.grid
    level = np.full(grid.shape, -120.0, dtype=np.float32)
    level[:, :10], level[:, 10:18] = -90.0, -110.0
    signal = dataclasses.replace(result.signal, levels={("any", "4g"): level})
    bare = dataclasses.replace(
        result,
        signal=signal,
        layers=dataclasses.replace(result.layers, terrain_m=np.zeros(grid.shape, dtype=np.float32)),
        communes=result.communes.dissolve().reset_index(drop=True),
        villages=result.villages.assign(status="covered"),
        ranked_sites=result.ranked_sites.iloc[:0],
    )
    view = overview_picture._view(bare)
    image = Image.open(io.BytesIO(overview_png(bare))).convert("RGB")
    row = int((view.north - (grid.bounds[3] - 900)) / view.metres_per_px)
    for east_m, name in ((700, "good"), (1400, "weak"), (2300, "none")):
        pixel = image.getpixel((int((grid.bounds[0] + east_m - view.west) / view.metres_per_px), row))
        assert _near(pixel, SIGNAL_COLOURS[name], 25), name  # type: ignore[arg-type]


def test_islands_far_away_do_not_shrink_the_province(result: Result) -> None:
    alone = overview_picture._view(result)
    communes = result.communes.copy()
    far = gpd.GeoSeries([box(1_400_000, 2_356_000, 1_404_000, 2_360_000)], crs=communes.crs)
    communes.geometry = [communes.geometry.iloc[0], communes.geometry.iloc[1].union(far.iloc[0])]
    assert (
        overview_picture._view(dataclasses.replace(result, communes=communes)).metres_per_px
        <= 1.3 * alone.metres_per_px
    )


def test_the_scale_bar_is_a_round_number_of_kilometres(result: Result) -> None:
    assert map_drawing.scale_km(overview_picture._view(result)) == 1
