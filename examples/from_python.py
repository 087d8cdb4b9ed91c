# %% [markdown]
# # From Python
#
# The same walk as on the command line, with the tables and rasters at hand: open this file as a notebook (VS Code,
# PyCharm, Jupyter with jupytext), or run it. It wants a study in the folder `my-province`; `coverage init my-province
# --sample` makes one.

# %%
from pathlib import Path

import numpy as np

from coverage import CoverageError, analyze, load_study
from coverage.layers import check_study
from coverage.pipeline import write

study = load_study("my-province")
print(study.study.name, study.as_of, study.definition_id)

# %% [markdown]
# A study is frozen. A variant is a copy, so that no step can change what an earlier one saw. Here the map is to show
# 90 % of the places in a pixel instead of the median.

# %%
cautious = study.model_copy(update={"radio": study.radio.model_copy(update={"location_percent": 90.0})})

# %% [markdown]
# Check before computing: every problem knows its file, rows and remedy.

# %%
found = check_study(study)
for problem in found.problems:
    print(problem)
if not found.can_run:
    raise SystemExit("the study cannot run")

# %% [markdown]
# The analysis gives a `Result` and writes no results.

# %%
result = analyze(study)
print(result.villages["status"].value_counts().to_string())

# %% [markdown]
# Tables are GeoDataFrames in the projected system of the grid, under the column names of the [outputs](outputs.md).
# Dead villages with grid power, those with most households first:

# %%
dead = result.villages[(result.villages["status"] == "dead") & result.villages["has_power"].fillna(False)]
columns = ["name", "commune_name", "households", "nearest_site_km", "any_4g_dbm"]
print(dead.sort_values("households", ascending=False)[columns].head(10).to_string(index=False))

# %% [markdown]
# Rasters open with rasterio. NaN is *not modelled*, which is never *uncovered*; -inf is *no cell reaches*. In the
# file both are nodata, so ask the signal itself where the difference counts.

# %%
with result.open_raster("any", "4g") as raster:
    level_dbm = raster.read(1, masked=True) * raster.scales[0]
    print(raster.crs, raster.shape, f"{np.ma.median(level_dbm):.1f} dBm")
levels = result.signal.levels["any", "4g"]
print(f"not modelled: {np.isnan(levels).mean():.1%}; no cell reaches: {np.isneginf(levels).mean():.1%}")

# %% [markdown]
# What did the caution cost? The second analysis takes the loss around every mast from the store.

# %%
worst = analyze(cautious)
lost = (worst.villages["status"] == "dead").sum() - (result.villages["status"] == "dead").sum()
print(f"{lost} more villages are dead where 90 % of the places must have signal")

# %% [markdown]
# What to build first, and what it would serve:

# %%
print(result.ranked_sites[["rank", "kind", "new_households", "cost_central_usd"]].head(5).to_string(index=False))

# %% [markdown]
# Files, all or none, as `coverage analyze` leaves them:

# %%
try:
    files = write(result, Path("my-province/maps"), language="en")
except CoverageError as error:  # one line: where, what was found, what was expected, what to do
    raise SystemExit(str(error)) from None
print(len(files), "files, among them", files[0])
