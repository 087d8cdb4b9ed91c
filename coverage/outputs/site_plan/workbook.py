"""ranked_sites.xlsx: the ranking, the budgets, the positions that villages hang on, and what the words mean."""

import io
from collections.abc import Mapping, Sequence

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from coverage.columns.plans import BUDGET_CURVE, CHEAPEST_COVER, LOSSES, RANKED_SITES, RESILIENCE
from coverage.columns.schema import Column, Table
from coverage.outputs.settings_list import rooms
from coverage.outputs.site_plan.words import SITE_PLAN_WORDS
from coverage.outputs.tables import select
from coverage.outputs.wording import Wording
from coverage.outputs.workbooks.sheet_tables import HEADER_ROW, write_pairs, write_table, write_totals
from coverage.outputs.workbooks.workbook import Workbook, write_titles
from coverage.result import SitePlan

_SITES = {
    "rank": 6, "site_id": 11, "kind": 10, "commune_name": 15, "lon": 9, "lat": 8, "height_m": 8, "technology": 8,
    "new_households": 8, "new_households_dead": 8, "new_households_weak": 8, "villages_resolved": 30,
    "villages_improved": 24, "cost_central_usd": 11, "households_per_1000_usd": 9, "cumulative_percent": 9,
}  # fmt: skip
_DETAILS = {
    "rank": 6, "site_id": 11, "operators": 14, "villages": 34, "cost_low_usd": 10, "cost_high_usd": 10,
    "cumulative_households": 9, "terrain_m": 9, "slope_deg": 8, "road_km": 10, "access": 12, "power_km": 10,
    "power": 13, "backhaul": 11, "backhaul_km": 10, "via": 11, "reason": 60,
}  # fmt: skip
_BUDGETS = dict.fromkeys(BUDGET_CURVE.names, 15.0)
_COVERS = dict.fromkeys(CHEAPEST_COVER.names, 18.0)
_RESILIENCE = {
    "rank": 7, "site_id": 13, "commune_name": 18, "lon": 10, "lat": 10, "operators": 22, "villages_dead": 13,
    "households_lost": 13, "villages": 60,
}  # fmt: skip
_LOSSES = {
    "name": 26, "commune_name": 20, "lon": 10, "lat": 10, "status": 13, "status_without": 13, "households": 10,
    "households_covered": 12, "households_covered_without": 14, "households_lost": 12,
}  # fmt: skip
_CODED = {"kind": "kind", "power": "power", "backhaul": "backhaul", "access": "access"}
"""Columns of codes -> what their words start with."""


def site_plan_workbook(plan: SitePlan, say: Wording) -> bytes:
    """
    Return the workbook of a ranking; the same plan gives the same bytes.

    Parameters
    ----------
    plan
        As `rank` makes it.
    say
        The language.
    """
    content = io.BytesIO()
    about = plan.study.study
    title = f"{_word('title', say)} – {about.province or about.name}"
    with Workbook(content, title=title, day=plan.as_of, vi=say.vi) as book:
        sheets = _Sheets(book, plan, say)
        sheets.table("sites", "#1F4E79", plan.sites, RANKED_SITES, _SITES, sums=True)
        sheets.table("details", "#1F4E79", plan.sites, RANKED_SITES, _DETAILS)
        sheets.table("budgets", "#70AD47", plan.budgets, BUDGET_CURVE, _BUDGETS)
        sheets.table("covers", "#70AD47", plan.covers, CHEAPEST_COVER, _COVERS)
        if plan.losses is not None:
            sheets.table("losses", "#C00000", plan.losses, LOSSES, _LOSSES, sums=True)
        sheets.table("resilience", "#FFC000", plan.resilience, RESILIENCE, _RESILIENCE)
        sheets.meanings()
    return content.getvalue()


class _Sheets:
    def __init__(self, book: Workbook, plan: SitePlan, say: Wording) -> None:
        self.book, self.plan, self.say = book, plan, say

    def table(
        self,
        name: str,
        colour: str,
        frame: pd.DataFrame,
        table: Table,
        widths: Mapping[str, float],
        *,
        sums: bool = False,
    ) -> None:
        """Add a table on a sheet of its own."""
        say = self.say
        sheet = self.book.sheet(_word(f"{name}.sheet", say), colour)
        self._titles(sheet, name, len(frame))
        columns = [table[column] for column in widths if column in table.names]
        rows = self._in_words(select(frame, columns))
        kept = [widths[column.name] for column in columns]
        write_table(self.book, sheet, rows, columns, kept, vi=say.vi)
        if sums and len(frame):
            write_totals(self.book, sheet, rows, _summed(columns), vi=say.vi)
        sheet.freeze_panes(HEADER_ROW + 1, 2)

    def meanings(self) -> None:
        """Add what the words mean, and on what the costs rest."""
        say = self.say
        sheet = self.book.sheet(_word("meanings.sheet", say), "#7F7F7F")
        self._titles(sheet, "meanings", 0)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 6, 16)
        row = HEADER_ROW
        for block in ("kinds", "columns", "method"):
            names = [key.removeprefix(f"{block}.") for key in SITE_PLAN_WORDS if key.startswith(f"{block}.")]
            pairs = [self._pair(f"{block}.{name}") for name in names]
            row = write_pairs(self.book, sheet, row, _word(block, say), pairs, last=6, letters=100)
        row = write_pairs(self.book, sheet, row, _word("prices", say), self._prices(), last=6, letters=100)
        sheet.freeze_panes(HEADER_ROW, 0)

    def _pair(self, key: str) -> tuple[str, str]:
        heading, _, meaning = _word(key, self.say).partition(": ")
        return heading, meaning.format(
            dead=self.say.number(self.plan.study.planning.weight_dead),
            weak=self.say.number(self.plan.study.planning.weight_weak),
            programme=self.say.number(self.plan.study.planning.weight_programme),
            technology=self.say.technology(self.plan.study.planning.technology),
        )

    def _prices(self) -> list[tuple[str, str]]:
        """Return what every price is, with where it comes from: the settings say so themselves."""
        say, costs = self.say, self.plan.study.costs
        pairs = []
        for setting in rooms()["costs"]:
            value = getattr(costs, setting.name)
            amounts = (value.low, value.central, value.high) if hasattr(value, "central") else (value,)
            meaning = f"{setting.meaning(say.language).rstrip('.')} ({setting.source(say.language)})"
            pairs.append((setting.key, f"{' / '.join(map(say.number, amounts))} – {meaning}"))
        return pairs

    def _in_words(self, rows: pd.DataFrame) -> pd.DataFrame:
        say = self.say
        words = {
            name: [_word(f"{prefix}.{code}", say) if isinstance(code, str) else "" for code in rows[name]]
            for name, prefix in _CODED.items()
            if name in rows
        }
        for name in ("status", "status_without"):
            if name in rows:
                words[name] = [say.status(str(code)) for code in rows[name]]
        if "technology" in rows:
            words["technology"] = [say.technology(str(code)) for code in rows["technology"]]
        if "operators" in rows:
            words["operators"] = [_operators(names, say) for names in rows["operators"]]
        return rows.assign(**words)

    def _titles(self, sheet: Worksheet, name: str, count: int) -> None:
        say, plan = self.say, self.plan
        about = plan.study.study
        line = f"{about.province or about.name} – {say.date(plan.as_of)} – {plan.study.definition_id}"
        values = {
            "n": say.number(count, 0),
            "dead": say.number(plan.households_dead, 0),
            "weak": say.number(plan.households_weak, 0),
            "removed": ", ".join(plan.removed),
        }
        write_titles(
            self.book, sheet, [_word(f"{name}.title", say), line, _word(f"{name}.counts", say).format(**values)]
        )


def _summed(columns: Sequence[Column]) -> list[Column]:
    """Return the columns as a row of sums takes them: a rank or a running total is no amount."""
    running = ("rank", "cumulative_households")
    return [Column(c.name, "text", "", c.en, c.vi) if c.name in running else c for c in columns]


def _operators(names: object, say: Wording) -> str:
    return "; ".join(map(say.operator, str(names).split("; "))) if isinstance(names, str) else ""


def _word(key: str, say: Wording) -> str:
    return SITE_PLAN_WORDS[key][0 if say.vi else 1] if key in SITE_PLAN_WORDS else key.partition(".")[2]
