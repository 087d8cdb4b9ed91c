"""Facts: what is real about the sample, read from two committed tables."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample.frame import to_grid

_HERE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Facts:
    """The 75 communes of Sơn La since July 2025 and the 200 that they were made of."""

    communes: pd.DataFrame
    """code, name, full_name, area_km2, population, lon, lat; sorted by code."""
    former: pd.DataFrame
    """code of the commune today, former_code, former_name, former_district, lon, lat."""

    @property
    def centres(self) -> NDArray[np.float64]:
        """[communes, 2] metres east and south of the corner of the frame."""
        return np.column_stack(to_grid(self.communes.lon, self.communes.lat))


def load_facts() -> Facts:
    """Read facts_son_la.csv and facts_former_communes.csv beside the tool."""
    text = {"code": str, "former_code": str}
    communes = pd.read_csv(_HERE / "facts_son_la.csv", dtype=text).sort_values("code", ignore_index=True)
    return Facts(communes, pd.read_csv(_HERE / "facts_former_communes.csv", dtype=text))
