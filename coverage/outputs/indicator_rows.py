"""The province's indicators as people read them: one row in words, or operators against technologies."""

from dataclasses import dataclass

import pandas as pd

from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.outputs.wording import Wording
from coverage.result import Result

_OF_ALL = {"positions", "stations", "fiber_routes", "fiber_km"}
"""Counts in which `any` operator means all of them together."""
_OF_ANY = {
    "villages_with_signal", "villages_covered", "villages_dead", "villages_weak", "villages_with_technology",
    "households_with_signal", "villages_dead_with_power", "commune_centres_with_good_4g", "commune_centres_with_signal",
    "former_centres_with_good_4g", "former_centres_with_signal",
}  # fmt: skip
"""Shares in which `any` operator means at least one; elsewhere it says nothing."""


def provincial(result: Result) -> pd.DataFrame:
    """Return the rows of the whole area, without those of single communes."""
    rows = result.indicators
    return rows[rows["area_kind"] == "province"].reset_index(drop=True)


def in_words(result: Result, say: Wording, *, single_operators: bool = True) -> pd.DataFrame:
    """
    Return `indicator, technology, operator` in words, `numerator, denominator, percent` as numbers.

    Parameters
    ----------
    result
        A finished run.
    say
        The language of the words.
    single_operators
        Keep the rows of each operator beside those of any and all.
    """
    rows = provincial(result)
    if not single_operators:
        rows = rows[rows["operator"].isna() | (rows["operator"] == ANY)]
    return pd.DataFrame(
        {
            "indicator": [say.word(f"indicator.{code}") for code in rows["indicator"]],
            "technology": [_technologies(value, say) for value in rows["technology"]],
            "operator": [
                _operator(code, operator, say)
                for code, operator in zip(rows["indicator"], rows["operator"], strict=True)
            ],
            "numerator": rows["numerator"],
            "denominator": rows["denominator"],
            "percent": rows["percent"],
        }
    )


@dataclass(frozen=True)
class Matrix:
    """One indicator, operators against technologies; None where there is no such row."""

    technologies: list[str]
    rows: list[tuple[str, list[float | None]]]


def matrix(result: Result, say: Wording, indicator: str, value: str) -> Matrix:
    """
    Lay one indicator out by operator and technology.

    Parameters
    ----------
    result
        A finished run.
    say
        The language of the names.
    indicator
        Its code, such as `stations`.
    value
        `numerator` or `percent`.
    """
    rows = provincial(result)
    rows = rows[rows["indicator"] == indicator]
    technologies = [name for name in TECHNOLOGIES if (rows["technology"] == name).any()]
    found = {(row.operator, row.technology): getattr(row, value) for row in rows.itertuples()}
    return Matrix(
        [say.technology(name) for name in technologies],
        [
            (_operator(indicator, operator, say), [found.get((operator, technology)) for technology in technologies])
            for operator in (*result.signal.operators, ANY)
        ],
    )


def value_of(result: Result, indicator: str, column: str, technology: str | None = None) -> float | None:
    """Return one number of the whole area and any operator; None where the run has no such indicator."""
    rows = provincial(result)
    rows = rows[(rows["indicator"] == indicator) & (rows["operator"].isna() | (rows["operator"] == ANY))]
    if technology is not None:
        rows = rows[rows["technology"] == technology]
    number = rows[column].iloc[0] if len(rows) else None
    return None if number is None or pd.isna(number) else float(number)


def _technologies(value: object, say: Wording) -> str:
    if not isinstance(value, str):
        return ""
    if value == "/".join(TECHNOLOGIES):
        return "2G trở lên" if say.vi else "2G or better"
    either = " hoặc " if say.vi else " or "
    return say.technology(value).replace("+", ", ").replace("/", either)


def _operator(indicator: str, operator: object, say: Wording) -> str:
    if not isinstance(operator, str):
        return ""
    if operator != ANY:
        return say.operator(operator)
    if indicator in _OF_ALL:
        return say.word("operator.all")
    return say.operator(ANY) if indicator in _OF_ANY else ""
