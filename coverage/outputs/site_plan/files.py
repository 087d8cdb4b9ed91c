"""Every file of a ranking, all or none; the record of the run beside them learns of it."""

import functools
from pathlib import Path

import pandas as pd

from coverage.columns.plans import BUDGET_CURVE, CHEAPEST_COVER, LOSSES, RANKED_SITES, RESILIENCE
from coverage.columns.schema import Table
from coverage.outputs.all_or_none import saving, write_together
from coverage.outputs.site_plan.workbook import site_plan_workbook
from coverage.outputs.tables import table_csv
from coverage.outputs.wording import Wording
from coverage.result import SitePlan


def write_site_plan(plan: SitePlan, folder: Path, *, language: str | None = None) -> list[Path]:
    """
    Write the files of a ranking.

    Parameters
    ----------
    plan
        As `rank` makes it.
    folder
        Where the files go; made where it does not exist. Other files in it are left alone.
    language
        `vi` or `en`, of the workbook; the study's where None.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    say = Wording(language or plan.study.study.language, plan.study)
    tables: dict[str, tuple[pd.DataFrame, Table]] = {
        "ranked_sites.csv": (plan.sites, RANKED_SITES),
        "budget_curve.csv": (plan.budgets, BUDGET_CURVE),
        "cheapest_cover.csv": (plan.covers, CHEAPEST_COVER),
        "resilience.csv": (plan.resilience, RESILIENCE),
    }
    if plan.losses is not None:
        tables["losses.csv"] = (plan.losses, LOSSES)

    writers = {name: saving(functools.partial(table_csv, *table)) for name, table in tables.items()}
    writers["ranked_sites.xlsx"] = saving(lambda: site_plan_workbook(plan, say))
    return write_together(folder, writers, notes={"ranking": plan.study.planning.model_dump(mode="json")})
