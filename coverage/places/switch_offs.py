"""Switch-offs: the villages that lose their last signal on the day a technology ends."""

import numpy as np
import pandas as pd

from coverage.columns.results import SWITCH_OFFS
from coverage.columns.words import TECHNOLOGIES
from coverage.places.networks import Network
from coverage.result import Layers
from coverage.study import Study


def switch_offs(anyone: Network, layers: Layers, study: Study) -> pd.DataFrame:
    """
    List the villages that become dead at each switch-off.

    Parameters
    ----------
    anyone
        The villages under any operator; the network is taken to stay as it is but for what is switched off.
    layers
        Of the villages.
    study
        Last days of service, past and to come, and the definitions.

    Returns
    -------
    DataFrame
        Columns of `columns.SWITCH_OFFS`, by day, then in the order of the villages. Technologies that end on one day
        are one row of their villages, such as `2g+3g`.
    """
    days = sorted({row.switch_off for row in study.technologies.values() if row.switch_off is not None})
    parts = []
    for day in days:
        before = tuple(
            name for name in TECHNOLOGIES if (last := study.technologies[name].switch_off) is None or last >= day
        )
        ending = tuple(name for name in before if study.technologies[name].switch_off == day)
        then = anyone.verdict(before)
        later = anyone.verdict(name for name in before if name not in ending)
        rows = np.flatnonzero(later.is_("dead") & ~then.is_("dead") & ~then.is_("not_assessed"))
        lost = layers.villages.iloc[rows]
        kept = ["village_id", "name", "commune_code", "commune_name", "households", "people", "has_power"]
        table = pd.DataFrame({column: lost[column].array for column in kept})
        table["last_day"], table["technology"] = day.isoformat(), "+".join(ending)
        table["status_before"] = then.status[rows]
        table["definition_id"] = study.definition_id
        parts.append(table)
    return pd.concat(parts, ignore_index=True)[SWITCH_OFFS.names] if parts else pd.DataFrame(columns=SWITCH_OFFS.names)
