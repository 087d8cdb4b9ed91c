"""ITU-R P.1812-8 against the reference values of its edition: every intermediate value of every case."""

import csv
from pathlib import Path

import numpy as np
import pytest

from coverage.radio.p1812 import path_terms

VECTORS = Path(__file__).parents[2] / "../shared/validation/p1812"
pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason="needs ../shared/validation/p1812")

INPUTS = {
    "f (GHz)", "p (%)", "pL (%)", "sigmaL (dB)", "phi_t (deg)", "phi_r (deg)", "lam_t (deg)", "lam_r (deg)",
    "htg (m)", "hrg (m)", "pol", "DN ", "N0 ", "dct (km) ", "dcr (km) ", "R2 (m) ", "Rn-1 (m) ",
    "Ptx (kW)", "Gtx (dBi)", "Grx (dBi)", "phi (deg)", "# Parameter", "",
}  # fmt: skip
RENAMED = {
    ("hst", "Eq (90a)"): "hst_ducting",
    ("hsr", "Eq (90b)"): "hsr_ducting",
    ("htc", "Table 5"): "hts",
    ("hrc", "Table 5"): "hrs",
}


def cases() -> list[str]:
    return sorted(path.stem for path in (VECTORS / "expected").glob("*.csv"))


def read_expected(case: str) -> dict[tuple[str, str], float]:
    rows = csv.reader((VECTORS / "expected" / f"{case}.csv").read_text().splitlines())
    return {(row[0], row[1]): float(row[3]) for row in rows if row and row[0].split(",")[0] not in ("", "# Parameter")
            and "w.r.t." not in row[0]}  # fmt: skip


def read_profile(case: str) -> np.ndarray:
    text = (VECTORS / "profiles" / f"{case.rsplit('_', 1)[0]}.csv").read_text()
    body = text.split("{Begin of Profile}")[1].split("{End of Profile}")[0].strip().splitlines()[1:]
    return np.array([[float(value) for value in line.split(",")[:5]] for line in body])


def compared(case: str, *, compiled: bool = True) -> dict[tuple[str, str], tuple[float, float]]:
    """Name and equation of every value of a case -> ours, the reference's."""
    expected = read_expected(case)
    given = {name.strip(): value for (name, _), value in expected.items() if name in INPUTS}
    distance_km, terrain_m, _, cover_m, zone = read_profile(case).T
    terms = path_terms(
        freq_mhz=given["f (GHz)"] * 1000.0,
        distance_km=distance_km,
        terrain_m=terrain_m,
        cover_m=cover_m,
        zone=zone,
        tx_height_m=given["htg (m)"],
        rx_height_m=given["hrg (m)"],
        latitude_deg=given["phi (deg)"],
        time_percent=given["p (%)"],
        location_percent=given["pL (%)"],
        location_sigma_db=given["sigmaL (dB)"],
        polarization="horizontal" if given["pol"] == 1 else "vertical",
        delta_n=given["DN"],
        n0=given["N0"],
        tx_coast_km=given["dct (km)"],
        rx_coast_km=given["dcr (km)"],
        compiled=compiled,
    )
    outputs = {key: value for key, value in expected.items() if key[0] not in INPUTS}
    assert len(outputs) == 49
    by_name = {label.split(" (")[0]: value for (label, _), value in outputs.items()}
    if by_name["Lminbap"] < by_name["Lb0p"] + by_name["Ldp"]:
        # The file then shows Lbda under the name of Lbd; equation (43) follows from its own Lb0p and Ldp.
        assert by_name["Lbd"] == by_name["Lbda"]
        outputs["Lbd (dB)", "Eq (43)"] = by_name["Lb0p"] + by_name["Ldp"]
    named = {(label.split(" (")[0].strip(), equation): value for (label, equation), value in outputs.items()}
    return {key: (terms[RENAMED.get(key, key[0])], value) for key, value in named.items()}


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "as Python runs it"])
@pytest.mark.parametrize("case", cases() if VECTORS.exists() else [])
def test_every_intermediate_value_equals_the_reference_to_a_thousandth(case: str, compiled: bool) -> None:
    values = compared(case, compiled=compiled)
    assert len(values) == 49
    assert not {key: pair for key, pair in values.items() if abs(pair[0] - pair[1]) > 0.001}
