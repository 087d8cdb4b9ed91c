"""What the report counts, said in words: figures of the summary, whose report it is, what a switch-off takes away."""

import datetime
from collections.abc import Hashable

import pandas as pd

from coverage.columns.words import TECHNOLOGIES
from coverage.outputs.indicator_rows import value_of
from coverage.outputs.paper_text import one_line
from coverage.outputs.wording import NOT_MODELLED, Wording
from coverage.result import Result


def figures(result: Result, say: Wording) -> dict[str, str]:
    """Return the figures of the summary as they are read, by their names in its phrases."""
    villages, sites, routes = result.villages, result.ranked_sites, result.fiber_plan
    dead, weak = (villages[villages["status"] == status] for status in ("dead", "weak"))
    power = dead["has_power"].astype("boolean")
    not_assessed = int((villages["status"] == "not_assessed").sum())
    counts = {
        "villages": len(villages),
        "assessed": len(villages) - not_assessed,
        "not_assessed": not_assessed,
        "covered": (villages["status"] == "covered").sum(),
        "dead": len(dead),
        "dead_households": dead["households"].sum(),
        "dead_people": dead["people"].sum(),
        "dead_communes": dead["commune_code"].nunique(),
        "dead_with_power": power.sum(),
        "dead_without_power": (~power).sum(),
        "dead_power_unknown": power.isna().sum(),
        "dead_switched_off": (dead["reason"] == "signal_switched_off").sum(),
        "dead_to_verify": dead["to_verify"].astype("boolean").sum(),
        "weak": len(weak),
        "weak_households": weak["households"].sum(),
        "positions": value_of(result, "positions", "numerator"),
        "stations": value_of(result, "stations", "numerator"),
        "sites": len(sites),
        "site_households": sites["new_households"].sum(),
        "site_cost_low": sites["cost_low_usd"].sum(),
        "site_cost": sites["cost_central_usd"].sum(),
        "site_cost_high": sites["cost_high_usd"].sum(),
        "routes": len(routes),
        "route_households": routes["households"].sum(),
    }
    shares = {
        "signal_percent": value_of(result, "villages_with_signal", "percent"),
        "covered_percent": value_of(result, "villages_covered", "percent"),
        "weak_percent": value_of(result, "villages_weak", "percent"),
        "households_percent": value_of(result, "households_with_signal", "percent"),
        "fiber_percent": value_of(result, "villages_with_fiber", "percent"),
        "route_km": routes["length_km"].sum(),
    }
    return {name: number_text(value, say) for name, value in counts.items()} | {
        name: number_text(value, say, 1) for name, value in shares.items()
    }


def number_text(value: object, say: Wording, decimals: int = 0) -> str:
    """Return a number as it is read; an absent one is a dash."""
    return NOT_MODELLED if pd.isna(value) else say.number(float(value), decimals)  # type: ignore[call-overload,arg-type]


def authority(result: Result, say: Wording) -> str:
    """Return the province as the head of a letter names it."""
    province = one_line(result.study.study.province)
    named = province.casefold().startswith(("tỉnh ", "thành phố "))
    return province if named or not province or not say.vi else f"Tỉnh {province}"


def area(result: Result, say: Wording) -> str:
    """Return the province as a sentence names it; the study's name where it has none."""
    named = authority(result, say) or one_line(result.study.study.name)
    return named.replace("Tỉnh ", "tỉnh ", 1) if say.vi else named


def ending(result: Result, say: Wording) -> str:
    """Return the technologies that end one day, such as `2G/3G`."""
    known = result.study.technologies
    return "/".join(say.technology(name) for name in TECHNOLOGIES if known[name].switch_off is not None) or NOT_MODELLED


def switch_off_text(lost: pd.DataFrame, last_day: Hashable, technology: Hashable, say: Wording) -> str:
    """Return in one line what ends when, and how many villages and households lose their last signal by it."""
    rows = lost[(lost["last_day"] == last_day) & (lost["technology"] == technology)]
    return say.word(
        "report.lost_on",
        technology=say.technology(str(technology)).replace("+", ", "),
        day=say.date(datetime.date.fromisoformat(str(last_day))),
        count=number_text(len(rows), say),
        households=number_text(rows["households"].sum(), say),
    )
