"""Every file of a comparison, all or none."""

from collections.abc import Callable
from pathlib import Path

from coverage.columns import COMMUNE_CHANGES, OPERATOR_CHANGES, SIGNAL_CLASSES, VILLAGE_CHANGES, Column, class_columns
from coverage.errors import OutputError
from coverage.outputs.all_or_none import FAILURES, explain, make_folders, put_in_place, room_aside
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
    writers: dict[str, Callable[[], bytes]] = {
        "village_changes.csv": lambda: table_csv(comparison.villages, _village_columns(comparison)),
        "commune_changes.csv": lambda: table_csv(comparison.communes, COMMUNE_CHANGES),
        "operator_changes.csv": lambda: table_csv(comparison.operators, OPERATOR_CHANGES),
        "comparison.xlsx": lambda: comparison_workbook(comparison, say),
        "comparison_map.html": lambda: render_comparison(comparison, say).encode(),
    }
    name = next(iter(writers))
    try:
        with room_aside(folder) as aside:
            make_folders(aside / "new" / name for name in writers)
            for name, content in writers.items():
                (aside / "new" / name).write_bytes(content())
            put_in_place(folder, aside, list(writers))
    except FAILURES as error:
        raise OutputError(explain(folder, name, error)) from error
    return [folder / name for name in writers]


def _village_columns(comparison: Comparison) -> list[Column]:
    classes = [
        Column(name, "text", "", name, name, values=SIGNAL_CLASSES)
        for operator in comparison.operators["operator"]
        for name in class_columns(operator)
    ]
    return [*VILLAGE_CHANGES.columns, *classes]
