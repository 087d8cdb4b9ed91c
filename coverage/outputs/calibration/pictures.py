"""How well a calibration does, on one sheet for each technology: errors, distances, offsets, classes, a map."""

import io
import itertools
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coverage.calibration_result import Calibrated
from coverage.outputs.wording import Wording

_BEFORE, _AFTER = "#9A9A9A", "#0B3C8C"
_DPI, _INCHES = 110, (15.0, 9.0)
_BINS = np.arange(-40.0, 40.5, 2.0)
_LEAST_IN_BIN = 10
_MOST_DOTS = 20_000


def picture(found: Calibrated, technology: str, say: Wording) -> bytes:
    """Return the sheet of a technology as PNG."""
    pixels = found.pixels[found.pixels["technology"] == technology]
    check, row = found.held_out[technology], _row(found, technology)
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, 3)
    blocks, km = say.number(check.blocks, 0), say.number(row["block_km"])
    title = {"technology": say.technology(technology), "pixels": say.number(len(pixels), 0), "blocks": blocks, "km": km}
    figure.suptitle(say.word("calibration.title", **title))
    _errors(axes[0, 0], pixels, say)
    _distances(axes[0, 1], pixels, say)
    _offsets(axes[0, 2], row, say)
    _classes(axes[1, 0], check.confusion_before, "calibration.before", check.before.right_percent, say)
    _classes(axes[1, 1], check.confusion_after, "calibration.after", check.after.right_percent, say)
    _map(figure, axes[1, 2], pixels, say)
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def _row(found: Calibrated, technology: str) -> dict[str, Any]:
    calibration = found.study.radio.calibration
    return {} if calibration is None else calibration.technologies[technology].evidence


def _both(pixels: pd.DataFrame) -> list[tuple[str, str, np.ndarray]]:
    """Return key of the words, colour and errors, dB, before and after."""
    measured = pixels["measured_dbm"].to_numpy()
    return [
        ("calibration.before", _BEFORE, pixels["predicted_dbm"].to_numpy() - measured),
        ("calibration.after", _AFTER, pixels["held_out_dbm"].to_numpy() - measured),
    ]


def _errors(ax: Any, pixels: pd.DataFrame, say: Wording) -> None:
    for key, colour, error_db in _both(pixels):
        finite = error_db[np.isfinite(error_db)]
        label = f"{say.word(key)}: {say.number(float(np.mean(finite)), 1)} ± {say.number(float(np.std(finite)), 1)} dB"
        ax.hist(np.clip(finite, _BINS[0], _BINS[-1]), _BINS, histtype="step", color=colour, linewidth=2, label=label)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set(xlabel=say.word("calibration.error"), ylabel=say.word("calibration.pixels"))
    ax.legend(loc="upper left", fontsize="small")


def _distances(ax: Any, pixels: pd.DataFrame, say: Wording) -> None:
    distance_km = pixels["distance_km"].to_numpy()
    known = np.isfinite(distance_km)
    edges = np.geomspace(max(np.nanmin(distance_km), 0.05), max(np.nanmax(distance_km), 0.1) * 1.001, 13)
    for key, colour, error_db in _both(pixels):
        inside = [
            error_db[known & np.isfinite(error_db) & (distance_km >= low) & (distance_km < high)]
            for low, high in itertools.pairwise(edges)
        ]
        middle = np.sqrt(edges[:-1] * edges[1:])
        level = [np.median(part) if len(part) >= _LEAST_IN_BIN else np.nan for part in inside]
        ax.plot(middle, level, "o-", color=colour, label=say.word(key))
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_xscale("log")
    for formatter in (ax.xaxis.set_major_formatter, ax.xaxis.set_minor_formatter):
        formatter(lambda value, _: f"{value:g}")
    ax.set(xlabel=say.word("calibration.distance"), ylabel=say.word("calibration.error"))
    ax.legend(fontsize="small")


def _offsets(ax: Any, row: dict[str, Any], say: Wording) -> None:
    intervals = row["interval_db"]
    for place, (low, high) in enumerate(reversed(intervals.values())):
        ax.errorbar((low + high) / 2, place, xerr=(high - low) / 2, fmt="o", color=_AFTER, capsize=4)
    ax.set_yticks(range(len(intervals)), [say.word(f"calibration.{name}") for name in reversed(intervals)])
    ax.margins(y=0.3)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set(xlabel=say.word("calibration.offset"))


def _classes(ax: Any, table: pd.DataFrame, key: str, right_percent: float, say: Wording) -> None:
    counts = table.to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    names = [say.word(f"calibration.{name}") for name in table.columns]
    for (i, j), count in np.ndenumerate(counts):
        colour = "white" if shares[i, j] > 0.6 else "black"
        ax.text(j, i, say.number(float(count), 0), ha="center", va="center", color=colour)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    right = f"{say.word('calibration.right')}: {say.number(right_percent, 1)}"
    ax.set(
        xlabel=say.word("calibration.predicted"),
        ylabel=say.word("calibration.measured"),
        title=f"{say.word(key)} – {right}",
    )


def _map(figure: Figure, ax: Any, pixels: pd.DataFrame, say: Wording) -> None:
    shown = pixels[np.isfinite(pixels["held_out_dbm"])]
    shown = shown.iloc[:: max(len(shown) // _MOST_DOTS, 1)]
    error_db = (shown["held_out_dbm"] - shown["measured_dbm"]).to_numpy()
    west, south = shown["x_m"].min(), shown["y_m"].min()
    x_km, y_km = (shown["x_m"] - west) / 1000, (shown["y_m"] - south) / 1000
    dots = ax.scatter(x_km, y_km, c=error_db, s=4, cmap="RdBu_r", vmin=-20, vmax=20, rasterized=True)
    figure.colorbar(dots, ax=ax)
    ax.set_aspect("equal")
    ax.set(xlabel="km", ylabel="km", title=say.word("calibration.map"))
