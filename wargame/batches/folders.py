"""Folders of batches: which one an argument names; and which, with folders of runs and rehearsals, can be removed."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wargame.batches.running.manifest import batches
from wargame.batches.study.catalogue import REHEARSAL, is_batch, is_rehearsal
from wargame.dataclasses import dataclass
from wargame.errors import Typed, UsageFault
from wargame.journal.atomic import LOCK, is_held
from wargame.journal.folder import LAST, folders, named, runs_folder


def find(name: str, top: str = "") -> str:
    """Return the batch folder of an argument: a path, an address, a name or the start of one under `runs/`, or `last`.

    `last` is the batch that was started last. Raises UsageFault if there is none, or more than one.
    """
    if "://" in name or Path(name).is_dir():
        return name
    place = Path(top) if top else runs_folder()
    known = [path.name for path in place.iterdir() if is_batch(path)] if place.is_dir() else []
    if name == LAST and LAST not in known:
        started = [(batch.started, _created(place / folder), folder) for folder, batch in batches(place)]
        if not started:
            start = Typed("wargame batch", "wargame.batch")
            raise UsageFault(f"there is no batch under {place}/ yet (start one with: ", start, ")")
        return str(place / max(started)[2])
    remedy = Typed(f"wargame list batches lists those under {place}/", f"the batches are under {place}/")
    return str(place / named(name, known, "batch", remedy))


def of_last(name: str, *, runs_first: bool = False) -> str:
    """Return the last batch for `last`, if there is one, and with `runs_first` if no run is kept; else the name."""
    place = runs_folder()
    if name != LAST or Path(name).exists() or (runs_first and any(folders(place))) or not any(batches(place)):
        return name
    return find(name)


def _created(path: Path) -> int:
    """Return when the inputs were written, which differs for batches of one second."""
    return max((each.stat().st_mtime_ns for each in path.glob("inputs")), default=0)


RUN, BATCH, REHEARSED = "run", "batch", "rehearsal"
RUNNING, RESUMABLE = "is running", "a live exercise that can be resumed"


@dataclass(frozen=True, slots=True)
class OldFolder:
    """A folder under `runs_folder()`: what it holds, its last change, its bytes. `kept` is why it stays, or empty."""

    path: Path
    sort: str
    written: datetime
    size: int
    kept: str = ""


def old_folders(older_than: int, *, unfinished: bool = False, now: datetime | None = None) -> list[OldFolder]:
    """Return the folders that were last written more than `older_than` seconds ago, oldest first.

    A running one is kept, and so is a live exercise before ENDEX unless `unfinished` is set. Folders that contain no
    run, batch or rehearsal, or a damaged one, are not listed.
    """
    limit = (now or datetime.now(UTC)) - timedelta(seconds=older_than)
    found = [folder for folder in _all(unfinished=unfinished) if folder.written < limit]
    return sorted(found, key=lambda folder: (folder.written, folder.path.name))


def remove(folder: OldFolder) -> None:
    """Remove a folder; `wargame list` has it no more, even if interrupted. UsageFault if it cannot be removed."""
    aside = folder.path.parent / f".{folder.path.name}.{os.getpid()}.removed"
    try:
        folder.path.rename(aside)
        shutil.rmtree(aside)
    except OSError as error:
        raise UsageFault(f"cannot remove {folder.path}: {error.strerror} (remove it by hand)") from None


def _all(*, unfinished: bool) -> Iterator[OldFolder]:
    top = runs_folder()
    for run in folders(top):
        manifest = run.manifest()
        kept = RUNNING if run.is_running() else ""
        if not kept and not unfinished and run.is_live and not manifest.is_complete:
            kept = RESUMABLE
        yield _described(run.path, RUN, kept)
    for name, _ in batches(top):
        path = top / name
        if not path.name.startswith("."):
            yield _described(path, BATCH, RUNNING if is_held(path / LOCK) else "")
    for path in sorted(file.parent for file in top.glob(f"*/{REHEARSAL}")):
        if is_rehearsal(path) and not path.name.startswith("."):
            yield _described(path, REHEARSED, "")


def _described(path: Path, sort: str, kept: str) -> OldFolder:
    """Return sizes and times of all files; symbolic links are not followed."""
    files = [each.lstat() for each in path.rglob("*") if each.is_symlink() or not each.is_dir()]
    last = max((state.st_mtime for state in files), default=path.stat().st_mtime)
    return OldFolder(path, sort, datetime.fromtimestamp(last, UTC), sum(state.st_size for state in files), kept)
