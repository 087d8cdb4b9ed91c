"""Every file of a comparison, all or none."""

from pathlib import Path

from coverage.columns.changes import COMMUNE_CHANGES, OPERATOR_CHANGES, VILLAGE_CHANGES, class_columns
from coverage.columns.schema import Column
from coverage.columns.words import SIGNAL_CLASSES
from coverage.outputs.all_or_none import saving, write_together
from coverage.outputs.comparison.map import render_comparison
from coverage.outputs.comparison.workbook import comparison_workbook
from coverage.outputs.tables import table_csv
from coverage.outputs.wording import Wording
from coverage.result import Comparison


def write_comparison(comparison: Comparison, folder: Path, *, language: str | None = None) -> list[Path]:
    """
    Write the files of a comparison.

    Parameters
    ----------
    comparison
        Two runs.
    folder
        Where the files go; made where it does not exist. Other files in it are left alone.
    language
        `vi` or `en`, of workbook and map; that of the later run where None.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        A file could not be written or replaced. What was in the folder before is as it was.
    """
    say = Wording(language or comparison.new.study.study.language, comparison.new.study)
    writers = {
        "village_changes.csv": saving(lambda: table_csv(comparison.villages, _village_columns(comparison))),
        "commune_changes.csv": saving(lambda: table_csv(comparison.communes, COMMUNE_CHANGES)),
        "operator_changes.csv": saving(lambda: table_csv(comparison.operators, OPERATOR_CHANGES)),
        "comparison.xlsx": saving(lambda: comparison_workbook(comparison, say)),
        "comparison_map.html": saving(lambda: render_comparison(comparison, say).encode()),
    }
    return write_together(folder, writers)


def _village_columns(comparison: Comparison) -> list[Column]:
    classes = [
        Column(name, "text", "", name, name, values=SIGNAL_CLASSES)
        for operator in comparison.operators["operator"]
        for name in class_columns(operator)
    ]
    return [*VILLAGE_CHANGES.columns, *classes]
