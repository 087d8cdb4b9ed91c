"""Rows of a real PostGIS server, started for the test; skipped where there is none."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coverage.errors import LayerError
from coverage.layers.sources import database

pytest.importorskip("psycopg", reason="the optional part postgis is not installed")
pytest.importorskip("sqlalchemy", reason="the optional part postgis is not installed")
TABLES = """
CREATE EXTENSION postgis;
CREATE TABLE villages (name text, households int, geom geometry(Point, 4326));
INSERT INTO villages VALUES ('Bản Mòng', 40, st_setsrid(st_point(103.91, 21.31), 4326)),
                            ('Bản Hụm', 55, st_setsrid(st_point(103.92, 21.35), 4326));
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server of our own that listens on a socket of our own alone."""
    import os
    import shutil

    import psycopg

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        pytest.skip("no PostgreSQL server with PostGIS is installed")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="coverage-"))  # pytest's own is too long a path for a socket
    if as_root:
        shutil.chown(folder, "postgres")
    user = {"user": "postgres"} if as_root else {}

    def call(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **user)  # type: ignore[call-overload]

    data, control = str(folder / "data"), str(found[-1].parent / "pg_ctl")
    call(str(found[-1]), "-D", data, "-A", "trust", "-U", "postgres")
    options = f"-c listen_addresses='' -k {folder}"
    call(control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        with psycopg.connect(f"host={folder} user=postgres dbname=postgres") as connection:
            connection.execute(TABLES)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        call(control, "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_a_table_with_shapes_comes_with_its_reference_system(server: str) -> None:
    frame = database.read_rows(f"{server}#public.villages", "villages")
    assert frame["name"].tolist() == ["Bản Mòng", "Bản Hụm"]
    assert frame.crs.to_epsg() == 4326
    assert (frame.geometry.iloc[1].x, frame.geometry.iloc[1].y) == (103.92, 21.35)


def test_a_query_with_colons_and_no_shape(server: str) -> None:
    frame = database.read_rows(f"{server}#SELECT name FROM villages WHERE households::int > 50;", "q")
    assert frame.to_dict("list") == {"name": ["Bản Hụm"]}


@pytest.mark.parametrize("wanted", ["nothere", "DELETE FROM villages", "SELECT 1; DELETE FROM villages", ""])
def test_what_is_no_table_or_query_is_refused_and_nothing_changes(server: str, wanted: str) -> None:
    with pytest.raises(LayerError, match="a database"):
        database.read_rows(f"{server}#{wanted}", "q")
    assert len(database.read_rows(f"{server}#villages", "q")) == 2


def test_a_fingerprint_does_not_depend_on_the_order_of_rows(server: str) -> None:
    one, other = (database.as_text(f"{server}#SELECT * FROM villages ORDER BY name {way}", "q") for way in ("", "DESC"))
    assert one == other


def test_a_server_that_does_not_answer_is_one_line() -> None:
    with pytest.raises(LayerError, match="does not answer") as caught:
        database.read_rows(
            "postgresql://planner:secret@127.0.0.1:9/db#villages", "postgresql://planner:***@127.0.0.1:9"
        )
    assert len(str(caught.value).splitlines()) == 1
    assert "secret" not in str(caught.value)
