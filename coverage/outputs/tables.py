"""
The tables for machines: UTF-8 CSV with the English names of `coverage.columns`, the same bytes for the same result.

Text is written as it is, line breaks as LF, so that it is read back as it was; the papers that people open in a
spreadsheet (uncovered.py) neutralise formulas, these do not.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import pandas as pd

from coverage.columns.results import PEOPLE_ESTIMATED, VILLAGES, level_column
from coverage.columns.schema import Column, Table
from coverage.columns.words import ANY, TECHNOLOGIES
from coverage.result import Signal

_DECIMALS = {"dBm": 1, "degree": 6, "km": 3, "%": 2, "USD": 0, "°": 1}
"""Decimals by unit; any other number keeps up to three, without trailing zeros."""


def village_columns(signal: Signal, villages: pd.DataFrame | None = None) -> list[Column]:
    """Return the columns of villages.csv: `VILLAGES`, levels after `nearest_site_km`, and people where estimated."""
    levels = [
        Column(level_column(operator, technology), "number", "dBm", heading, heading)
        for operator in (*signal.operators, ANY)
        for technology in TECHNOLOGIES
        for heading in [f"{operator} {technology.upper()} (dBm)"]
    ]
    after = VILLAGES.names.index("nearest_site_km") + 1
    columns = [*VILLAGES.columns[:after], *levels, *VILLAGES.columns[after:]]
    if villages is not None and PEOPLE_ESTIMATED.name in villages:
        columns.insert(columns.index(VILLAGES["households_from"]) + 1, PEOPLE_ESTIMATED)
    return columns


def select(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """
    Take the columns of a schema, in its order.

    Parameters
    ----------
    frame
        A table of a result; what the schema does not name is left out.
    columns
        An optional column that the frame lacks comes out empty.

    Returns
    -------
    DataFrame
        Plain, without geometry.

    Raises
    ------
    KeyError
        The frame lacks a required column.
    """
    missing = pd.Series(pd.NA, index=frame.index, dtype=object)
    return pd.DataFrame(
        {column.name: frame[column.name] if column.required or column.name in frame else missing for column in columns},
        index=frame.index,
    )


def table_csv(frame: pd.DataFrame, table: Table | Sequence[Column]) -> bytes:
    """Return a table as UTF-8 CSV: English names, LF, codes as text, empty where there is no value."""
    columns = table.columns if isinstance(table, Table) else tuple(table)
    chosen = select(frame, columns)
    return csv_bytes(
        [column.name for column in columns],
        zip(*([cell_text(value, column) for value in chosen[column.name]] for column in columns), strict=True),
    )


def csv_bytes(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, bom: bool = False, separator: str = ","
) -> bytes:
    """Return rows of text as CSV bytes in UTF-8, with a byte-order mark where asked."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", delimiter=separator)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def cell_text(value: object, column: Column) -> str:
    """Return one value as text: true / false, whole numbers, decimals by unit; nothing for NA."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if column.kind == "flag":
        return "true" if value else "false"
    if column.kind == "integer":
        return str(round(float(value)))  # type: ignore[arg-type]
    if column.kind == "number":
        return _number_text(float(value), _DECIMALS.get(column.unit))  # type: ignore[arg-type]
    return re.sub(r"\r\n?", "\n", str(value))  # the csv module leaves a lone CR unquoted, which breaks the row


def _number_text(value: float, decimals: int | None) -> str:
    text = f"{value:.{3 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.lstrip("-") if float(text) == 0 else text
