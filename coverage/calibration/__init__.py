"""Measured levels meet predicted ones: what the prediction lacks, how sure that is, and how well it then does."""
