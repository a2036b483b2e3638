"""Finds studies, built-in ones by name and others by path, and distinguishes studies, scenarios and batch folders."""

from pathlib import Path

from wargame.errors import UsageFault, nearest, shortened
from wargame.journal.inputs import open_input
from wargame.scenario.building.yaml_nodes import MOST_BYTES
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.catalogue import SUFFIXES, CatalogueEntry, exists

STUDY_FORMAT = "wargame-study/1"
BATCH_MANIFEST = "manifest.json"
STUDY_FILE = "study.yaml"
"""The frozen study, among the inputs of a batch."""
REHEARSAL = "rehearsal.json"
"""The file of a rehearsal, in its own folder or in the folder of a batch."""


def studies() -> tuple[CatalogueEntry, ...]:
    """Return the built-in studies, sorted by name."""
    paths = sorted((Path(__file__).resolve().parents[2] / "studies").glob("*.yaml"))
    return tuple(CatalogueEntry(path.stem, catalogue.file_title(path), path) for path in paths)


def find_study(target: str) -> Path | None:
    """Return the study file or batch folder named by `target`, by path or under `runs/`; None if it is a scenario.

    UsageFault if there is neither a study nor a scenario of that name.
    """
    built_in = {entry.name: entry.path for entry in studies()}
    if target in built_in:
        return built_in[target]
    scenarios = [entry.name for entry in catalogue.scenarios()]
    path = Path(target)
    exercises = [entry.name for entry in catalogue.exercises()]
    if target in scenarios or target in exercises:
        return None
    if target.strip() and exists(path):
        return path if is_study(path) or is_batch(path) else None
    if target.strip() and (kept := batch_folder(target)) is not None:
        return kept
    names = [*built_in, *scenarios, *exercises]
    hint = catalogue.this_folder(target) or nearest(target, names) or catalogue.no_file(target)
    hint = hint or f"give a path, or one of: {', '.join(names)}"
    raise UsageFault(f"there is no study or scenario '{shortened(target, 100)}' ({hint})")


def study_of(target: str) -> Path | None:
    """Return the study file that `target` names; None if it names no study."""
    path = {entry.name: entry.path for entry in studies()}.get(target, Path(target))
    return path if target.strip() and exists(path) and is_study(path) else None


def is_study(path: Path) -> bool:
    """Return whether this is a study file, without parsing it as YAML."""
    if not path.is_file() or path.suffix not in SUFFIXES:
        return False
    with open_input(path) as file:
        lines = file.read(MOST_BYTES).splitlines()
    return any(b"format:" in line and STUDY_FORMAT.rpartition("/")[0].encode() in line for line in lines)


def is_batch(path: Path) -> bool:
    """Return whether this is the folder of a batch: by its manifest in any version, or by its frozen study."""
    if not exists(path / BATCH_MANIFEST):
        return False
    if exists(path / "inputs" / STUDY_FILE):  # also if the manifest is damaged
        return True
    from wargame.journal.decoding import format_of

    return format_of(path / BATCH_MANIFEST).startswith("wargame-batch/")


def batch_folder(name: str) -> Path | None:
    """Return the folder of a batch by path, or by name under `runs/`; None if there is none."""
    return next(filter(is_batch, _places(name)), None)


def _places(name: str) -> tuple[Path, Path]:
    from wargame.journal.folder import runs_folder  # checks of files do without

    return Path(name), runs_folder() / name


def is_rehearsal(path: Path) -> bool:
    """Return whether this is the folder of a rehearsal only: with a manifest it belongs to a batch or a run."""
    return exists(path / REHEARSAL) and not exists(path / BATCH_MANIFEST)


def rehearsal_folder(name: str) -> Path | None:
    """Return the folder of a rehearsal only by path, or by name under `runs/`; None if there is none."""
    return next(filter(is_rehearsal, _places(name)), None)
