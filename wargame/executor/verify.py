"""Re-runs a run from its folder alone and compares the two.

Everything is compared that follows from the inputs, the seed, the settings and the commands: the journal as bytes, the
manifest, and the branch files of a live exercise. A journal without the end of its run counts only if something
supports that the run was there: the command log, or the manifest that was written when the run was stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from wargame import numbers
from wargame.executor.frozen_run import FrozenRun, frozen_run
from wargame.executor.replay import replay
from wargame.executor.stepping import Progress, stretches
from wargame.executor.verify_branches import fault_in_branches
from wargame.executor.verify_manifest import RunStop, fault_at_start, fault_of_exercise, fault_of_run, stop_of
from wargame.journal import manifest as manifests
from wargame.journal.command_log import CommandEntry, has_torn_end, path_to, read_commands
from wargame.journal.folder import BRANCHES, COMMANDS, INPUTS, JOURNAL, NEXT_JOURNAL, SUMMARY, Folder
from wargame.journal.manifest import RunManifest
from wargame.journal.reader import Lines, RecordDifference, cut_short, first_difference
from wargame.journal.records import RawRecord, Record, Stamps, at_level, encode_lines
from wargame.simulation.exercise import Exercise

HALF_DONE = (
    "a crash has interrupted a change of the past: the command log has it, the journal not yet "
    "(wargame resume completes it)"
)
UNACKNOWLEDGED = (
    "a crash has interrupted a command, which was not acknowledged; the journal has records of it "
    "(wargame resume removes them)"
)

CHECKED = frozenset({manifests.FILE, INPUTS, JOURNAL, COMMANDS, BRANCHES, NEXT_JOURNAL, SUMMARY})
"""What is checked in a run folder: other files do not follow from these, or can be written again."""
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
    """What else differs, or what nothing supports; empty if nothing."""
    notes: tuple[str, ...]
    """What a reader should know: that the run was cut short or made by other versions."""
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
        """What a comparison without differences proves, and what it cannot."""
        if self.commands is None:
            proved, open_questions = "inputs, seed and settings give", "who made the run, and when"
        else:
            proved = f"inputs, seed, settings and the {self.commands:,} entries of the command log give"
            open_questions = "who typed a command, and when, and that no later entry was removed"
        return f"Proved: {proved} what is stored. Not proved, as nothing is signed: {open_questions}."


def verify(folder: Folder, progress: Progress | None = None) -> Verification:
    """Re-runs a folder's inputs with its seed, settings and commands and compares record by record, as bytes.

    Raises Invalid if the inputs are not those of the manifest or the folder is damaged.
    """
    run = frozen_run(folder)
    verdict = _verify_exercise(run, progress) if folder.is_live else _verify_run(run, progress)
    return replace(verdict, unchecked=unchecked_files(folder.path, run.manifest))


def unchecked_files(folder: Path, manifest: RunManifest) -> tuple[str, ...]:
    """The files of a folder that `verify` does not check, such as reports, transcripts, cassettes and exercise files.

    The summary is checked once the run is complete.
    """
    checked = CHECKED if manifest.is_complete else CHECKED - {SUMMARY}
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(name for name in names if name.partition("/")[0] not in checked or name.startswith(PLANS))


def _verify_run(run: FrozenRun, progress: Progress | None) -> Verification:
    """Verifies an unattended run, whose re-run goes only as far as its journal."""
    folder, manifest = run.folder, run.manifest
    rerun = _Rerun(run, progress)
    fault = fault_at_start(run, rerun.exercise)
    lines = Lines(folder.journal)
    difference = first_difference(lines, rerun.lines(), whole=manifest.is_complete)
    if difference is None and not fault:
        fault = fault_of_run(manifest, lines, rerun.exercise, rerun.stops, running=folder.is_running())
    return Verification(folder.name, lines.count, difference, fault, _notes(run, lines, rerun.last))


def _verify_exercise(run: FrozenRun, progress: Progress | None) -> Verification:
    """Verifies a live exercise, whose commands are simulated to the last one."""
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
    """The journal of an exercise as `resume` would read it: after a crash, the one that was written aside.

    `note` says what a crash has left; empty if nothing.
    """

    def __init__(self, folder: Folder, fresh: list[bytes], *, whole: bool) -> None:
        self.note = ""
        self.lines = Lines(folder.journal)
        self.difference = first_difference(self.lines, iter(fresh), whole=whole)
        aside = folder.path / NEXT_JOURNAL
        if self.difference is not None and aside.exists():
            lines = Lines(aside)
            if first_difference(lines, iter(fresh), whole=False) is None:
                self.lines, self.difference, self.note = lines, None, HALF_DONE
        elif self.difference is not None and has_torn_end(folder.commands):
            lines = Lines(folder.journal)
            if all(line == again for line, again in zip(lines, fresh, strict=False)) and lines.count >= len(fresh):
                self.difference, self.note = None, UNACKNOWLEDGED


class _Rerun:
    """The journal lines of the re-run, produced on demand.

    `stops` are the moments at which an unattended run can be stopped, as far as it has been simulated.
    """

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
        stamps = Stamps(self.exercise.calendar.at)
        for raw in self._stretches():
            records = at_level(stamps.records(raw), self._level)
            self.stops.append(stop_of(self.exercise, self.stops[-1].records + len(records)))
            for record in records:
                self.last = record
                yield encode_lines([record])[:-1]
            if self._progress:
                began = self.exercise.calendar.startex
                self._progress(self.exercise.now - began, self.exercise.end - began)


def _notes(run: FrozenRun, lines: Lines, last: Record | None) -> tuple[str, ...]:
    notes = [cut_short(run.folder, last)]
    if lines.torn:
        notes.append(f"the last line of the journal is incomplete ({len(lines.torn)} bytes) and was ignored")
    then, today = run.manifest.versions, manifests.versions()
    other = [
        f"{name} {version} (now {today.get(name)})" for name, version in then.items() if version != today.get(name)
    ]
    if other:
        notes.append(f"the run was made with {', '.join(other)}")
    if run.manifest.numbers not in ("", numbers.PATH):
        notes.append(f"the numbers of the run were {run.manifest.numbers}, those of this re-run are {numbers.PATH}")
    return tuple(note for note in notes if note)
