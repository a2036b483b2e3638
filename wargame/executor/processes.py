"""Workers on the cores of this machine: a pool of processes, which is replaced when one of them is killed."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from threading import BrokenBarrierError
from types import ModuleType
from typing import Any

from wargame.errors import Interrupted, UsageFault, flag
from wargame.executor.executors import Chunk, Executor, Job, Pool

START_SECONDS = 120.0
"""How long workers may take to start."""
AHEAD = 1
"""Chunks that wait for a worker, besides those being worked on: a free worker has its next one at once."""
_PREFERRED = ("forkserver", "spawn")


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cores(jobs: int | None = None) -> Callable[[], Executor]:
    """Return an executor on `jobs` cores of this machine, by default all of them; UsageFault for less than one."""
    count = cores() if jobs is None else jobs
    if count < 1:
        raise UsageFault(flag("jobs"), ": at least one process is needed")
    return Executor if count == 1 else lambda: Processes(count)


class Processes(Pool):
    """A pool of `jobs` processes. `method` is one of multiprocessing's start methods.

    Forking copies a process whose threads may hold locks, so the default is a fork server, or spawning where
    there is none.
    """

    death, reason = BrokenProcessPool, "the worker process was killed (out of memory?)"
    result = staticmethod(Future.result)

    def __init__(self, jobs: int, method: str | None = None) -> None:
        self.jobs = jobs
        self.width = jobs + AHEAD
        known = multiprocessing.get_all_start_methods()
        chosen = method or next(each for each in _PREFERRED if each in known)
        self._context: BaseContext = multiprocessing.get_context(chosen)
        self._pool: ProcessPoolExecutor | None = None

    def __exit__(self, *error: object) -> None:
        self._drop()

    def start(self, job: Job) -> None:
        """Start and prepare all workers before the first chunk, so that this is not measured as work."""
        self._job = job
        self._drop()
        if hasattr(self._context, "set_forkserver_preload"):
            self._context.set_forkserver_preload([job.prepare.__module__, job.work.__module__])
        initial = (job.prepare, job.work, job.payload, self._context.Barrier(self.jobs))
        pool = self._pool = ProcessPoolExecutor(self.jobs, self._context, _begin, initial)
        try:
            with _interrupts_blocked(), _without_main():
                ready = [pool.submit(_ready) for _ in range(self.jobs)]
            for each in ready:
                each.result()
        except BrokenProcessPool:
            self._drop()
            raise Interrupted("the worker processes ended while they started: is there enough memory?") from None

    def submit(self, chunk: Chunk) -> Future[Any]:
        """Hand a chunk to the pool, which is replaced if it is broken."""
        try:
            return self._running().submit(_work, chunk)
        except BrokenProcessPool:
            self.start(self._job)
            return self._running().submit(_work, chunk)

    def done(self, futures: Collection[Future[Any]]) -> Iterable[Future[Any]]:
        """Wait for some of these futures, and return them."""
        return wait(futures, return_when=FIRST_COMPLETED).done

    def _running(self) -> ProcessPoolExecutor:
        assert self._pool is not None
        return self._pool

    def _drop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C and SIGHUP in processes started meanwhile: they could arrive before they are ignored."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not import the script that runs now: it would start its batches again in each of them.

    Workers need only modules of this package, so that a script need not call batches under a condition.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


_STATE: dict[str, Any] = {}


def _begin(prepare: Any, work: Any, payload: Any, barrier: Any) -> None:
    """Prepare a worker. An error is kept for `_ready`, which can raise it."""
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C and a closed terminal reach all processes: the parent decides
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _STATE.update(state=prepare(payload), work=work, error=None, warm=False)
        gc.collect()
        gc.freeze()  # what is loaded lives to the end: garbage collections skip it
    except Exception as error:  # noqa: BLE001 - whatever it is, `_ready` raises it
        _STATE["error"] = error
    try:
        barrier.wait(START_SECONDS)
    except BrokenBarrierError:
        return


def _end_with_parent() -> None:
    """End this process with its parent, however the parent ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready() -> None:
    if _STATE["error"] is not None:
        raise _STATE["error"]


def _work(chunk: Chunk) -> Any:
    result = _STATE["work"](_STATE["state"], chunk)
    if not _STATE["warm"]:  # scenarios of later runs may differ, and are forgotten again
        gc.freeze()
        _STATE["warm"] = True
    return result
