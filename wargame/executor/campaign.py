"""Long jobs: cells run in chunks on an executor into a store; they stop, resume, and lose nothing silently.

A *cell* is one piece of work, usually a run, named by a hashable key. A `Campaign` takes the cells that its store does
not have, hands them to an executor in chunks of about a second, and gives every result to the store as it arrives.
Results arrive in no particular order; a cell's result depends on its key alone.

- Failures: a cell that raises, or whose worker process dies, becomes a `CellFailure` and never stops the others.
- Stop: the first Ctrl-C or SIGTERM lets the chunks in flight finish and then raises `Interrupted`, or
  `KeyboardInterrupt` if the store keeps nothing. The second one raises `KeyboardInterrupt` at once.
- Length: a campaign whose rest would take more than a day stops in the same way, unless it is asked for.
- Resume: run the same cells again with the same store.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from time import perf_counter
from typing import Any, TypeVar

from wargame.dataclasses import dataclass, replace
from wargame.errors import Interrupted, WargameError, flag
from wargame.executor.executors import Chunk, ChunkResult, Died, Executor, Job
from wargame.executor.stepping import Pace, Stop, stoppable
from wargame.tables import by_key

T = TypeVar("T")
CHUNK_SECONDS = 1.0
"""How long a worker should be busy with a chunk."""
LONGEST_CHUNK = 256
LONGEST_REASON, LONGEST_LINE = 500, 200
NO_RESULT = "no result came back from the workers"
RESUME = "resume with the same command and " + flag("resume")

Progress = Callable[[int, int], None]
"""Called with the number of cells that are done and the number of all cells."""


@dataclass(frozen=True, slots=True)
class CellFailure:
    """A cell that has no result, and why."""

    cell: Any
    reason: str


class CutShort(WargameError):
    """A result could not be stored; everything stored before is complete and kept."""

    exit_code = 4


class Results:
    """Where the results of work made by `each_cell` go: `values` by cell, and the `failures`, in memory.

    Which cells it contains decides what a resumed campaign still has to do. Other stores keep results at an `address`;
    they raise OSError if that is impossible.
    """

    address = ""

    def __init__(self) -> None:
        self.values: dict[Any, Any] = {}
        self._failed: dict[Any, CellFailure] = {}

    def __contains__(self, cell: object, /) -> bool:
        """Return whether the cell has a value or a failure."""
        return cell in self.values or cell in self._failed

    def add(self, chunk: Chunk, value: Any, /) -> None:
        """Take the outcome of each cell of a chunk."""
        for cell, outcome in zip(chunk, value, strict=True):
            if isinstance(outcome, CellFailure):
                self.fail(outcome)
            else:
                self.values[cell] = outcome

    def fail(self, failure: CellFailure, /) -> None:
        """Take a cell that has no result, or was lost together with its worker."""
        self._failed[failure.cell] = failure

    def kept_message(self) -> str:
        """Return how much is kept and how to resume, as part of a message; empty if nothing is kept."""
        return ""

    @property
    def failures(self) -> list[CellFailure]:
        """The failures in the order of their arrival."""
        return list(self._failed.values())


class Campaign:
    """Runs cells on an executor into a store. Several calls of `run` use the same workers."""

    def __init__(self, executor: Executor, job: Job, store: Results, progress: Progress | None = None) -> None:
        self._executor, self._store, self._progress = executor, store, progress
        self._job = replace(job, work=partial(_timed, job.work))
        self._started = False
        self._pace = 0.0
        """Seconds for a cell, smoothed; 0 before the first result."""

    def start(self) -> None:
        """Start the workers, once. What `prepare` raises is raised here."""
        if not self._started:
            self._executor.start(self._job)
            self._started = True

    def run(self, cells: Iterable[Any]) -> None:
        """Run the cells that the store does not contain; afterwards it contains all of them.

        Raises Interrupted or KeyboardInterrupt if the user or the executor stopped it, CutShort if a result could not
        be stored, and what the work of a chunk raises.
        """
        every = cells if isinstance(cells, Sequence) else list(cells)
        done = sum(cell in self._store for cell in every)
        self._report(done, len(every))
        if done == len(every):
            return
        self.start()
        pace, why = Pace(), ""
        with stoppable() as stop, self._messages():
            for result in self._executor.results(self._chunks(every, len(every) - done, stop)):
                done += self._take(result)
                self._report(done, len(every))
                if long := pace.too_long(done, len(every)):
                    stop.asked, why = True, long
            missing = [cell for cell in every if cell not in self._store]
            if missing and stop.asked:
                raise Interrupted(why or "stopped") if why or self._store.kept_message() else KeyboardInterrupt
            self._fail(missing, NO_RESULT)

    def _report(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total)

    @contextmanager
    def _messages(self) -> Iterator[None]:
        """Add what is kept to the errors that end a campaign."""
        try:
            with storing(self._store):
                yield
        except Interrupted as error:
            kept_message = self._store.kept_message()
            raise Interrupted(f"{error}; " + kept_message if kept_message else str(error)) from None

    def _chunks(self, cells: Sequence[Any], left: int, stop: Stop) -> Iterator[Chunk]:
        """Yield the cells that are missing, of which there are `left`, in chunks."""
        missing = (cell for cell in cells if cell not in self._store)
        while left > 0 and not stop.asked:
            chunk = tuple(islice(missing, self._size(left)))
            left -= len(chunk)
            yield chunk

    def _size(self, left: int) -> int:
        """Return the size of the next chunk in cells: about a second's worth, fewer at the end; 1 if unknown."""
        if not self._pace:
            return 1
        most = max(1, int(CHUNK_SECONDS / self._pace))
        return min(most, max(1, left // (self._executor.width + 1)), LONGEST_CHUNK)

    def _take(self, result: ChunkResult) -> int:
        """Store a result; returns the number of its cells."""
        if isinstance(result, Died):
            self._fail(result.chunk, result.reason)
            return len(result.chunk)
        chunk, (seconds, value) = result
        pace = seconds / len(chunk)
        self._pace = 0.8 * self._pace + 0.2 * pace if self._pace else pace
        self._store.add(chunk, value)
        return len(chunk)

    def _fail(self, cells: Iterable[Any], reason: str) -> None:
        for cell in cells:
            self._store.fail(CellFailure(cell, reason))


@contextmanager
def storing(store: Results) -> Iterator[None]:
    """Raise CutShort, with what is kept, where the block cannot write to the store."""
    try:
        yield
    except OSError as error:
        if not store.address:
            raise
        message = f"{store.address} cannot be written: {error.strerror or error}"
        raise CutShort("; ".join(filter(None, (message, store.kept_message())))) from None


def failure_of(cell: Any, error: BaseException | str) -> CellFailure:
    """Return a failure with the type and the message of an exception, cut to `LONGEST_REASON` characters."""
    reason = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return CellFailure(cell, reason[:LONGEST_REASON])


# --- failures in words -----------------------------------------------------------------------------


def by_reason(failures: Iterable[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    """Return numbers of runs by the reason of their failure, the most frequent reason first."""
    numbers = by_key((reason, number) for number, reason in failures)
    return sorted(((reason, sorted(each)) for reason, each in numbers.items()), key=lambda x: (-len(x[1]), x[1], x[0]))


def number_ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers as text, neighbours as ranges: `0-3, 7`."""
    ordered = sorted(set(numbers))
    runs = [[n for _, n in group] for _, group in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def failure_row(condition: str, replication: int, error: str) -> dict[str, Any]:
    """Return a row for a run that failed or was lost with its worker; `condition` names the runs that it belongs to."""
    return {"condition": condition, "replication": replication, "error": error}


def failure_notes(failures: Iterable[dict[str, Any]], number: str = "replication", noun: str = "run") -> list[str]:
    """Return one sentence per condition with failed runs: how many, which (by the key `number`), and why."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in failures:
        first_line = (row["error"].splitlines() or [""])[0]
        groups.setdefault(row["condition"], []).append((row[number], first_line[:LONGEST_LINE]))
    return [_note(condition, rows, number, noun) for condition, rows in groups.items()]


def _note(condition: str, rows: list[tuple[int, str]], number: str, noun: str) -> str:
    count = f"{len(rows)} {noun}{'s' if len(rows) > 1 else ''} of {condition}"
    reasons = "; ".join(
        f"{number}{'s' if len(numbers) > 1 else ''} {number_ranges(numbers)}: {reason}"
        for reason, numbers in by_reason(rows)
    )
    return f"{count} failed and {'are' if len(rows) > 1 else 'is'} left out ({reasons})."


# --- in the worker ---------------------------------------------------------------------------------


def _timed(work: Callable[[Any, Chunk], Any], state: Any, chunk: Chunk) -> tuple[float, Any]:
    began = perf_counter()
    value = work(state, chunk)
    return perf_counter() - began, value


def in_turn(run: Callable[[Any], T], chunk: Chunk) -> list[T]:
    """Return what `run` makes of each cell of a chunk.

    A finished run consists of cycles of objects. They are freed at once, while the caches of the processor have them:
    later this takes longer, up to nine times for short runs. Executors freeze all else, so that it is not looked at.
    """
    results = []
    for cell in chunk:
        results.append(run(cell))
        gc.collect()
    return results


def each_cell(run: Callable[[Any, Any], T], state: Any, chunk: Chunk) -> list[T | CellFailure]:
    """Work on a chunk: for each cell the value of `run`, a function at the top of its module, or a CellFailure.

    A job has it with `partial(each_cell, run)`.
    """

    def outcome(cell: Any) -> T | CellFailure:
        try:
            return run(state, cell)
        except Exception as error:  # noqa: BLE001 - whatever one cell raises, the others are still run
            return failure_of(cell, error)

    return in_turn(outcome, chunk)
