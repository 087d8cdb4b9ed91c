"""Result -> file, one file per format."""

from coverage.outputs.files import check_folder as check_folder
from coverage.outputs.files import write_results as write_results
