"""Indicators: the shares and counts that a province publishes, each with numerator and denominator, by area."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from coverage.columns.results import INDICATORS
from coverage.places.counts import Count, commune_of, cut, measured, of_centres, of_fiber, of_stations, of_villages
from coverage.result import Layers, Signal
from coverage.study import Study


@dataclass(frozen=True)
class _Areas:
    """The areas of one kind, and in which of them things lie."""

    kind: str
    area: list[str]
    names: list[str]

    def sums(self, counts: Iterable[Count], where: NDArray[np.int64]) -> pd.DataFrame:
        """Return the indicators of every area, area by area; `where` has the number of each thing's area, or -1."""
        n = len(self.area)

        def total(values: ArrayLike) -> NDArray[np.float64]:
            weights = np.asarray(values, dtype=float)
            return np.asarray(np.bincount(where[where >= 0], weights[where >= 0], n), dtype=np.float64)

        rows = [
            pd.DataFrame(
                {
                    "area_number": np.arange(n),
                    "indicator": count.indicator,
                    "technology": count.technology or pd.NA,
                    "operator": count.operator,
                    "numerator": total(count.part),
                    "denominator": np.nan if count.whole is None else total(count.whole),
                }
            )
            for count in counts
        ]
        table = pd.concat(rows, ignore_index=True).sort_values("area_number", kind="stable")
        number = table["area_number"].to_numpy()
        return table.assign(
            area=np.array(self.area, dtype=object)[number],
            area_kind=self.kind,
            area_name=np.array(self.names, dtype=object)[number],
        )


def indicators(
    layers: Layers,
    signal: Signal,
    villages: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    study: Study,
    *,
    former: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    Compute the indicators of the province, of every commune, and of every former commune.

    Parameters
    ----------
    layers
        Cells and fiber, for the counts of positions, stations and routes.
    signal
        For its operators.
    villages, communes
        As assessed.
    study
        Definitions and technologies in service.
    former
        Former communes, as assessed.

    Returns
    -------
    DataFrame
        Columns of `columns.INDICATORS`. `area` is the province's name, a commune's code, or code and name of what
        lies in it of a former commune, such as `03646/Chiềng Lề`; `area_kind` tells which. `percent` is empty for
        plain counts. Only villages that were assessed are counted.

    References
    ----------
    The counting rules of docs/definitions.md.
    """
    name = study.study.province or study.study.name
    province = _Areas("province", [name], [name])
    now = _Areas("commune", communes["commune_code"].tolist(), communes["commune_name"].tolist())
    parts, part = _former(villages)
    of_each = list(of_villages(villages, signal.operators, study))
    stations = list(of_stations(layers.cells))
    commune = np.asarray(pd.Index(now.area).get_indexer(villages["commune_code"]), dtype=np.int64)
    tables = [
        province.sums(of_each, _all(villages)),
        province.sums(of_centres(communes), _all(communes)),
        *([] if former is None or former.empty else [province.sums(of_centres(former, "former"), _all(former))]),
        province.sums(stations, _all(layers.cells)),
        now.sums(of_each, commune),
        now.sums(stations, commune_of(layers, layers.cells)),
        *([parts.sums(of_each, part)] if parts.area else []),
    ]
    if layers.fiber_routes is not None:
        routes = measured(layers.fiber_routes)
        pieces = cut(routes, layers.communes)
        tables.append(province.sums(of_fiber(routes), _all(routes)))
        tables.append(now.sums(of_fiber(pieces), pieces["commune"].to_numpy(dtype=np.int64)))
    kinds = pd.CategoricalDtype([province.kind, now.kind, parts.kind], ordered=True)
    found = pd.concat(tables, ignore_index=True).astype({"area_kind": kinds})
    found = found.sort_values(["area_kind", "area_number"], kind="stable").astype({"area_kind": "str"})
    whole = found["denominator"].to_numpy()
    share = np.divide(found["numerator"], whole, out=np.full(len(found), np.nan), where=whole > 0)
    found["numerator"] = found["numerator"].round(3)
    found["percent"], found["definition_id"] = 100 * share, study.definition_id
    return found[INDICATORS.names].reset_index(drop=True)


def _all(things: pd.DataFrame) -> NDArray[np.int64]:
    return np.zeros(len(things), dtype=np.int64)


def _former(villages: gpd.GeoDataFrame) -> tuple[_Areas, NDArray[np.int64]]:
    """Return the parts of former communes by the commune they lie in now, and that of each village."""
    code, name = (villages[column].astype("str") for column in ("commune_code", "former_commune"))
    label = (code + "/" + name).where(villages["former_commune"].notna() & villages["commune_code"].notna())
    number, labels = pd.factorize(label, sort=True)
    names = [text.partition("/")[2] for text in labels]
    return _Areas("former_commune", list(labels), names), np.asarray(number, dtype=np.int64)
