"""File -> validated frame or raster."""
