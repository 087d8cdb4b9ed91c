"""Fiber, roads, power lines and candidates: the optional layers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from coverage.layers import check_layers, read_layers
from coverage.study import Study
from tests.layers.conftest import features

MakeStudy = Callable[..., Study]
LINE = {"type": "LineString", "coordinates": [[103.91, 21.31], [103.98, 21.39]]}
LINES = {"type": "MultiLineString", "coordinates": [LINE["coordinates"], [[103.92, 21.31], [103.93, 21.32]]]}
POINT = {"type": "Point", "coordinates": [103.91, 21.31]}


def test_lines_of_every_layer_come_in(make_study: MakeStudy) -> None:
    study = make_study(
        fiber_routes=features(({"ten_tuyen": "Tuyến 1", "nha_mang": "VNPT", "length": "12,5"}, LINE), ({}, LINES)),
        roads=features(({"highway": "primary", "ref": "QL6"}, LINE)),
        power_lines=features(({"voltage_kv": 35}, LINE)),
        rivers=features(({"waterway": "river", "ten_song": "Sông Đà"}, LINE)),
    )
    assert check_layers(study) == []
    layers = read_layers(study)
    assert layers.fiber_routes["route_id"].tolist() == ["route-1", "route-2"]
    assert layers.fiber_routes["operator"].iloc[0] == "vnpt"
    assert layers.fiber_routes["length_km"].iloc[0] == 12.5
    assert layers.roads["class"].tolist() == ["primary"]
    assert layers.roads["name"].tolist() == ["QL6"]
    assert layers.power_lines["voltage_kv"].tolist() == [35]
    assert layers.rivers[["class", "name"]].to_numpy().tolist() == [["river", "Sông Đà"]]


def test_nodes_and_candidates_come_in_from_tables(make_study: MakeStudy) -> None:
    study = make_study(
        fiber_nodes="node_id,operator,lon,lat\nN1,FPT,103.92,21.33\n,,103.93,21.34\n",
        candidates="lon,lat,height_m\n103.94,21.36,42\n103.95,21.36,\n100.0,21.36,42\n",
    )
    layers = read_layers(study)
    assert layers.fiber_nodes["node_id"].tolist() == ["N1", "node-1"]
    assert layers.candidates["site_id"].tolist() == ["candidate-1", "candidate-2"]
    assert [(problem.file, problem.row, problem.fatal) for problem in layers.problems] == [("candidates.csv", 4, False)]


@pytest.mark.parametrize("layer", ["fiber_routes", "roads", "power_lines", "rivers"])
def test_a_row_without_a_line_is_left_out_and_said(make_study: MakeStudy, layer: str) -> None:
    study = make_study(**{layer: features(({"name": "a"}, LINE), ({"name": "b"}, None))})
    problems = check_layers(study)
    assert [(problem.row, problem.fatal) for problem in problems] == [(2, False)]
    assert len(getattr(read_layers(study), layer)) == 1


@pytest.mark.parametrize("layer", ["fiber_routes", "roads", "power_lines", "rivers"])
def test_points_are_no_lines(make_study: MakeStudy, layer: str) -> None:
    problems = check_layers(make_study(**{layer: features(({"name": "a"}, LINE), ({"name": "b"}, POINT))}))
    assert [(problem.row, problem.found) for problem in problems if problem.fatal] == [(2, "a Point")]


@pytest.mark.parametrize("layer", ["fiber_routes", "roads", "communes"])
def test_lines_and_polygons_are_not_read_from_a_table(make_study: MakeStudy, layer: str) -> None:
    problems = check_layers(make_study(**{layer: "code,name\n03646,a\n"}))
    assert any(problem.found == "a table without shapes" for problem in problems)


def test_progress_goes_by_layer_by_layer(make_study: MakeStudy) -> None:
    class Watcher:
        seen = 0
        total: int | None = None

        @contextmanager
        def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
            self.total = total
            yield self.advance

        def advance(self, parts: int) -> None:
            self.seen += parts

    watcher = Watcher()
    read_layers(make_study(), progress=watcher)
    assert watcher.seen == watcher.total == 6  # communes, villages, sites, housing, terrain, and comparing them
