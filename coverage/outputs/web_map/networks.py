"""What every village has under every network, packed for the page."""

from typing import Any

import pandas as pd

from coverage.columns.words import ANY, STATUSES, TECHNOLOGIES
from coverage.outputs.web_map.values import rounded
from coverage.result import Result

_FIRST_LETTER = 48
"""Reasons are numbered from `0` on."""


def village_networks(result: Result, operators: list[str]) -> dict[str, Any]:
    """
    Pack the statuses of villages under each operator and technology.

    Parameters
    ----------
    result
        A finished run, already cut down to its edition; `village_statuses` may be empty.
    operators
        Those that the map shows; what the table says of others is left out.

    Returns
    -------
    dict
        `reasons`: list of codes. `of`: one entry per network: `operator`, `technology` (empty for all in service),
        `status` and `reason`, a letter per village in the order of the villages (numbers in STATUSES and in `reasons`,
        as letters from `0` on), and `covered`, households with signal.
    """
    table = result.village_statuses
    rows_of = dict(iter(table.groupby(["operator", "technology"], sort=False)))
    reasons = sorted({str(code) for code in table["reason"].dropna().unique()})
    number = {code: at for at, code in enumerate(reasons)}
    in_service = "+".join(result.study.in_service())
    networks = []
    for operator in (ANY, *operators):
        for name, technology in [(in_service, ""), *((name, name) for name in TECHNOLOGIES if name != in_service)]:
            if (operator, name) not in rows_of:
                continue
            rows = rows_of[operator, name].set_index("village_id").reindex(result.villages["village_id"])
            status = rows["status"].fillna("not_assessed").map(STATUSES.index)
            networks.append(
                {
                    "operator": operator,
                    "technology": technology,
                    "status": _letters(status),
                    "reason": _letters(rows["reason"].map(number).fillna(-1)),
                    "covered": rounded(rows["households_covered"], 0),
                }
            )
    return {"reasons": reasons, "of": networks}


def _letters(numbers: pd.Series) -> str:
    return "".join(chr(_FIRST_LETTER + int(number)) for number in numbers)
