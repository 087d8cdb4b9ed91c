"""Levels that were calibrated say so: on the map, in Google Earth, and in the papers' method."""

import io
import zipfile
from dataclasses import replace

import pytest

from coverage.outputs.definitions import method
from coverage.outputs.google_earth.document import google_earth
from coverage.outputs.web_map.coverage_map import render_map
from coverage.outputs.wording import Wording
from coverage.settings.radio import Radio
from tests.outputs.map_result import small_result
from tests.outputs.test_web_map import data_in

CALIBRATION = {
    "kind": "measurements",
    "model": "p1812",
    "land_cover": True,
    "technologies": {
        "4g": {"offset_db": 3.24, "clutter_db": {"open": -1.1, "water": 4.0}},
        "3g": {"offset_db": -2.0},
    },
}


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        (
            "measurements",
            "theo số đo (3G −2,0 dB; 4G −1,1 … +4,0 dB)",
            "after measurements (3G −2.0 dB; 4G −1.1 … +4.0 dB)",
        ),
        ("published_shares", "theo tỷ lệ phủ sóng đã công bố, không phải theo số đo (3G", "not after measurements (3G"),
    ],
)
def test_levels_that_were_calibrated_say_so_wherever_they_are_shown(kind: str, vi: str, en: str) -> None:
    result = small_result()
    radio = Radio.model_validate({"calibration": {**CALIBRATION, "kind": kind}})
    shifted = replace(result, study=result.study.model_copy(update={"radio": radio}))
    texts = data_in(render_map(shifted, language="vi"))["texts"]
    assert f"Mức thu đã hiệu chỉnh {vi}" in texts["vi"]["model_note"]
    assert en in texts["en"]["model_note"]
    for language, words in (("vi", vi), ("en", en)):
        say = Wording(language, shifted.study)
        assert any(words in text for _, text in method(shifted, say))
        assert not any(words in text for _, text in method(result, say))
        with zipfile.ZipFile(io.BytesIO(google_earth(shifted, language=language))) as archive:
            assert words in archive.read("doc.kml").decode()
