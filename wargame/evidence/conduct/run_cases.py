"""The cases of a run, and of all runs of a batch, as JSON data."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from wargame.batches.api import Batch
from wargame.batches.running.opening import inputs_at, thaw_at
from wargame.batches.study.prepared import PreparedStudy
from wargame.errors import UsageFault
from wargame.evidence.conduct import sequences as conduct
from wargame.evidence.conduct.sequences import WRITTEN, Chronicle, Event, chronicle, sequences
from wargame.executor.campaign import Campaign, Results, each_cell, failure_notes, failure_row
from wargame.executor.executors import Executor, Job
from wargame.executor.progress import JobProgress
from wargame.executor.run import inputs_of
from wargame.journal.folder import Folder
from wargame.journal.reader import read_what_is_there
from wargame.journal.records import Record, Stamps
from wargame.journal.records.governments import LeaderRecord, StrategyRecord
from wargame.journal.sentences import headline
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Scenario
from wargame.scenario.model.events import RECORDED
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.clock import Clock
from wargame.world.calendar import RunCalendar
from wargame.world.layout import layout_of
from wargame.world.state import Events, Offices, World, condition_of

RunCases = dict[str, Any]
"""A run: its name `run` and its `cases` in order of time. A case has `kind`, `at`, `governments`, `records` (each with
`seq`, `at` and `what` happened) and the commands `why`."""


def read_run(folder: Folder) -> tuple[Scenario, list[RunCases], list[str]]:
    """Return the frozen scenario of a run folder, its cases, and notes on an incomplete journal.

    Raises Invalid if the folder is damaged, UsageFault if the run kept no journal.
    """
    manifest = folder.manifest()
    if manifest.level == "none":
        raise UsageFault(f"{folder.typed} has no journal (run it again without --journal none)")
    loaded, (records, notes) = inputs_of(folder, manifest), read_what_is_there(folder)
    cases = _cases(loaded, records)
    for case in cases:
        case["why"] = [f"wargame why {shlex.quote(folder.typed)} {each['seq']}" for each in case["records"]]
    return (loaded.scenario, [{"run": folder.typed, "cases": cases}], [f"{folder.typed}: {note}" for note in notes])


def read_batch(batch: Batch, executor: Executor, progress: JobProgress | None) -> tuple[list[RunCases], list[str]]:
    """Return all successful runs of a batch and notes on failures. They are simulated again: a batch keeps no journals.

    Raises UsageFault if programs played in some of them.
    """
    prepared, ok = batch.prepared, batch.table.ok
    for arm in prepared.names:
        prepared.settings(arm, 0, programs=False)
    cells = [(arm, int(n)) for place, arm in enumerate(prepared.names) for n in ok[place].nonzero()[0]]
    results = Results()
    Campaign(executor, Job(_prepare, partial(each_cell, _play), batch.path), results, progress).run(cells)
    runs = []
    for arm, n in (cell for cell in cells if cell in results.values):
        repeat = f"wargame run {shlex.quote(batch.typed)} --arm {shlex.quote(arm)} --replication {n}"
        for case in (cases := results.values[arm, n]):
            case["why"] = [repeat, *(f"wargame why last {each['seq']}" for each in case["records"])]
        runs.append({"run": f"{arm}, replication {n}", "cases": cases})
    failures = (failure_row(f"arm {each.cell[0]}", each.cell[1], each.reason) for each in results.failures)
    return runs, failure_notes(failures)


def _cases(loaded: Loaded, records: Iterable[Record]) -> list[dict[str, Any]]:
    names, found = titles(loaded.scenario, loaded.injects), []
    for kind, events in cases_of(chronicle(loaded.scenario, records)):
        listed = [each.record for each in events]
        governments = {*events[0].pair, *(each.who for each in events)} - {""}
        rows = [{"seq": each.seq, "at": each.at, "what": headline(each, titles=names)} for each in listed]
        found.append({"kind": kind, "at": listed[0].at, "governments": sorted(governments), "records": rows, "why": []})
    return sorted(found, key=lambda row: (row["records"][0]["seq"], row["kind"]))


def _prepare(address: str) -> PreparedStudy:
    """Read the inputs of a batch, once per worker."""
    return thaw_at(address, inputs_at(address), address)


def _play(prepared: PreparedStudy, cell: tuple[str, int]) -> list[dict[str, Any]]:
    loaded, settings = prepared.scenario_of(*cell), prepared.settings(*cell, "full")
    exercise = Exercise(loaded, prepared.study.seed, settings)
    exercise.advance(exercise.end)
    return _cases(loaded, Stamps(exercise.calendar.iso).records(exercise.records()))


def document(runs: Sequence[RunCases], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return the result as JSON data: counts for the kinds of `kinds` (titles by id), and the cases of each run."""
    chosen = [{**run, "cases": [case for case in run["cases"] if case["kind"] in kinds]} for run in runs]
    cases = Counter(case["kind"] for run in chosen for case in run["cases"])
    having = Counter(kind for run in chosen for kind in {case["kind"] for case in run["cases"]})
    return {
        "runs": len(runs),
        "cases": cases.total(),
        "per_run": round(cases.total() / len(runs), 3) if runs else 0.0,
        "runs_without": sum(not run["cases"] for run in chosen),
        "kinds": [{"id": k, "title": title, "cases": cases[k], "runs": having[k]} for k, title in kinds.items()],
        "by_run": chosen,
    }


COUNTED = ("action", "inject.released", "outcome")
"""Kinds of records that `count` and `days_since` count."""


def kind_titles(scenario: Scenario) -> dict[str, str]:
    """Return the title of each kind by its id."""
    general = {name: kind["title"] for name, kind in WRITTEN["kinds"].items()}
    return general | {name: kind.title for name, kind in scenario.absurdities.items()}


def cases_of(story: Chronicle) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield the cases of a run, kind by kind: the id of the kind, the event that is absurd, and those that make it so.

    The same events count once, for the first kind of which they are a case.
    """
    seen: set[frozenset[int]] = set()
    for name, kind in WRITTEN["kinds"].items():
        for events in sequences(story, kind) if "later" in kind else getattr(conduct, name)(story):
            places = frozenset(event.place for event in events)
            if places not in seen:
                yield name, events
            seen.add(places)
    yield from _declared(story)


def _declared(story: Chronicle) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield the actions that the scenario's own kinds match. Their conditions read a world of records alone."""
    if not story.scenario.absurdities:
        return
    layout, clock, offices = layout_of(story.scenario), Clock(), Offices()
    world = World(layout, clock)
    past = Events(world, RunCalendar(story.scenario.calendar), offices)
    world.use(past, past.memory)
    for event in story.events:
        clock.now = clock.instant.now = event.t
        for name, kind in story.scenario.absurdities.items():
            fits = event.kind == "action" and kind.action.fits(event.what, event.who, event.whom)
            if fits and (not kind.when or condition_of(layout, kind.when).holds(world)):
                yield name, (event,)
        if event.kind in COUNTED:
            past.note(event.what)
        if event.kind == "leader":
            offices.leader[event.who] = event.what
        if isinstance(event.record, LeaderRecord | StrategyRecord):
            offices.strategy[event.who] = event.record.strategy or ""
        for state in RECORDED.get(event.kind, ()):
            holds = event.step == state or (state, event.step) == ("in_force", "verified")
            world.put(world.slot(state, (event.what,)), float(holds))
