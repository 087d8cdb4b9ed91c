"""The tables of how well the models meet published values, computed from the values that the tests hold them to."""

import functools
import importlib
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pages.common import table

ROOT = Path(__file__).parents[2]
BEGIN, END = "<!-- written by tools/make_docs.py: {} -->", "<!-- end -->"
_Pair = tuple[float, float]


def pages() -> dict[str, str]:
    """Return path below docs/ -> its text, with the tables of those models whose reference values are here."""
    found = {}
    for name, drawn in TABLES.items():
        file = f"models/{name}.md"
        text = (ROOT / "docs" / file).read_text(encoding="utf-8")
        begin = BEGIN.format(drawn.__name__)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(END)
        if here(name):
            text = f"{before}{begin}\n\n{drawn()}\n\n{END}{after}"
        found[file] = text
    return found


def here(name: str) -> bool:
    """Return whether the reference values of a model are on this machine; some may not be passed on."""
    vectors = getattr(_tests(name), "VECTORS", None) if name in ("p1812", "itm", "p2108") else None
    return vectors is None or Path(vectors).is_dir()


def _tests(name: str) -> Any:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module("tests.radio.test_" + ("p1812_vectors" if name == "p1812" else name))


def _model(name: str) -> Any:
    return importlib.import_module(f"coverage.radio.{name}")


def _differences(what: str, pairs: Iterable[_Pair], digit_db: float) -> tuple[str, ...]:
    """Return a row: what is compared, how many values, mean and largest difference, and the last digit published."""
    differences = [ours - theirs for ours, theirs in pairs]
    mean_db, largest_db = math.fsum(differences) / len(differences), max(map(abs, differences))
    places = max(1, round(-math.log10(digit_db)) + 1)
    return what, str(len(differences)), _db(mean_db, places), _db(largest_db, places), f"{digit_db:g}"


def _db(value: float, places: int) -> str:
    return f"{round(value, places) + 0.0:.{places}f}"


def _drawn(rows: Iterable[tuple[str, ...]]) -> str:
    return table(("compared with", "values", "mean difference, dB", "largest, dB", "last digit published, dB"), rows)


def p1812() -> str:
    """Every term of every reference case, and the loss on every profile."""
    tests = _tests("p1812")
    by_term: dict[tuple[str, str], list[float]] = {}
    by_profile: dict[str, list[tuple[float, float]]] = {}
    for case in tests.cases():
        compared = tests.compared(case)
        for key, (ours, theirs) in compared.items():
            by_term.setdefault(key, []).append(abs(ours - theirs))
        by_profile.setdefault(case.rpartition("_")[0], []).append(compared["Lb", "Eq (69)"])
    terms = table(
        ("term", "equation", "cases", "largest difference"),
        (
            (f"`{name}`", equation.removeprefix("Eq ").removeprefix("Eqs "), str(len(found)), _upwards(max(found)))
            for (name, equation), found in by_term.items()
        ),
    )
    profiles = table(
        ("profile", "cases", "length, km", "Lb of the reference, dB", "largest difference, dB"),
        (
            (
                profile,
                str(len(pairs)),
                f"{tests.read_profile(f'{profile}_0')[-1, 0]:.1f}",
                f"{min(pair[1] for pair in pairs):.1f} to {max(pair[1] for pair in pairs):.1f}",
                _upwards(max(abs(ours - theirs) for ours, theirs in pairs)),
            )
            for profile, pairs in by_profile.items()
        ),
    )
    return f"{profiles}\n\nTerm by term, in the unit of the term (km, m, mrad, %, dB):\n\n{terms}"


def _upwards(value: float) -> str:
    """Return a bound with one digit: below a millionth nothing but the arithmetic is left."""
    if value < 1e-6:
        return "< 0.000001"
    places = -math.floor(math.log10(value))
    return f"{math.ceil(value * 10**places) / 10**places:.{places}f}"


def itm() -> str:
    """NTIA's published values, and its program's on links of every kind."""
    tests = _tests("itm")
    return _drawn((
        _differences("NTIA's values, point to point", tests.ntia_paths(), 0.01),
        _differences("NTIA's values, area mode", tests.area_losses(tests.VECTORS / "area.csv"), 0.1),
        _differences("NTIA's program, point to point", tests.computed_paths(), 0.0001),
        _differences("NTIA's program, area mode", tests.area_losses(tests.COMPUTED / "itm_area.csv"), 0.0001),
    ))  # fmt: skip


def hata() -> str:
    """The values that ns-3 publishes, and the textbook's line."""
    tests, loss_db = _tests("hata"), _model("hata").basic_transmission_loss_db
    town = {"freq_mhz": 900.0, "tx_height_m": 30.0, "rx_height_m": 1.5, "environment": "urban"}
    published = {name: db for name, db in tests.AT_869_MHZ.items() if name != "open"}
    by_hand = {name: db for name, db in tests.AT_869_MHZ.items() if name == "open"}

    def ours(values: dict[str, float]) -> Iterator[_Pair]:
        return ((float(loss_db(**tests.LINK, environment=name)), db) for name, db in values.items())

    return _drawn((
        _differences("ns-3, 869 MHz, 2 km: large city, town, suburb", ours(published), 0.01),
        _differences("worked by hand, 869 MHz, 2 km: open country", ours(by_hand), 0.01),
        _differences("126.4 + 35.2 log d, 900 MHz, 1 and 10 km", _along(loss_db, town, tests.TEXTBOOK), 0.01),
    ))  # fmt: skip


def cost231() -> str:
    """The line that Holma and Toskala print."""
    tests = _tests("cost231")
    pairs = _along(_model("cost231").basic_transmission_loss_db, tests.LINK, tests.HOLMA_AND_TOSKALA)
    return _drawn([_differences("Holma and Toskala, 1950 MHz, 1 and 10 km", pairs, 0.1)])


def tr38901() -> str:
    """The values that ns-3 publishes."""
    tests, loss_db = _tests("tr38901"), _model("tr38901").basic_transmission_loss_db
    return _drawn(
        _differences(
            f"ns-3, 5 GHz, {'rural' if scenario == 'rma' else 'urban'} macro, {'in sight' if seen else 'hidden'}",
            _along(
                functools.partial(loss_db, line_of_sight=seen),
                tests.RURAL if scenario == "rma" else tests.URBAN,
                losses,
            ),
            0.0001,
        )
        for (scenario, seen), losses in tests.NS3.items()
    )


def p2108() -> str:
    """NTIA's accepted values."""
    tests = _tests("p2108")
    return _drawn(
        _differences(
            f"NTIA's values, {what}",
            ((float(model(row)), row[loss]) for row in tests.rows(file) if row["rtn"] == 0),
            0.1,
        )
        for what, file, model, loss in (
            ("height gain (§ 3.1)", "HeightGainTerminalCorrection", tests.height_gain, "A_h__db"),
            ("terrestrial (§ 3.2)", "TerrestrialStatistical", tests.terrestrial, "L_ctt__db"),
            ("slant (§ 3.3)", "AeronauticalStatistical", tests.slant, "L_ces__db"),
        )
    )


def p2109() -> str:
    """The values of ITU-R Study Group 3's workbook."""
    loss_db = _model("p2109").building_entry_loss_db
    found: dict[str, list[_Pair]] = {}
    for freq_mhz, building, elevation_deg, percent, expected in _tests("p2109").STUDY_GROUP_3:
        ours = loss_db(freq_mhz=freq_mhz, building=building, elevation_deg=elevation_deg, percent=percent)
        found.setdefault(building, []).append((ours, expected))
    return _drawn(
        _differences(f"Study Group 3's workbook, `{building}`", pairs, 0.001) for building, pairs in found.items()
    )


def _along(loss_db: Callable[..., Any], link: dict[str, Any], losses: dict[float, float]) -> Iterator[_Pair]:
    """Ours and the published loss at each distance."""
    found = loss_db(**{**link, "distance_km": [*losses]})
    return zip(map(float, found), losses.values(), strict=True)


TABLES = {drawn.__name__: drawn for drawn in (p1812, itm, hata, cost231, tr38901, p2108, p2109)}
