"""The same readers under atheris, which looks for inputs that take a new way through their Python code."""

import importlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType

PURE = ("delimited", "text", "names", "coordinates", "numbers", "pattern", "settings")
"""Readers that are Python through and through; atheris sees nothing of what happens in C."""


def guide(names: Sequence[str] | None, *, inputs: int, minutes: float) -> int:
    """
    Feed readers inputs that atheris makes up, and return 0 where nothing was found.

    Parameters
    ----------
    names
        Of readers in `PURE`; all of them where None.
    inputs, minutes
        At most so many, and at most so long, for each reader.
    """
    if importlib.util.find_spec("atheris") is None:
        print("skipped: atheris is not installed (pip install atheris, on Linux)")
        return 0
    code = 0
    for name in names or PURE:
        pid = os.fork()
        if pid == 0:
            _run(name, inputs, minutes)
        code |= os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code


def _run(name: str, inputs: int, minutes: float) -> None:
    """Hand this process over to atheris; it ends with it."""
    atheris = importlib.import_module("atheris")

    from tests.fuzz.batch import made_input, outcome_of, seeds_of
    from tests.fuzz.readers import READERS
    from tests.fuzz.seeds import Seed

    made, reader = seeds_of(name), READERS[name]
    place = Path(tempfile.mkdtemp())
    corpus, study = place / "corpus", place / "study"
    corpus.mkdir()
    study.mkdir()
    for index in range(50):
        (corpus / f"{index}").write_bytes(next(iter(made_input(name, made, 0, index).files.values())))
    sound = made[0]
    file = next(iter(sound.files))

    def feed(content: bytes) -> None:
        if reader.on_disk:
            (study / file).write_bytes(content)
        outcome = outcome_of(reader, study, Seed(sound.layer, {file: content}))
        if outcome not in ("result", "refusal"):
            print(f"{name}: {outcome}")
            raise AssertionError(outcome)

    limits = [
        f"-runs={inputs}",
        f"-max_total_time={int(min(minutes, 10_000) * 60)}",
        "-timeout=10",
        "-rss_limit_mb=3000",
    ]
    for module in [each for title, each in sys.modules.items() if title.startswith("coverage.layers")]:
        for function in [each for each in vars(module).values() if isinstance(each, FunctionType)]:
            if function.__module__ == module.__name__:
                atheris.instrument_func(function)
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={place}/", str(corpus)], feed)
    atheris.Fuzz()
