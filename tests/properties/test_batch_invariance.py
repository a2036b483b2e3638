"""The table of a batch depends on its study only: not on cores, chunks, order, hash seed or interruption."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from support.command_line import wargame
from wargame.batches.api import Batch, BatchOptions, open_batch, play
from wargame.batches.running import parts
from wargame.batches.running.opening import open_target
from wargame.batches.study.overrides import StudyOverrides
from wargame.errors import Interrupted
from wargame.executor.campaign import Campaign
from wargame.executor.executors import Chunk, ChunkResult, Executor
from wargame.executor.processes import Processes
from wargame.executor.stepping import Stop

WISHES = StudyOverrides(
    replications=12,
    until="30d",
    arms=("soft=set tension=0.1; forbid ARD strike",),
    measures=("p(war)", "actions()", "mean(tension)", "time(calm)"),
)


def played(folder: Path, executor: Executor | None = None, *, resume: bool = False) -> Batch:
    """The batch of these tests, on some executor."""
    how = BatchOptions(out=str(folder), resume=resume, executor=lambda: executor or Executor())
    return play(open_target("two-rivals", WISHES), how)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The table from one process."""
    return played(tmp_path_factory.mktemp("alone") / "b").frame()


class Backwards(Executor):
    """Collects all chunks and works on the last one first."""

    width = 5

    def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
        """Each chunk, the last first."""
        return super().results(reversed(list(chunks)))


@pytest.mark.parametrize("method", ["forkserver", pytest.param("spawn", marks=pytest.mark.slow)])
def test_processes_make_the_same_table(method: str, tmp_path: Path, alone: pd.DataFrame) -> None:
    """Also if they are spawned, as on macOS and Windows."""
    assert played(tmp_path / "b", Processes(2, method)).frame().equals(alone)


@pytest.mark.slow
def test_forked_processes_make_the_same_table(tmp_path: Path, alone: pd.DataFrame) -> None:
    """With three processes."""
    assert played(tmp_path / "b", Processes(3, "fork")).frame().equals(alone)


@pytest.mark.parametrize("most", [1, 7, 100])
def test_chunks_of_any_size_make_the_same_table(
    most: int, tmp_path: Path, alone: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size of a chunk depends on the clock and changes no result."""
    monkeypatch.setattr(Campaign, "_size", lambda _, left: min(most, left))
    monkeypatch.setattr(parts, "MANY", 3)
    assert played(tmp_path / "b").frame().equals(alone)


def test_the_order_of_completion_does_not_change_the_table(tmp_path: Path, alone: pd.DataFrame) -> None:
    """The last chunk is completed first."""
    assert played(tmp_path / "b", Backwards()).frame().equals(alone)


def test_an_interruption_does_not_change_the_table(
    tmp_path: Path, alone: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that is stopped after the first chunks and resumed has the same table and estimates."""
    asked: list[Stop] = []
    real = Stop.__init__

    def remember(self: Stop) -> None:
        real(self)
        asked.append(self)

    class Stopping(Executor):
        """Receives a stop request after its third chunk."""

        def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
            for count, result in enumerate(super().results(chunks)):
                asked[-1].asked = count >= 2
                yield result

    monkeypatch.setattr(Stop, "__init__", remember)
    with pytest.raises(Interrupted):
        played(tmp_path / "b", Stopping())
    completed = len(open_batch(str(tmp_path / "b")).frame())
    resumed = played(tmp_path / "b", resume=True)
    assert 0 < completed < 24
    assert resumed.frame().equals(alone)
    assert resumed.manifest.ended == "complete"


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "12345"])
def test_the_hash_seed_does_not_change_the_table(seed: str, tmp_path: Path, alone: pd.DataFrame) -> None:
    """The table does not depend on the iteration order of sets."""
    words = [word for text in WISHES.measures for word in ("--measure", text)]
    words += ["-n", "12", "--until", "30d", "--arm", WISHES.arms[0], "--out", "b", "-q"]
    assert wargame("batch", "two-rivals", *words, cwd=tmp_path, PYTHONHASHSEED=seed).returncode == 0
    assert open_batch(str(tmp_path / "b")).frame().equals(alone)


def test_measures_over_time_do_not_change_a_run(tmp_path: Path, alone: pd.DataFrame) -> None:
    """Such a measure stops the run every week: the other numbers are those of a run without it."""
    bare = StudyOverrides(
        replications=12, until="30d", arms=WISHES.arms, measures=("p(war)", "actions()", "time(calm)")
    )
    table = play(open_target("two-rivals", bare), BatchOptions(out=str(tmp_path / "b"))).frame()
    shared = [name for name in table.columns if name != "kernel_events"]
    assert table[shared].equals(alone[shared])


def test_chunks_are_submitted_as_others_are_completed(tmp_path: Path) -> None:
    """No more chunks than the width of the executor are in flight, for any number of runs."""
    taken = done = most = 0

    class Counting(Executor):
        """Counts the chunks that are taken before others are completed."""

        width = 3

        def results(self, chunks: Iterable[Chunk]) -> Iterator[ChunkResult]:
            nonlocal taken, done, most
            hand: list[Chunk] = []
            for chunk in chunks:
                taken += 1
                most = max(most, taken - done)
                hand.append(chunk)
                if len(hand) == self.width:
                    yield from super().results([hand.pop(0)])
                    done += 1
            yield from super().results(hand)

    played(tmp_path / "b", Counting())
    assert most <= 3
