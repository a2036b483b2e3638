"""One run into a run folder."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from wargame import numbers
from wargame.errors import Interrupted, WargameError
from wargame.executor.stepping import Progress, Stop, stoppable, stretches
from wargame.journal import folder as folders
from wargame.journal import manifest as manifests
from wargame.journal.folder import Folder
from wargame.journal.manifest import RunManifest, run_name
from wargame.journal.records import RawRecord, Record, Stamps, at_level
from wargame.journal.writer import Writer
from wargame.scenario.loading.load import Loaded
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """A finished run."""

    folder: Folder
    manifest: RunManifest
    records: list[Record]
    """All records of the run, including those that the journal's level omits."""

    def __repr__(self) -> str:
        return f"Run({str(self.folder.path)!r}, ended={self.manifest.ended!r}, {len(self.records)} records)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the run folder is created: at `out`, or with a generated name under `top`."""

    out: Path | None = None
    top: Path = field(default_factory=folders.runs_folder)


def simulate(
    loaded: Loaded,
    seed: int = 1,
    settings: Settings | None = None,
    *,
    place: Place | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> Run:
    """Run a scenario unattended into a new run folder.

    Raises UsageFault if the folder cannot be created or a setting is invalid, Interrupted if the user stops it,
    JournalCutShort if the disk is full; the last two leave a readable journal and a manifest with the reason.
    """
    settings = settings or Settings()
    place = place or Place()
    exercise = Exercise(loaded, seed, settings)
    manifest = manifest_of(loaded, exercise, seed, settings, command)
    with stoppable() as stop:  # from before there is a folder, which says how its run ended
        return _Recorder(new_folder(place, manifest, loaded), exercise).run(progress, stop)


def new_folder(place: Place, manifest: RunManifest, loaded: Loaded, *, live: bool = False) -> Folder:
    """Return the folder of a run that is about to start; UsageFault if it cannot be created."""
    if place.out is None:
        return folders.create_named(place.top, manifest, loaded.files, live=live)
    named = msgspec.structs.replace(manifest, name=place.out.resolve().name)
    return folders.create(place.out, named, loaded.files, live=live)


def manifest_of(loaded: Loaded, exercise: Exercise, seed: int, settings: Settings, command: str) -> RunManifest:
    """Return the manifest of an exercise that is about to start, with a name derived from its inputs."""
    scenario = loaded.scenario
    plain = settings.as_dict()
    hashes = (loaded.scenario_sha256, loaded.injects_sha256)
    return RunManifest(
        name=run_name(scenario.name, seed, *hashes, msgspec.json.encode(plain, order="sorted").decode()),
        scenario=scenario.name,
        title=scenario.title,
        scenario_sha256=hashes[0],
        injects_sha256=hashes[1],
        attachments=loaded.attachments_sha256,
        seed=seed,
        settings=plain,
        command=command,
        startex=exercise.calendar.at(exercise.calendar.startex).isoformat(),
        end=exercise.calendar.at(exercise.end).isoformat(),
        outcome_titles={name: outcome.title for name, outcome in scenario.outcomes.items()},
        versions=manifests.versions(),
        numbers=numbers.PATH,
        platform=platform.platform(),
        started=manifests.now(),
        level=settings.journal,
    )


class _Recorder:
    """Runs an exercise, writes its records to the folder, and completes the folder however the run ends."""

    def __init__(self, folder: Folder, exercise: Exercise) -> None:
        self._folder = folder
        self._exercise = exercise
        self._manifest = folder.manifest()
        self._stamps = Stamps(exercise.calendar.at)
        self._records: list[Record] = []

    def run(self, progress: Progress | None, stop: Stop) -> Run:
        writer = Writer(self._folder.journal)
        try:
            self._run(writer, progress, stop)
            writer.close()
        except BaseException as error:
            self._close_badly(writer, error)
            raise
        return Run(self._folder, self._finish(writer, ending(self._exercise)), self._records)

    def _run(self, writer: Writer, progress: Progress | None, stop: Stop) -> None:
        for raw in stretches(self._exercise):
            self._write(writer, raw)
            if progress:
                startex = self._exercise.calendar.startex
                progress(self._exercise.now - startex, self._exercise.end - startex)
            if stop.asked and not self._exercise.done:
                raise Interrupted(f"stopped at {self._reached()}; the run so far is kept in {self._folder.path}")

    def _write(self, writer: Writer, raw: list[RawRecord]) -> None:
        records = self._stamps.records(raw)
        self._records += records
        writer.append(at_level(records, self._manifest.level))

    def _close_badly(self, writer: Writer, error: BaseException) -> None:
        """A full disk may prevent even this; then the manifest still says `running`, which means cut short."""
        stopped = isinstance(error, Interrupted | KeyboardInterrupt)
        reason = str(error) if isinstance(error, WargameError) else f"{type(error).__name__}: {error}"
        try:
            writer.close()
            self._finish(writer, "interrupted" if stopped else "failed", "" if stopped else reason)
        except (OSError, WargameError):
            return

    def _finish(self, writer: Writer, ended: str, reason: str = "") -> RunManifest:
        written = msgspec.structs.replace(self._manifest, records=writer.records, journal_sha256=writer.sha256)
        finished = completed(written, self._exercise, ended, reason)
        manifests.write_manifest(self._folder.path, finished)
        return finished

    def _reached(self) -> str:
        return self._exercise.calendar.at(self._exercise.now).isoformat()


def ending(exercise: Exercise) -> str:
    """Return how an exercise ended, as manifests write it."""
    outcome = exercise.outcomes_watch.ended_by
    return f"outcome {outcome}" if outcome else "endex"


def completed(manifest: RunManifest, exercise: Exercise, ended: str, reason: str = "") -> RunManifest:
    """Return the manifest with the results of its exercise so far."""
    return msgspec.structs.replace(
        manifest,
        finished=manifests.now(),
        ended=ended,
        reason=reason,
        reached=exercise.calendar.at(exercise.now).isoformat(),
        kernel_events=exercise.kernel_events,
        decisions=exercise.decisions,
        outcomes=dated(exercise),
    )


def dated(exercise: Exercise) -> dict[str, str | None]:
    """Return the outcomes of an exercise with the ISO time of first passage, or None."""
    at = exercise.calendar.at
    return {name: None if t is None else at(t).isoformat() for name, t in exercise.outcomes.items()}
