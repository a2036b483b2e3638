"""The runs of targets: each is run once for all statistics of its condition, and stored as tallies."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import msgspec

from wargame.batches.running.observer import Observer, Sampling
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import Invalid, Problem, UsageFault, WargameError
from wargame.evidence.targets.conditions import ARM, RunCondition, TargetPlan, prepared
from wargame.evidence.targets.tallies import DatedEvent, EventHistory, Tally, tally
from wargame.executor.campaign import RESUME, Campaign, CellFailure, Progress, Results, each_cell, failure_row
from wargame.executor.executors import Executor, Job
from wargame.journal.atomic import Lock, write_whole
from wargame.journal.inputs import LARGE, read_input
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load_files
from wargame.scenario.model.targets import Statistic
from wargame.simulation.exercise import Exercise

PLAN, RUNS = "plan.json", "runs.jsonl"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run of a condition: its tallies by statistic, or the error that it failed with."""

    condition: int
    replication: int
    tallies: dict[str, Tally]
    """An empty tally means that the statistic does not use this run."""
    error: str = ""

    @property
    def cell(self) -> tuple[int, int]:
        """Its cell: (condition, replication)."""
        return self.condition, self.replication


class RunStore(Results):
    """The results of a campaign over runs, in a folder or, without one, in memory: failures are runs with an error."""

    def __init__(self, folder: Path | None, plan: dict[str, Any], *, resume: bool = False) -> None:
        super().__init__()
        self._file: TextIO | None = None
        self._lock: Lock | None = None
        self.folder, self.address = folder, "" if folder is None else str(folder)
        if folder is None:
            return
        try:
            self._begin(folder, plan, resume=resume)
        except OSError as error:
            self.close()
            raise UsageFault(f"--out {folder}: {error.strerror or error} (choose another folder)") from None
        except WargameError:
            self.close()
            raise

    def _begin(self, folder: Path, plan: dict[str, Any], *, resume: bool) -> None:
        content = (json.dumps(plan, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
        path = folder / PLAN
        if resume and path.exists():
            if _identity(path) != plan["identity"]:
                raise UsageFault(f"{folder} was made from other inputs or by another version: choose another --out")
            self._open(folder)
            self.values = {run.cell: run for run in _lines(folder / RUNS)}
            return
        folder.mkdir(parents=True, exist_ok=True)
        if any(not each.name.startswith(f".{PLAN}.") for each in folder.iterdir()):  # left by a process that was killed
            remedy = f"it has no {PLAN} to resume from:" if resume else "resume with --resume, or"
            raise UsageFault(f"{folder} is not empty ({remedy} choose another --out)")
        write_whole(path, content)
        self._open(folder)

    def _open(self, folder: Path) -> None:
        """Open the file exclusively: two processes would run the same cells twice."""
        self._file = (folder / RUNS).open("a", encoding="utf-8")
        self._lock = Lock(folder / RUNS)
        if not self._lock.mine:
            raise UsageFault(f"another process is using {folder}: wait for it, or choose another --out")

    @property
    def runs(self) -> list[StoredRun]:
        """All runs, in the order in which they were stored."""
        return list(self.values.values())

    def put(self, cell: tuple[int, int], value: dict[str, Tally]) -> None:
        """Store the tallies of a run."""
        self._store(StoredRun(*cell, value))

    def fail(self, failure: CellFailure, /) -> None:
        """Store a run that failed or was lost."""
        condition, replication = failure.cell
        self._store(StoredRun(condition, replication, {}, failure.reason))

    def kept_message(self) -> str:
        """Return the number of stored runs and how to resume; empty if they are only in memory."""
        return f"{len(self.values):,} runs are stored in {self.folder}; {RESUME}" if self.folder else ""

    def _store(self, run: StoredRun) -> None:
        self.values[run.cell] = run
        if self._file is not None:
            self._file.write(json.dumps(asdict(run)) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file, which releases its lock."""
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.release()


def _identity(path: Path) -> object:
    try:
        return json.loads(read_input(path))["identity"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        message = "this is not the plan of an evaluation"
        raise Invalid([Problem(str(path), 1, 1, message, "choose another --out")]) from None


def _lines(path: Path) -> Iterator[StoredRun]:
    """Yield the runs of a file, each once. An incomplete last line is removed from the file."""
    data = read_input(path, LARGE)
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        os.truncate(path, len(whole))
    seen: set[tuple[int, int]] = set()
    for number, line in enumerate(whole.splitlines(), start=1):
        run = _run(line)
        if run is None:
            raise Invalid([Problem(str(path), number, 1, "this line is not a run", "delete it and resume")])
        if run.cell not in seen:
            seen.add(run.cell)
            yield run


def _run(line: bytes) -> StoredRun | None:
    try:
        run = msgspec.convert(json.loads(line), StoredRun)  # json, since it reads NaN and infinity
    except (ValueError, RecursionError):
        return None
    return run if min(run.cell) >= 0 else None


def write_result(folder: Path | None, name: str, document: dict[str, Any]) -> None:
    """Write a result into the folder, if there is one, as `name.json`."""
    if folder is None:
        return
    content = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        write_whole(folder / f"{name}.json", (content + "\n").encode())
    except OSError as error:
        message = f"{folder / name}.json cannot be written: {error.strerror or error}"
        raise UsageFault(f"{message} (the runs are stored; {RESUME})") from None


Cell = tuple[int, int]
"""A run: the place of its condition in the plan, and its replication."""


@dataclass(slots=True)
class TargetWorker:
    """A worker with the plan, which caches the scenario of the current condition."""

    loaded: Loaded
    plan: TargetPlan
    ready: dict[int, PreparedStudy] = field(default_factory=dict)

    def prepared(self, place: int) -> PreparedStudy:
        """Return a condition, ready to run."""
        if place not in self.ready:
            self.ready = {place: prepared(self.loaded, self.plan.conditions[place], self.plan.seed)}
        return self.ready[place]


def prepare(plan: TargetPlan) -> TargetWorker:
    """Read the files, once per worker."""
    return TargetWorker(load_files(dict(plan.files)), plan)


def run(worker: TargetWorker, cell: Cell) -> dict[str, Tally]:
    """Run one cell."""
    place, replication = cell
    return tallies_of(worker.prepared(place), worker.plan.conditions[place], replication)


def observed(ready: PreparedStudy, replication: int) -> Observer:
    """Run a replication to its end, with an observer."""
    settings = ready.settings(ARM, replication, journal="none")
    exercise = Exercise(ready.scenario_of(ARM, replication), ready.study.seed, settings)
    observer = Observer(exercise, ready.measures, Sampling(ready.study.every, (), events=True))
    observer.play()
    return observer


def tallies_of(ready: PreparedStudy, condition: RunCondition, replication: int) -> dict[str, Tally]:
    """Run a replication and compute its tallies, by the name of the statistic."""
    observer = observed(ready, replication)
    numbers = dict(zip((m.name for m in ready.measures), observer.values(), strict=True))
    history, seconds = history_of(observer), observer.exercise.calendar.seconds
    cut = {each.until: _until(history, observer, seconds(each.until)) for each in condition.statistics}
    return {each.name: _tally(each.statistic, cut[each.until], numbers) for each in condition.statistics}


def _tally(statistic: Statistic, history: EventHistory, numbers: dict[str, float]) -> Tally:
    if statistic.given and not numbers[_name(statistic.given)]:
        return []
    if statistic.measure:
        number = numbers[_name(statistic.measure)]
        return [number if number == number else float("inf")]  # noqa: PLR0124 - NaN: the outcome does not occur
    return tally(statistic.computed, history)


def _name(text: str) -> str:
    return " ".join(text.split())


def history_of(observer: Observer) -> EventHistory:
    """Return the events of a run since its STARTEX."""
    exercise = observer.exercise
    calendar, scenario = exercise.calendar, exercise.context.scenario
    start = calendar.startex
    events = tuple(
        DatedEvent(day, calendar.at(start + round(day * DAY)).toordinal(), who, what, whom, kind == "forum")
        for day, who, what, whom, _, kind, *_ in observer.events
        if kind in ("action", "forum")
    )
    first, last = calendar.at(start - 1).toordinal() + 1, calendar.at(exercise.now).toordinal() - 1
    weights = {name: option.goldstein for name, option in scenario.options.items()}
    return EventHistory(events, first, last, (exercise.now - start) / DAY, tuple(sorted(scenario.governments)), weights)


def _until(history: EventHistory, observer: Observer, end: int) -> EventHistory:
    """Return the history up to a second of the run's clock, as if the run had ended then."""
    exercise = observer.exercise
    if end >= exercise.now:
        return history
    days, calendar = (end - exercise.calendar.startex) / DAY, exercise.calendar
    events = tuple(event for event in history.events if event.day < days)
    return replace(history, events=events, last=calendar.at(end).toordinal() - 1, days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationOptions:
    """How an evaluation is run: `n` replications of each condition, stored in a folder or, without one, in memory."""

    n: int
    seed: int
    executor: Executor
    folder: Path | None = None
    resume: bool = False
    progress: Progress | None = None


def run_plan(
    plan: TargetPlan, declared: dict[str, Any], how: EvaluationOptions, job: Job | None = None
) -> list[StoredRun]:
    """Run the cells of a plan that are not stored yet; return all runs of the plan in order."""
    store = RunStore(how.folder, declared, resume=how.resume)
    try:
        _check(plan, store)
        Campaign(how.executor, job or Job(prepare, each_cell(run), plan), store, how.progress).run(plan.cells())
    finally:
        store.close()
    return sorted((run for run in store.runs if run.replication < plan.runs), key=lambda run: run.cell)


def _check(plan: TargetPlan, store: RunStore) -> None:
    names = [{each.name for each in condition.statistics} for condition in plan.conditions]
    for run in store.runs:
        place = run.condition
        belongs = place < len(names) and (bool(run.error) or not names[place] or set(run.tallies) == names[place])
        if not belongs:
            message = f"replication {run.replication} of condition {place} does not belong to this evaluation"
            raise Invalid([Problem(f"{store.folder}/{RUNS}", 0, 0, message, "delete its line and resume")])


def failures_of(plan: TargetPlan, runs: Iterable[StoredRun]) -> list[dict[str, Any]]:
    """Return a row for each run that failed or was lost."""
    return [failure_row(plan.conditions[run.condition].title, run.replication, run.error) for run in runs if run.error]
