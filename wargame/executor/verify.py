"""Re-runs a run from its folder alone and compares the two.

Everything is compared that follows from the inputs, the seed, the settings and the commands: the journal as bytes, the
manifest, and the branch files of a live exercise. A journal without the end of its run counts only if something
supports that the run was there: the command log, or the manifest that was written when the run was stopped.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from wargame import numbers, plugins
from wargame.dataclasses import dataclass, replace
from wargame.executor.replay import TIME_TRAVEL, replay
from wargame.executor.run import FrozenRun, completed, dated, ending, frozen_run, manifest_of
from wargame.executor.stepping import Progress, step_between, stretches
from wargame.journal import manifest as manifests
from wargame.journal.command_log import CommandEntry, has_torn_end, path_to, read_commands
from wargame.journal.folder import BRANCHES, COMMANDS, INPUTS, JOURNAL, NEXT_JOURNAL, SUMMARY, Folder, left_behind
from wargame.journal.manifest import PAUSED, RUNNING, RunManifest
from wargame.journal.reader import JournalLines, RecordDifference, common_length, cut_short, first_difference
from wargame.journal.records import RawRecord, Record, Stamps, at_level, encode_lines
from wargame.simulation.exercise import Exercise

CHECKED = frozenset({manifests.FILE, INPUTS, JOURNAL, COMMANDS, BRANCHES, NEXT_JOURNAL, SUMMARY})
"""The checked files of a run folder: other files do not follow from these, or can be written again."""
PLANS = f"{INPUTS}/exercise/"
"""Inputs of the people and not of the simulation, without a hash in the manifest."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a re-run. The run is reproducible if there is no `difference` and no `fault`."""

    run: str
    compared: int
    """Records on disk that were compared."""
    difference: RecordDifference | None
    fault: str
    """Another difference, or a claim without support; empty if there is none."""
    notes: tuple[str, ...]
    """Remarks for the reader: that the run was cut short or made by other versions."""
    commands: int | None = None
    """Entries of the command log of a live exercise; None for an unattended run."""
    unchecked: tuple[str, ...] = ()
    """The files of the folder that are not compared with anything, by their paths in it."""

    @property
    def same(self) -> bool:
        """Whether the re-run equals the run on disk, byte for byte."""
        return self.difference is None and not self.fault

    @property
    def scope(self) -> str:
        """Return what a comparison without differences proves, and what it cannot."""
        if self.commands is None:
            proved, open_questions = "inputs, seed and settings", "who made the run and when"
        else:
            proved = f"inputs, seed, settings and {self.commands:,} entries of the command log"
            open_questions = "who typed a command and when, and whether a later entry was removed"
        return f"The stored {proved} reproduce the stored journal. Not checked: {open_questions} (nothing is signed)."


def verify(folder: Folder, progress: Progress | None = None) -> Verification:
    """Re-run a folder's inputs with its seed, settings and commands, and compare record by record, as bytes.

    Raises Invalid if the inputs do not match the manifest or the folder is damaged.
    """
    run = frozen_run(folder)
    verdict = _verify_exercise(run, progress) if folder.is_live else _verify_run(run, progress)
    checked = CHECKED if run.manifest.is_complete else CHECKED - {SUMMARY}
    notes = verdict.notes
    if not verdict.same and run.manifest.numbers not in ("", numbers.PATH):
        path = f"{run.manifest.numbers} arithmetic, which this re-run has {numbers.PATH}"
        notes += (f"the run was made with {path}; both should give the same run",)
    names = (path.relative_to(folder.path).as_posix() for path in sorted(folder.path.rglob("*")) if path.is_file())
    return replace(
        verdict,
        notes=notes,
        unchecked=tuple(name for name in names if name.partition("/")[0] not in checked or name.startswith(PLANS)),
    )


def _verify_run(run: FrozenRun, progress: Progress | None) -> Verification:
    """Verify an unattended run, whose re-run goes only as far as its journal."""
    folder, manifest = run.folder, run.manifest
    rerun = _Rerun(run, progress)
    fault = fault_at_start(run, rerun.exercise)
    lines = JournalLines(folder.journal)
    difference = first_difference(lines, rerun.lines(), whole=manifest.is_complete)
    if difference is None and not fault:
        fault = fault_of_run(manifest, lines, rerun.exercise, rerun.stops, running=folder.is_running())
    return Verification(folder.name, lines.count, difference, fault, _notes(run, lines, rerun.last))


def _verify_exercise(run: FrozenRun, progress: Progress | None) -> Verification:
    """Verify a live exercise, whose commands are simulated to the last one."""
    folder, manifest = run.folder, run.manifest
    entries = read_commands(folder.commands)
    rerun = _Rerun(run, progress, path_to(entries, len(entries)))
    fault = fault_at_start(run, rerun.exercise)
    fresh = list(rerun.lines())
    stored = _Stored(folder, fresh, whole=manifest.is_sealed)
    notes = _notes(run, stored.lines, rerun.last) if not stored.note else (stored.note,)
    if stored.difference is None and not fault and not stored.note:
        fault = fault_of_exercise(manifest, stored.lines, rerun.exercise)
        missing = len(fresh) - stored.lines.count
        if missing:
            notes += (f"the journal lacks the last {missing:,} records, which the command log gives",)
    if stored.difference is None and not fault:
        fault = fault_in_branches(run, entries)
    return Verification(folder.name, stored.lines.count, stored.difference, fault, notes, len(entries))


class _Stored:
    """The journal as `resume` would read it: after a crash, the one aside. `note` is what a crash left, or empty."""

    def __init__(self, folder: Folder, fresh: list[bytes], *, whole: bool) -> None:
        self.note = ""
        self.lines = JournalLines(folder.journal)
        self.difference = first_difference(self.lines, iter(fresh), whole=whole)
        aside = folder.path / NEXT_JOURNAL
        half = "a crash has interrupted a change of the past: the command log has it, the journal not yet"
        left = "a crash has interrupted a command, which was not acknowledged; the journal has records of it"
        if self.difference is not None and aside.exists():
            lines = JournalLines(aside)
            if first_difference(lines, iter(fresh), whole=False) is None:
                self.lines, self.difference, self.note = lines, None, f"{half} (wargame resume completes it)"
        elif self.difference is not None and has_torn_end(folder.commands):
            lines = JournalLines(folder.journal)
            if all(line == again for line, again in zip(lines, fresh, strict=False)) and lines.count >= len(fresh):
                self.difference, self.note = None, f"{left} (wargame resume removes them)"


class _Rerun:
    """The journal lines of the re-run, on demand. `stops` are where an unattended run can stop, as far as known."""

    def __init__(self, run: FrozenRun, progress: Progress | None, path: list[CommandEntry] | None = None) -> None:
        self.exercise: Exercise = run.exercise()
        self._level = run.manifest.level
        self._progress = progress
        self._path = path
        self.last: Record | None = None
        self.stops: list[RunStop] = [stop_of(self.exercise, 0)]

    def _stretches(self) -> Iterator[list[RawRecord]]:
        if self._path is None:
            yield from stretches(self.exercise)
            return
        seen = 0
        for _ in replay(self.exercise, self._path):
            fresh = self.exercise.records()[seen:]
            seen += len(fresh)
            yield fresh
        yield self.exercise.records()[seen:]

    def lines(self) -> Iterator[bytes]:
        """Yield the lines without their newline."""
        stamps = Stamps(self.exercise.calendar.iso)
        for raw in self._stretches():
            records = at_level(stamps.records(raw), self._level)
            self.stops.append(stop_of(self.exercise, self.stops[-1].records + len(records)))
            for record in records:
                self.last = record
                yield encode_lines([record])[:-1]
            if self._progress:
                began = self.exercise.calendar.startex
                self._progress(self.exercise.now - began, self.exercise.end - began)


def _notes(run: FrozenRun, lines: JournalLines, last: Record | None) -> tuple[str, ...]:
    notes = [cut_short(run.folder, last)]
    if lines.torn:
        notes.append(f"the last line of the journal is incomplete ({len(lines.torn)} bytes) and was ignored")
    then, today = run.manifest.versions, manifests.versions()
    changed = [(name, version, today.get(name)) for name, version in then.items() if version != today.get(name)]
    if other := [f"{name} {version} (now {now})" for name, version, now in changed]:
        notes.append(f"the run was made with {', '.join(other)}")
    for each in run.manifest.players.values():
        (kind, _, name), package = each["source"].split()[0].partition(":"), each.get("package")
        if package and name not in plugins.installed(f"{kind}s"):
            notes.append(f"{kind} '{name}' of {package} is not installed: its acts are taken from the command log")
    return tuple(note for note in notes if note)


def fault_in_branches(run: FrozenRun, entries: list[CommandEntry]) -> str:
    """Return the first branch file that is missing, differs or belongs to no command; empty if there is none."""
    folder = run.folder.path / BRANCHES
    stored = {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.is_dir() else set()
    for first, last in _turns(entries):
        before, after = (_lines(run, path_to(entries, n)) for n in (first - 1, last))
        left = before[common_length(before, after) :]
        name = left_behind(first)
        if left and name not in stored:
            return f"{BRANCHES}/{name} is missing"
        if left and list(JournalLines(folder / name)) != left:
            return f"{BRANCHES}/{name} differs from the re-run of the commands before entry {first}"
        stored.discard(name if left else "")
    if (run.folder.path / NEXT_JOURNAL).exists():  # of a change that a crash has interrupted
        stored.discard(left_behind(len(entries) + 1))
    return f"{BRANCHES}/{min(stored)} belongs to no command" if stored else ""


def _turns(entries: list[CommandEntry]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last entry of each command that changes the past."""
    first = 1
    for entry in entries:
        if entry.more is not True:
            if entries[first - 1].kind in TIME_TRAVEL:
                yield first, entry.n
            first = entry.n + 1


def _lines(run: FrozenRun, path: list[CommandEntry]) -> list[bytes]:
    """Return the journal after these commands."""
    exercise = run.exercise()
    for _ in replay(exercise, path):
        pass
    return [encode_lines([record])[:-1] for record in Stamps(exercise.calendar.iso).records(exercise.records())]


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
    manifest: RunManifest, lines: JournalLines, exercise: Exercise, stops: Sequence[RunStop], *, running: bool
) -> str:
    """Return what the manifest of an unattended run says otherwise than its re-run, or what nothing supports."""
    if manifest.is_complete:
        return _sealed(manifest, lines) or _difference(manifest, _completed(manifest, exercise), REACHED)
    if manifest.ended in STOPPED:
        return _sealed(manifest, lines) or _fault_at_stop(manifest, lines.count, exercise, stops)
    if running:
        return ""
    no_end = f"the journal has no end, and nothing supports that the run stopped after {lines.count:,} records"
    return f"{no_end}: its process was killed, or the journal was shortened (run it again)"


def fault_of_exercise(manifest: RunManifest, lines: JournalLines, exercise: Exercise) -> str:
    """Return what the manifest of a live exercise says otherwise than its re-run; nothing while it is in progress."""
    if manifest.ended == RUNNING:
        return ""
    reached = _second(manifest.reached, exercise)
    if not exercise.done and exercise.now < reached <= exercise.next_event():
        exercise.advance(reached)
    return _sealed(manifest, lines) or _difference(manifest, _completed(manifest, exercise), REACHED)


def _completed(manifest: RunManifest, exercise: Exercise) -> RunManifest:
    return completed(manifest, exercise, ending(exercise) if exercise.done else PAUSED)


def _sealed(manifest: RunManifest, lines: JournalLines) -> str:
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
    return _difference(manifest, stop, ("decisions", "kernel_events", "outcomes"))


def _second(at: str, exercise: Exercise) -> int:
    """Return the second of a run's clock at an ISO time; -1 for an empty text."""
    if not at:
        return -1
    calendar = exercise.calendar
    return calendar.startex + round((datetime.fromisoformat(at) - calendar.at(calendar.startex)).total_seconds())


def _difference(manifest: RunManifest, expected: RunManifest | RunStop, names: Sequence[str]) -> str:
    """Return the first of these fields that differs."""
    pairs = ((name, getattr(manifest, name), getattr(expected, name)) for name in names)
    name, stored, again = next((each for each in pairs if each[1] != each[2]), ("", None, None))
    if isinstance(stored, dict) and isinstance(again, dict):
        values = {key: (stored.get(key, "nothing"), again.get(key, "nothing")) for key in sorted({*stored, *again})}
        key, (stored, again) = next((key, pair) for key, pair in values.items() if pair[0] != pair[1])
        name = f"{name}.{key}"
    return f"{name} in the manifest: {stored}, in the re-run: {again}" if name else ""
