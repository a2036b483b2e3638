"""Executors: they hand chunks of work to workers, a bounded number of chunks at a time.

A `Job` says how a worker prepares itself, once, and what it does with a chunk. A chunk is a tuple of cells, so that one
that kills its worker can be split. Executors differ in where the workers are; results arrive in no particular order.
Long jobs do not use executors directly but run a `campaign`.
"""

import gc
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Self

from wargame.dataclasses import dataclass

Chunk = tuple[Any, ...]
"""Cells: hashable keys of pieces of work."""


@dataclass(frozen=True, slots=True)
class Job:
    """The work of workers. Both functions are pickled by name, so they are defined at the top of a module."""

    prepare: Callable[[Any], Any]
    """Makes the worker's state from `payload`, once in each process."""
    work: Callable[[Any, Chunk], Any]
    """Makes the result of a chunk from the worker's state."""
    payload: Any
    """Hashable: workers of a cluster keep their state as long as the payload stays the same."""


@dataclass(frozen=True, slots=True)
class Died:
    """Cells that were lost with their worker, more than once."""

    chunk: Chunk
    reason: str


ChunkResult = tuple[Chunk, Any] | Died
"""A chunk with what `work` returned for it."""


class Executor:
    """Works on chunks in this process, one after another; other executors have workers elsewhere.

    At most `width` chunks are in flight at a time. Leaving the context stops the workers.
    """

    name = "process"
    width = 1
    _job: Job
    _state: Any = None
    _freezes = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._state = None
        if self._freezes:
            gc.unfreeze()

    def start(self, job: Job) -> None:
        """Start and prepare the workers; what `prepare` raises is raised here."""
        self._job, self._state = job, job.prepare(job.payload)
        self._freezes = not gc.get_freeze_count()
        self._freeze()

    def _freeze(self) -> None:
        """Let garbage collections skip, until the end, what is loaded and what the first runs have computed for all."""
        if self._freezes:
            gc.freeze()

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """Work on the chunks and take the next one only when there is room for it. What `work` raises is raised."""
        for number, chunk in enumerate(chunks):
            result = self._job.work(self._state, chunk)
            if number == 0:  # scenarios of later runs may differ, and are forgotten again
                self._freeze()
            yield chunk, result


class Pool(Executor):
    """Workers that may die with the chunks that they have; kinds of pools say how these are handed to them.

    `submit` returns the future of a chunk, `done` waits for some futures and returns them, and `result` returns the
    result of such a future. It raises `death` for all chunks that were in flight when a worker died.
    """

    death: type[Exception]
    reason: str
    """The reason why a cell that kills its worker has no result."""
    submit: Callable[[Chunk], Any]
    done: Callable[[Collection[Any]], Iterable[Any]]
    result: Callable[[Any], Any]

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """Yield as `Executor.results`; the chunks of a worker that died are given to another.

        A chunk that was in flight then is split, and a cell that was is run again at the end, with nothing beside it:
        if it still kills its worker, it is `Died`.
        """
        source, again, alone = iter(chunks), deque[Chunk](), deque[Chunk]()
        blamed: set[Chunk] = set()
        in_flight: dict[Any, Chunk] = {}
        while True:
            while len(in_flight) < self.width:
                chunk = again.popleft() if again else next(source, None)
                if chunk is None and alone and not in_flight:
                    chunk = alone.popleft()
                if chunk is None:
                    break
                in_flight[self.submit(chunk)] = chunk
            if not in_flight:
                return
            for future in self.done(in_flight):
                chunk = in_flight.pop(future)
                try:
                    value = self.result(future)
                except self.death:
                    if len(chunk) > 1:
                        again.extend((cell,) for cell in chunk)
                    elif chunk not in blamed:
                        blamed.add(chunk)
                        alone.append(chunk)
                    else:
                        yield Died(chunk, self.reason)
                else:
                    yield chunk, value
