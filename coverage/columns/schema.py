"""What a table is: its columns, what they are called, hold and may hold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["text", "integer", "number", "flag"]


@dataclass(frozen=True)
class Column:
    """One column: what it is called, holds and may hold."""

    name: str
    kind: Kind
    unit: str
    en: str
    vi: str
    required: bool = False
    """The heading must be there and every row filled."""
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None
    aliases: tuple[str, ...] = ()
    """Accepted headings beside `name`, `en` and `vi`; case, accents and punctuation do not count."""


@dataclass(frozen=True)
class Table:
    """One table: its columns, the one that identifies a row, and the geometry it carries."""

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    geometry: Literal["point", "line", "polygon"] | None = None
    areas: bool = False
    """Of points: polygons are as welcome, and each stands for a point inside it."""
    placed: bool = True
    """Whether a table of points must have columns of coordinates."""
    long: bool = False
    """Whether it may have millions of rows, so that a text file of it is read by columns."""

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def headings(self, language: str) -> dict[str, str]:
        """Return column name -> heading in `vi` or `en`."""
        return {column.name: column.vi if language == "vi" else column.en for column in self.columns}

    def schema(self) -> "pa.DataFrameSchema":
        """Return the pandera schema that a clean table of this kind satisfies (extra columns allowed)."""
        import pandera.pandas as pa

        dtypes: dict[Kind, str] = {"text": "str", "integer": "Int64", "number": "float64", "flag": "boolean"}

        def checks(column: Column) -> list[pa.Check]:
            found = []
            if column.minimum is not None:
                found.append(pa.Check.ge(column.minimum))
            if column.maximum is not None:
                found.append(pa.Check.le(column.maximum))
            if column.values:
                found.append(pa.Check.isin(column.values))
            if column.pattern:
                found.append(pa.Check.str_matches(column.pattern))
            return found

        return pa.DataFrameSchema(
            {
                column.name: pa.Column(
                    None if column.kind == "text" else dtypes[column.kind],
                    checks(column),
                    nullable=not column.required,
                    required=column.required,
                    unique=column.name == self.key,
                )
                for column in self.columns
            },
            name=self.name,
        )
