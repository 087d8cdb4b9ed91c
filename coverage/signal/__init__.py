"""Physics on a grid: footprints of cells, best server of a network."""
