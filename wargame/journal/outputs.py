"""Writing a document where the user wants it, but never over an input or a file that a run is kept in."""

from collections.abc import Collection, Iterable
from pathlib import Path

from wargame.errors import UsageFault
from wargame.journal.atomic import write_whole
from wargame.journal.decoding import format_of
from wargame.journal.manifest import FILE

KEPT = frozenset({".yaml", ".yml", ".json", ".jsonl", ".csv", ".parquet"})
"""Ends of the names of inputs, and of files that runs, batches and rehearsals are kept in."""
SYSTEM = (("dev",), ("proc",))
"""Folders at the top whose entries are no files."""
REMEDY = "choose another name or place"
INSIDE = frozenset({"inputs", "branches", "runs", "events", "series"})
"""Folders within that of a run or batch, in which every file counts."""


def write_output(
    path: Path, content: bytes, inputs: Iterable[Path | str | None] = (), own: Collection[str] = ()
) -> Path:
    """Write a document completely or not at all. `own` has the ends of names that only this kind of document has.

    Raises UsageFault if it would replace an input or a file of a run, or if the file cannot be written.
    """
    check_output(path, inputs, own)
    try:
        write_whole(path, content)
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror} ({REMEDY})") from None
    return path


def make_folder(folder: Path) -> None:
    """Create a folder for documents, if it is not there; UsageFault if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageFault(f"cannot create {folder}: {error.strerror}; choose another folder") from None


def check_output(path: Path, inputs: Iterable[Path | str | None] = (), own: Collection[str] = ()) -> None:
    """Raise UsageFault if a document may not be written to this place."""
    if path.suffix.lower() in KEPT.difference(own):
        raise UsageFault(f"{path}: a document is not written to a file of the kind {path.suffix} ({REMEDY})")
    in_system = path.absolute().parts[1:2] in SYSTEM  # such as /dev/stdout, which may lead to a regular file
    if in_system or (path.exists() and not path.is_file()):
        what = "a folder" if path.is_dir() else "a device or a pipe"
        raise UsageFault(f"{path} is {what} ({REMEDY})")
    if any(each is not None and _same(path, Path(each)) for each in inputs):
        raise UsageFault(f"{path} is an input of this command ({REMEDY})")
    for folder in path.absolute().parents:
        if path.absolute().relative_to(folder).parts[0] in INSIDE and format_of(folder / FILE).startswith("wargame-"):
            raise UsageFault(f"{path} belongs to {folder.name} ({REMEDY})")


def _same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except (OSError, ValueError):
        return first.absolute() == second.absolute()
