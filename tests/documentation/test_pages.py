"""The pages that are written from the code say what the code says."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from coverage.columns.inputs import INPUTS
from coverage.columns.schema import Table
from coverage.settings.layers import LayerPaths

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    known, path = set(sys.modules), list(sys.path)
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path
    for name in set(sys.modules) - known:
        if name.partition(".")[0] in ("pages", "make_docs"):
            del sys.modules[name]


def test_every_page_that_is_written_from_the_code_is_current(tool: ModuleType) -> None:
    pages = tool.pages()
    assert len(pages) > 20
    stale = [name for name, text in pages.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert not stale, "run python tools/make_docs.py"


def test_every_layer_and_column_that_is_read_has_its_page_and_row() -> None:
    for layer in LayerPaths.model_fields:
        text = (DOCS / "layers" / f"{layer}.md").read_text(encoding="utf-8")
        for column in INPUTS[layer].columns if layer in INPUTS else ():
            assert f"| `{column.name}` |" in text
            assert column.vi in text


def test_every_table_and_column_that_is_written_is_named_with_both_headings(tool: ModuleType) -> None:
    text = (DOCS / "outputs.md").read_text(encoding="utf-8")
    written = {table.name for table, _ in sys.modules["pages.outputs"].tables().values()}
    assert {"villages", "communes", "indicators", "ranked_sites", "fiber_plan", "uncovered_villages"} <= written
    for table, _ in sys.modules["pages.outputs"].tables().values():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert _rows_of(table) <= set(section.splitlines())


def _rows_of(table: Table) -> set[str]:
    kinds = {"text": "text", "integer": "whole number", "number": "number", "flag": "true/false"}
    return {
        f"| `{column.name}` | {kinds[column.kind]} | {column.unit} | {column.en} | {column.vi} |"
        for column in table.columns
        if not column.values
    }


@pytest.mark.parametrize("model", ["p1812", "itm", "hata", "cost231", "tr38901", "p2108", "p2109"])
def test_every_model_page_has_a_table_of_how_far_it_was_checked(model: str) -> None:
    text = (DOCS / "models" / f"{model}.md").read_text(encoding="utf-8")
    begin = f"<!-- written by tools/make_docs.py: {model} -->"
    assert text.count(begin) == 1
    assert text.split(begin)[1].split("<!-- end -->")[0].count("\n|") >= 3


def test_a_wrong_constant_of_a_model_shows_in_its_table(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from coverage.radio import hata

    before = tool.pages()["models/hata.md"]
    right = hata.medium_city_gain_db
    monkeypatch.setattr(hata, "medium_city_gain_db", lambda *given: right(*given) + 0.2)
    assert tool.pages()["models/hata.md"] != before
