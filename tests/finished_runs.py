"""Folders of finished runs, as `coverage analyze` leaves them, from a few rows: no run is needed to compare two."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from coverage.columns.results import COMMUNES, VILLAGES, level_column
from coverage.columns.schema import Column
from coverage.columns.words import TECHNOLOGIES
from coverage.outputs.tables import table_csv
from coverage.settings.layers import About, LayerPaths
from coverage.study import Study

_LAYERS = LayerPaths(communes="communes.gpkg", villages="villages.csv", sites="sites.csv", terrain="terrain.tif")
OPERATORS = ("viettel", "vnpt")


def village(village_id: str, name: str, commune: str, *, at: tuple[float, float] | None = None,
            status: str = "covered", households: int | None = 100, covered: int | None = -1,
            **more: Any) -> dict[str, Any]:  # fmt: skip
    """Return a row of villages.csv; levels of viettel, vnpt and any in 4G by `viettel_4g_dbm` …, else by the status."""
    assumed = {"covered": households, "weak": households and households // 2, "dead": 0}.get(status)
    level = {"covered": -90.0, "weak": -110.0}.get(status)
    return {
        "village_id": village_id,
        "name": name,
        "commune_code": commune[:5] or None,
        "commune_name": commune[6:] or None,
        "lon": at[0] if at else None,
        "lat": at[1] if at else None,
        "households": households,
        "households_covered": assumed if covered == -1 else covered,
        "status": status,
        "reason": "no_signal" if status == "dead" else status,
        "to_verify": False,
        "fiber": "unserved",
        "definition_id": "vn-center-2024",
        "viettel_4g_dbm": level,
        "any_4g_dbm": level,
        **more,
    }


def write_finished(
    folder: Path,
    villages: Sequence[dict[str, Any]],
    communes: Sequence[str],
    *,
    as_of: str = "2026-10-01",
    borders: gpd.GeoSeries | None = None,
    **settings: Any,
) -> Path:
    """
    Write the files that are read back.

    Parameters
    ----------
    folder
        Made where absent.
    villages
        Rows as `village` makes them.
    communes
        Code and name, such as `03646 Phường Tô Hiệu`.
    as_of
        Date of the assessment.
    borders
        Of the communes, for coverage.gpkg; no such file where absent.
    settings
        Sections of the study, such as `definitions`.
    """
    about = About(name="Tỉnh thử", province="Sơn La", source="Synthetic data for tests.")
    study = Study(folder=folder, study=about, layers=_LAYERS, **settings)
    study = study.model_copy(update={"study": about.model_copy(update={"as_of": datetime.date.fromisoformat(as_of)})})
    folder.mkdir(parents=True, exist_ok=True)
    levels = [
        Column(level_column(operator, technology), "number", "dBm", "", "")
        for operator in (*OPERATORS, "any")
        for technology in TECHNOLOGIES
    ]
    columns = [*VILLAGES.columns, *levels]
    frame = pd.DataFrame([*villages], columns=[column.name for column in columns], dtype=object)
    (folder / "villages.csv").write_bytes(table_csv(frame, columns))
    table = pd.DataFrame(
        [
            {"commune_code": text[:5], "commune_name": text[6:], "definition_id": study.definition_id,
             **_counts([row for row in villages if row["commune_code"] == text[:5]])}
            for text in communes
        ],
        columns=COMMUNES.names,
        dtype=object,
    )  # fmt: skip
    (folder / "communes.csv").write_bytes(table_csv(table, COMMUNES))
    record = {
        "definition_id": study.definition_id,
        "as_of": as_of,
        "in_service": list(study.in_service()),
        "settings": study.model_dump(mode="json", exclude={"folder"}),
        "grid": {"crs": "EPSG:9206", "cell_m": 100.0},
    }
    (folder / "run.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    if borders is not None:
        layer = gpd.GeoDataFrame({"commune_code": [text[:5] for text in communes]}, geometry=borders)
        layer.to_file(folder / "coverage.gpkg", layer="communes", driver="GPKG")
    return folder


def _counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    statuses = [row["status"] for row in rows]
    return {
        "villages": len(rows),
        **{status: statuses.count(status) for status in ("dead", "weak", "covered", "not_assessed")},
        "households": sum(row["households"] or 0 for row in rows),
        "households_covered": sum(row["households_covered"] or 0 for row in rows),
        "fiber_served": 0,
    }
