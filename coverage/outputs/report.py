"""report.html: the administrative report, self-contained, ready to print on A4."""

import base64
from collections.abc import Callable
from typing import Any

import jinja2
import pandas as pd

from coverage.outputs import definitions
from coverage.outputs.indicator_rows import in_words, matrix, value_of
from coverage.outputs.overview_picture import SIGNAL_COLOURS, SITE_COLOUR, STATUS_COLOURS, overview_png
from coverage.outputs.uncovered import uncovered_villages
from coverage.outputs.wording import Wording
from coverage.result import Result

SITES_SHOWN = 20
ROUTES_SHOWN = 20


def render_report(result: Result, say: Wording) -> str:
    """
    Return the report as one HTML page.

    Parameters
    ----------
    result
        A finished run.
    say
        The language.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coverage.outputs"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters(say))
    return environment.get_template("report.html.j2").render(_content(result, say))


def _filters(say: Wording) -> dict[str, Callable[..., str]]:
    """Return how the template writes numbers; an absent one is a dash."""

    def number(value: float | None, decimals: int = 0) -> str:
        return "–" if value is None or pd.isna(value) else say.number(float(value), decimals)

    return {"number": number}


def _content(result: Result, say: Wording) -> dict[str, Any]:
    picture, scale_km = overview_png(result)
    dead = uncovered_villages(result, say, ("dead",))
    summed = in_words(result, say, single_operators=False)
    laid_out = summed["indicator"].isin([say.word("indicator.stations"), say.word("indicator.positions")])
    return {
        "say": say,
        "vi": say.vi,
        "title": result.study.study.name,
        "province": result.study.study.province or result.study.study.name,
        "authority": _authority(result, say),
        "source": result.study.study.source,
        "as_of": say.date(result.as_of),
        "definition_id": result.study.definition_id,
        "in_service": ", ".join(say.technology(name) for name in result.study.in_service()),
        "key": _key_figures(result),
        "indicators": summed[~laid_out].to_dict("records"),
        "reception": matrix(result, say, "villages_with_technology", "percent"),
        "stations": matrix(result, say, "stations", "numerator"),
        "picture": base64.b64encode(picture).decode("ascii"),
        "scale_km": scale_km,
        "status_colours": STATUS_COLOURS,
        "signal_colours": SIGNAL_COLOURS,
        "site_colour": SITE_COLOUR,
        "communes": result.communes.drop(columns=result.communes.geometry.name).to_dict("records"),
        "totals": result.communes.select_dtypes("number").sum().to_dict(),
        "dead_by_commune": [
            (name if isinstance(name, str) else "–", code, rows.to_dict("records"))
            for (code, name), rows in dead.groupby(["commune_code", "commune_name"], sort=False, dropna=False)
        ],
        "sites": result.ranked_sites.sort_values("rank").head(SITES_SHOWN).to_dict("records"),
        "all_sites": _sums(result.ranked_sites, "new_households"),
        "routes": result.fiber_plan.sort_values("rank").head(ROUTES_SHOWN).to_dict("records"),
        "all_routes": _sums(result.fiber_plan, "households") | {"length_km": result.fiber_plan["length_km"].sum()},
        "method": definitions.method(result, say),
        "statuses": definitions.statuses(result, say),
        "fiber_statuses": definitions.fiber_statuses(result, say),
        "thresholds": definitions.thresholds(result, say),
        "files": [(say.word(f"layer.{file.layer}"), file.path, file.sha256) for file in result.layers.files],
        "problems": [str(problem) for problem in result.layers.problems],
    }


def _authority(result: Result, say: Wording) -> str:
    """Return the province as the head of a letter names it."""
    province = result.study.study.province
    named = province.casefold().startswith(("tỉnh ", "thành phố "))
    return province if named or not province or not say.vi else f"Tỉnh {province}"


def _key_figures(result: Result) -> dict[str, float | None]:
    villages = result.villages
    dead, weak = (villages[villages["status"] == status] for status in ("dead", "weak"))
    power = dead["has_power"].astype("boolean")
    return {
        "villages": len(villages),
        "assessed": int((villages["status"] != "not_assessed").sum()),
        "not_assessed": int((villages["status"] == "not_assessed").sum()),
        "covered": int((villages["status"] == "covered").sum()),
        "dead": len(dead),
        "dead_households": int(dead["households"].sum()),
        "dead_people": int(dead["people"].sum()),
        "dead_communes": int(dead["commune_code"].nunique()),
        "dead_with_power": int(power.sum()),
        "dead_without_power": int((~power).sum()),
        "dead_power_unknown": int(power.isna().sum()),
        "dead_switched_off": int((dead["reason"] == "signal_switched_off").sum()),
        "dead_to_verify": int(dead["to_verify"].astype("boolean").sum()),
        "weak": len(weak),
        "weak_households": int(weak["households"].sum()),
        "signal_percent": value_of(result, "villages_with_signal", "percent"),
        "covered_percent": value_of(result, "villages_covered", "percent"),
        "weak_percent": value_of(result, "villages_weak", "percent"),
        "households_percent": value_of(result, "households_with_signal", "percent"),
        "fiber_percent": value_of(result, "villages_with_fiber", "percent"),
        "positions": value_of(result, "positions", "numerator"),
        "stations": value_of(result, "stations", "numerator"),
    }


def _sums(plan: pd.DataFrame, households: str) -> dict[str, float]:
    return {
        "count": len(plan),
        "households": float(plan[households].sum()),
        **{level: float(plan[f"cost_{level}_usd"].sum()) for level in ("low", "central", "high")},
    }
