"""Making a run again from its folder alone and comparing the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wargame.errors import Invalid, Problem
from wargame.executor.playing import Progress, stretches
from wargame.executor.single import dated
from wargame.journal import manifest as manifests
from wargame.journal.compare import Difference, first_difference
from wargame.journal.folder import INPUTS, Folder
from wargame.journal.manifest import Manifest
from wargame.journal.reader import Lines, cut_short
from wargame.journal.records import Record, Stamps, encode_lines, kept
from wargame.scenario.load import Loaded, load_files
from wargame.simulation.exercise import Exercise
from wargame.simulation.settings import Settings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a re-run showed. The run is reproducible if there is no `difference` and no `fault`."""

    run: str
    compared: int
    """Records on disk that were compared."""
    difference: Difference | None
    fault: str
    """What else is not as the manifest says; empty if nothing."""
    notes: tuple[str, ...]
    """What a reader should know: a run cut short, other versions."""

    @property
    def same(self) -> bool:
        """Whether the re-run gave what is on disk, byte for byte."""
        return self.difference is None and not self.fault


def verify(folder: Folder, progress: Progress | None = None) -> Verdict:
    """Re-runs a folder's inputs with its seed and settings and compares record by record, as bytes.

    Raises Invalid if the inputs are not those of the manifest or the folder is damaged.
    """
    manifest = folder.manifest()
    loaded = _inputs(folder, manifest)
    exercise = Exercise(loaded, manifest.seed, _settings(folder, manifest))
    rerun = _Rerun(exercise, manifest.level, progress)
    lines = Lines(folder.journal)
    difference = first_difference(lines, rerun.lines(), whole=manifest.whole)
    fault = "" if difference else _fault(manifest, lines, exercise)
    return Verdict(folder.name, lines.count, difference, fault, _notes(folder, manifest, lines, rerun.last))


def _inputs(folder: Folder, manifest: Manifest) -> Loaded:
    loaded = load_files(folder.inputs())
    for what in ("scenario", "injects"):
        if getattr(loaded, f"{what}_sha256") != getattr(manifest, f"{what}_sha256"):
            message = f"the {what} changed since the run was made: the hash of its content is not the manifest's"
            remedy = "restore the files, or run the changed ones anew"
            raise Invalid([Problem(str(folder.path / INPUTS), 0, 0, message, remedy)])
    return loaded


def _settings(folder: Folder, manifest: Manifest) -> Settings:
    try:
        return Settings.from_dict(manifest.settings)
    except (TypeError, ValueError) as error:
        place = str(folder.path / manifests.FILE)
        raise Invalid([Problem(place, 0, 0, f"has settings that cannot be read: {error}")]) from None


class _Rerun:
    """The lines that the exercise writes today, made as they are asked for."""

    def __init__(self, exercise: Exercise, level: str, progress: Progress | None) -> None:
        self._exercise = exercise
        self._level = level
        self._progress = progress
        self.last: Record | None = None

    def lines(self) -> Iterator[bytes]:
        stamps = Stamps(self._exercise.calendar.at)
        for raw in stretches(self._exercise):
            for record in kept(stamps.records(raw), self._level):
                yield encode_lines([record])[:-1]
                self.last = record
            if self._progress:
                self._progress(self._exercise.now, self._exercise.end)


def _fault(manifest: Manifest, lines: Lines, exercise: Exercise) -> str:
    """What the comparison of lines cannot see: the manifest's own figures, and a run without a journal."""
    if not manifest.whole:
        return ""
    if manifest.journal_sha256 != lines.sha256:
        return "the journal's hash is not the one in the manifest"
    counted = {"decisions": exercise.decisions, "kernel_events": exercise.kernel_events, "outcomes": dated(exercise)}
    for name, value in counted.items():
        if getattr(manifest, name) != value:
            return f"{name} in the manifest: {getattr(manifest, name)}, in the re-run: {value}"
    return ""


def _notes(folder: Folder, manifest: Manifest, lines: Lines, last: Record | None) -> tuple[str, ...]:
    notes = [cut_short(folder, last)]
    if lines.torn:
        notes.append(f"the last line of the journal is torn ({len(lines.torn)} bytes) and was left out")
    then, today = manifest.versions, manifests.versions()
    other = [f"{name} {made} (now {today.get(name)})" for name, made in then.items() if made != today.get(name)]
    if other:
        notes.append(f"the run was made with {', '.join(other)}")
    return tuple(note for note in notes if note)
