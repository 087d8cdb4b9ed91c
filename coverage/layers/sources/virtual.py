"""Raster files as one raster of metres or codes: the text of a GDAL virtual raster, which copies nothing."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np
from affine import Affine
from pyproj import CRS
from rasterio.enums import MaskFlags

from coverage.layers.sources.raster import Raster, opened


def vrt_text(tiles: Sequence[Raster], transform: Affine, shape: tuple[int, int], crs: CRS) -> str:
    """Return the text of a virtual raster of float32, NaN where there is none, that names each tile with its place."""
    rows, cols = shape
    return "".join(
        [
            f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}"><SRS>{escape(crs.to_wkt())}</SRS>',
            f"<GeoTransform>{', '.join(f'{number!r}' for number in map(float, transform.to_gdal()))}</GeoTransform>",
            '<VRTRasterBand dataType="Float32" band="1"><NoDataValue>nan</NoDataValue>',
            *(_tile(tile, transform) for tile in tiles),
            "</VRTRasterBand></VRTDataset>",
        ]
    )


def _tile(tile: Raster, transform: Affine) -> str:
    rows, cols = tile.shape
    col, row = (round(number) for number in ~transform @ (tile.transform.c, tile.transform.f))
    with opened(tile.path, tile.formats) as dataset:
        void, scale, offset = dataset.nodata, dataset.scales[0], dataset.offsets[0]
        whole = np.issubdtype(np.dtype(dataset.dtypes[0]), np.integer)
        masked = MaskFlags.per_dataset in dataset.mask_flag_enums[0]
    void = float("nan") if void is None and not whole else void
    return "".join(
        [
            f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(str(tile.path))}</SourceFilename>',
            "<SourceBand>1</SourceBand>",
            f'<SrcRect xOff="0" yOff="0" xSize="{cols}" ySize="{rows}"/>',
            f'<DstRect xOff="{col}" yOff="{row}" xSize="{cols}" ySize="{rows}"/>',
            "<UseMaskBand>true</UseMaskBand>" if masked else "" if void is None else f"<NODATA>{void!r}</NODATA>",
            f"<ScaleOffset>{offset!r}</ScaleOffset><ScaleRatio>{scale!r}</ScaleRatio>",
            "</ComplexSource>",
        ]
    )
