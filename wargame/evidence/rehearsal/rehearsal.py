"""A rehearsal of a script before STARTEX: which of its injects fire, and which of them matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from wargame.dataclasses import dataclass, field, replace
from wargame.executor.campaign import Campaign, Progress, Results, each_cell
from wargame.executor.executors import Executor, Job
from wargame.journal.records import record_of
from wargame.journal.records.governments import DecisionRecord
from wargame.journal.records.script import ExpectedRecord, InjectReleasedRecord, InjectSkippedRecord
from wargame.language.times import DAY
from wargame.scenario.loading.load import Loaded, load_files
from wargame.scenario.model import Inject
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.statistics import intervals as statistics
from wargame.statistics.intervals import Estimate, Floats, reported

HOURS = 24
"""Demands on one leadership within this number of hours count together."""
FOR_QUANTILES = 10
"""Runs in which an inject fires, from which on its first and its ninth decile are given."""
FOR_SILENCE = 10
"""Runs from which on a government that never acts is reported."""
MANY = 3
"""So many of them are an overload."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The results of a rehearsal; every field but the counts is a list of rows for tables and JSON."""

    runs: int
    """Runs with the whole script, failed ones included."""
    failed: int
    """All runs that failed or were lost, with the whole script or without an inject."""
    injects: list[dict[str, Any]]
    """Each inject: its chance to fire, when, and why not."""
    objectives: list[dict[str, Any]]
    """Each objective: its injects, and whether any run gives evidence of it."""
    expected: list[dict[str, Any]]
    """Each expected action: how often the model governments meet it, late or not."""
    overload: list[dict[str, Any]]
    """Each government: the chance that several demands meet within hours, and which."""
    outcomes: list[dict[str, Any]]
    """Each outcome with all injects in play."""
    ranking: list[dict[str, Any]]
    """Each inject that fires: what the outcomes would be without it, the largest effect first."""
    silent: list[dict[str, Any]] = field(default_factory=list)
    """Each government that acts in none of ten or more runs: its `meetings`, why, and the best option it had."""
    failures: list[dict[str, Any]] = field(default_factory=list)
    """Each run that failed or was lost: its `replication`, the inject it was `without` (None: the whole script), and
    the `error`. No estimate counts them."""


def rehearse(
    loaded: Loaded, *, n: int, seed: int, executor: Executor, settings: Settings, tell: Progress | None = None
) -> Rehearsal:
    """Run a script `n` times, and once more without each inject where it fired."""
    script, results = RehearsedScript(tuple(sorted(loaded.files.items())), seed, settings), Results()
    campaign = Campaign(executor, Job(prepare, partial(each_cell, run), script), results, tell)
    campaign.run((replication, WHOLE) for replication in range(n))
    whole = _runs(results)
    campaign.run(
        (run.replication, place)
        for run in whole
        for place, inject in enumerate(loaded.injects)
        if inject.id in run.released
    )
    return Rehearsal(
        runs=n,
        failed=len(results.failures),
        injects=[_inject(spec, whole) for spec in loaded.injects],
        objectives=_objectives(loaded, whole),
        expected=list(_expected(loaded, whole)),
        overload=[_overload(name, whole) for name in sorted(loaded.scenario.governments)],
        outcomes=[
            {"outcome": name, **reported(_share(run.outcomes[name] is not None for run in whole))}
            for name in sorted(loaded.scenario.outcomes)
        ],
        ranking=_ranking(loaded, whole, [run for run in _runs(results) if run.without != WHOLE]),
        silent=list(_silent(loaded, whole)) if len(whole) >= FOR_SILENCE else [],
        failures=[
            {"replication": n, "without": None if place == WHOLE else loaded.injects[place].id, "error": failure.reason}
            for failure in sorted(results.failures, key=lambda each: each.cell)
            for n, place in [failure.cell]
        ],
    )


def _runs(results: Results) -> list[RehearsedRun]:
    return [run for _, run in sorted(results.values.items())]


def _share(flags: Iterable[bool]) -> Estimate:
    return statistics.proportion(np.array([float(flag) for flag in flags]))


# --- injects, objectives, expected actions, loads ---------------------------------------------------


def _inject(spec: Inject, runs: list[RehearsedRun]) -> dict[str, Any]:
    """Return an inject's chance to fire, when it fires, and why it does not."""
    days = [day for run in runs for day in run.released.get(spec.id, ())[:1]]
    reasons = Counter(run.unfired.get(spec.id, "") for run in runs if spec.id not in run.released)
    when: dict[str, float | None] = {}
    if days:
        outer = len(days) >= FOR_QUANTILES
        when = {name: float(np.quantile(days, q)) if outer else None for name, q in (("p10", 0.1), ("p90", 0.9))}
        when["median"] = float(np.median(days))
    row: dict[str, Any] = {"inject": spec.id, "title": spec.title, "trigger": spec.trigger_kind}
    row |= reported(_share(spec.id in run.released for run in runs))
    row["days"] = when or None
    row["reasons"] = [{"reason": reason, "runs": count} for reason, count in reasons.most_common() if reason]
    row["never"] = not days
    row["condition"] = spec.when or spec.provided or ""
    return row


def _objectives(loaded: Loaded, runs: list[RehearsedRun]) -> list[dict[str, Any]]:
    rows = []
    for name, objective in sorted(loaded.scenario.objectives.items()):
        injects = [i for i in loaded.injects if name in {i.objective, *(each.objective for each in i.expected)}]
        serving = {i.id for i in injects if any((each.objective or i.objective) == name for each in i.expected)}
        evidence = [any(each[0] in serving for each in run.expected) for run in runs]
        row: dict[str, Any] = {"objective": name, "title": objective.title, "injects": [spec.id for spec in injects]}
        row |= {"fired": reported(_share(any(spec.id in run.released for spec in injects) for run in runs))}
        row |= {"evidence": reported(_share(evidence))}
        row["gap"] = "no inject" if not injects else ("no evidence" if not any(evidence) else "")
        rows.append(row)
    return rows


def _expected(loaded: Loaded, runs: list[RehearsedRun]) -> Iterator[dict[str, Any]]:
    statuses: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    waits: dict[tuple[str, str], list[float]] = defaultdict(list)
    for run in runs:
        for inject, who, status, days in run.expected:
            statuses[inject, who][status] += 1
            waits[inject, who] += [] if days is None else [days]
    for spec in loaded.injects:
        for who in dict.fromkeys(action.who for action in spec.expected):
            counts = statuses[spec.id, who]
            called = sum(counts.values())
            actions = [action for action in spec.expected if action.who == who]
            met = statistics.proportion(np.array([1.0] * counts["met"] + [0.0] * (called - counts["met"])))
            options = sorted({option for action in actions for option in action.any_of})
            row: dict[str, Any] = {"inject": spec.id, "who": who, "any_of": options}
            row |= {"called": called, **{name: counts[name] for name in ("met", "late", "missed")}, **reported(met)}
            row["median_days"] = float(np.median(waits[spec.id, who])) if waits[spec.id, who] else None
            yield row


def _overload(government: str, runs: list[RehearsedRun]) -> dict[str, Any]:
    """Return the largest number of demands within hours, over runs, and the injects that coincide most often."""
    most, together = [], Counter[tuple[str, ...]]()
    for run in runs:
        demands = sorted((day, inject) for day, who, inject in run.demands if who == government)
        crowd, start = list[str](), 0  # the injects of the largest number of demands within the hours
        for end, (day, _) in enumerate(demands):
            while day - demands[start][0] > HOURS / 24:
                start += 1
            if end - start + 1 > len(crowd):
                crowd = [inject for _, inject in demands[start : end + 1]]
        most.append(len(crowd))
        if len(crowd) >= MANY:
            together[tuple(sorted(set(crowd)))] += 1
    row: dict[str, Any] = {"government": government, "hours": HOURS, "many": MANY}
    row |= reported(_share(count >= MANY for count in most))
    row["most"] = max(most, default=0)
    row["injects"] = [{"injects": list(each), "runs": count} for each, count in together.most_common(3)]
    return row


def _silent(loaded: Loaded, runs: list[RehearsedRun]) -> Iterator[dict[str, Any]]:
    """Yield the governments that never act, with the most frequent reason at their meetings."""
    for name in sorted(loaded.scenario.governments):
        found = Counter((verdict, best) for run in runs for who, verdict, best in run.meetings if who == name)
        if not any(verdict == ACTED for verdict, _ in found):
            (why, best), _ = (found.most_common(1) or [((NO_TIME, ""), 0)])[0]
            yield {"government": name, "meetings": found.total(), "reason": why, "best": best or None}


# --- which injects matter ---------------------------------------------------------------------------


def _ranking(loaded: Loaded, runs: list[RehearsedRun], dropped: list[RehearsedRun]) -> list[dict[str, Any]]:
    """Return paired differences with and without each inject. Where it did not fire there is none."""
    without = {(each.replication, each.without): each for each in dropped}
    rows: list[dict[str, Any]] = []
    for place, spec in enumerate(loaded.injects):
        if not any(spec.id in run.released for run in runs):
            continue
        pairs = [(run, without.get((run.replication, place))) for run in runs]
        if any(other is None and spec.id in run.released for run, other in pairs):
            pairs = [(run, other) for run, other in pairs if other is not None or spec.id not in run.released]
        effects = [_effect(name, pairs) for name in sorted(loaded.scenario.outcomes)]
        changed = _share(other is not None and _came(run) != _came(other) for run, other in pairs)
        moved = [effect for effect in effects if effect["changed"]]
        largest = sorted(moved, key=lambda effect: (-abs(effect["estimate"] or 0.0), effect["outcome"]))
        rows.append({"inject": spec.id, "title": spec.title, "changes": reported(changed), "effects": largest})
    every = [effect for row in rows for effect in row["effects"]]
    for effect, p in zip(every, statistics.holm([effect["p"] for effect in every]), strict=True):
        effect["p_holm"] = p  # corrected over all injects and outcomes with any change
    return sorted(rows, key=lambda row: (-row["changes"]["estimate"], row["inject"]))


def _came(run: RehearsedRun) -> frozenset[str]:
    return frozenset(name for name, day in run.outcomes.items() if day is not None)


def _effect(name: str, pairs: list[tuple[RehearsedRun, RehearsedRun | None]]) -> dict[str, Any]:
    with_it = _flags(run.outcomes[name] for run, _ in pairs)
    bare = _flags((run if other is None else other).outcomes[name] for run, other in pairs)
    difference = statistics.paired(with_it, bare, share=True)
    return {"outcome": name, **reported(difference), "p": difference.p, "changed": int((with_it != bare).sum())}


def _flags(days: Iterable[float | None]) -> Floats:
    return np.array([float(day is not None) for day in days])


WHOLE = -1
"""In a cell: with all injects of the script."""

Cell = tuple[int, int]
"""A run: the replication, and the index of the inject that is left out, or `WHOLE`."""


@dataclass(frozen=True, slots=True)
class RehearsedScript:
    """A script to rehearse, as a worker receives it: the input files, the random seed and the settings of all runs."""

    files: tuple[tuple[str, bytes], ...]
    seed: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class RehearsedRun:
    """One run: when injects were released, why others were not, and the status of expected actions.

    `released` has the days of each release, `unfired` a reason, `expected` (inject, who, status, days until it) and
    `outcomes` the days of first passage. `demands` are (day, government, inject).
    """

    replication: int
    without: int
    released: dict[str, tuple[float, ...]]
    unfired: dict[str, str]
    expected: tuple[tuple[str, str, str, float | None], ...]
    outcomes: dict[str, float | None]
    demands: tuple[tuple[float, str, str], ...]
    meetings: tuple[tuple[str, str, str], ...] = ()
    """The government, what came of it and the best option at each meeting."""


def prepare(script: RehearsedScript) -> tuple[Loaded, RehearsedScript]:
    """Read the files, once in each worker."""
    return load_files(dict(script.files)), script


def run(state: tuple[Loaded, RehearsedScript], cell: Cell) -> RehearsedRun:
    """Run one cell to ENDEX. A run without an inject is only worth its time where the inject was released."""
    loaded, script = state
    replication, without = cell
    settings = replace(script.settings, replication=replication, journal="decisions")
    if without != WHOLE:
        settings = replace(settings, skip=(*settings.skip, loaded.injects[without].id), journal="none")
    exercise = Exercise(loaded, script.seed, settings)
    exercise.advance(exercise.end)
    start = exercise.calendar.startex
    outcomes = {name: None if t is None else (t - start) / DAY for name, t in exercise.outcomes.items()}
    released: dict[str, tuple[float, ...]] = {}
    unfired: dict[str, str] = {}
    expected: list[tuple[str, str, str, float | None]] = []
    meetings: list[tuple[str, str, str]] = []
    for record in (record_of(raw, "") for raw in exercise.records() if raw[2] in READ):
        match record:
            case InjectReleasedRecord():
                released[record.about] = (*released.get(record.about, ()), (record.t - start) / DAY)
            case InjectSkippedRecord():
                unfired.setdefault(record.about, record.reason)
            case ExpectedRecord(latency=latency):
                after = None if latency is None else latency / DAY
                expected.append((record.about, record.who, record.status, after))
            case DecisionRecord():
                meetings.append((record.who, *_verdict(record)))
    demands = tuple(_demands(loaded, released))
    return RehearsedRun(*cell, released, unfired, tuple(expected), outcomes, demands, tuple(meetings))


READ = frozenset(each.kind for each in (InjectReleasedRecord, InjectSkippedRecord, ExpectedRecord, DecisionRecord))
ACTED, NO_TIME, NOT_FEASIBLE = "acted", "it has no time for a meeting", "none of its options is feasible"
WAITS, BELOW = "waiting scores higher than its best option", "its best option stays below the threshold for acting"


def _verdict(decision: DecisionRecord) -> tuple[str, str]:
    """Return what came of a meeting, and its best option."""
    best = decision.best
    if decision.choice != "wait":
        return ACTED, ""
    if best is None:
        return NOT_FEASIBLE, ""
    return (WAITS if best.score <= decision.wait else BELOW), best.option


def _demands(loaded: Loaded, released: Mapping[str, tuple[float, ...]]) -> Iterator[tuple[float, str, str]]:
    """Yield each inject that demands attention of a government: it adds salience to a dossier or expects an action."""
    specs = {inject.id: inject for inject in loaded.injects}
    every = tuple(sorted(loaded.scenario.governments))
    for day, spec in ((day, specs[name]) for name in released if name in specs for day in released[name]):
        asked = set(spec.audience or every) if spec.salience and spec.kind != "facilitation" else set()
        asked |= {action.who for action in spec.expected}
        for government in sorted(asked):
            yield day, government, spec.id
