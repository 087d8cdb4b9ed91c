"""What a calibration leaves: the table for the study, with its evidence, and pictures of how well it does."""
