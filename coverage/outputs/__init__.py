"""Result -> file, one file per format."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage.outputs.files import check_folder, write_results

__all__ = ["check_folder", "write_results"]


def __getattr__(name: str) -> object:
    """Load what writes every file on first use: the drawing of one path needs none of it."""
    if name in __all__:
        from coverage.outputs import files

        return getattr(files, name)
    raise AttributeError(f"module 'coverage.outputs' has no attribute {name!r}")
