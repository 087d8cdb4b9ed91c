"""The map for Google Earth: one KMZ with villages, sites, proposals and signal."""
