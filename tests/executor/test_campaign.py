"""A campaign runs every cell once, reports failures, and can be stopped and resumed."""

from __future__ import annotations

import gc
import os
import signal
import weakref
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pytest

from support.executors import KILLED, DropsFirstChunk, FirstChunkDies
from support.waiting import PATIENCE
from wargame.errors import Interrupted
from wargame.executor.campaign import (
    NO_RESULT,
    Campaign,
    CellFailure,
    CutShort,
    Results,
    by_reason,
    each_cell,
    in_turn,
    number_ranges,
)
from wargame.executor.executors import Chunk, ChunkResult, Executor, Job
from wargame.executor.processes import Processes

CELLS = [("arm", number) for number in range(20)]


def prepare(factor: int) -> int:
    """The state of a worker."""
    return factor


def multiply(factor: int, cell: tuple[str, int]) -> int:
    """The work on one cell; the third one raises, the fifth one kills its process if `factor` is negative."""
    number = cell[1]
    if number == 3:
        raise ValueError("three is not supported")
    if number == 5 and factor < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return factor * number


def job(factor: int = 2) -> Job:
    """Multiplies the number of each cell."""
    return Job(prepare, partial(each_cell, multiply), factor)


def run_cells(executor: Executor, job: Job, cells: Iterable[Any]) -> Results:
    """Runs cells and returns their results in memory."""
    results = Results()
    Campaign(executor, job, results).run(cells)
    return results


class Kept(Results):
    """A store that outlives the process."""

    address = "there"

    def kept_message(self) -> str:
        """A description of the results, as of a store on disk."""
        return f"{len(self.values)} cells are stored" if self.values else ""


class Cycle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.itself = self


class InterruptedAfterTwo(Executor):
    """Receives Ctrl-C after two chunks."""

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """As `Executor`."""
        for number, result in enumerate(super().results(chunks)):
            yield result
            if number == 1:
                os.kill(os.getpid(), signal.SIGINT)


def test_every_cell_has_a_value_or_a_named_failure() -> None:
    """A cell that raises an error does not stop the others."""
    results = run_cells(Executor(), job(), CELLS)
    assert results.values == {cell: 2 * cell[1] for cell in CELLS if cell[1] != 3}
    assert results.failures == [CellFailure(("arm", 3), "ValueError: three is not supported")]


@pytest.mark.parametrize("executor", [FirstChunkDies(), DropsFirstChunk()])
def test_no_cell_is_lost_silently(executor: Executor) -> None:
    """Neither with a worker that dies, nor with an executor that returns nothing for a chunk."""
    results = run_cells(executor, job(), CELLS)
    assert len(results.values) + len(results.failures) == len(CELLS)
    lost = {KILLED, NO_RESULT} & {failure.reason for failure in results.failures}
    assert len(lost) == 1


@pytest.mark.slow
def test_a_cell_that_kills_its_worker_is_a_failure() -> None:
    """The process is replaced, and the other cells have their values."""
    with Processes(2) as executor:
        results = run_cells(executor, job(-1), CELLS)
    assert {failure.cell[1] for failure in results.failures} == {3, 5}
    assert len(results.values) == len(CELLS) - 2


@pytest.mark.exhaustive  # above with processes; test_batch_dask.py kills workers of a cluster
def test_a_cell_that_kills_workers_of_a_cluster_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler gives up on the cell; the campaign continues, however long new workers take to begin."""
    import dask

    from wargame.executor import cluster

    monkeypatch.setattr(cluster, "WORKERLESS_SECONDS", PATIENCE)
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": f"{PATIENCE:.0f}s"})
    with patient, cluster.Dask(None, 2) as executor:
        results = run_cells(executor, job(-1), CELLS)
    assert {failure.cell[1] for failure in results.failures} == {3, 5}
    assert len(results.values) == len(CELLS) - 2


def test_a_resumed_campaign_runs_only_the_missing_cells() -> None:
    """Progress counts the existing results."""
    results = Results()
    results.values = dict.fromkeys(CELLS[10:], -1)
    progress: list[tuple[int, int]] = []
    Campaign(Executor(), job(), results, lambda done, total: progress.append((done, total))).run(CELLS)
    assert all(results.values[cell] == -1 for cell in CELLS[10:])
    assert (progress[0], progress[-1]) == ((10, 20), (20, 20))


def test_ctrl_c_keeps_results_and_reports_them() -> None:
    """The chunk in flight is finished; the message names the results in the store."""
    store = Kept()
    with pytest.raises(Interrupted, match=r"^stopped; \d+ cells are stored$"):
        Campaign(InterruptedAfterTwo(), job(), store).run(CELLS[4:])
    Campaign(Executor(), job(), store).run(CELLS[4:])
    assert len(store.values) == len(CELLS) - 4


def test_ctrl_c_without_a_store_on_disk_is_a_keyboard_interrupt() -> None:
    """Results in memory are lost with the process."""
    with pytest.raises(KeyboardInterrupt):
        run_cells(InterruptedAfterTwo(), job(), CELLS)


def test_a_store_that_cannot_be_written_ends_the_campaign() -> None:
    """The results stored before stay."""

    class Full(Kept):
        """Has room for two results."""

        def add(self, chunk: Chunk, value: Any, /) -> None:
            """Fails from the third on."""
            if len(self.values) >= 2:
                raise OSError(28, "No space left on device")
            super().add(chunk, value)

    with pytest.raises(CutShort, match=r"^there cannot be written: No space left on device; \d+ cells are stored$"):
        Campaign(Executor(), job(), Full()).run(CELLS[4:])


def test_chunks_are_small_at_first_and_at_the_end() -> None:
    """A single cell while the pace is unknown; no worker is left with a long chunk at the end."""
    sizes: list[int] = []

    class Watched(Executor):
        """Notes the sizes of chunks."""

        width = 2

        def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
            """As `Executor`."""
            for result in super().results(chunks):
                sizes.append(len(result[0]) if isinstance(result, tuple) else 0)
                yield result

    run_cells(Watched(), job(), [("arm", number) for number in range(2000)])
    assert sizes[0] == sizes[-1] == 1
    assert 1 < max(sizes) <= 256
    assert sum(sizes) == 2000


def test_garbage_collections_skip_what_is_loaded_while_an_executor_works() -> None:
    """What the caller froze stays frozen; what the executor froze is the caller's again at its end."""
    for before in (gc.unfreeze, gc.freeze):
        before()
        already = gc.get_freeze_count() > 0
        with Executor() as executor:
            executor.start(job())
            assert gc.get_freeze_count() > 0
        assert (gc.get_freeze_count() > 0) == already


def test_only_what_the_first_chunk_leaves_is_frozen() -> None:
    """Scenarios of later runs may differ, and must be freed when they are forgotten."""
    gc.unfreeze()
    kept: list[list[Chunk]] = []
    with Executor() as executor:
        executor.start(Job(prepare=lambda _: None, work=lambda _, chunk: kept.append([chunk]), payload=None))
        assert len(list(executor.results([(1,), (2,), (3,)]))) == 3
        tracked = {id(each) for each in gc.get_objects()}
        assert [id(each) in tracked for each in kept] == [False, True, True]
    gc.freeze()


def test_what_a_cell_leaves_is_freed_before_the_next_one() -> None:
    """Also if it consists of cycles, as a finished run does."""
    alive = weakref.WeakSet[Cycle]()
    before: list[int] = []

    def run(cell: int) -> int:
        before.append(len(alive))
        alive.add(Cycle())
        return cell

    assert in_turn(run, (1, 2, 3)) == [1, 2, 3]
    assert before == [0, 0, 0]


def test_failures_are_grouped_by_reason_with_ranges_of_numbers() -> None:
    """The most frequent reason is first."""
    assert by_reason([(4, "b"), (2, "a"), (1, "a"), (7, "b"), (0, "a")]) == [("a", [0, 1, 2]), ("b", [4, 7])]
    assert number_ranges([0, 1, 2, 3, 7, 9, 10]) == "0-3, 7, 9-10"
