"""Coordinates and reference systems: what was written -> points and shapes in WGS 84."""
