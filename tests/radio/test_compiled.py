"""P.1812 as Python runs it is the P.1812 that numba compiles, and needs no numba."""

import pickle
import subprocess
import sys

import numpy as np

from coverage.radio import p1812_mechanisms
from coverage.radio._compiled import interpreted
from coverage.radio.p1812 import path_terms


def test_python_and_machine_code_agree_on_paths_of_every_kind() -> None:
    random = np.random.default_rng(1812)
    for _ in range(60):
        points = int(random.integers(3, 400))
        step_km = random.uniform(0.13, 0.5)
        path = {
            "freq_mhz": random.uniform(30, 6000),
            "distance_km": np.arange(points) * step_km,
            "terrain_m": 800 + np.cumsum(random.normal(0, random.choice([0, 2, 40]), points)),
            "cover_m": random.choice([0.0, 0.0, 15.0], points),
            "zone": random.choice([1, 3, 4], points, p=[0.1, 0.1, 0.8]),
            "tx_height_m": random.uniform(1, 200),
            "rx_height_m": random.uniform(1, 30),
            "latitude_deg": random.uniform(-80, 80),
            "time_percent": random.uniform(1, 50),
            "location_percent": random.uniform(1, 99),
            "location_sigma_db": 5.5,
            "polarization": random.choice(["vertical", "horizontal"]),
        }
        one, other = path_terms(**path), path_terms(**path, compiled=False)
        assert list(one) == list(other)
        np.testing.assert_allclose(list(one.values()), list(other.values()), rtol=0, atol=1e-6)


def test_one_path_loads_neither_numba_nor_scipy() -> None:
    code = (
        "import sys; from coverage.radio.p1812 import path_terms\n"
        "loss = path_terms(freq_mhz=900, distance_km=[0, 1, 2], terrain_m=[0, 0, 0], cover_m=None, zone=[4, 4, 4],\n"
        "    tx_height_m=30, rx_height_m=1.5, latitude_deg=21, compiled=False)['Lbfs']\n"
        "print(round(loss, 3), sorted({'numba', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # 92.4 + 20 log 0.9 + 10 log(2² + 0.0285²), by hand
    assert done.stdout.split(maxsplit=1) == ["97.506", "[]\n"]


def test_a_function_in_line_for_compilation_travels_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(p1812_mechanisms.free_space_db)) is p1812_mechanisms.free_space_db


def test_what_python_runs_calls_no_machine_code() -> None:
    ducting = interpreted(p1812_mechanisms.ducting_db)
    assert not hasattr(ducting.__globals__["_shielding_db"], "dispatcher")
    assert hasattr(p1812_mechanisms._shielding_db, "dispatcher")
