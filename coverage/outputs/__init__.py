"""Result -> file, one file per format."""

from coverage.outputs.files import write_results as write_results
