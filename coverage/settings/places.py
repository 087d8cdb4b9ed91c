"""When a village has signal, and when fiber."""

import math
from typing import Annotated, Self

from pydantic import Field, model_validator

from coverage.presets import CLASSES_DBM
from coverage.settings.base import (
    CHOICE,
    PRACTICE,
    PUBLISHED,
    Finite,
    NotNegative,
    Percent,
    Positive,
    Settings,
    setting,
)


class Classes(Settings):
    """The levels from which a technology's signal is good and weak, dBm; below there is none."""

    good: Finite
    weak: Finite

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.good < self.weak:
            raise ValueError(f"good {self.good} is below weak {self.weak}")
        return self


class Definitions(Settings):
    """[definitions]: when a village is dead, weak or covered; `id` names a preset, or definitions of one's own."""

    id: str = setting(
        "vn-center-2024", "Printed with every result: vn-center-2024, ofcom, fcc, strict-indoor, or a name of your own."
    )
    classes_dbm: dict[str, Classes] = Field(
        default_factory=lambda: {name: Classes(**classes) for name, classes in CLASSES_DBM.items()},
        description="Per technology: good and weak at or above, dBm (RxLev, RSCP, RSRP, SS-RSRP).",
        json_schema_extra={"origin": f"Ofcom for good 4G, else {PRACTICE}"},
    )
    load_percent: Annotated[float, Field(ge=0, lt=100)] = setting(
        0.0, "Load of the cells that the classes must bear, %; asks for -10 log10(1 - load) dB more.", CHOICE
    )
    indoor_db: NotNegative = setting(0.0, "Extra loss asked for, dB: 0 outdoors, 10 wood, 15 brick.", PRACTICE)
    house_db: NotNegative = setting(
        10.0, "Loss into a house for the statuses of indoors, dB: 10 wood or stilt house, 15 brick.", PRACTICE
    )
    covered_percent: Percent = setting(
        95.0, "Households with signal below this share make a village weak, %.", PUBLISHED
    )
    cluster_households: Annotated[int, Field(gt=0)] = setting(
        10, "Households without signal lying together that make a village weak.", PUBLISHED
    )
    cluster_m: Positive = setting(500.0, "Housing within this distance lies together, m.", PRACTICE)
    verify_percent: Percent = setting(
        50.0, "A dead village with this share of households covered is suspect, %.", PUBLISHED
    )

    @property
    def load_db(self) -> float:
        """What the load of the cells asks for beside the classes, dB: the rise of noise and interference with it."""
        return -10 * math.log10(1 - self.load_percent / 100)


class Places(Settings):
    """[places]: which village a building or a populated pixel belongs to."""

    building_m: Positive = setting(
        3000.0,
        "A building in no village's area belongs to the nearest village of its commune within this, m.",
        PRACTICE,
    )


class Fiber(Settings):
    """[fiber]: how near fiber must be."""

    served_m: Positive = setting(500.0, "Drop from a node or route to the centre, m.", PUBLISHED)
    near_road_m: Positive = setting(2000.0, "Near, along roads, m.", PUBLISHED)
    near_straight_m: Positive = setting(1500.0, "Near, in a straight line where there is no road layer, m.", PUBLISHED)
    passes_m: Positive = setting(100.0, "A route this close to the housing passes the village, m.", PRACTICE)
