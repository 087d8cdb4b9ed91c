"""Rows of a PostgreSQL or PostGIS database, which a study names as postgresql://user@host/database#schema.table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from coverage.errors import refuse, without_password

if TYPE_CHECKING:
    import pandas as pd

_TABLE = re.compile(r'(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?')
_MOST_ROWS = 5_000_000


def read_rows(address: str, name: str) -> "pd.DataFrame":
    """
    Read a table or a query; nothing in the database is changed.

    Parameters
    ----------
    address
        `postgresql://user:password@host/database?…`, then `#schema.table` or `#SELECT …`.
    name
        The address without its password, for messages.

    Returns
    -------
    pd.DataFrame
        A GeoDataFrame where a column holds shapes.

    Raises
    ------
    LayerError
        The optional parts are not installed, the database does not answer, or it refuses the query.
    """
    server, _, wanted = address.partition("#")
    query = f"SELECT * FROM {wanted}" if _TABLE.fullmatch(wanted.strip()) else wanted.strip().rstrip(";")
    if not query:
        remedy = "Add #schema.table or #SELECT … to it."
        raise refuse(name, "a database without a table", "a table or a query", remedy, kind="unknown_address")
    import geopandas as gpd  # here, because every study passes through this file, and hardly one has a database
    import pandas as pd

    frame: pd.DataFrame
    with _connected(server, name) as connection:
        shapes = _shapes(connection, query)
        limited = f"SELECT * FROM ({query}) AS wanted LIMIT {_MOST_ROWS + 1}"
        if shapes:
            frame = gpd.read_postgis(_text(limited), connection, geom_col=shapes[0]).drop(columns=shapes[1:])
        else:
            frame = pd.read_sql(_text(limited), connection)
    if len(frame) > _MOST_ROWS:
        found = f"more than {_MOST_ROWS:,} rows"
        raise refuse(name, found, f"at most {_MOST_ROWS:,}", "Ask for those of the study alone.", kind="too_large")
    return frame


def as_text(address: str, name: str) -> bytes:
    """Return the rows as CSV in an order of their own, so that a fingerprint does not depend on the database's."""
    import geopandas as gpd

    frame = read_rows(address, name)
    plain = frame.to_wkb(hex=True) if isinstance(frame, gpd.GeoDataFrame) else frame
    lines = plain.to_csv(index=False).splitlines(keepends=True)
    return "".join([*lines[:1], *sorted(lines[1:])]).encode()


@contextmanager
def _connected(server: str, name: str) -> Iterator[Any]:
    try:
        import psycopg  # noqa: F401
        import sqlalchemy
    except ImportError:
        remedy = "Install it: pip install 'coverage-planner[postgis]'."
        raise refuse(
            name,
            "a database, which needs an optional part",
            "it installed",
            remedy,
            kind="database_unavailable",
        ) from None
    try:
        url = sqlalchemy.make_url(server).set(drivername="postgresql+psycopg")
    except (sqlalchemy.exc.SQLAlchemyError, ValueError):
        remedy = "Write @, : and / within a password as %40, %3A and %2F."
        found = "an address that cannot be taken apart"
        raise refuse(name, found, "user@host/db", remedy, kind="unknown_address") from None
    engine = sqlalchemy.create_engine(url, connect_args={"connect_timeout": 20}, poolclass=sqlalchemy.NullPool)
    try:
        options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**options) as connection:
            yield connection
    except (sqlalchemy.exc.SQLAlchemyError, ValueError, UnicodeError) as error:
        cause = getattr(error, "orig", None) or error
        said = " ".join(without_password(str(cause)).split())[:300]
        found = f"a database that does not answer as expected ({_unspoken(said, server)})"
        remedy = "Correct the address, the name of the table or the query."
        raise refuse(name, found, "its rows", remedy, kind="database_unavailable") from None


def _unspoken(said: str, server: str) -> str:
    """Strike out the password of an address wherever else it may stand."""
    secret = re.search(r"://[^:/@]*:(.*)@", server)
    return said.replace(secret[1], "***") if secret and secret[1] else said


def _shapes(connection: Any, query: str) -> list[str]:
    """Return the columns of a query that hold shapes."""
    kinds = connection.execute(_text("SELECT oid FROM pg_type WHERE typname IN ('geometry', 'geography')"))
    ids = set(kinds.scalars())
    described = connection.execute(_text(f"SELECT * FROM ({query}) AS wanted LIMIT 0")).cursor.description
    return [column.name for column in described if column.type_code in ids]


def _text(query: str) -> Any:
    import sqlalchemy

    return sqlalchemy.text(query.replace(":", "\\:"))
