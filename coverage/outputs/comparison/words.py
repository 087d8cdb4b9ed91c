"""What two finished runs say of each other, in words: whether they may be compared at all, sums, lists to read."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from coverage.columns.changes import OPERATOR_CHANGES, VILLAGE_CHANGES, class_columns
from coverage.columns.schema import Column
from coverage.columns.words import ANY, CHANGES, TECHNOLOGIES
from coverage.outputs.wording import Wording
from coverage.result import Comparison, Finished
from coverage.study import Study

CHANGE_COLOURS = {
    "newly_covered": "#1B6E3C", "better": "#3F7D20", "newly_dead": "#B5172F", "worse": "#B05A00",
    "unchanged": "#5F6B75", "not_comparable": "#5F6B75", "appeared": "#1F5A96", "vanished": "#6D3D8C",
}  # fmt: skip
"""Of words and signs; dark enough to be read on white."""


def remarks(comparison: Comparison, say: Wording) -> list[str]:
    """Return what a reader must know before calling a difference progress, a sentence each; none where all is alike."""
    old, new = comparison.old, comparison.new
    found = []
    if old.as_of > new.as_of:
        found.append(say.word("comparison.order", old=say.date(old.as_of), new=say.date(new.as_of)))
    if old.definition_id != new.definition_id:
        found.append(say.word("comparison.definitions", old=old.definition_id, new=new.definition_id))
    elif _rules(old.study) != _rules(new.study):
        found.append(say.word("comparison.rules", new=new.definition_id))
    if old.in_service != new.in_service:
        served = [", ".join(map(say.technology, run.in_service)) or say.word("nobody") for run in (old, new)]
        found.append(say.word("comparison.in_service", old=served[0], new=served[1]))
    if (old.crs, old.cell_m) != (new.crs, new.cell_m):
        found.append(say.word("comparison.grid", old=grid_words(old, say), new=grid_words(new, say)))
    radio = [name for name, _, _ in differences(comparison) if name.startswith("radio.")]
    if radio:
        found.append(say.word("comparison.radio", names=", ".join(radio)))
    return found


def grid_words(run: Finished, say: Wording) -> str:
    """Return reference system and cell of a run's grid."""
    return f"{run.crs}, {say.number(run.cell_m)} m"


def differences(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Return the settings that decide levels and classes and differ: name, before, now."""
    before, now = (dict(_settings(run.study)) for run in (comparison.old, comparison.new))
    return [
        (name, before.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys([*before, *now])
        if before.get(name) != now.get(name)
    ]


def summary(comparison: Comparison) -> pd.DataFrame:
    """
    Sum villages up by change.

    Returns
    -------
    DataFrame
        A row for each of `columns.CHANGES`: `change`, `villages`, `households` (of now; of before where the village is
        gone) and `households_gained`.
    """
    villages = comparison.villages
    counted = pd.DataFrame(
        {
            "change": villages["change"],
            "villages": 1,
            "households": villages["households"].fillna(villages["households_old"]),
            "households_gained": villages["households_gained"],
        }
    )
    sums = counted.groupby("change").sum().reindex(list(CHANGES), fill_value=0)
    return sums.astype("int64").rename_axis("change").reset_index()


def changed_villages(comparison: Comparison, say: Wording) -> tuple[pd.DataFrame, list[Column]]:
    """
    Return the villages that changed, were renamed, came or went, as a list to read.

    Returns
    -------
    tuple
        The rows, in words, by change, commune and name; and their columns. A column per operator says how its signal at
        the centre changed, and is empty where it did not.
    """
    villages = comparison.villages
    rows = villages[(villages["change"] != "unchanged") | (villages["match"] == "renamed")].copy()
    rows["order"] = rows["change"].map({change: at for at, change in enumerate(CHANGES)})
    rows = rows.sort_values(["order", "commune_code", "name"], kind="stable", ignore_index=True)
    listed = pd.DataFrame({"stt": range(1, len(rows) + 1)})
    listed["change"] = rows["change"].map(lambda change: say.word(f"change.{change}"))
    for name, before in (("name", "old_name"), ("commune_name", "old_commune_name")):
        listed[name] = rows[name]
        listed[before] = rows[before].where(rows[before] != rows[name])
    listed["commune_code"] = rows["commune_code"]
    for name in ("status_old", "status_new"):
        listed[name] = rows[name].map(say.status, na_action="ignore")
    reason = rows["reason_new"].where(rows["reason_new"].notna(), rows["reason_old"])
    listed["reason_new"] = reason.map(say.reason, na_action="ignore")
    for name in ("households", "households_gained", "lon", "lat"):
        listed[name] = rows[name]
    operators = [name for name in comparison.operators["operator"] if name != ANY]
    for operator in operators:
        pair = rows[list(class_columns(operator))].itertuples(index=False)
        listed[class_columns(operator)[1]] = [_turned(before, now, say) for before, now in pair]
    names = ["change", "name", "old_name", "commune_name", "commune_code", "old_commune_name", "status_old",
             "status_new", "reason_new", "households", "households_gained"]  # fmt: skip
    columns = [
        Column("stt", "integer", "", "No.", "STT"),
        *(VILLAGE_CHANGES[name] for name in names),
        *(Column(class_columns(name)[1], "text", "", say.operator(name), say.operator(name)) for name in operators),
        VILLAGE_CHANGES["lon"],
        VILLAGE_CHANGES["lat"],
    ]
    return listed, columns


def operators_in_words(comparison: Comparison, say: Wording) -> pd.DataFrame:
    """Return the table of operators under their names."""
    rows = comparison.operators[OPERATOR_CHANGES.names]
    return rows.assign(operator=rows["operator"].map(say.operator))


def _turned(before: object, now: object, say: Wording) -> str:
    if pd.isna(before) and pd.isna(now):  # type: ignore[call-overload]
        return ""
    words = [say.word("signal.unknown" if pd.isna(one) else f"signal.{one}") for one in (before, now)]  # type: ignore[call-overload]
    return "" if words[0] == words[1] else " → ".join(words)


def _rules(study: Study) -> Any:
    """Return what decides the class of a level and the status of a village, whatever its id."""
    rules = study.definitions.model_dump(exclude={"id"})
    return rules, study.radio.building, [study.thresholds_dbm(name) for name in TECHNOLOGIES]


def _settings(study: Study) -> Iterator[tuple[str, str]]:
    for section in ("definitions", "radio", "grid"):
        for name, value in getattr(study, section).model_dump(mode="json").items():
            yield f"{section}.{name}", str(value)
    for technology, row in study.technologies.items():
        for name, value in row.model_dump(mode="json").items():
            yield f"technologies.{technology}.{name}", str(value)
