"""Reads attachments of injects from the folders of their inject files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from wargame.errors import nearest
from wargame.journal.inputs import read_input
from wargame.scenario.building.attachments import Find
from wargame.scenario.building.media_types import MEGABYTE, MOST, NotAttachable, is_attachment
from wargame.scenario.loading.catalogue import ScenarioSource, exists

MOST_BYTES = max(MOST.values())


@dataclass(slots=True)
class AttachedFiles:
    """Finds attachments in the folders of inject files, by label; those of other files with `others`.

    `read` collects what has been found, by label and path.
    """

    folders: Mapping[str, Path]
    others: Find | None = None
    read: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def __call__(self, label: str, file: str) -> bytes:
        """Return the bytes of a file; NotAttachable if it cannot be read."""
        if label not in self.folders and self.others is not None:
            return self.others(label, file)
        if (label, file) not in self.read:
            _check_inside(self.folders[label], file)
            self.read[label, file] = _bytes(self.folders[label] / file)
        return self.read[label, file]


def _check_inside(folder: Path, file: str) -> None:
    """NotAttachable if a link leads out of the folder: a folder from elsewhere must not pick up private files."""
    try:
        inside = (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # reading it says what is wrong
        return
    if not inside:
        raise NotAttachable("it is a link to a file outside the folder of the inject file", "copy the file there")


def _bytes(path: Path) -> bytes:
    try:
        return read_input(path, MOST_BYTES)
    except FileNotFoundError:
        raise NotAttachable("there is no such file", _similar(path)) from None
    except OSError as error:
        if exists(path) and path.is_file() and path.stat().st_size > MOST_BYTES:
            size = f"the file has {path.stat().st_size / MEGABYTE:,.1f} MB, at most {MOST_BYTES // MEGABYTE} MB"
            raise NotAttachable(size, "make it smaller") from None
        raise NotAttachable(f"it cannot be read: {error.strerror or error}") from None


def _similar(path: Path) -> str:
    """Return a hint at a file with a similar name."""
    try:
        names = [each.name for each in path.parent.iterdir() if is_attachment(each.name) and each.exists()]
    except OSError:
        return "the path is relative to the inject file"
    return nearest(path.name, names) or "the path is relative to the inject file"


def with_attachments(sources: Iterable[ScenarioSource], found: Mapping[tuple[str, str], bytes]) -> dict[str, bytes]:
    """Return all inputs of a run by their names: each attachment at its path from its inject file.

    An inject file from elsewhere whose attachments have the names of others gets a folder of its own.
    """
    files: dict[str, bytes] = {}
    for source in sources:
        own = {file: data for (label, file), data in found.items() if label == source.label}
        count, placed = 1, source
        while not _fits(placed, own, files):
            count += 1
            path = PurePosixPath(source.name)
            placed = replace(source, name=f"{path.parent}/{path.stem}-{count}/{path.name}")
        files[placed.name] = placed.data
        files |= {_beside(placed.name, file): data for file, data in own.items()}
    return dict(sorted(files.items()))


def _fits(source: ScenarioSource, own: Mapping[str, bytes], files: Mapping[str, bytes]) -> bool:
    names = {source.name: source.data} | {_beside(source.name, file): data for file, data in own.items()}
    return all(name not in files or files[name] == data for name, data in names.items())


def _beside(name: str, file: str) -> str:
    return (PurePosixPath(name).parent / file).as_posix()
