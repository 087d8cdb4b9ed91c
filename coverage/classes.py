"""Signal classes: from a level to good, weak or none by the thresholds of a study."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coverage.study import Study

if TYPE_CHECKING:
    from coverage.result import Raster

NOT_MODELLED = 255
"""In rasters of classes, where nothing is known of the signal."""


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
    return (level >= weak_dbm).astype(np.int8) + (level >= good_dbm)


def class_numbers(level_dbm: ArrayLike, technology: str, study: Study) -> NDArray[np.uint8]:
    """Return the classes of levels as rasters hold them: NOT_MODELLED where the level is NaN."""
    classes = signal_class(level_dbm, technology, study).astype(np.uint8)
    return np.where(np.isnan(level_dbm), np.uint8(NOT_MODELLED), classes)


@dataclass(frozen=True, eq=False)
class Classified:
    """Classes of levels, as `class_numbers` gives them; a `coverage.result.Raster`, read window by window."""

    level_dbm: "Raster"
    technology: str
    study: Study

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows, columns."""
        return self.level_dbm.shape

    def __getitem__(self, where: Any) -> NDArray[np.uint8]:
        """Return the classes of a window, or of single pixels."""
        return class_numbers(self.level_dbm[where], self.technology, self.study)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all of them."""
        classes = self[:, :]
        return classes if dtype is None else classes.astype(dtype, copy=False)
