"""Writing files so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import msgspec


def encode_json(document: object) -> bytes:
    """Return the content of a file with one JSON document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file next to `path`, flush it to the disk and rename it; an OSError leaves `path` as it was.

    In a folder that only its owner can read, the file is for the owner alone, too.
    """
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with sibling.open("wb") as file:
            if not path.parent.stat().st_mode & 0o077:
                sibling.chmod(0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sibling.replace(path)
    except BaseException:
        sibling.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def remove_unfinished(folder: Path, name: str = "*") -> None:
    """Remove what killed processes have left in a folder while they wrote this file; nobody may be writing it now."""
    for sibling in folder.glob(f".{name}.[0-9]*"):
        with contextlib.suppress(OSError):
            sibling.unlink()


def sync_directory(path: Path) -> None:
    """Flush the entries of a directory to the disk; does nothing on Windows, which cannot open one."""
    directory = getattr(os, "O_DIRECTORY", None)
    if directory is None:
        return
    handle = os.open(path, os.O_RDONLY | directory)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
