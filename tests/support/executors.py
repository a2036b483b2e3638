"""Executors that fail on purpose, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wargame.executor.executors import Chunk, ChunkResult, Died, Executor

KILLED = "the worker process was killed (out of memory?)"


class FirstChunkDies(Executor):
    """Loses the first chunk of its first job together with the worker."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: Chunk = ()

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """As `Executor`, except for the first chunk."""
        waiting = iter(chunks)
        if not self.lost:
            self.lost = next(waiting)
            yield Died(self.lost, KILLED)
        yield from super().results(waiting)


class DropsFirstChunk(Executor):
    """Loses the first chunk without a result or a report."""

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """As `Executor`, without the first chunk."""
        waiting = iter(chunks)
        next(waiting)
        yield from super().results(waiting)
