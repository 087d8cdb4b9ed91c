"""Make the bundled sample: Sơn La's communes by name and number, all else synthetic; the same bytes each run."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from sample import communes, housing, masts, networks, relief, rivers, roads, settlements, stations, writing  # noqa: E402
from sample.facts import load_facts  # noqa: E402
from sample.frame import to_lonlat  # noqa: E402

PARTS = ("relief", "communes", "villages", "names", "masts", "housing", "power", "roads")
SEED = 14  # the province's code
MARGIN_DB = 4.0  # so that the quick estimate here and the models of the analysis agree on who has a signal


def main() -> None:
    """Write data/ under the folder given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "data", help="folder to write to (default: data)")
    make(parser.parse_args().out)


def make(out: Path) -> None:
    """Run every part in order; each draws from a generator of its own, so that changing one leaves the others alone."""
    rng = dict(
        zip(
            PARTS,
            np.random.default_rng(SEED).spawn(len(PARTS)),
            strict=True,
        )
    )
    started = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - started:6.1f} s  {what}", file=sys.stderr)

    facts = load_facts()
    land = relief.make_relief(rng["relief"])
    say("terrain")
    borders, number = communes.grow_communes(rng["communes"], facts, land)
    ground = settlements.survey(land, number)
    say("communes")
    seat = settlements.seats(facts, ground)
    network = roads.main_roads(rng["roads"], facts, ground, seat)
    say("main roads")
    main_road_m = network.distance_m(number.shape)
    villages, hidden = settlements.found_villages(rng["villages"], facts, ground, seat, main_road_m)
    positions = masts.place_masts(rng["masts"], ground, villages, main_road_m)
    equipment = stations.equip(rng["masts"], positions, villages)
    say(f"{len(positions)} positions")
    places = settlements.hiding_places(rng["villages"], ground, main_road_m)
    received = masts.levels(ground, positions, equipment, masts.middles(places), 16_000.0)
    villages = settlements.hide_villages(villages, places, masts.outcome(received, MARGIN_DB), hidden)
    villages = settlements.settle(rng["villages"], facts, villages)
    villages = settlements.describe(rng["names"], facts, ground, villages)
    villages["has_power"] = ~(villages.isolated & (rng["power"].random(len(villages)) < 0.55))
    say(f"{len(villages)} villages")
    roads.village_roads(network, villages)
    say("communal roads")
    plots = housing.plots(rng["housing"], ground, villages)
    received = masts.levels(ground, positions, equipment, plots[["x", "y"]].to_numpy(), 9_000.0)
    lit = np.isin(masts.outcome(received, MARGIN_DB), ["good", "faint"])
    dark = np.isin(masts.outcome(received, MARGIN_DB / 2), ["2g", "none"])
    homes = housing.house(rng["housing"], villages, plots, lit, dark)
    say(f"{len(homes)} clusters of homes")
    routes, nodes = networks.lay_fiber(network, villages, seat)
    say(f"{len(routes)} fiber routes, {routes.length_km.sum():.0f} km")
    power = networks.lay_power(network, villages, seat)
    backhaul = networks.backhaul(positions, routes)
    cells = stations.cells(rng["masts"], positions, equipment, backhaul)
    for folder in ("boundaries", "sites", "terrain", "infrastructure"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    writing.write_terrain(out / "terrain/terrain.tif", land.height_m)
    middle = villages[villages.centre].set_index("commune")
    lon, lat = to_lonlat(middle.x, middle.y)
    borders = borders.assign(centre_lon=lon.round(6), centre_lat=lat.round(6))
    writing.write_layer(out / "boundaries/communes.gpkg", borders, "communes")
    writing.write_table(out / "boundaries/villages.csv", _village_table(villages))
    writing.write_table(out / "boundaries/housing.csv", _housing_table(homes, villages))
    writing.write_table(out / "sites/bts.csv", cells)
    writing.write_layer(out / "sites/fiber_routes.gpkg", routes, "fiber_routes")
    writing.write_table(out / "sites/fiber_nodes.csv", nodes)
    writing.write_layer(out / "infrastructure/roads.gpkg", network.frame(), "roads")
    writing.write_layer(out / "infrastructure/power_lines.gpkg", power, "power_lines")
    writing.write_layer(out / "infrastructure/rivers.gpkg", rivers.rivers(land), "rivers")
    say("written")


def _village_table(villages: pd.DataFrame) -> pd.DataFrame:
    lon, lat = to_lonlat(villages.x, villages.y)
    table = pd.DataFrame({
        "village_id": villages.village_id, "name": villages.name, "commune_code": villages.commune_code,
        "commune_name": villages.commune_name, "former_commune": villages.former_commune,
        "lon": lon.round(6), "lat": lat.round(6), "households": villages.households, "people": villages.people,
        "has_power": np.where(villages.has_power, "có", "không"),
        "programme": np.where(villages.isolated, "có", "không"),
    })  # fmt: skip
    lost = villages.index[~villages.town & ~villages.centre & ~villages.isolated][77::480][:5]
    table.loc[lost, ["lon", "lat"]] = np.nan
    return table


def _housing_table(homes: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    lon, lat = to_lonlat(homes.x, homes.y)
    return pd.DataFrame({
        "village_id": villages.village_id.to_numpy()[homes.village], "lon": lon.round(6), "lat": lat.round(6),
        "households": homes.households,
    })  # fmt: skip


if __name__ == "__main__":
    main()
