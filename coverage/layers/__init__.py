"""File -> validated frame or raster, with everything that is wrong said at once."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage.layers.read import check_layers, check_study, input_files, read_layers

__all__ = ["check_layers", "check_study", "input_files", "read_layers"]


def __getattr__(name: str) -> object:
    """Load what reads every layer on first use: the terrain under one path needs none of it."""
    if name in __all__:
        from coverage.layers import read

        return getattr(read, name)
    raise AttributeError(f"module 'coverage.layers' has no attribute {name!r}")
