"""A clean study comes in whole."""

import pandas as pd

from coverage.layers import check_layers, read_layers


def test_a_clean_study_has_no_problem_and_every_row(make_study):
    study = make_study()
    assert check_layers(study) == []
    layers = read_layers(study)
    assert layers.problems == ()
    assert layers.communes["code"].tolist() == ["03646", "03670"]
    assert layers.villages["village_id"].tolist() == ["v1", "v2", "v3", "v4"]
    assert layers.villages["commune_name"].tolist() == ["Tô Hiệu", "Tô Hiệu", "Chiềng Cơi", "Chiềng Cơi"]
    assert layers.villages["has_power"].tolist() == [True, False, True, True]
    assert layers.cells["operator"].tolist() == ["viettel", "viettel", "vnpt"]
    assert layers.cells["technology"].tolist() == ["4g", "4g", "2g"]
    assert pd.isna(layers.cells["azimuth_deg"].iloc[2])
    assert layers.housing["households"].sum() == 70
    assert layers.roads is None
