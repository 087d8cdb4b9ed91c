"""Result -> file, one file per format."""
