"""Many exercises at once: pieces of work handed to whoever is free, a bounded number of them at a time.

A `Job` says how a worker prepares itself, once, and what it does with a chunk. Chunks are tuples, so that one
that kills its workers can be taken apart. Executors differ in where workers live; results come back unordered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

Chunk = tuple[Any, ...]
"""Cells: hashable keys of pieces of work."""


@dataclass(frozen=True, slots=True)
class Job:
    """What workers do. Both functions are found by their names, so they stand at the top of a module."""

    prepare: Callable[[Any], Any]
    """From `payload` to what `work` needs, once in each process."""
    work: Callable[[Any, Chunk], Any]
    payload: Any


@dataclass(frozen=True, slots=True)
class Died:
    """A chunk of one that took its worker process with it, more than once."""

    chunk: Chunk
    reason: str


Result = tuple[Chunk, Any] | Died
"""A chunk with what `work` returned for it."""


class Executor(Protocol):
    """Where the work is done. `width` chunks are in hand at a time."""

    name: str
    width: int

    def __enter__(self) -> Self:
        """Ready to take jobs."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets its workers go."""

    def start(self, job: Job) -> None:
        """Brings the workers up and prepares them; what `prepare` raises is raised here."""

    def results(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Does the chunks; takes the next one only when a worker is free for it. What `work` raises is raised."""


class Here:
    """Does the work in this process, one chunk after another."""

    name = "process"
    width = 1

    def __init__(self) -> None:
        self._job: Job | None = None
        self._state: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state = None

    def start(self, job: Job) -> None:
        """Prepares itself."""
        self._job, self._state = job, job.prepare(job.payload)

    def results(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Does each chunk when it is asked for."""
        assert self._job is not None
        for chunk in chunks:
            yield chunk, self._job.work(self._state, chunk)
