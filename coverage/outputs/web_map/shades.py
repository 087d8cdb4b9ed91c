"""What the communes of the web map can be shaded by: published shares and one count, each with its classes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.columns.words import ANY
from coverage.outputs.web_map.values import numbers, rounded
from coverage.result import Result

_FEW = (0, 2, 5, 10, 20)
_SOME = (0, 5, 10, 20, 40)
_MOST = (0, 50, 70, 85, 95)
_EVEN = (0, 20, 40, 60, 80)
_SHARES = (
    ("villages_dead", "", "bad", _FEW),
    ("villages_weak", "", "bad", _SOME),
    ("villages_covered", "", "good", _MOST),
    ("villages_with_technology", "4g", "good", _MOST),
    ("villages_with_technology", "5g", "good", _EVEN),
    ("households_with_signal", "", "good", _MOST),
    ("villages_with_fiber", "", "good", _EVEN),
    ("households_with_fiber", "", "good", _EVEN),
    ("villages_with_power", "", "good", _MOST),
)
"""Indicator, technology where it has several, whether much of it is bad or good, and where its classes begin, %."""
HOUSEHOLDS_DEAD = "households_dead"
"""The count: households of dead villages."""


def shades(result: Result, operators: Sequence[str] = ()) -> list[dict[str, Any]]:
    """
    Return what communes can be shaded by.

    Parameters
    ----------
    result
        Its `indicators` of communes, for any operator; those that it lacks are left out.
    operators
        Those whose own figures are wanted beside, where such are published.

    Returns
    -------
    list of dict
        `id`, `technology`, `kind` (`bad`, `good`: more of it is), `from`: where each class begins, in % or households;
        `part` and `whole` in the order of `result.communes`, None where not known; `whole` is None for a count.
        `byOperator`: operator -> its own `part`.
    """
    codes = pd.Index(result.communes["commune_code"].astype(str))
    found: list[dict[str, Any]] = []
    for indicator, technology, kind, begins in _SHARES:
        rows = {
            name: _of_communes(result.indicators, indicator, technology, name).reindex(codes)
            for name in (ANY, *operators)
        }
        whole = rows[ANY]["denominator"]
        if whole.gt(0).any():
            parts = {name: rounded(own["numerator"], 0) for name, own in rows.items() if own["numerator"].notna().any()}
            found.append({
                "id": indicator, "technology": technology, "kind": kind, "from": list(begins),
                "part": parts.pop(ANY), "whole": rounded(whole, 0), "byOperator": parts,
            })  # fmt: skip
    dead = result.villages[result.villages["status"] == "dead"]
    if len(dead) and len(codes):
        households = dead["households"].groupby(dead["commune_code"].astype(str)).sum().reindex(codes, fill_value=0)
        found.insert(1 if found else 0, {
            "id": HOUSEHOLDS_DEAD, "technology": "", "kind": "bad", "from": nice_classes(numbers(households)),
            "part": rounded(households, 0), "whole": None, "byOperator": {},
        })  # fmt: skip
    return found


def nice_classes(counts: NDArray[np.float64]) -> list[int]:
    """Return where up to five classes of counts begin: none, then round numbers near the quarters of what is there."""
    some = counts[counts > 0]
    if some.size == 0:
        return [0]
    quarters = np.quantile(some, [0.25, 0.5, 0.75])
    step = 10.0 ** np.floor(np.log10(np.maximum(quarters, 1)))
    return sorted({0, 1, *(int(value) for value in np.round(quarters / step) * step)})


def _of_communes(indicators: pd.DataFrame, indicator: str, technology: str, operator: str) -> pd.DataFrame:
    if indicators.empty:
        return pd.DataFrame(columns=["numerator", "denominator"], dtype=float)
    chosen = (
        (indicators["area_kind"] == "commune")
        & (indicators["indicator"] == indicator)
        & (indicators["operator"] == operator)
        & ((indicators["technology"] == technology) | (technology == ""))
    )
    rows = indicators[chosen]
    return rows.set_index(rows["area"].astype(str))[["numerator", "denominator"]].astype(float)
