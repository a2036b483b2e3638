"""Work on a Dask cluster: one that runs already, or one of processes on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import wargame
from wargame.errors import Interrupted, UsageFault, WargameError
from wargame.executor.work import Chunk, Job, Result

ANSWER_SECONDS = 10
"""How long a scheduler may take to answer."""
AHEAD = 2
"""Chunks in hand for each thread of the cluster: one in work, one waiting there."""
RETRIES = 5
"""How many workers may die on one chunk."""
LOST = "the cluster is gone: {reason}"


class Dask:
    """A Dask cluster at `address`, or a local one of `jobs` processes without an address."""

    name = "dask"

    def __init__(self, address: str | None = None, jobs: int = 1) -> None:
        try:
            import distributed
        except ImportError:
            raise UsageFault("--executor dask needs Dask: pip install 'crisis-wargame[dask]'") from None
        self._distributed: Any = distributed
        self._address, self._jobs = address, jobs
        self._cluster: Any = None
        self._client: Any = None
        self._job: Job | None = None
        self.width = AHEAD * jobs

    def __enter__(self) -> Self:
        import dask

        # A worker that dies on a chunk is rarely the chunk's fault; one that is takes `RETRIES` workers along.
        dask.config.set({"distributed.scheduler.allowed-failures": RETRIES})
        try:
            self._client = self._distributed.Client(self._address or self._local(), timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            self._close()
            raise UsageFault(
                f"no scheduler answers at {self._address} within {ANSWER_SECONDS} s ({type(error).__name__}); "
                "start one with: dask scheduler"
            ) from None
        return self

    def _local(self) -> Any:
        self._cluster = self._distributed.LocalCluster(
            n_workers=self._jobs, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )
        return self._cluster

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for held in (self._client, self._cluster):
            if held is not None:
                held.close(timeout=5)
        self._client = self._cluster = None

    def start(self, job: Job) -> None:
        """Asks every worker whether it has this version of the project and can prepare itself."""
        self._job = job
        try:
            self._client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise UsageFault(f"the scheduler at {self._address} has no workers; start some with: dask worker") from None
        told = self._asked(job)
        for worker, (version, fault) in sorted(told.items()):
            if version != wargame.__version__:
                raise UsageFault(f"the worker {worker} has wargame {version}, this is {wargame.__version__}")
            if fault:
                raise UsageFault(f"the worker {worker} cannot read the batch folder: {fault}; use one that all reach")
        threads = sum(self._client.nthreads().values())
        self.width = AHEAD * max(1, threads)

    def _asked(self, job: Job) -> dict[str, tuple[str, str]]:
        try:
            told: dict[str, tuple[str, str]] = self._client.run(_probe, job.prepare, job.payload)
        except Exception as error:  # noqa: BLE001 - whatever the workers lack comes back as its own error
            raise UsageFault(f"the workers cannot run wargame: {type(error).__name__}: {error}") from None
        return told

    def results(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """As `Executor.results`; Dask itself gives the chunks of a worker that died to another."""
        source = iter(chunks)
        in_hand = self._distributed.as_completed()
        of: dict[str, Chunk] = {}
        self._fill(source, in_hand, of)
        while of:
            future = self._next(in_hand)
            chunk = of.pop(future.key)
            yield chunk, self._result(future)
            self._fill(source, in_hand, of)

    def _fill(self, source: Iterator[Chunk], in_hand: Any, of: dict[str, Chunk]) -> None:
        while len(of) < self.width and (chunk := next(source, None)) is not None:
            assert self._job is not None
            future = self._submit(chunk)
            of[future.key] = chunk
            in_hand.add(future)

    def _submit(self, chunk: Chunk) -> Any:
        job = self._job
        assert job is not None
        try:
            return self._client.submit(_do, job.prepare, job.work, job.payload, chunk, pure=False)
        except Exception as error:  # noqa: BLE001 - a client without its scheduler fails in many ways
            raise Interrupted(LOST.format(reason=error)) from None

    @staticmethod
    def _next(in_hand: Any) -> Any:
        return next(in_hand)

    def _result(self, future: Any) -> Any:
        from asyncio import CancelledError as Abandoned
        from concurrent.futures import CancelledError

        try:
            return future.result()
        except (WargameError, OSError) as error:
            if self._client.status == "running" and not isinstance(error, self._distributed.comm.CommClosedError):
                raise
            raise Interrupted(LOST.format(reason=error)) from None
        except self._distributed.scheduler.KilledWorker:
            raise Interrupted(LOST.format(reason=f"{RETRIES} workers died on one piece of work")) from None
        except (CancelledError, Abandoned) as error:
            raise Interrupted(LOST.format(reason=f"the scheduler stopped answering {error}".strip())) from None


# --- in the worker ---------------------------------------------------------------------------------

_LOCK = threading.Lock()
"""One exercise at a time in a process: threads would only take turns."""
_STATES: dict[Any, Any] = {}


def _probe(prepare: Any, payload: Any) -> tuple[str, str]:
    """The version here, and why this worker cannot prepare itself."""
    try:
        _state(prepare, payload)
    except Exception as error:  # noqa: BLE001 - told to the one who asked
        return wargame.__version__, f"{type(error).__name__}: {error}"
    return wargame.__version__, ""


def _state(prepare: Any, payload: Any) -> Any:
    with _LOCK:
        if payload not in _STATES:
            _STATES.clear()
            _STATES[payload] = prepare(payload)
        return _STATES[payload]


def _do(prepare: Any, work: Any, payload: Any, chunk: Chunk) -> Any:
    state = _state(prepare, payload)
    with _LOCK:
        return work(state, chunk)
