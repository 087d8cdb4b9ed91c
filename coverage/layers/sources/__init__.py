"""Files, archives, databases and rasters, safely opened -> rows and pixels as they were written."""
