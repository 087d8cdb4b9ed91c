"""A whole run with an official list, but for what takes long: the signal is painted and nothing is planned."""

from typing import Any

import geopandas as gpd
import pytest

from coverage import pipeline
from coverage.planning.ranking import Ranking
from tests import worlds


@pytest.mark.parametrize("official", [None, [{"name": "Ban Mong", "commune_code": "03646", "status": "dead"}]])
def test_a_run_compares_its_villages_with_the_list_and_no_status_depends_on_it(
    monkeypatch: pytest.MonkeyPatch, official: list[dict[str, Any]] | None
) -> None:
    village = {"village_id": "v1", "name": "Bản Mòng", "commune_code": "03646", "x": 481_000.0, "y": 2_379_000.0}
    layers = worlds.layers(villages=[village], official=official)
    nothing = gpd.GeoDataFrame(geometry=[])
    signal = worlds.painted(layers.grid, any_4g=-80)
    steps = {
        "coverage.pipeline.read_layers": layers,
        "coverage.signal.prediction.predict": signal,
        "coverage.planning.rank_sites": Ranking(nothing, ()),
        "coverage.planning.plan_fiber": nothing,
    }
    for name, value in steps.items():
        monkeypatch.setattr(name, lambda *args, value=value, **more: value)
    result = pipeline.analyze(worlds.study())
    assert result.villages["status"].tolist() == ["covered"]
    if official is None:
        assert result.reconciliation is None
    else:
        assert result.reconciliation is not None
        assert result.reconciliation.villages.loc["dead", "covered"] == 1
