"""Cells come in under one name per operator and technology."""

from collections.abc import Callable

import pandas as pd
import pytest

from coverage.layers import check_layers, read_layers
from coverage.layers.sites import operator_names
from coverage.study import Study
from tests.layers.conftest import SITES

MakeStudy = Callable[..., Study]


@pytest.mark.parametrize(
    ("written", "ours"),
    [("2G", "2g"), ("GSM", "2g"), ("gsm 900", "2g"), ("3G", "3g"), ("UMTS", "3g"), ("WCDMA2100", "3g"), ("4G", "4g"),
     ("LTE", "4g"), ("4G LTE", "4g"), ("LTE1800", "4g"), ("LTE-A", "4g"), ("5G", "5g"), ("NR", "5g"), ("NR3700", "5g")],
)  # fmt: skip
def test_technologies_in_their_many_names(make_study: MakeStudy, written: str, ours: str) -> None:
    layers = read_layers(make_study(sites=SITES.replace("VinaPhone,2G", f"VinaPhone,{written}")))
    assert layers.cells["technology"].iloc[2] == ours


@pytest.mark.parametrize(
    ("written", "ours"), [("Cáp quang", "fiber"), ("Vi ba", "microwave"), ("VSAT", "satellite"), ("Không", "none")]
)
def test_transmission_may_be_written_in_vietnamese(make_study: MakeStudy, written: str, ours: str) -> None:
    rows = SITES.strip().split("\n")
    table = "\n".join([rows[0] + ",Truyền dẫn", *(f"{row},{written}" for row in rows[1:])])
    assert set(read_layers(make_study(sites=table)).cells["transmission"]) == {ours}


@pytest.mark.parametrize("written", ["2G/3G/4G", "LTE18", "6G", "WiFi", "4", "2G1"])
def test_what_is_no_technology_is_never_guessed(make_study: MakeStudy, written: str) -> None:
    problems = check_layers(make_study(sites=SITES.replace("VinaPhone,2G", f"VinaPhone,{written}")))
    assert [(problem.row, problem.fatal) for problem in problems] == [(4, True)]


def test_operators_in_their_many_names() -> None:
    written = ["Viettel", "VIETTEL", "VNPT/VinaPhone", "Vinaphone", "VNPT", "MobiFone", "Vietnamobile", "Đông Dương"]
    assert operator_names(pd.Series(written)).tolist() == [
        "viettel", "viettel", "vnpt", "vnpt", "vnpt", "mobifone", "vietnamobile", "dong-duong",
    ]  # fmt: skip


def test_cells_of_one_site_far_apart_are_said(make_study: MakeStudy) -> None:
    second = "S1-b,Viettel,LTE,1800,10,103.915,21.32"
    problems = check_layers(make_study(sites=SITES.replace(f"{second}0", f"{second}3")))  # 0.003 degree are 334 m
    assert [(problem.row, problem.fatal) for problem in problems] == [(3, False)]
    assert "S1" in problems[0].found


def test_made_cell_ids_differ_and_spare_given_ones(make_study: MakeStudy) -> None:
    sites = SITES.replace("S1-a", "").replace("S1-b", "S1-viettel-4g-1")
    assert read_layers(make_study(sites=sites)).cells["cell_id"].tolist() == [
        "S1-viettel-4g-2", "S1-viettel-4g-1", "S2-a",
    ]  # fmt: skip
