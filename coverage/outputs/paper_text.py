"""Text of strangers on paper: what XML, Word, Excel and a spreadsheet's reader of CSV can bear. Once, for all."""

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids or advises against: control letters, halves of surrogate pairs, letters that are none."""
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of what follows; no Vietnamese text needs one, and one left open turns a whole line."""
_FORMULA = re.compile(r"""(^|[;,|]["'\s]*)(?=[=+\-@＝＋－＠])""")
"""Where a spreadsheet may take text for a formula: at its start, and after what another country's CSV takes for a
separator."""


def bearable(text: str) -> str:
    """Return text without the letters that a file of XML cannot hold."""
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    """Return text that can stand in a sentence or a cell: bearable, in one direction, on one line."""
    return " ".join(_TURNS.sub("", bearable(" ".join(text.split()))).split())


def neutralised(text: str) -> str:
    """Return text on one line that no spreadsheet takes for a formula: `'` before a leading `= + - @`."""
    return _FORMULA.sub(r"\1'", one_line(text))
