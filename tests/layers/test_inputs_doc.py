"""The printed tables of inputs say what the code accepts."""

import importlib.util
from pathlib import Path

from coverage.columns import INPUTS

ROOT = Path(__file__).parents[2]


def test_the_document_of_inputs_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_inputs_doc", ROOT / "tools" / "make_inputs_doc.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    remedy = "run python tools/make_inputs_doc.py"
    assert (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8") == tool.document(), remedy


def test_every_column_of_every_layer_is_in_the_document() -> None:
    text = (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8")
    for table in INPUTS.values():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` |" in section
