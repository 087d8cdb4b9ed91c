"""Signal classes: from a level to good, weak or none by the thresholds of a study."""

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.study import Study


class SignalClass(IntEnum):
    """How good a signal is; ordered."""

    NONE = 0
    WEAK = 1
    GOOD = 2


def signal_class(level_dbm: ArrayLike, technology: str, study: Study) -> NDArray[np.int8]:
    """
    Classify levels of a technology.

    Parameters
    ----------
    level_dbm
        Any shape; NaN is "not modelled" and classified as no signal.
    technology
        A key of `study.technologies`.
    study
        Thresholds, and the extra loss asked for indoors.

    Returns
    -------
    array of int8
        Values of SignalClass, in the shape of `level_dbm`.
    """
    level = np.asarray(level_dbm, dtype=float)
    good_dbm, weak_dbm = study.thresholds_dbm(technology)
    return np.where(level >= good_dbm, 2, np.where(level >= weak_dbm, 1, 0)).astype(np.int8)
