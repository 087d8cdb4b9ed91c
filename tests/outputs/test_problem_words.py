"""Every problem that the layers can report has a kind, and every kind its words; read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import coverage.layers
from coverage.outputs.check.problem_words import kinds, words

SOURCES = sorted(Path(coverage.layers.__file__).parent.rglob("*.py"))
PASSED_ON = {
    "frequency_in_khz", "frequency_in_hz", "frequency_in_ghz", "frequency_is_channel", "frequency_not_of_technology",
    "eirp_per_element", "eirp_is_power", "from_above", "inaccurate",
}  # fmt: skip
"""Kinds that stand in a table of the checks, or are handed to a helper, and so are not seen where a problem is made."""


def _calls(source: Path) -> Iterator[ast.Call]:
    """Yield the calls that make a problem; a helper inside a function that is called `report` is one of them."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "Problem" or (isinstance(node.func, ast.Attribute) and name in ("report", "report_file")):
                yield node


def _kind(call: ast.Call) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
    everything = len(call.args) == 9  # Problem(…) with every field by place
    return named[0] if named else call.args[8] if everything else None


def _literals(source: Path) -> set[str]:
    """Return every text that is given as a kind, to a problem or to a helper that makes one."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and not _sorts(node)]
    given = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "kind"]
    given += [
        value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node.targets[0], node.value)
        if isinstance(target, ast.Name) and target.id == "kind"
    ]
    return {text for value in given for text in _texts(value)}


def _sorts(call: ast.Call) -> bool:
    return getattr(call.func, "attr", "") in ("sort", "argsort", "sort_values")


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _texts(value: ast.expr) -> Iterator[str]:
    """Yield the text of a literal, or of both arms of a choice."""
    if isinstance(value, ast.IfExp):
        yield from (*_texts(value.body), *_texts(value.orelse))
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_problem_gives_its_kind(source: Path) -> None:
    without = [f"{source.name}:{call.lineno}" for call in _calls(source) if _kind(call) is None]
    assert without == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_kind_has_words(source: Path) -> None:
    assert _literals(source) - kinds() == set()


def test_no_words_are_left_over() -> None:
    used = {kind for source in SOURCES for kind in _literals(source)}
    assert kinds() - used - PASSED_ON == set()
    assert not PASSED_ON - kinds()


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_words_are_short_and_said_in_both_languages(kind: str) -> None:
    vi, en = words(kind, "vi"), words(kind, "en")
    for said in (vi, en):
        assert 5 <= len(said.title) <= 60
        assert not said.title.endswith(".")
        assert said.remedy.endswith((".", ")."))
        assert len(said.remedy) <= 120
    assert en.title.isascii()
    assert vi.title != en.title
    assert not vi.title.isascii()


def test_a_kind_without_words_is_still_said() -> None:
    assert words("something_new", "vi").title == "Cần xem lại"
    assert words("something_new", "en").title == "To be looked at"
