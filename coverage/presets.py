"""Named definitions of when a village has signal: what each asks for, and where that comes from."""

from typing import Any

CLASSES_DBM: dict[str, dict[str, float]] = {
    "2g": {"good": -95.0, "weak": -105.0},
    "3g": {"good": -100.0, "weak": -110.0},
    "4g": {"good": -105.0, "weak": -115.0},
    "5g": {"good": -105.0, "weak": -115.0},
}
"""RxLev, RSCP, RSRP and SS-RSRP from which a signal is good and weak, dBm; 4G good is Ofcom's, the rest practice."""

_OFCOM_DBM = {"2g": -81.0, "3g": -100.0, "4g": -105.0, "5g": -110.0}

PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "vn-center-2024": {},
    # Connected Nations, outdoors: one threshold each, so that nothing is weak; 2G as published since 2018.
    "ofcom": {
        "definitions": {"classes_dbm": {name: {"good": dbm, "weak": dbm} for name, dbm in _OFCOM_DBM.items()}},
    },
    # Broadband Data Collection: at least 90 % probability at the cell's edge, at least 50 % load of the cell.
    "fcc": {"definitions": {"load_percent": 50.0}, "radio": {"location_percent": 90.0}},
    # Signal behind walls of brick: practice.
    "strict-indoor": {"definitions": {"indoor_db": 15.0}},
}
"""Id -> room of the study -> settings that differ from the defaults, which are those of `vn-center-2024`."""
