"""The machine that figures were measured on, in one line."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe() -> str:
    """Return processor, cores, memory and versions."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = Path("/proc/meminfo")
    total_gb = int(memory.read_text().split()[1]) / 1e6 if memory.exists() else 0
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "rasterio", "geopandas"))
    return (
        f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {total_gb:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {packages}"
    )
