"""What a manifest says, compared with the re-run: what was requested, where the run ended, and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wargame.executor.frozen_run import FrozenRun
from wargame.executor.run import completed, dated, ending, manifest_of
from wargame.executor.stepping import step_between
from wargame.journal.manifest import PAUSED, RUNNING, RunManifest
from wargame.journal.reader import Lines
from wargame.simulation.exercise import Exercise

REQUESTED = ("scenario", "title", "startex", "end", "outcome_titles", "level", "attachments")
REACHED = ("ended", "reached", "decisions", "kernel_events", "outcomes")
STOPPED = ("interrupted", "failed")
"""`ended` of a run that was stopped, and whose manifest says where."""


@dataclass(frozen=True, slots=True)
class RunStop:
    """A moment between two stretches of a run: records written so far, the second, and the counts of a manifest."""

    records: int
    t: int
    decisions: int
    kernel_events: int
    outcomes: dict[str, str | None]


def stop_of(exercise: Exercise, records: int) -> RunStop:
    """Return the present moment of an exercise."""
    return RunStop(records, exercise.now, exercise.decisions, exercise.kernel_events, dated(exercise))


def fault_at_start(run: FrozenRun, exercise: Exercise) -> str:
    """Return what the manifest says otherwise than the inputs and settings of the run; empty if nothing."""
    manifest = run.manifest
    expected = manifest_of(run.loaded, exercise, manifest.seed, run.settings, manifest.command)
    return _difference(manifest, expected, REQUESTED)


def fault_of_run(
    manifest: RunManifest, lines: Lines, exercise: Exercise, stops: Sequence[RunStop], *, running: bool
) -> str:
    """Return what the manifest of an unattended run says otherwise than its re-run, or what nothing supports."""
    if manifest.is_complete:
        return _sealed(manifest, lines) or _difference(manifest, _completed(manifest, exercise), REACHED)
    if manifest.ended in STOPPED:
        return _sealed(manifest, lines) or _fault_at_stop(manifest, lines.count, exercise, stops)
    if running:
        return ""
    return (
        f"the journal has no end, and nothing supports that the run stopped after {lines.count:,} records: its process "
        "was killed, or the journal was shortened (run it again)"
    )


def fault_of_exercise(manifest: RunManifest, lines: Lines, exercise: Exercise) -> str:
    """Return what the manifest of a live exercise says otherwise than its re-run; nothing while it is in progress."""
    if manifest.ended == RUNNING:
        return ""
    _drift(manifest, exercise)
    return _sealed(manifest, lines) or _difference(manifest, _completed(manifest, exercise), REACHED)


def _drift(manifest: RunManifest, exercise: Exercise) -> None:
    """Move the clock to where the manifest says it was, if nothing happens before: that needs no command."""
    reached = _second(manifest.reached, exercise)
    if not exercise.done and exercise.now < reached <= exercise.next_event():
        exercise.advance(reached)


def _completed(manifest: RunManifest, exercise: Exercise) -> RunManifest:
    return completed(manifest, exercise, ending(exercise) if exercise.done else PAUSED)


def _sealed(manifest: RunManifest, lines: Lines) -> str:
    """Compare the journal with its hash and number of records in the manifest."""
    if manifest.records != lines.count:
        return f"records in the manifest: {manifest.records:,}, in the journal: {lines.count:,}"
    return "" if manifest.journal_sha256 == lines.sha256 else "the journal's hash is not the one in the manifest"


def _fault_at_stop(manifest: RunManifest, records: int, exercise: Exercise, stops: Sequence[RunStop]) -> str:
    """Return whether a run can have been stopped after this number of records, at the time that the manifest names."""
    reached = _second(manifest.reached, exercise)
    step = step_between(stops[0].t, exercise.end)
    fitting = [stop for stop in stops if stop.records == records and stop.t <= reached <= stop.t + step]
    if not fitting:
        return f"the run cannot have been stopped at {manifest.reached or 'no time'} after {records:,} records"
    stop = fitting[-1]
    if stop.t != reached:  # within a stretch, whose records were not written
        return ""
    for name in ("decisions", "kernel_events", "outcomes"):
        if getattr(manifest, name) != getattr(stop, name):
            return _named(name, getattr(manifest, name), getattr(stop, name))
    return ""


def _second(at: str, exercise: Exercise) -> int:
    """Return the second of a run's clock at an ISO time; -1 for an empty text."""
    if not at:
        return -1
    calendar = exercise.calendar
    return calendar.startex + round((datetime.fromisoformat(at) - calendar.at(calendar.startex)).total_seconds())


def _difference(manifest: RunManifest, expected: RunManifest, names: Sequence[str]) -> str:
    """Return the first of these fields that differs."""
    for name in names:
        stored, again = getattr(manifest, name), getattr(expected, name)
        if stored != again:
            return _named(name, stored, again)
    return ""


def _named(name: str, stored: object, again: object) -> str:
    if isinstance(stored, dict) and isinstance(again, dict):
        name, stored, again = next(
            (f"{name}.{key}", stored.get(key, "nothing"), again.get(key, "nothing"))
            for key in sorted({*stored, *again})
            if stored.get(key, "nothing") != again.get(key, "nothing")
        )
    return f"{name} in the manifest: {stored}, in the re-run: {again}"
