"""A run as its folder describes it: the inputs, settings and seed with which it can be simulated again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from wargame.errors import Invalid, Problem, SettingErrors, UsageFault
from wargame.journal import manifest as manifests
from wargame.journal.folder import INPUTS, Folder
from wargame.journal.manifest import RunManifest
from wargame.scenario.loading.load import Loaded, load_files
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings

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
    place = str(folder.path / manifests.FILE)
    message = error.message if isinstance(error, SettingErrors) else str(error)
    return Invalid([Problem(place, 0, 0, f"has settings that do not fit: {message}", RESTORE)])


def frozen_run(folder: Folder) -> FrozenRun:
    """Return the run of a folder; Invalid if the folder is damaged or its inputs are not those of its manifest."""
    manifest = folder.manifest()
    return FrozenRun(folder, manifest, inputs_of(folder, manifest), settings_of(folder, manifest))


def inputs_of(folder: Folder, manifest: RunManifest) -> Loaded:
    """Return the frozen inputs of a run; Invalid if they are not those of its manifest."""
    files = folder.inputs()
    check_attachments(folder, manifest, files)
    try:
        loaded = load_files(files)
    except Invalid as error:  # their paths are relative to `inputs/`
        raise Invalid(_within(folder.path / INPUTS, each) for each in error.problems) from None
    for what in ("scenario", "injects"):
        if getattr(loaded, f"{what}_sha256") != getattr(manifest, f"{what}_sha256"):
            message = f"the {what} changed since the run: the hash of its content is not that of the manifest"
            remedy = "restore the files, or start a new run with the changed ones"
            raise Invalid([Problem(str(folder.path / INPUTS), 0, 0, message, remedy)])
    return loaded


def check_attachments(folder: Folder, manifest: RunManifest, files: Mapping[str, bytes]) -> None:
    """Raise Invalid with all attachments that are not those of the manifest."""
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
        place = str(folder.path / manifests.FILE)
        raise Invalid([Problem(place, 0, 0, f"has settings that cannot be read: {error}")]) from None
