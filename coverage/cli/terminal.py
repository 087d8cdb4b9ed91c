"""What a terminal shows: progress as bars, results as tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from coverage.errors import Problem

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from coverage.planning.fiber import FiberPlan
    from coverage.result import Comparison, Result, SitePlan
    from coverage.signal.store import Contents
    from coverage.study import Study

_STEPS = {
    "vi": {
        "layers": "Đọc dữ liệu",
        "signal": "Tính suy hao quanh trạm",
        "tiles": "Ghép bản đồ sóng",
        "places": "Đánh giá thôn/bản",
        "candidates": "Tìm vị trí mới",
        "reach": "Tính vùng phủ vị trí mới",
        "ranking": "Xếp hạng vị trí",
        "budgets": "Tìm phương án tối ưu",
        "covers": "Tìm chi phí tối thiểu",
        "resilience": "Tìm trạm có thôn/bản phụ thuộc",
        "fiber": "Lập tuyến cáp quang",
        "map": "Vẽ bản đồ",
        "fetch_area": "Tìm ranh giới khu vực",
        "fetch_boundaries": "Tải ranh giới hành chính",
        "fetch_terrain": "Tải địa hình",
        "fetch_villages": "Tải thôn/bản",
        "fetch_roads": "Tải đường bộ",
        "fetch_power_lines": "Tải đường dây điện",
        "fetch_masts": "Tải cột viễn thông",
        "fetch_buildings": "Tải nhà cửa",
        "fetch_population": "Tải dân số",
        "fetch_land_cover": "Tải lớp phủ mặt đất",
        "calibration": "Hiệu chỉnh theo số đo",
    },
    "en": {
        "layers": "Reading layers",
        "signal": "Loss around masts",
        "tiles": "Laying signal together",
        "places": "Assessing villages",
        "candidates": "Finding candidates",
        "reach": "Reach of candidates",
        "ranking": "Ranking sites",
        "budgets": "Best choice of each budget",
        "covers": "Least cost of each share",
        "resilience": "Who hangs on which mast",
        "fiber": "Planning fiber",
        "map": "Drawing the map",
        "fetch_area": "Finding the area",
        "fetch_boundaries": "Fetching boundaries",
        "fetch_terrain": "Fetching terrain",
        "fetch_villages": "Fetching villages",
        "fetch_roads": "Fetching roads",
        "fetch_power_lines": "Fetching power lines",
        "fetch_masts": "Fetching masts",
        "fetch_buildings": "Fetching buildings",
        "fetch_population": "Fetching people",
        "fetch_land_cover": "Fetching land cover",
        "calibration": "Fitting to measurements",
    },
}


_FIRST = 10
"""Rows of a ranking that are printed; the file has them all."""


class Bars:
    """Progress as bars on a terminal."""

    def __init__(self, bars: "RichProgress", titles: dict[str, str]) -> None:
        self._bars = bars
        self._titles = titles

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        task = self._bars.add_task(self._titles.get(title, title), total=total)
        yield lambda parts: self._bars.advance(task, parts)
        self._bars.update(task, total=total or 1, completed=total or 1)

    def tell(self, what: str) -> None:
        {"waiting": say_that_it_waits}[what]()


@contextmanager
def bars_on(language: str) -> Iterator[Bars]:
    """Show bars with the time left on stderr, and nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        yield Bars(bars, _STEPS[language])


def print_warnings(problems: tuple[Problem, ...]) -> None:
    for problem in problems[:5]:
        click.echo(f"warning: {problem}", err=True)
    if len(problems) > 5:
        click.echo(f"warning: and {len(problems) - 5} more; see run.json, and coverage check", err=True)


def print_summary(result: "Result") -> None:
    """Print the province's indicators over all operators as a table."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns.results import INDICATORS
    from coverage.outputs.indicator_rows import in_words
    from coverage.outputs.wording import Wording
    from coverage.outputs.workbooks.reconciliation import agreement_text

    language = result.study.study.language
    say = Wording(language, result.study)
    headings = INDICATORS.headings(language)
    table = Table(title=f"{result.study.study.name} · {say.date(result.as_of)} · {result.study.definition_id}")
    table.add_column(headings["indicator"])
    table.add_column(headings["technology"])
    for name in ("numerator", "denominator", "percent"):
        table.add_column(headings[name], justify="right")
    for row in in_words(result, say, single_operators=False).to_dict("records"):
        numbers = (say.number(row["numerator"]), say.number(row["denominator"]), say.number(row["percent"], 2))
        table.add_row(row["indicator"], row["technology"], *numbers)
    Console().print(table)
    if result.reconciliation is not None:
        click.echo(agreement_text(result.reconciliation, say))


def print_comparison(found: "Comparison", language: str) -> None:
    """Print what must be known before comparing, then the villages and households by change."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns.changes import COMMUNE_CHANGES, VILLAGE_CHANGES
    from coverage.outputs.comparison.words import remarks, summary
    from coverage.outputs.wording import Wording

    say = Wording(language, found.new.study)
    for remark in remarks(found, say):
        click.echo(f"warning: {remark}", err=True)
    dates = say.word("comparison.dates", old=say.date(found.old.as_of), new=say.date(found.new.as_of))
    table = Table(title=f"{found.new.study.study.name} · {dates} · {found.new.definition_id}")
    headings = VILLAGE_CHANGES.headings(language) | {"villages": COMMUNE_CHANGES.headings(language)["villages"]}
    table.add_column(headings["change"])
    for name in ("villages", "households", "households_gained"):
        table.add_column(headings[name], justify="right")
    for row in summary(found).to_dict("records"):
        counts = (say.number(row[name], 0) for name in ("villages", "households", "households_gained"))
        table.add_row(say.word(f"change.{row['change']}"), *counts)
    Console().print(table)


def print_ranking(plan: "SitePlan") -> None:
    """Print the first of the ranking, and what the best choice would cover for the same money."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns.plans import BUDGET_CURVE, RANKED_SITES
    from coverage.outputs.wording import Wording

    language = plan.study.study.language
    say = Wording(language, plan.study)
    for title, frame, columns, names in (
        (plan.study.study.name, plan.sites.head(_FIRST), RANKED_SITES,
         ("rank", "site_id", "kind", "commune_name", "new_households", "cost_central_usd", "cumulative_households")),
        ("", plan.budgets, BUDGET_CURVE,
         ("budget_usd", "sites", "households", "gap_percent", "ranking_households", "ranking_percent")),
    ):  # fmt: skip
        table = Table(title=title)
        headings = columns.headings(language)
        for name in names:
            table.add_column(headings[name], justify="left" if columns[name].kind == "text" else "right")
        money = {name for name in names if columns[name].unit == "USD"}
        for row in frame[list(names)].round(dict.fromkeys(money, 0)).itertuples(index=False):
            table.add_row(*(value if isinstance(value, str) else say.number(value) for value in row))
        Console().print(table)


def print_fiber(plan: "FiberPlan", study: "Study") -> None:
    """Print the first extensions, and the plan beside the same places joined in simpler ways."""
    from rich.console import Console
    from rich.table import Table

    from coverage.columns.plans import FIBER_PLAN
    from coverage.outputs.wording import Wording

    say, totals = Wording(study.study.language, study), plan.totals
    headings = FIBER_PLAN.headings(study.study.language)
    table = Table(title=study.study.name)
    names = ("rank", "villages", "centres", "households", "length_km", "cost_central_usd", "cost_per_household_usd")
    for name in names:
        table.add_column(headings[name], justify="left" if FIBER_PLAN[name].kind == "text" else "right")
    for row in plan.table.head(_FIRST)[list(names)].itertuples(index=False):
        table.add_row(*(value if isinstance(value, str) else say.number(value) for value in row))
    Console().print(table)
    for key, trench in (("plan", totals.plan), ("tree", totals.spanning_tree), ("alone", totals.unshared)):
        usd, km = say.number(trench.cost.central, 0), say.number(trench.length_km, 1)
        click.echo(say.word(f"fiber.{key}", km=km, usd=usd))
    if totals.gap is None:
        click.echo(say.word("fiber.unproven"))
    else:
        click.echo(say.word("fiber.gap", percent=say.number(100 * totals.gap, 2)))
    if plan.table.empty and totals.cheapest_usd is not None:
        click.echo(say.word("fiber.cheapest", usd=say.number(totals.cheapest_usd, 0)))


def print_store(found: "Contents") -> None:
    """Print what a store holds as a table."""
    from rich.console import Console
    from rich.filesize import decimal
    from rich.table import Table

    table = Table("kind")
    for heading in ("files", "size", "used by the last run", "not used"):
        table.add_column(heading, justify="right")
    for held in found.kinds:
        of_last = (decimal(held.used_size), decimal(held.size - held.used_size)) if found.finished else ("?", "?")
        table.add_row(held.kind, f"{held.files:,}", decimal(held.size), *of_last)
    Console().print(table)
    click.echo(str(found.folder))
    if not found.finished:
        click.echo("No finished run is on record, so that it is not known what the last one used.")
    if found.leftovers:
        click.echo(f"Half-written files: {found.leftovers:,}. The next run removes what a killed one left.")


def say_that_it_waits() -> None:
    click.echo("Another run is at work on this study; waiting for its end.", err=True)
