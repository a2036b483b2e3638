"""One run into a run folder, and a run as its folder describes it, with which it can be simulated again."""

import platform
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from wargame import numbers
from wargame.dataclasses import dataclass, field, replace
from wargame.errors import Interrupted, Invalid, Problem, SettingErrors, UsageFault, WargameError
from wargame.executor.stepping import Pace, Progress, Stop, stoppable, stretches
from wargame.journal import folder as folders
from wargame.journal import manifest as manifests
from wargame.journal.folder import INPUTS, Folder
from wargame.journal.manifest import BY_OUTCOME, RunManifest, run_name
from wargame.journal.records import Record, Stamps, at_level
from wargame.journal.writer import Writer
from wargame.scenario.loading.load import Loaded, load_files
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
class Destination:
    """Where the run folder is created: at `out`, or with a generated name under `top`."""

    out: Path | None = None
    top: Path = field(default_factory=folders.runs_folder)


def simulate(
    loaded: Loaded,
    seed: int = 1,
    settings: Settings | None = None,
    *,
    place: Destination | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> Run:
    """Run a scenario unattended into a new run folder.

    Raises UsageFault if the folder cannot be created or a setting is invalid, Interrupted if the user stops it,
    JournalCutShort if the disk is full; the last two leave a readable journal and a manifest with the reason.
    """
    settings = settings or Settings()
    place = place or Destination()
    exercise = Exercise(loaded, seed, settings)
    manifest = manifest_of(loaded, exercise, seed, settings, command)
    with stoppable() as stop:  # from before there is a folder, which says how its run ended
        return _Recorder(new_folder(place, manifest, loaded), exercise).run(progress, stop)


def new_folder(place: Destination, manifest: RunManifest, loaded: Loaded, *, live: bool = False) -> Folder:
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
        self._stamps = Stamps(exercise.calendar.iso)
        self._records: list[Record] = []

    def run(self, progress: Progress | None, stop: Stop) -> Run:
        writer = Writer(self._folder.journal)
        try:
            self._run(writer, progress, stop)
            writer.close()
        except BaseException as error:
            stopped = isinstance(error, Interrupted | KeyboardInterrupt)
            reason = str(error) if isinstance(error, WargameError) else f"{type(error).__name__}: {error}"
            with suppress(OSError, WargameError):  # a full disk: the manifest says `running`, which means cut short
                writer.close()
                self._finish(writer, "interrupted" if stopped else "failed", "" if stopped else reason)
            raise
        return Run(self._folder, self._finish(writer, ending(self._exercise)), self._records)

    def _run(self, writer: Writer, progress: Progress | None, stop: Stop) -> None:
        pace, startex = Pace(), self._exercise.calendar.startex
        for raw in stretches(self._exercise):
            records = self._stamps.records(raw)
            self._records += records
            writer.append(at_level(records, self._manifest.level))
            done = self._exercise.now - startex, self._exercise.end - startex
            if progress:
                progress(*done)
            why = pace.too_long(*done)
            if (why or stop.asked) and not self._exercise.done:
                reached = self._exercise.calendar.at(self._exercise.now).isoformat()
                kept = f"stopped at {reached}; the run so far is kept in {self._folder.path}"
                raise Interrupted(f"{why}; {kept}" if why else kept)

    def _finish(self, writer: Writer, ended: str, reason: str = "") -> RunManifest:
        written = msgspec.structs.replace(self._manifest, records=writer.records, journal_sha256=writer.sha256)
        finished = completed(written, self._exercise, ended, reason)
        manifests.write_manifest(self._folder.path, finished)
        return finished


def ending(exercise: Exercise) -> str:
    """Return how an exercise ended, as manifests write it."""
    outcome = exercise.outcomes_watch.ended_by
    return f"{BY_OUTCOME}{outcome}" if outcome else "endex"


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


RESTORE = "restore it or run again"


@dataclass(frozen=True, slots=True)
class FrozenRun:
    """The folder of a run, its manifest, its frozen inputs and its settings."""

    folder: Folder
    manifest: RunManifest
    loaded: Loaded
    settings: Settings

    def exercise(self) -> Exercise:
        """Return the exercise at its start; Invalid if the manifest's settings do not fit the inputs."""
        try:
            return Exercise(self.loaded, self.manifest.seed, self.settings)
        except UsageFault as error:
            raise settings_fault(self.folder, error) from None


def settings_fault(folder: Folder, error: UsageFault) -> Invalid:
    """Return the problem of a manifest whose settings do not fit the inputs."""
    message = error.message if isinstance(error, SettingErrors) else str(error)
    return Invalid.in_file(folder.path / manifests.FILE, f"has settings that do not fit: {message}", RESTORE)


def frozen_run(folder: Folder) -> FrozenRun:
    """Return the run of a folder; Invalid if the folder is damaged or its inputs do not match its manifest."""
    manifest = folder.manifest()
    return FrozenRun(folder, manifest, inputs_of(folder, manifest), settings_of(folder, manifest))


def inputs_of(folder: Folder, manifest: RunManifest) -> Loaded:
    """Return the frozen inputs of a run; Invalid if they do not match its manifest."""
    files = folder.inputs()
    check_attachments(folder, manifest, files)
    try:
        loaded = load_files(files, (manifest.scenario_sha256, manifest.injects_sha256))
    except Invalid as error:  # their paths are relative to `inputs/`
        raise Invalid(_within(folder.path / INPUTS, each) for each in error.problems) from None
    for what in ("scenario", "injects"):
        if getattr(loaded, f"{what}_sha256") != getattr(manifest, f"{what}_sha256"):
            message = f"the {what} changed since the run: the hash of its content is not that of the manifest"
            remedy = "restore the files, or start a new run with the changed ones"
            raise Invalid.in_file(folder.path / INPUTS, message, remedy)
    return loaded


def check_attachments(folder: Folder, manifest: RunManifest, files: Mapping[str, bytes]) -> None:
    """Raise Invalid with all attachments that do not match the manifest."""
    problems = []
    for name, expected in manifest.attachments.items():
        if name not in files or sha256(files[name]).hexdigest() != expected:
            message = "the attachment changed since the run" if name in files else "the attachment is missing"
            remedy = "restore the file; its hash is in the manifest"
            problems.append(Problem(str(folder.path / INPUTS / name), 0, 0, message, remedy))
    if problems:
        raise Invalid(problems)


def _within(top: Path, problem: Problem) -> Problem:
    inside = (top / problem.file).exists() and not problem.file.startswith(str(top))
    return replace(problem, file=str(top / problem.file)) if inside else problem


def settings_of(folder: Folder, manifest: RunManifest) -> Settings:
    """Return the settings of a run; Invalid if they cannot be read."""
    try:
        return Settings.from_dict(manifest.settings)
    except (TypeError, ValueError) as error:
        raise Invalid.in_file(folder.path / manifests.FILE, f"has settings that cannot be read: {error}") from None
