"""Workers of a Dask cluster: a running one, or one of processes on this machine."""

import gc
import threading
import time
from collections.abc import Collection
from typing import Any, Self

import wargame
from wargame.errors import Interrupted, UsageFault, WargameError, flag, needs
from wargame.executor.executors import Chunk, Job, Pool

ANSWER_SECONDS = 10
"""How long a scheduler may take to respond."""
AHEAD = 2
"""Chunks in flight for each thread of the cluster: one being worked on, one waiting."""
WORKERLESS_SECONDS = 60
"""How long a cluster may be without workers while chunks wait. A judgement: a nanny restarts its worker in seconds."""
GLANCE_SECONDS = 0.02
"""How often this process looks for a result that is ready."""
RETRIES = 2
"""How often a chunk whose worker died is given to another worker."""
LOST = "the cluster is gone: {reason}"


class Dask(Pool):
    """A Dask cluster at `address`, or without an address a local one of `jobs` processes."""

    name = "dask"

    def __init__(self, address: str | None = None, jobs: int = 1) -> None:
        with needs(flag("executor dask") + " needs Dask", "dask"):
            import distributed
        self._distributed: Any = distributed
        self._address, self._jobs = address, jobs
        self._cluster: Any = None
        self._client: Any = None
        self.width = AHEAD * jobs
        self.death, self.reason = (
            distributed.scheduler.KilledWorker,
            f"{RETRIES + 1} workers died on it (out of memory?)",
        )

    def __enter__(self) -> Self:
        import dask

        # Read by the scheduler of a local cluster; that of a running one has its own setting.
        dask.config.set({"distributed.scheduler.allowed-failures": RETRIES})
        try:
            self._client = self._distributed.Client(self._address or self._local(), timeout=ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            self._close()
            silent = f"no scheduler responds at {self._address} within {ANSWER_SECONDS} s ({type(error).__name__})"
            raise UsageFault(f"{silent}; start one with: dask scheduler") from None
        return self

    def _local(self) -> Any:
        self._cluster = self._distributed.LocalCluster(
            n_workers=self._jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            # Without an address, the scheduler answers HTTP on port 8787 even if it has no dashboard.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
        )
        return self._cluster

    def __exit__(self, *error: object) -> None:
        self._close()

    def _close(self) -> None:
        for each in (self._client, self._cluster):
            if each is not None:
                each.close(timeout=5)
        self._client = self._cluster = None

    def start(self, job: Job) -> None:
        """Check that every worker has this version of the project and can prepare itself; UsageFault if not."""
        self._job = job
        try:
            self._client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise UsageFault(f"the scheduler at {self._address} has no workers; start some with: dask worker") from None
        try:
            answers: dict[str, tuple[str, str]] = self._client.run(_probe, job.prepare, job.payload)
        except Exception as error:  # noqa: BLE001 - what the workers lack is raised in many types
            raise UsageFault(f"the workers cannot run wargame: {type(error).__name__}: {error}") from None
        for worker, (version, fault) in sorted(answers.items()):
            if version != wargame.__version__:
                raise UsageFault(f"the worker {worker} has wargame {version}, this is {wargame.__version__}")
            if fault:
                remedy = "use one that all can read"
                raise UsageFault(f"the worker {worker} cannot read the batch folder: {fault}; {remedy}")
        self.width = AHEAD * max(1, sum(self._client.nthreads().values()))

    def submit(self, chunk: Chunk) -> Any:
        """Hand a chunk to the cluster and return its future; Interrupted if there is no cluster any more."""
        job = self._job
        try:
            return self._client.submit(_do, job.prepare, job.work, job.payload, chunk, pure=False)
        except Exception as error:  # noqa: BLE001 - a client without its scheduler raises many types
            raise Interrupted(LOST.format(reason=error)) from None

    def done(self, futures: Collection[Any]) -> list[Any]:
        """Wait for some of these futures; Interrupted if the cluster has no workers that could complete them."""
        look = time.monotonic() + ANSWER_SECONDS
        while not (ready := [future for future in futures if future.done()]):
            if time.monotonic() > look:
                self._require_workers()
                look = time.monotonic() + ANSWER_SECONDS
            time.sleep(GLANCE_SECONDS)
        return ready

    def _require_workers(self) -> None:
        """Wait for a worker; a local cluster gets new ones for those that it has lost."""
        end = time.monotonic() + WORKERLESS_SECONDS
        while True:
            try:
                if self._cluster is not None:
                    self._cluster.scale(self._jobs)
                self._client.wait_for_workers(1, timeout=min(ANSWER_SECONDS, WORKERLESS_SECONDS))
            except TimeoutError:
                if time.monotonic() >= end:
                    raise Interrupted(LOST.format(reason=f"it has had no workers for {WORKERLESS_SECONDS} s")) from None
            except Exception as error:  # noqa: BLE001 - a client without its scheduler raises many types
                raise Interrupted(LOST.format(reason=error)) from None
            else:
                return

    def result(self, future: Any) -> Any:
        """Return the result of a future that is done; Interrupted if the cluster is gone."""
        from asyncio import CancelledError as Abandoned
        from concurrent.futures import CancelledError

        try:
            while True:
                try:
                    return future.result(timeout=ANSWER_SECONDS)
                except TimeoutError:
                    if future.status == "error":  # the work itself raised it
                        raise
                    self._require_workers()
        except Interrupted:
            raise
        except (WargameError, OSError) as error:
            if self._client.status == "running" and not isinstance(error, self._distributed.comm.CommClosedError):
                raise
            raise Interrupted(LOST.format(reason=error)) from None
        except (CancelledError, Abandoned) as error:
            raise Interrupted(LOST.format(reason=f"the scheduler stopped responding {error}".strip())) from None


_LOCK = threading.Lock()
"""One chunk at a time in a process: threads would only take turns."""
_STATES: dict[Any, Any] = {}


def _probe(prepare: Any, payload: Any) -> tuple[str, str]:
    """Return the version of this worker, and why it cannot prepare itself, or an empty text."""
    try:
        _state(prepare, payload)
    except Exception as error:  # noqa: BLE001 - reported to the client
        return wargame.__version__, f"{type(error).__name__}: {error}"
    return wargame.__version__, ""


def _state(prepare: Any, payload: Any) -> Any:
    with _LOCK:
        if payload not in _STATES:
            _STATES.clear()
            gc.unfreeze()
            _STATES[payload] = prepare(payload)
            gc.freeze()  # garbage collections skip what is loaded
        return _STATES[payload]


def _do(prepare: Any, work: Any, payload: Any, chunk: Chunk) -> Any:
    state = _state(prepare, payload)
    with _LOCK:
        return work(state, chunk)
