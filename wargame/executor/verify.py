"""Re-runs a run from its folder alone and compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from wargame.errors import Invalid, Problem, UsageFault
from wargame.executor.replay import replay
from wargame.executor.run import dated
from wargame.executor.stepping import Progress, stretches
from wargame.journal import manifest as manifests
from wargame.journal.command_log import CommandEntry, path_to, read_commands
from wargame.journal.comparison import RecordDifference, first_difference
from wargame.journal.decoding import check_shape
from wargame.journal.folder import INPUTS, Folder
from wargame.journal.manifest import RunManifest
from wargame.journal.reader import Lines, cut_short
from wargame.journal.records import RawRecord, Record, Stamps, at_level, encode_lines
from wargame.scenario.loading.load import Loaded, load_files
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

RESTORE = "restore it or run again"


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a re-run. The run is reproducible if there is no `difference` and no `fault`."""

    run: str
    compared: int
    """Records on disk that were compared."""
    difference: RecordDifference | None
    fault: str
    """What else differs from the manifest; empty if nothing."""
    notes: tuple[str, ...]
    """What a reader should know: that the run was cut short or made by other versions."""

    @property
    def same(self) -> bool:
        """Whether the re-run equals the run on disk, byte for byte."""
        return self.difference is None and not self.fault


def verify(folder: Folder, progress: Progress | None = None) -> Verification:
    """Re-runs a folder's inputs with its seed and settings and compares record by record, as bytes.

    Raises Invalid if the inputs are not those of the manifest or the folder is damaged.
    """
    manifest = folder.manifest()
    loaded = inputs_of(folder, manifest)
    exercise = _exercise(folder, manifest, loaded)
    path = _commands(folder)
    rerun = _Rerun(exercise, manifest.level, progress, path)
    lines = Lines(folder.journal)
    difference = first_difference(lines, rerun.lines(), whole=manifest.is_complete)
    fault = "" if difference else _fault(manifest, lines, exercise)
    return Verification(folder.name, lines.count, difference, fault, _notes(folder, manifest, lines, rerun.last))


def _exercise(folder: Folder, manifest: RunManifest, loaded: Loaded) -> Exercise:
    """The exercise at its start; Invalid if the manifest's settings do not fit the inputs."""
    try:
        return Exercise(loaded, manifest.seed, settings_of(folder, manifest))
    except UsageFault as error:
        problem = Problem(str(folder.path / manifests.FILE), 0, 0, f"has settings that do not fit: {error}", RESTORE)
        raise Invalid([problem]) from None


def inputs_of(folder: Folder, manifest: RunManifest) -> Loaded:
    """The frozen inputs of a run; Invalid if they are not those of its manifest."""
    try:
        loaded = load_files(folder.inputs())
    except Invalid as error:  # their paths are relative to `inputs/`
        raise Invalid(_within(folder.path / INPUTS, each) for each in error.problems) from None
    for what in ("scenario", "injects"):
        if getattr(loaded, f"{what}_sha256") != getattr(manifest, f"{what}_sha256"):
            message = f"the {what} changed since the run: the hash of its content is not that of the manifest"
            remedy = "restore the files, or start a new run with the changed ones"
            raise Invalid([Problem(str(folder.path / INPUTS), 0, 0, message, remedy)])
    return loaded


def _within(top: Path, problem: Problem) -> Problem:
    inside = (top / problem.file).exists() and not problem.file.startswith(str(top))
    return replace(problem, file=str(top / problem.file)) if inside else problem


def settings_of(folder: Folder, manifest: RunManifest) -> Settings:
    """The settings of a run; Invalid if they cannot be read."""
    try:
        check_shape(manifest.settings, Settings)
        return Settings.from_dict(manifest.settings)
    except (TypeError, ValueError) as error:
        place = str(folder.path / manifests.FILE)
        raise Invalid([Problem(place, 0, 0, f"has settings that cannot be read: {error}")]) from None


def _commands(folder: Folder) -> list[CommandEntry] | None:
    """The lines that lead to the present state of a live exercise; None for an unattended run."""
    if not folder.is_live:
        return None
    lines = read_commands(folder.commands)
    return path_to(lines, len(lines))


class _Rerun:
    """The journal lines of the re-run, produced on demand."""

    def __init__(
        self, exercise: Exercise, level: str, progress: Progress | None, path: list[CommandEntry] | None = None
    ) -> None:
        self._exercise = exercise
        self._level = level
        self._progress = progress
        self._path = path
        self.last: Record | None = None

    def _stretches(self) -> Iterator[list[RawRecord]]:
        if self._path is None:
            yield from stretches(self._exercise)
            return
        seen = 0
        for _ in replay(self._exercise, self._path):
            fresh = self._exercise.records()[seen:]
            seen += len(fresh)
            yield fresh
        yield self._exercise.records()[seen:]

    def lines(self) -> Iterator[bytes]:
        stamps = Stamps(self._exercise.calendar.at)
        for raw in self._stretches():
            for record in at_level(stamps.records(raw), self._level):
                self.last = record
                yield encode_lines([record])[:-1]
            if self._progress:
                began = self._exercise.calendar.startex
                self._progress(self._exercise.now - began, self._exercise.end - began)


def _fault(manifest: RunManifest, lines: Lines, exercise: Exercise) -> str:
    """What the comparison of lines does not cover: the numbers in the manifest, and a run without a journal."""
    if not manifest.is_complete:
        return ""
    if manifest.journal_sha256 != lines.sha256:
        return "the journal's hash is not the one in the manifest"
    counts = {"decisions": exercise.decisions, "kernel_events": exercise.kernel_events, "outcomes": dated(exercise)}
    for name, value in counts.items():
        if getattr(manifest, name) != value:
            return f"{name} in the manifest: {getattr(manifest, name)}, in the re-run: {value}"
    return ""


def _notes(folder: Folder, manifest: RunManifest, lines: Lines, last: Record | None) -> tuple[str, ...]:
    notes = [cut_short(folder, last)]
    if lines.torn:
        notes.append(f"the last line of the journal is incomplete ({len(lines.torn)} bytes) and was ignored")
    then, today = manifest.versions, manifests.versions()
    other = [
        f"{name} {version} (now {today.get(name)})" for name, version in then.items() if version != today.get(name)
    ]
    if other:
        notes.append(f"the run was made with {', '.join(other)}")
    return tuple(note for note in notes if note)
