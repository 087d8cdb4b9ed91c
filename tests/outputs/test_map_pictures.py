"""The pictures of the map in docs/ are those that tools/take_pictures.py takes, and each of them can be taken."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.outputs.map_browser import needs_chromium, write_map
from tests.outputs.map_result import small_result, with_networks
from tools.take_pictures import SHOTS, take

ROOT = Path(__file__).parents[2]


def test_docs_show_each_of_the_pictures_and_no_others_of_the_map() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {name for page in pages for name in re.findall(r"pictures/(map[\w.]*)", page.read_text(encoding="utf-8"))}
    assert shown == set(SHOTS) == {file.name for file in (ROOT / "docs" / "pictures").glob("map*")}
    for name, (size, _) in SHOTS.items():
        with Image.open(ROOT / "docs" / "pictures" / name) as picture:
            assert picture.size == size, name


@needs_chromium
@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_shows_its_state_of_the_map(name: str, browser: Any, tmp_path: Path) -> None:
    file = write_map(tmp_path, with_networks(small_result()))
    size, act = SHOTS[name]
    shot = np.asarray(take(browser, file, size, act), dtype=int)
    assert shot.shape == (size[1], size[0], 3)
    assert len(np.unique(shot.reshape(-1, 3), axis=0)) > 500
    if act:
        plain = np.asarray(take(browser, file, size, ""), dtype=int)
        assert (np.abs(shot - plain).max(axis=-1) > 40).mean() > 0.02
