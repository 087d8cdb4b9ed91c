"""One measured run in a process of its own, so that no run gains or suffers from the one before it."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_SAY_EVERY_S = 60.0


def apart(function: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """
    Call a function of a module in a fresh process and return the figures that it returns.

    Arguments and figures travel as JSON.
    """
    name = f"{function.__module__}:{function.__name__}"
    command = [sys.executable, "-m", "benchmarks.signal_runs", name, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{name} failed with {done.returncode}.")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def measured(figures: dict[str, Any]) -> Iterator[None]:
    """Add what a block takes: wall and processor time of this process, s, and its peak memory so far, MB."""
    start, busy = time.perf_counter(), time.process_time()
    yield
    figures["wall_s"] = time.perf_counter() - start
    figures["cpu_s"] = time.process_time() - busy
    figures["peak_mb"] = peak_mb()


def processor_s(pid: int) -> float:
    """Return the processor time that a process has taken so far, s."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int | str = "self") -> float:
    """Return the most memory that a process has ever held, MB; files that it reads by windows count as far as read."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), math.nan)


class Watch:
    """Says once a minute how far a long run is."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Enter a step of so many parts."""
        start = said = time.monotonic()
        done = 0

        def advance(parts: int) -> None:
            nonlocal done, said
            done += parts
            now = time.monotonic()
            if now > said + _SAY_EVERY_S:
                said = now
                print(f"  {title}: {done:,} of {total:,} in {now - start:.0f} s", file=sys.stderr, flush=True)

        yield advance
        print(f"  {title}: {done:,} in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)

    def tell(self, what: str) -> None:
        """Say something by its name."""
        print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    where, called = sys.argv[1].split(":")
    print(json.dumps(getattr(import_module(where), called)(*json.loads(sys.argv[2]))))
