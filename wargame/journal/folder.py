"""Run folders: creating them in one step, opening them, finding them by name."""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from wargame.dataclasses import dataclass
from wargame.errors import Invalid, Typed, UsageFault, flag, nearest, shortened
from wargame.journal import manifest as manifests
from wargame.journal.atomic import encode_json, is_held, sync_directory, write_whole
from wargame.journal.inputs import read_input
from wargame.journal.manifest import RunManifest

INPUTS = "inputs"
JOURNAL = "journal.jsonl"
COMMANDS = "commands.jsonl"
NEXT_JOURNAL = ".journal.jsonl.next"
"""The journal of another past, before it replaces the present one."""
BRANCHES = "branches"
SUMMARY = "summary.json"
RUNS = "runs"
RUNS_VARIABLE = "WARGAME_RUNS"
"""Environment variable: the folder of runs, instead of `runs` in the working folder."""
LAST = "last"


def runs_folder() -> Path:
    """Return the folder of new run folders, in which runs are found by name: `runs` here by default."""
    return Path(os.environ.get(RUNS_VARIABLE) or RUNS)


@dataclass(frozen=True, slots=True)
class Folder:
    """A run on disk: `manifest.json`, `inputs/`, `journal.jsonl`, `summary.json`."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the folder, which differs from that of the run if the folder was renamed."""
        return self.path.resolve().name

    @property
    def journal(self) -> Path:
        """The journal, one record a line."""
        return self.path / JOURNAL

    @property
    def commands(self) -> Path:
        """The command log, which only a live exercise has."""
        return self.path / COMMANDS

    @property
    def is_live(self) -> bool:
        """Whether this is a live exercise."""
        return self.commands.exists()

    @property
    def typed(self) -> str:
        """The argument that names this run on the command line: its name if it is under `runs/`, else its path."""
        known = self.path.parent.resolve() == runs_folder().resolve()
        return self.name if known else str(self.path)

    def manifest(self) -> RunManifest:
        """Return the manifest as it is now; raises Invalid if it is missing, damaged or of another version."""
        return manifests.read_manifest(self.path)

    def inputs(self) -> dict[str, bytes]:
        """Return each frozen input by its path below `inputs/`; Invalid if there are none, or one cannot be read."""
        top = self.path / INPUTS
        files = {}
        for path in sorted(top.rglob("*")):
            if path.is_file():
                try:
                    files[path.relative_to(top).as_posix()] = read_input(path)
                except OSError as error:
                    message = f"cannot be read: {error.strerror or error}"
                    raise Invalid.in_file(path, message, "restore the file") from None
        if not files:
            raise Invalid.in_file(top, "contains no input files", "restore the run folder or run again")
        return files

    def is_running(self) -> bool:
        """Return whether a process is writing the journal, or running the exercise, now."""
        return is_held(self.journal) or (self.is_live and is_held(self.commands))

    def keep_private(self) -> None:
        """Let the owner alone read the folder and what is in it, and what this process writes from now on."""
        os.umask(0o077)
        _restrict(self.path)

    def write_summary(self, summary: object) -> None:
        """Write the summary of the run."""
        write_whole(self.path / SUMMARY, encode_json(summary))


def left_behind(n: int) -> str:
    """Return the name of the file, in the folder of branches, with the records that command `n` left behind."""
    return f"left-at-line-{n}.jsonl"


def create(path: Path, manifest: RunManifest, inputs: Mapping[str, bytes], *, live: bool = False) -> Folder:
    """Create a run folder in one step: inputs, an empty journal, a manifest with `ended: running`.

    With `live`, also an empty command log, and all is for the owner alone. Raises UsageFault if the path exists or
    cannot be written.
    """
    sibling = path.parent / (f".{path.name}.{os.getpid()}.new")
    try:
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        sibling.mkdir(0o700 if live else 0o777, parents=True)
        if live:
            (sibling / COMMANDS).touch()
        _fill(sibling, manifest, inputs)
        if live:
            _restrict(sibling)
        sibling.rename(path)
        sync_directory(path.parent)
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        shutil.rmtree(sibling, ignore_errors=True)
    return Folder(path)


def create_named(top: Path, manifest: RunManifest, inputs: Mapping[str, bytes], *, live: bool = False) -> Folder:
    """Create a run folder under `top` with the name in the manifest, and a counter if that name is taken."""
    for counter in range(1, 100_000):
        name = manifest.name if counter == 1 else f"{manifest.name}-{counter}"
        path = top / name
        if path.exists():
            continue
        try:
            return create(path, msgspec.structs.replace(manifest, name=name), inputs, live=live)
        except UsageFault:
            if not path.exists():
                raise
    raise UsageFault(f"{top} contains too many runs named {manifest.name}; remove some")


def _restrict(path: Path) -> None:
    """Remove the rights of other users on a folder and all files in it, where the file system has them."""
    for each in (path, *path.rglob("*")):
        with contextlib.suppress(OSError):
            if not each.is_symlink():
                each.chmod(0o700 if each.is_dir() else 0o600)


def _fill(path: Path, manifest: RunManifest, inputs: Mapping[str, bytes]) -> None:
    for name, content in inputs.items():
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts:
            raise ValueError(f"an input cannot be stored under the name {name!r}")
        target = path / INPUTS / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (path / JOURNAL).touch()
    manifests.write_manifest(path, manifest)


def _refusal(path: Path, error: OSError) -> UsageFault:
    if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
        return UsageFault(f"{path} already exists; remove it or choose another folder with ", flag("out"))
    return UsageFault(f"cannot create the run folder {path}: {error.strerror}; choose another place with ", flag("out"))


def open_folder(path: Path) -> Folder:
    """Return the run folder at `path`; raises UsageFault if it is not a folder, Invalid if it contains no run."""
    if not path.is_dir():
        raise UsageFault(f"{path} is not a run folder")
    folder = Folder(path)
    folder.manifest()
    return folder


def find(run: str, top: Path | None = None) -> Folder:
    """Return the run folder of a path, a name or its start under `top`, or `last`; UsageFault for none or several."""
    top = runs_folder() if top is None else top
    if run and os.path.isdir(run):  # noqa: PTH112 - unlike Path.is_dir, false also for a name that is too long
        if not (Path(run) / manifests.FILE).exists() and (names := _scenarios_in(Path(run))):
            runs = [each for each in folders(top) if each.manifest().scenario in names]
            start = "start a run with: " + Typed(f"wargame run {run}", f'wargame.run("{run}")')
            last = f"its last run is {max(runs, key=_age).name}" if runs else start
            raise UsageFault(f"{run} has a scenario and no run (", last, ")")
        return open_folder(Path(run))
    if run and Path(run).name == run and os.path.isdir(top / run):  # noqa: PTH112 - as above
        return open_folder(top / run)
    known = {folder.name: folder for folder in folders(top)}
    if run == LAST and known:
        return max(known.values(), key=_age)
    if run == LAST:
        start = Typed("wargame run two-rivals", 'wargame.run("two-rivals")')
        raise UsageFault(f"there is no run under {top}/ yet (start one with: ", start, ")")
    remedy = Typed(f"wargame list runs lists those under {top}/", f"the runs are under {top}/")
    return known[named(run, known, "run", remedy)]


def _scenarios_in(folder: Path) -> set[str]:
    """Return the names of the scenarios of which files are in a folder."""
    texts = (file.read_text("utf-8", "replace") for file in folder.glob("*.yaml") if file.is_file())
    found = (re.search(r"^name: *[\"']?([\w-]+)", text, re.MULTILINE) for text in texts if SCENARIO_FILE in text)
    return {match[1] for match in found if match}


SCENARIO_FILE = "format: wargame-scenario/"
"""The text by which a file of a scenario is recognised."""


def named(name: str, known: Iterable[str], noun: str, remedy: str) -> str:
    """Return the folder that has this name, or the only one whose name begins so; UsageFault if there is none."""
    every = sorted(known)
    fits = [each for each in every if each.startswith(name)] if name else []
    if name in every or len(fits) == 1:
        return name if name in every else fits[0]
    if fits:
        raise UsageFault(f"'{shortened(name, 100)}' is ambiguous: {', '.join(fits[:6])}; write more of the name")
    raise UsageFault(f"there is no {noun} '{shortened(name, 100)}'; ", nearest(name, [*every, LAST]) or remedy)


def _age(folder: Folder) -> tuple[str, int]:
    try:
        written = folder.journal.stat().st_mtime_ns
    except OSError:  # the journal is missing
        written = 0
    return folder.manifest().started, written


def folders(top: Path | None = None) -> Iterable[Folder]:
    """Yield the run folders under `top`, by default `runs_folder()`, sorted by name; others are ignored."""
    top = runs_folder() if top is None else top
    return [Folder(path) for path in sorted(top.iterdir()) if _is_run(path)] if top.is_dir() else []


def _is_run(path: Path) -> bool:
    if path.name.startswith(".") or not (path / manifests.FILE).is_file():
        return False
    try:
        manifests.read_manifest(path)
    except Invalid:
        return False
    return True
