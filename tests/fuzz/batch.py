"""Inputs by the thousand, each batch in a process of its own, so that a crash or a hang costs one input and is told."""

import faulthandler
import json
import mmap
import os
import pickle
import random
import resource
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from coverage.errors import CoverageError, LayerError
from tests.fuzz.mutate import mutate
from tests.fuzz.readers import READERS, Reader, fault_of_message
from tests.fuzz.seeds import Seed

LIMIT_S = 10
"""Of one input."""
MEMORY_MB = 2000
"""Address space of a child beyond what it starts with."""
GROWTH_MB = 1000
"""That one input may add to the largest size of its process."""
_BATCH = 400
_FIELDS = struct.Struct("<5q")


@dataclass
class Tally:
    """What came of the inputs of a reader."""

    inputs: int = 0
    results: int = 0
    refusals: int = 0
    peak_mb: float = 0.0
    seconds: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    """Finding -> the first input that has it."""


def seeds_of(name: str) -> list[Seed]:
    """Make the sound files of a reader in a process of its own, for writers leave threads behind."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                warnings.simplefilter("ignore")
                work = folder / "work"
                work.mkdir()
                made = READERS[name].seeds(work)
                (folder / "seeds").write_bytes(pickle.dumps(made))
                code = 0
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        if os.waitpid(pid, 0)[1]:
            raise RuntimeError(f"no seeds for {name}")
        made = pickle.loads((folder / "seeds").read_bytes())
        assert isinstance(made, list)
        return made


def made_input(name: str, made: list[Seed], seed: int, index: int) -> Seed:
    """Return an input: the same for the same reader, seed and index. The first ones are the sound files themselves."""
    if index < len(made):
        return made[index]
    rng = random.Random(f"{name} {seed} {index}")
    sound = rng.choice(made)
    return Seed(sound.layer, mutate(rng, sound.files, [other.files for other in made]))


def feed(
    name: str, *, inputs: int, seed: int = 0, start: int = 0, jobs: int = 2, minutes: float = 1e9,
    keep: Path | None = None,
) -> Tally | None:  # fmt: skip
    """
    Feed a reader and count what comes of it.

    Parameters
    ----------
    name
        Of `READERS`.
    inputs, seed, start
        How many, the number that decides them, and the first of them.
    jobs, minutes
        Processes at once; and the time after which no more are started.
    keep
        Folder for the first inputs of each finding.

    Returns
    -------
    Tally
        None where no sound file can be made on this machine.
    """
    made = seeds_of(name)
    if not made:
        return None
    tally, begun = Tally(), time.monotonic()
    at, end = start, start + inputs
    running: dict[int, _Slot] = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as place:
        while running or at < end:
            while len(running) < jobs and at < end and time.monotonic() - begun < 60 * minutes:
                slot = _Slot(Path(place) / f"{at}", at, min(at + _BATCH, end), begun + 60 * minutes)
                at = slot.end
                running[_begin(slot, name, made, seed)] = slot
            if not running:
                break
            pid, status = os.wait()
            slot = running.pop(pid)
            if (rest := _collect(slot, status, tally)) is not None:
                running[_begin(rest, name, made, seed)] = rest
    tally.seconds = time.monotonic() - begun
    if keep is not None:
        for finding, index in tally.examples.items():
            _keep(keep / name / f"{seed}-{index}", made_input(name, made, seed, index), finding)
    return tally


@dataclass
class _Slot:
    """A child at work: where, on which inputs, and what it has counted so far."""

    folder: Path
    start: int
    end: int
    stop: float
    shared: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _FIELDS.size))


def _begin(slot: _Slot, name: str, made: list[Seed], seed: int) -> int:
    slot.folder.mkdir()
    slot.shared[:] = _FIELDS.pack(slot.start, 0, 0, 0, 0)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            _work(slot, name, READERS[name], made, seed)
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    return pid


def _collect(slot: _Slot, status: int, tally: Tally) -> _Slot | None:
    """Add what a child counted; return what is left where it ended before its time."""
    index, results, refusals, peak_kb, fed = _FIELDS.unpack(slot.shared[:])
    tally.results += results
    tally.refusals += refusals
    tally.peak_mb = max(tally.peak_mb, peak_kb / 1024)
    for line in (slot.folder / "findings").read_text().splitlines() if (slot.folder / "findings").exists() else []:
        at, finding = json.loads(line)
        _note(tally, finding, at)
    rest = None
    if status:
        log = (slot.folder / "log").read_text(errors="replace")
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
        where = "hang" if "Timeout (" in log else "crash"
        frames = [line.strip() for line in log.splitlines() if line.strip().startswith("File ")]
        ours = next((line for line in frames if "/coverage/" in line), frames[0] if frames else "nowhere")
        _note(
            tally,
            f"{where} ({ended}) in {ours.rpartition('/')[2]} < {frames[0].rpartition('/')[2] if frames else ''}",
            index,
        )
        if index + 1 < slot.end:
            rest = _Slot(slot.folder.with_name(f"{slot.folder.name}-"), index + 1, slot.end, slot.stop)
        tally.inputs += fed + 1
    else:
        tally.inputs += fed
    printed = slot.folder / "printed"
    if printed.exists() and printed.stat().st_size:
        _note(tally, f"printed {printed.read_bytes()[:80]!r}", slot.start)
    shutil.rmtree(slot.folder, ignore_errors=True)
    return rest


def _note(tally: Tally, finding: str, index: int) -> None:
    tally.findings[finding] += 1
    tally.examples.setdefault(finding, index)


def _keep(folder: Path, case: Seed, finding: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in case.files.items():
        (folder / file).write_bytes(content)
    (folder / "finding.txt").write_text(f"{case.layer}\n{finding}\n", encoding="utf-8", errors="replace")


def _work(slot: _Slot, name: str, reader: Reader, made: list[Seed], seed: int) -> None:
    """Feed the inputs of a batch, in a child."""
    study = slot.folder / "study"
    study.mkdir()
    for stream, title in ((sys.stdout, "printed"), (sys.stderr, "errors")):
        os.dup2(os.open(slot.folder / title, os.O_WRONLY | os.O_CREAT), stream.fileno())
    os.chdir(slot.folder)
    os.environ.update(TMPDIR=str(slot.folder), HOME=str(slot.folder))
    with (slot.folder / "log").open("w") as log, (slot.folder / "findings").open("w") as findings:
        faulthandler.enable(log, all_threads=False)
        _limit()
        here = set(os.listdir(slot.folder))
        counts = [slot.start, 0, 0, 0, 0]
        size = _largest_kb()
        for index in range(slot.start, slot.end):
            if time.monotonic() > slot.stop:
                break
            counts[0] = index
            slot.shared[:] = _FIELDS.pack(*counts)
            case = made_input(name, made, seed, index)
            faulthandler.dump_traceback_later(LIMIT_S, exit=True, file=log)
            if reader.on_disk:
                for file, content in case.files.items():
                    (study / file).write_bytes(content)
            outcome = outcome_of(reader, study, case)
            faulthandler.cancel_dump_traceback_later()
            before, size = size, _largest_kb()
            if size - before > GROWTH_MB * 1024:
                outcome = f"{(size - before) // 1024} MB for one input"
            strange = (set(os.listdir(study)) - set(case.files) if reader.on_disk else set()) | set(
                os.listdir(slot.folder)
            ) - here
            if strange:
                outcome = f"left behind {sorted(strange)}"
                here |= strange
            if index < len(made) and outcome != "result":
                outcome = f"a sound file: {outcome}"
            counts[1] += outcome == "result"
            counts[2] += outcome == "refusal"
            counts[3] = size
            counts[4] += 1
            if outcome not in ("result", "refusal"):
                findings.write(json.dumps((index, outcome)) + "\n")
                findings.flush()
            for file in os.listdir(study):
                os.unlink(study / file)
        slot.shared[:] = _FIELDS.pack(*counts)


def outcome_of(reader: Reader, folder: Path, case: Seed) -> str:
    """Return `result`, `refusal` or what is wrong with the way that an input ended."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", "Use `@` matmul", PendingDeprecationWarning)
            reader.run(folder, case)
    except CoverageError as error:
        lines = [str(each) for each in error.problems] if isinstance(error, LayerError) else str(error).split("\n")
        faults = [fault for line in lines if (fault := fault_of_message(line))]
        return "refusal" if lines and not faults else f"a refusal with {faults[0]}: {lines[0][:150]!r}"
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/coverage/" in frame.filename] or frames
        last = frames[-1]
        deepest = f"{Path(last.filename).name}:{last.lineno}"
        where = f"{ours[-1].filename.rpartition('/coverage/')[2]}:{ours[-1].lineno}"
        return f"{type(error).__name__} at {where} < {deepest}: {' '.join(str(error).split())[:120]}"
    return "result"


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_MB * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000_000, 200_000_000))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _largest_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
