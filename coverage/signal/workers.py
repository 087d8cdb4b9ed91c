"""Who does the tasks: threads of this process, or workers of a Dask cluster, wherever they are."""

import asyncio
import logging
import os
import pickle
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from coverage.errors import ClusterError, CoverageError
from coverage.signal.calls import call, call_to_work, identity, other_version

Job = TypeVar("Job")
Done = TypeVar("Done")

_PER_THREAD = 2
"""Jobs in flight for each thread: one that is done, one that waits beside it."""
_AT_ONCE = 32
"""Most results fetched from a cluster in one go."""
_CONNECT_S = 10.0
_LOOK_S = 2.0
"""How often the workers of a cluster are counted."""
_PATIENCE_S = 60.0
"""How long a cluster may be without any worker."""


class Workers(Protocol):
    """Some who do tasks."""

    batch: int
    """How many masts are best sent together in one task."""

    def run(self, function: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        """
        Do every job, a few at a time.

        Parameters
        ----------
        function
            Of a module; on a cluster it travels by its name.
        jobs
            Asked for one only when somebody is free for it.

        Yields
        ------
        Done
            What the function returns, in the order in which jobs are finished.

        Raises
        ------
        ClusterError
            The cluster cannot go on.
        Exception
            The first one that a task raises; the others are cancelled, as they are when nobody asks for more.
        """
        ...


@contextmanager
def workers(threads: int, scheduler: str | None) -> Iterator[Workers]:
    """
    Hire those who do the tasks.

    Parameters
    ----------
    threads
        Of this process, where there is no scheduler; 0 uses every core.
    scheduler
        Address of a Dask scheduler, such as tcp://10.0.0.5:8786 or, with the certificates of Dask's settings, tls://….

    Yields
    ------
    Workers
        Until the context ends.

    Raises
    ------
    ClusterError
        No scheduler answers, a worker has another version, or Dask is not installed.
    """
    if scheduler is not None:
        with _client(scheduler) as client:
            _compare(client, scheduler)
            yield _Cluster(client, scheduler)
        return
    count = threads or os.cpu_count() or 1
    pool = ThreadPoolExecutor(count)
    try:
        yield _Threads(pool, count)
    finally:
        pool.shutdown(cancel_futures=True)


class _Crew(ABC):
    """What threads and clusters have in common: so many jobs in flight, and the next one when one is finished."""

    def run(self, function: Callable[[Job], Done], jobs: Iterable[Job]) -> Iterator[Done]:
        finished: SimpleQueue[Any] = SimpleQueue()
        in_flight: set[Any] = set()
        coming = iter(jobs)
        try:
            while True:
                for job in islice(coming, max(self._room() - len(in_flight), 0)):
                    future = self._submit(function, job)
                    in_flight.add(future)
                    future.add_done_callback(finished.put)
                if not in_flight:
                    return
                done = self._next(finished)
                in_flight.difference_update(done)
                yield from self._results(done)
        finally:
            self._cancel(in_flight)

    @abstractmethod
    def _room(self) -> int:
        """Return how many jobs may be in flight now; at least one."""

    @abstractmethod
    def _submit(self, function: Callable[[Any], Any], job: Any) -> Any:
        """Return the future of a job."""

    @abstractmethod
    def _next(self, finished: "SimpleQueue[Any]") -> list[Any]:
        """Wait until a future is finished and return it, with others that are by then."""

    @abstractmethod
    def _results(self, done: list[Any]) -> Iterator[Any]:
        """Yield the results of finished futures; raise what one of them raised."""

    @abstractmethod
    def _cancel(self, futures: set[Any]) -> None:
        """Forget jobs that are not finished."""


class _Threads(_Crew):
    """Threads of this process; the kernels do not hold the GIL."""

    batch = 1

    def __init__(self, pool: ThreadPoolExecutor, threads: int) -> None:
        self._pool = pool
        self._threads = threads

    def _room(self) -> int:
        return _PER_THREAD * self._threads

    def _submit(self, function: Callable[[Any], Any], job: Any) -> Any:
        return self._pool.submit(function, job)

    def _next(self, finished: "SimpleQueue[Any]") -> list[Any]:
        return [finished.get()]

    def _results(self, done: list[Any]) -> Iterator[Any]:
        return (future.result() for future in done)

    def _cancel(self, futures: set[Any]) -> None:
        for future in futures:
            future.cancel()


class _Cluster(_Crew):
    """Workers of a Dask cluster: as many as there are at the moment."""

    batch = 8

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._threads = 0
        self._looked_s = -_LOOK_S
        self._seen_s = time.monotonic()

    def _room(self) -> int:
        self._look()
        return _PER_THREAD * max(self._threads, 1)

    def _look(self) -> None:
        """Count the threads of the cluster, not too often; raise where there has been none for too long."""
        now = time.monotonic()
        if now < self._looked_s + _LOOK_S:
            return
        with _answering(self._address):
            self._threads = sum(self._client.nthreads().values())
        self._looked_s = now
        if self._threads:
            self._seen_s = now
        elif now > self._seen_s + _PATIENCE_S:
            raise ClusterError(
                f"{self._address}: the cluster has had no worker for {_PATIENCE_S:.0f} s; expected at least one. Start "
                f"some (dask worker {self._address}) and run again: what was finished is kept."
            )

    def _submit(self, function: Callable[[Any], Any], job: Any) -> Any:
        task, arrays = call_to_work(function, job)
        key = f"{getattr(function, '__name__', 'task').strip('_')}-{uuid4()}"
        with _answering(self._address), _large_tasks():
            return self._client.submit(pickle.loads, task, buffers=arrays, key=key, pure=False)

    def _next(self, finished: "SimpleQueue[Any]") -> list[Any]:
        done: list[Any] = []
        while not done:
            with suppress(Empty):
                done.append(finished.get(timeout=_LOOK_S))
            self._look()
        with suppress(Empty):
            while len(done) < _AT_ONCE:
                done.append(finished.get_nowait())
        return done

    def _results(self, done: list[Any]) -> Iterator[Any]:
        failed = [future for future in done if future.status == "error"]
        with _answering(self._address):
            results = self._client.gather([future for future in done if future.status != "error"])
        yield from results
        if failed:
            raise self._reason(failed[0].exception())

    def _reason(self, error: Exception) -> Exception:
        """Return what to raise for the error of a task."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            return ClusterError(
                f"{self._address}: one task ended {error.allowed_failures + 1} workers, the last of them "
                f"{error.last_worker.address}; expected none to end. Most often they lack memory: start workers with "
                "fewer threads (--nthreads) or more memory (--memory-limit); their logs say more."
            )
        if not isinstance(error, CoverageError):
            _compare(self._client, self._address)  # a worker without the package cannot say so itself
        return error

    def _cancel(self, futures: set[Any]) -> None:
        with suppress(ClusterError), _answering(self._address):
            self._client.cancel(list(futures))


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Connect to a scheduler."""
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            f"{address}: Dask is not installed here; expected the extra [cluster]. Run: "
            "pip install 'coverage-planner[cluster]'"
        ) from None
    with _answering(address):
        with ThreadPoolExecutor(1) as apart:  # from a loop that may run in this thread, as in a notebook
            apart.submit(asyncio.run, _greet(address)).result()
        client = Client(address, timeout=_CONNECT_S, set_as_default=False, name="coverage-planner")  # type: ignore[no-untyped-call]
    with _quiet("distributed.client"):
        try:
            yield client
        finally:
            with suppress(ClusterError), _answering(address):
                client.close()  # type: ignore[no-untyped-call]


async def _greet(address: str) -> None:
    """Reach a scheduler and leave; a client that cannot use an address complains once more when it is thrown away."""
    from distributed import Security
    from distributed.comm.core import connect

    options = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    async with asyncio.timeout(_CONNECT_S + 1):  # connect waits for ever on one who takes the call and says nothing
        comm = await connect(address, timeout=_CONNECT_S, **options)  # type: ignore[no-untyped-call]
        await comm.close()


@contextmanager
def _answering(address: str) -> Iterator[None]:
    """Say in one line why a scheduler does not answer, whatever Dask raises for it."""
    try:
        yield
    except CoverageError:
        raise
    except (Exception, CancelledError) as error:
        found = " ".join(str(error).split()) or type(error).__name__
        raise ClusterError(
            f"{address}: the scheduler does not answer ({found}); expected a running Dask scheduler of the version "
            "that is installed here. Check the address, the network, the certificates of a tls:// address and the "
            "scheduler's log, then run again: what was finished is kept."
        ) from error


@contextmanager
def _quiet(logger: str) -> Iterator[None]:
    """Keep a part of Dask from printing what is raised here anyway."""
    log = logging.getLogger(logger)
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _large_tasks() -> Iterator[None]:
    """Send tasks with their terrain in them, of which Dask would warn."""
    import dask

    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):
        yield


def _compare(client: Any, address: str) -> None:
    """Raise ClusterError where a worker would not do the work as this process would."""
    with _answering(address):
        found = client.run(pickle.loads, call(identity)[0], on_error="return")
    for worker, theirs in found.items():
        if isinstance(theirs, (ImportError, AttributeError)):
            raise other_version(worker, "no coverage-planner, or an old one", identity())
        if isinstance(theirs, str) and theirs != identity():
            raise other_version(worker, theirs, identity())
