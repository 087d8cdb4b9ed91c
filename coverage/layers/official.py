"""The official list: villages that someone has found to be without coverage, to be held against what is computed."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from coverage.errors import refuse
from coverage.layers.conform import open_layer
from coverage.layers.draft import Draft, validate
from coverage.layers.position.placing import Land
from coverage.layers.text import clean, fold
from coverage.layers.units.crosswalk import Crosswalk
from coverage.layers.units.declared import declared
from coverage.layers.vietnamese.names import name_keys
from coverage.layers.villages import located, report_declared
from coverage.study import Study

_STATUS_WORDS = {
    "dead": (
        "dead", "nosignal", "nocoverage", "none", "trang", "trangsong", "bantrang", "vungtrang", "khongcosong",
        "khongsong", "khongcotinhieu", "chuacosong", "chuaphusong", "chuaduocphusong", "chuacotinhieu",
        "khongphusong", "khongduocphusong",
    ),
    "weak": (
        "weak", "weaksignal", "poor", "lom", "lomsong", "banlom", "vunglom", "yeu", "songyeu", "tinhieuyeu",
        "cosongyeu", "chapchon", "songchapchon", "songkhongondinh", "phusongyeu",
    ),
    "covered": (
        "covered", "good", "daphu", "daphusong", "daduocphusong", "duocphusong", "phusong", "phusongtot", "cosong",
        "dacosong", "cotinhieu", "tot", "songtot", "ondinh", "songondinh",
    ),
}  # fmt: skip
"""Status -> how lists write it, folded."""
_NOT_SAID = re.compile(r"(didong|thongtin|viba|dienthoai|[2345]g)+$")
"""What may follow the words of a status without changing it, folded."""
_AREA = re.compile(
    r"(?:(?:[ivxlc]+|\d+|[a-z])\s*[.)/:-]*\s+)?"
    r"(?P<kind>xã|phường|thị trấn|huyện|quận|thị xã|thành phố|xa|phuong|thi tran|huyen|thi xa|thanh pho|tp\.?|tx\.?)"
    r"\s+\w.*",
    re.IGNORECASE,
)
"""A row that heads those of a commune or district below it: "II. Xã Chiềng Lao"."""
_COUNT = re.compile(r"[(:\-–]\s*\d+\s*(bản|thôn|ban|thon|villages)?\W*$|\(.*\)\s*$", re.IGNORECASE)
_NUMERAL = re.compile(r"[IVXLC]+\.?|\d{1,4}([.)]\d*)*|[A-Z]\.?")
_COMMUNE_KINDS = frozenset({"xa", "phuong", "thitran"})
_UNITS = (("former_commune",), ("commune_code", "commune_name"), ("former_district",))
"""Columns that may be written once over several rows, the smaller unit first."""
_OWN = {"commune_name": ("commune_code", "commune_name", "former_commune"), "former_district": ("former_district",)}
"""Column that the heading of an area fills -> columns that are empty in a row that says nothing of it itself."""
_FEWEST_EMPTY = 2


def read_official(study: Study, land: Land | None = None) -> Draft:
    """
    Return the official list of a study; communes come with `join_communes`.

    A commune may be written once over its villages: in a merged cell, in a row of its own, or in the first of its rows
    where every row below is empty and no commune stands twice. Rows without a village are left out and reported.
    """
    draft = open_layer(study, "official", land)
    _read_headed_areas(draft)
    units = [[name for name in columns if name in draft.given] for columns in _UNITS]
    for place, columns in enumerate(units):
        _fill_down(draft, columns, list(itertools.chain(*units[place + 1 :])))
    nameless = draft.frame["name"].isna()
    draft.report(
        nameless,
        "a row without a village",
        "a name in every row",
        "Fill the name in; until then the row is left out.",
        column="name",
        kind="row_without_village",
    )
    draft.drop(nameless)
    if draft.frame.empty:
        raise refuse(draft.file, "no village", "at least one", "Supply the list with its villages.", kind="no_rows")
    _read_status(draft)
    return draft


def join_communes(draft: Draft, communes: gpd.GeoDataFrame | None, crosswalk: Crosswalk) -> None:
    """
    Give every village of the list its commune: the one it declares, else the one it lies in; then leave out repeats.

    The list is only compared, so that none of its rows stops a run: what is wrong with them is said, and such a row
    stays without what cannot be read.

    Parameters
    ----------
    draft
        The list in WGS 84; filled in place. A code that the layer lacks is kept.
    communes
        In WGS 84; None where that layer cannot be used.
    crosswalk
        Communes before and since 1 July 2025.
    """
    frame = draft.frame
    if communes is not None:
        inside = located(frame, communes)
        said = declared(frame, communes, crosswalk, located=inside)
        names = communes.drop_duplicates("code").set_index("code")["name"]
        report_declared(draft, said, names, result="reconciliation.xlsx")
        several = said.options.map(len) > 1
        code = said.code.where(said.options.map(len) > 0, frame["commune_code"].mask(said.contradictory))
        code = code.where(code.notna(), inside)
        strange = ~code.isin(names.index) & ~said.contradictory & ~several
        draft.report(
            strange,
            lambda row: f"village {row['name']} of the official list in no commune of the commune layer",
            "a commune of that layer, by code, name or point",
            "Give its commune; a village of another province is not compared.",
            column="commune_code" if "commune_code" in draft.given else "commune_name",
            kind="official_commune_unknown",
        )
        frame["former_commune"] = frame["former_commune"].where(frame["former_commune"].notna(), said.former)
        frame["commune_code"] = code
        frame["commune_name"] = code.map(names).where(code.isin(names.index), frame["commune_name"]).astype("str")
    _leave_out_repeats(draft)
    validate(draft)
    draft.frame["households"] = draft.frame["households"].mask(draft.frame["households"] < 0)
    draft.problems = [replace(problem, fatal=False) for problem in draft.problems]


def _read_headed_areas(draft: Draft) -> None:
    """Take rows that name nothing but a commune or district for the heading of the rows below, which say none."""
    frame = draft.frame
    silent = {column: frame[list(own)].isna().all(axis="columns") for column, own in _OWN.items()}
    heads: dict[int, str] = {}
    below: dict[str, dict[int, str]] = {column: {} for column in _OWN}
    area: dict[str, str] = {}
    for position, text in zip(frame.index, _lone_texts(draft), strict=True):
        if text is not None and (head := _AREA.fullmatch(text)):
            heads[position] = text
            name = _COUNT.sub("", text[head.start("kind") :]).strip()
            district = fold(head["kind"]) not in _COMMUNE_KINDS
            area = {"former_district": name} if district else {**area, "commune_name": name}
            continue
        for column, name in area.items():
            if silent[column][position]:
                below[column][position] = name
    for column, names in below.items():
        frame[column] = pd.Series(names, index=frame.index, dtype="str").where(silent[column], frame[column])
    headed = pd.Series(frame.index.isin(list(heads)), index=frame.index)
    draft.report(
        headed,
        lambda row: f"{heads[row.name]}, read as the heading of the villages below it",
        "a commune in every row",
        "Nothing, if the rows below belong there.",
        fatal=False,
        kind="row_of_area",
    )
    draft.drop(headed)


def _lone_texts(draft: Draft) -> Iterator[str | None]:
    """Yield the text of each row that has one beside a numeral or a total, and None for others."""
    for cells in zip(*(draft.supplied.iloc[:, place] for place in range(draft.supplied.shape[1])), strict=True):
        texts = [text for cell in cells if (text := clean(cell)) is not None and not _NUMERAL.fullmatch(text)]
        yield texts[0] if len(set(texts)) == 1 else None


def _fill_down(draft: Draft, columns: list[str], larger: list[str]) -> None:
    """
    Carry down what is written once over the rows that it holds for.

    That is sure where the first row says it, and the first row of each larger unit; where most rows do not, and nothing
    is said twice: who leaves a commune out because it is not known does write others more than once.
    """
    if not columns or draft.frame.empty:
        return
    said = draft.frame[columns].notna().any(axis="columns")
    texts = draft.frame.loc[said, columns]
    units = draft.frame[larger].ffill().fillna("")
    begins = (units != units.shift()).any(axis="columns") & draft.frame[larger].notna().any(axis="columns")
    begins.iloc[0] = True
    empty = int((~said).sum())
    if not said[begins].all() or texts.duplicated().any() or empty < max(_FEWEST_EMPTY, len(texts)):
        return
    block = said.cumsum()
    filled = texts.set_axis(block[said])
    for name in columns:
        draft.frame[name] = draft.frame[name].where(said, block.map(filled[name]))
    draft.report(
        ~said,
        lambda row: f"nothing, below {' '.join(filter(_is_text, row[columns]))}, which is read for this row too",
        "a value in every row",
        "Nothing, if it is written once over its villages; else write it in every row.",
        column=columns[0],
        fatal=False,
        kind="written_once",
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _read_status(draft: Draft) -> None:
    """Bring the words for a status to dead, weak and covered; without any column of them every village is dead."""
    frame = draft.frame
    if "status" not in draft.given:
        frame["status"] = pd.Series("dead", index=frame.index, dtype="str")
        return
    words = {word: status for status, written in _STATUS_WORDS.items() for word in written}
    known = {text: words.get(_NOT_SAID.sub("", fold(text))) for text in frame["status"].dropna().unique()}
    status = frame["status"].map(known).astype("str")
    draft.report(
        frame["status"].notna() & status.isna(),
        lambda row: f"status {row['status']!r} of village {row['name']}",
        "trắng sóng, lõm sóng, đã phủ sóng, or dead, weak, covered",
        "Correct it; until then the village is matched, and its status is not compared.",
        column="status",
        fatal=False,
        kind="unknown_value",
    )
    lom = frame["status"].map(lambda text: isinstance(text, str) and "lom" in fold(text))
    if lom.any() and not (status == "dead").any():
        draft.report(
            lom,
            "lõm, in a list that has no trắng; read as weak signal",
            "a list of today's words",
            "Ask what is meant: older lists write lõm where there is no signal at all, which is trắng today.",
            column="status",
            fatal=False,
            kind="older_word_for_dead",
        )
    frame["status"] = status


def _leave_out_repeats(draft: Draft) -> None:
    """Leave out rows that nothing tells from an earlier one: village, commune, status, households and point."""
    frame = draft.frame
    key = frame["name"].map(lambda name: name_keys(name).whole)
    telling = ["commune_code", "former_commune", "status", "households", "lon", "lat"]
    repeated = frame[telling].assign(key=key, unsaid=frame["commune_name"].where(frame["commune_code"].isna()))
    twice = repeated.duplicated()
    draft.report(
        twice,
        lambda row: f"village {row['name']} once more in commune {row['commune_name']}; it counts once",
        "each village once",
        "Remove the copy, or say what tells the two apart: former commune, households or a point.",
        column="name",
        fatal=False,
        kind="official_twice",
    )
    draft.drop(twice)
