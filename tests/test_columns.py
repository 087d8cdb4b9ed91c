import pandas as pd
import pandera.errors
import pytest

from coverage.columns import changes, plans, results
from coverage.columns.inputs import CELLS_IN, COMMUNES_IN, INPUTS
from coverage.columns.results import VILLAGES
from coverage.columns.schema import Table

OUTPUTS = [value for room in (results, plans, changes) for value in vars(room).values() if isinstance(value, Table)]


@pytest.mark.parametrize("table", [*INPUTS.values(), *OUTPUTS], ids=lambda table: table.name)
def test_every_column_of_a_table_has_a_name_of_its_own_and_both_headings(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(column.en and column.vi for column in table.columns)
    assert table.key is None or table.key in table.names


def test_a_clean_table_satisfies_its_schema_and_a_code_that_lost_its_zero_does_not() -> None:
    communes = pd.DataFrame({"code": ["03646"], "name": ["Tô Hiệu"]})
    COMMUNES_IN.schema().validate(communes)
    with pytest.raises(pandera.errors.SchemaError, match="code"):
        COMMUNES_IN.schema().validate(communes.assign(code=["3646"]))


def test_an_unknown_technology_and_a_twice_used_id_break_the_schema() -> None:
    cells = pd.DataFrame({"site_id": ["A", "A"], "cell_id": ["1", "2"], "operator": "viettel", "technology": "4g"})
    CELLS_IN.schema().validate(cells)
    with pytest.raises(pandera.errors.SchemaError, match="technology"):
        CELLS_IN.schema().validate(cells.assign(technology="6g"))
    with pytest.raises(pandera.errors.SchemaError, match="cell_id"):
        CELLS_IN.schema().validate(cells.assign(cell_id="1"))


def test_a_column_that_does_not_exist_is_named() -> None:
    with pytest.raises(KeyError, match="villages has no column colour"):
        VILLAGES["colour"]
    assert VILLAGES["people"].vi == "Số khẩu"
