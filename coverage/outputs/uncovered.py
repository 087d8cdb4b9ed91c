"""The list of uncovered villages as officials read it: one row per village, said in words, ready for any paper."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.classes import SignalClass, signal_class
from coverage.columns.results import UNCOVERED, level_column
from coverage.columns.schema import Column
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.outputs.paper_text import neutralised
from coverage.outputs.tables import cell_text, csv_bytes
from coverage.outputs.wording import Wording
from coverage.result import Result

_CLASS_WORDS = np.array([name.name.lower() for name in SignalClass])


def uncovered_villages(result: Result, say: Wording, statuses: Sequence[str] = ("dead", "weak")) -> pd.DataFrame:
    """
    List the villages of some statuses.

    Parameters
    ----------
    result
        A finished run.
    say
        The language of the words.
    statuses
        Which villages, in this order; within one by commune, then households descending.

    Returns
    -------
    DataFrame
        Columns of `UNCOVERED`, then `probability`; numbers stay numbers, codes text.
    """
    villages = result.villages
    order = villages["status"].map({status: place for place, status in enumerate(statuses)})
    households = pd.to_numeric(villages["households"]).astype("Float64").fillna(-1)
    villages = (
        villages.assign(_order=order, _fewest=-households)
        .dropna(subset="_order")
        .sort_values(["_order", "commune_code", "_fewest", "village_id"], kind="stable")
        .reset_index(drop=True)
    )
    classes = {technology: _classes(villages, result, technology) for technology in TECHNOLOGIES}
    listed = pd.DataFrame(
        {
            "stt": np.arange(1, len(villages) + 1),
            "has_power": villages["has_power"].map(say.yes_no),
            "status": villages["status"].map(lambda status: say.word(f"brief.{status}")),
            **{technology: [say.word(f"signal.{name}") for name in classes[technology]] for technology in TECHNOLOGIES},
            "operator": _operators(villages, result, say),
            "level_dbm": headline_level_dbm(villages, result),
            "fiber": villages["fiber"].map(say.fiber),
            "proposal": _proposals(villages, result, say),
            "note": _notes(villages, say),
        }
    )
    for name in (*UNCOVERED.names, "probability"):
        if name not in listed:
            listed[name] = villages.get(name)
    return listed[[*UNCOVERED.names, "probability"]]


def uncovered_csv(result: Result, say: Wording) -> bytes:
    """
    Return uncovered_villages.csv: UTF-8 with BOM, so that Excel reads the Vietnamese, formulas neutralised.

    Where the study asks for the decimal comma, `;` separates the columns: so does Excel wherever it reads a comma as
    the decimal sign. Codes keep their leading zeros in the file. Excel drops them when a CSV is opened by a double
    click; the workbook beside it holds true text.
    """
    listed, comma = uncovered_villages(result, say), result.study.papers.decimal == "comma"
    rows = zip(
        *([_paper_cell(value, column, comma=comma) for value in listed[column.name]] for column in UNCOVERED.columns),
        strict=True,
    )
    return csv_bytes(list(UNCOVERED.headings(say.language).values()), rows, bom=True, separator=";" if comma else ",")


def headline_level_dbm(villages: pd.DataFrame, result: Result) -> NDArray[np.float64]:
    """
    Return the level at each village's centre of the technology in service that clears its own threshold best, dBm.

    Levels of two technologies cannot be compared as they stand (RxLev, RSCP and RSRP measure different things), so the
    one with the largest margin over "weak" is shown; NaN where nothing was modelled.
    """
    study = result.study
    levels = [_levels(villages, ANY, technology) for technology in study.in_service()]
    if not levels or villages.empty:
        return np.full(len(villages), np.nan)
    thresholds = np.array([study.thresholds_dbm(technology)[1] for technology in study.in_service()])
    stacked = np.stack(levels)
    margins = np.where(np.isnan(stacked), -np.inf, stacked - thresholds[:, None])
    best = stacked[margins.argmax(axis=0), np.arange(len(villages))]
    return np.asarray(best, dtype=np.float64)


def _paper_cell(value: object, column: Column, *, comma: bool) -> str:
    text = cell_text(value, column)
    if column.kind == "text":
        return neutralised(text)
    return text.replace(".", ",") if comma else text


def _levels(villages: pd.DataFrame, operator: str, technology: str) -> NDArray[np.float64]:
    name = level_column(operator, technology)
    if name not in villages:
        return np.full(len(villages), np.nan)
    return pd.to_numeric(villages[name]).to_numpy(dtype=np.float64, na_value=np.nan)


def _classes(villages: pd.DataFrame, result: Result, technology: str) -> NDArray[np.str_]:
    """Return good, weak, none or unknown for the best operator."""
    level = _levels(villages, ANY, technology)
    out_of_reach = np.isneginf(result.signal.at(ANY, technology, villages.geometry.x, villages.geometry.y))
    unknown = np.isnan(level) & ~out_of_reach
    return np.where(unknown, "unknown", _CLASS_WORDS[signal_class(level, technology, result.study)])


def _operators(villages: pd.DataFrame, result: Result, say: Wording) -> list[str]:
    names: list[list[str]] = [[] for _ in range(len(villages))]
    for operator in result.signal.operators:
        heard = np.zeros(len(villages), dtype=bool)
        for technology in result.study.in_service():
            level = _levels(villages, operator, technology)
            heard |= signal_class(level, technology, result.study) >= SignalClass.WEAK
        for row in np.flatnonzero(heard):
            names[row].append(say.operator(operator))
    nobody = [say.word("nobody" if status == "dead" else "signal.unknown") for status in villages["status"]]
    return [", ".join(found) or none for found, none in zip(names, nobody, strict=True)]


def _notes(villages: pd.DataFrame, say: Wording) -> list[str]:
    flags = {
        "note.to_verify": _flag(villages, "to_verify"),
        "note.no_power": ~_flag(villages, "has_power", missing=True),
        "note.programme": _flag(villages, "programme"),
    }
    clusters = villages.get("cluster_households", pd.Series(pd.NA, index=villages.index))
    return [
        "; ".join(
            filter(None, [say.reason(reason, cluster), *(say.word(key) for key, rows in flags.items() if rows[place])])
        )
        for place, (reason, cluster) in enumerate(zip(villages["reason"], clusters, strict=True))
    ]


def _flag(villages: pd.DataFrame, name: str, *, missing: bool = False) -> NDArray[np.bool_]:
    if name not in villages:
        return np.full(len(villages), missing)
    return villages[name].astype("boolean").fillna(missing).to_numpy(dtype=bool)


def _proposals(villages: pd.DataFrame, result: Result, say: Wording) -> list[str]:
    """Return what planning proposes for each village: the best ranked site, then the best fiber extension."""
    sites, routes = _by_village(result.ranked_sites), _by_village(result.fiber_plan)
    proposed = []
    for village_id, commune in zip(villages["village_id"], villages["commune_name"], strict=True):
        phrases = []
        if (site := sites.get(village_id)) is not None:
            elsewhere = site["kind"] != "upgrade" and isinstance(site.get("commune_name"), str) and site["commune_name"]
            where = f", {elsewhere}" if elsewhere and elsewhere != commune else ""
            phrases.append(
                say.word(
                    f"proposal.{site['kind']}",
                    technology=say.technology(site["technology"]),
                    site=f"{site['site_id']}{where}",
                    rank=site["rank"],
                )
            )
        if (route := routes.get(village_id)) is not None:
            phrases.append(say.word("proposal.fiber", rank=route["rank"], km=say.number(route["length_km"], 1)))
        text = "; ".join(phrases)
        proposed.append(text[:1].upper() + text[1:])
    return proposed


def _by_village(plan: pd.DataFrame) -> dict[str, dict[Hashable, Any]]:
    """Return village_id -> the first row of a plan, by rank, that lists it in `village_ids`."""
    found: dict[str, dict[Hashable, Any]] = {}
    for row in plan.sort_values("rank").to_dict("records"):
        joined = row.get("village_ids")
        for village_id in joined.split(";") if isinstance(joined, str) else []:
            found.setdefault(village_id.strip(), row)
    return found
