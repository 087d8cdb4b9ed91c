"""Keys: what a finished footprint or tile depends on, all of it, in one SHA-256."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coverage.radio._numba import fingerprint
from coverage.signal.footprint import Ground, Mast, Propagation, bands_of
from coverage.signal.tiling import Tile, Tiling

_SOURCES = fingerprint("radio", "signal")
"""Another version of the program does the work again."""


def ground_digests(grounds: Iterable[Ground], tiling: Tiling) -> NDArray[np.uint8]:
    """
    Digest the ground tile by tile.

    Parameters
    ----------
    grounds
        That of every tile, row by row.
    tiling
        The tiles.

    Returns
    -------
    NDArray[np.uint8]
        [rows of tiles, columns of tiles, 32].
    """
    found = b"".join(_ground_digest(ground) for ground in grounds)
    return np.frombuffer(found, np.uint8).reshape(*tiling.tiles, 32)


def _ground_digest(ground: Ground) -> bytes:
    digest = hashlib.sha256(repr((ground.terrain_m.shape, ground.cell_m, ground.cover_m is None)).encode())
    digest.update(ground.terrain_m.tobytes())
    if ground.cover_m is not None:
        digest.update(ground.cover_m.tobytes())
    return digest.digest()


def footprint_key(
    mast: Mast, window: tuple[slice, slice], digests: NDArray[np.uint8], propagation: Propagation, tiling: Tiling
) -> str:
    """
    Return the key of a footprint; where the antennas look to is no part of it.

    Parameters
    ----------
    mast
        In pixels of the grid.
    window
        Pixels whose ground matters.
    digests
        Of the ground, as `ground_digests` returns them.
    propagation, tiling
        How the loss is predicted, and how footprints are cut.
    """
    span = tiling.span(*window)
    about = (_SOURCES, mast.row, mast.col, mast.height_m, bands_of(mast), propagation, tiling, span)
    digest = hashlib.sha256(repr(about).encode())
    digest.update(digests[span].tobytes())
    return digest.hexdigest()


def mast_key(mast: Mast, footprint: str) -> bytes:
    """Return the key of a mast with its antennas, wherever its cells stand in the layer."""
    cells = [replace(cell, index=0) for cell in mast.cells]
    return hashlib.sha256(repr((footprint, cells)).encode()).digest()


def tile_key(
    tile: Tile,
    digests: NDArray[np.uint8],
    masts: Sequence[bytes],
    numbers: NDArray[np.int32],
    categories: NDArray[np.uint8] | None,
    propagation: Propagation,
    tiling: Tiling,
) -> str:
    """
    Return the key of a tile.

    Parameters
    ----------
    tile, digests, propagation, tiling
        As above.
    masts
        Keys of those that may touch it.
    numbers
        Of their cells, one mast after the other, among all of them in the order of the layer: of two equally strong
        ones the first serves.
    categories
        What stands at its pixels, where a correction asks for it.
    """
    digest = hashlib.sha256(repr((_SOURCES, tile, propagation, tiling, len(masts))).encode())
    digest.update(digests[tile].tobytes())
    digest.update(b"".join(masts))
    digest.update(numbers.tobytes())
    digest.update(b"" if categories is None else categories.tobytes())
    return digest.hexdigest()
