import pandas as pd

from coverage.columns.plans import RANKED_SITES
from coverage.planning.tables import as_table
from tests.planning.world import at, layers


def test_a_site_on_a_border_is_in_the_first_commune_and_one_outside_is_in_none():
    found = as_table(RANKED_SITES, {}, [at(1999, 50), at(2000, 50), at(2001, 50), at(-1, 50)], layers())
    assert found["commune_code"].tolist()[:3] == ["03646", "03646", "03664"]
    assert found["commune_name"].tolist()[:3] == ["Tây", "Tây", "Đông"]
    assert pd.isna(found["commune_code"].iloc[3])
