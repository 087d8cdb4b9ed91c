"""Whom the web map shows serving best: a small raster of station numbers per network, and which stations they are."""

import base64
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.outputs.web_map.pictures import Numbers, server_numbers
from coverage.result import Pair, Result


def server_areas(result: Result, *, site_ids: list[str], operators: list[str]) -> dict[str, Any] | None:
    """
    Return the areas that each station serves best, as the page reads them.

    Parameters
    ----------
    result
        Its `signal.servers`; a partner's edition has none.
    site_ids, operators
        Of the page: a station is named by its places in these.

    Returns
    -------
    dict or None
        `stations`: pairs of site and operator; `areas`: operator, technology and deflated numbers, `width` x `height`
        of them between `bounds`, `bytes` each, 0 for nobody, n for the n-th station. None without any server.
    """
    stations, number = _stations(result.layers.cells, site_ids, operators)
    shape, bounds = (0, 0), None

    def pack(area: tuple[Pair, Numbers]) -> dict[str, str]:
        (operator, technology), found = area
        packed = zlib.compress(found.values.astype(f"<u{number.itemsize}").tobytes())
        return {"operator": operator, "technology": technology, "packed": base64.b64encode(packed).decode()}

    with ThreadPoolExecutor(result.study.threads or os.cpu_count()) as threads:
        waiting = []
        for area in server_numbers(result.signal, number, result.communes, result.study):
            shape, bounds = area[1].values.shape, area[1].bounds
            waiting.append(threads.submit(pack, area))
        areas = [one.result() for one in waiting]
    if not areas:
        return None
    return {
        "stations": stations, "areas": areas, "bounds": bounds, "height": shape[0], "width": shape[1],
        "bytes": number.itemsize,
    }  # fmt: skip


def _stations(
    cells: pd.DataFrame, site_ids: list[str], operators: list[str]
) -> tuple[list[list[int]], NDArray[np.unsignedinteger[Any]]]:
    """Return site and operator of every station, and of each cell the number of its station, counted from 1."""
    site = pd.Index(site_ids).get_indexer(pd.Index(cells["site_id"].astype(str)))
    operator = pd.Index(operators).get_indexer(pd.Index(cells["operator"].astype(str)))
    known = (site >= 0) & (operator >= 0)
    pairs, which = np.unique(np.column_stack([site, operator])[known], axis=0, return_inverse=True)
    number = np.zeros(len(cells), dtype=np.int64)
    number[known] = which.ravel() + 1
    return pairs.tolist(), number.astype(np.uint16 if len(pairs) < 2**16 else np.uint32)
