"""File -> validated frame or raster, with everything that is wrong said at once."""

from coverage.layers.read import check_layers, check_study, input_files, read_layers

__all__ = ["check_layers", "check_study", "input_files", "read_layers"]
