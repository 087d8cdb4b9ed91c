"""python -m tests.fuzz: break files on purpose, count what the readers make of them, print a line for each reader."""

import argparse
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process without threads can be copied for each batch

from pathlib import Path

from tests.fuzz.batch import feed
from tests.fuzz.readers import READERS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="for each reader")
    parser.add_argument("--reader", action="append", choices=sorted(READERS), help="these alone; all by default")
    parser.add_argument("--seed", type=int, default=0, help="another number, other inputs")
    parser.add_argument("--start", type=int, default=0, help="the first input, to go on or to repeat one")
    parser.add_argument("--minutes", type=float, default=1e9, help="for each reader at most")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--keep", type=Path, help="folder for the first input of each finding")
    parser.add_argument("--guided", action="store_true", help="let atheris look for new paths in pure Python")
    asked = parser.parse_args()
    if asked.guided:
        from tests.fuzz.guided import guide

        return guide(asked.reader, inputs=asked.inputs, minutes=asked.minutes)
    print(f"{'reader':14} {'inputs':>8} {'results':>8} {'refusals':>8} {'findings':>8} {'inputs/s':>8} {'peak MB':>8}")
    found = 0
    for name in asked.reader or READERS:
        tally = feed(
            name, inputs=asked.inputs, seed=asked.seed, start=asked.start, jobs=asked.jobs, minutes=asked.minutes,
            keep=asked.keep,
        )  # fmt: skip
        if tally is None:
            print(f"{name:14} skipped: nothing here can write a sound file of this format")
            continue
        faults = sum(tally.findings.values())
        found += faults
        rate = tally.inputs / max(tally.seconds, 1e-9)
        counts = f"{tally.inputs:8} {tally.results:8} {tally.refusals:8} {faults:8}"
        print(f"{name:14} {counts} {rate:8.0f} {tally.peak_mb:8.0f}")
        for finding, count in tally.findings.most_common():
            print(f"    {count} x {finding} (first: --start {tally.examples[finding]} --inputs 1)")
        sys.stdout.flush()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
