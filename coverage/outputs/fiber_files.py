"""The files of a fiber plan: the table, and its trenches as lines."""

from pathlib import Path

import geopandas as gpd

from coverage.columns.plans import FIBER_PLAN
from coverage.outputs.all_or_none import saving, write_together
from coverage.outputs.gis import write_layer
from coverage.outputs.tables import table_csv
from coverage.study import Study


def write_fiber_plan(plan: gpd.GeoDataFrame, study: Study, folder: Path) -> list[Path]:
    """
    Write fiber_plan.csv and fiber_plan.gpkg, both or neither; other files in the folder are left alone.

    Parameters
    ----------
    plan
        Columns of `columns.FIBER_PLAN`, with trenches as lines.
    study
        What it was made with.
    folder
        Made where it does not exist.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    writers = {
        "fiber_plan.csv": saving(lambda: table_csv(plan, FIBER_PLAN)),
        "fiber_plan.gpkg": lambda path: write_layer(path, "fiber_plan", plan, FIBER_PLAN, day=study.as_of),
    }
    return write_together(folder, writers, notes={"fiber": study.planning.model_dump(mode="json")})
