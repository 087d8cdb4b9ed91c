"""Layers held against each other, and against what is usual."""
