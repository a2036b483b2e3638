"""Where a batch is kept: a folder here, or any address that fsspec reaches and the workers do too.

A file is there whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from wargame.errors import UsageFault
from wargame.journal.atomic import write_whole
from wargame.journal.lock import claim

LOCK = ".lock"
HALF = re.compile(r"\..+\.\d+")
"""The name of a file while it is written: that of the file, and the process."""


class Store(Protocol):
    """Files by their paths below one place. All methods raise OSError if the place fails."""

    address: str

    def write(self, name: str, data: bytes) -> None:
        """Puts a whole file in place of what was there."""

    def read(self, name: str) -> bytes:
        """The bytes of a file; FileNotFoundError if there is none."""

    def names(self, folder: str) -> list[str]:
        """The files below a folder, sorted; temporary ones are left out."""

    def remove(self, names: Iterable[str]) -> None:
        """Removes files, those that are there."""

    def exists(self) -> bool:
        """Whether anything is there."""

    def claim(self) -> None:
        """Makes the place for somebody who begins; FileExistsError if anything is there."""

    def clean(self) -> None:
        """Removes what a killed writer left half done."""

    def discard(self) -> None:
        """Removes everything."""

    def held(self) -> AbstractContextManager[None]:
        """Keeps others from writing here meanwhile; UsageFault if another does. Only folders can be held."""


def store(address: str) -> Store:
    """The store at an address: a path, or a URL such as `s3://bucket/batch`."""
    return Remote(address) if "://" in address else Local(address)


class Local:
    """A folder of this machine, or one that it shares with others."""

    def __init__(self, address: str) -> None:
        self._top = Path(address).absolute()
        self.address = str(self._top)

    def write(self, name: str, data: bytes) -> None:
        """By way of a temporary file that is forced onto the disk and renamed."""
        path = self._top / name
        try:
            write_whole(path, data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return (self._top / name).read_bytes()

    def names(self, folder: str) -> list[str]:
        """Sorted, by their paths."""
        top = self._top / folder
        return sorted(
            path.relative_to(self._top).as_posix()
            for path in top.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        )

    def remove(self, names: Iterable[str]) -> None:
        """Those that are there."""
        for name in names:
            (self._top / name).unlink(missing_ok=True)

    def exists(self) -> bool:
        """Whether the path is taken."""
        return os.path.lexists(self._top)

    def claim(self) -> None:
        """By making the folder: of two who begin at once, one is refused."""
        self._top.mkdir(parents=True)

    def clean(self) -> None:
        """Takes away the halves that were never renamed; what else somebody keeps in the folder stays."""
        for path in self._top.rglob(".*"):
            if path.is_file() and HALF.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """The folder with all that is in it."""
        shutil.rmtree(self._top, ignore_errors=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """By a lock that goes with its process, however it ends."""
        path = self._top / LOCK
        try:
            opened = path.open("wb")
        except OSError as error:
            told = f"{self.address} cannot be written: {error.strerror or error}"
            raise UsageFault(f"{told} (play in another folder, or in a copy of it)") from None
        with opened as file:
            if not claim(file.fileno()):
                raise UsageFault(f"{self.address} is being played by another process; let it end, or choose another")
            try:
                yield
            finally:
                path.unlink(missing_ok=True)


class Remote:
    """Any file system of fsspec. Listings are asked for anew each time: others write here, too."""

    def __init__(self, address: str) -> None:
        try:
            import fsspec
        except ImportError:
            raise UsageFault(f"{address} needs fsspec: pip install 'crisis-wargame[dask]'") from None
        self.address = address.rstrip("/")
        try:
            self._fs: Any
            self._fs, self._top = fsspec.core.url_to_fs(self.address)
        except (ValueError, ImportError, OSError) as error:
            raise UsageFault(f"{address} is no address that can be reached: {error}") from None

    def _path(self, name: str) -> str:
        return f"{self._top}/{name}"

    def write(self, name: str, data: bytes) -> None:
        """By way of another name: not every file system writes a file at once."""
        path = self._path(name)
        folder, _, last = path.rpartition("/")
        self._fs.makedirs(folder, exist_ok=True)
        sibling = f"{folder}/.{last}.{os.getpid()}"
        self._fs.pipe_file(sibling, data)
        self._fs.mv(sibling, path)

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        self._fs.invalidate_cache()
        data: bytes = self._fs.cat_file(self._path(name))
        return data

    def names(self, folder: str) -> list[str]:
        """Sorted, by their paths."""
        self._fs.invalidate_cache()
        top = self._fs._strip_protocol(self._top)  # noqa: SLF001 - fsspec's own way to compare paths
        found = (str(path) for path in self._fs.find(self._path(folder)))
        below = (path[len(top) :].lstrip("/") for path in found)
        return sorted(name for name in below if not name.rpartition("/")[2].startswith("."))

    def remove(self, names: Iterable[str]) -> None:
        """Those that are there."""
        self._fs.invalidate_cache()
        for name in names:
            if self._fs.exists(self._path(name)):
                self._fs.rm_file(self._path(name))

    def exists(self) -> bool:
        """Whether anything lies there."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(self._top))

    def claim(self) -> None:
        """By looking: such places cannot be made for one alone."""
        if self.exists():
            raise FileExistsError(self.address)

    def clean(self) -> None:
        """Takes away the halves that were never renamed."""
        self._fs.invalidate_cache()
        for path in self._fs.find(self._top):
            if HALF.fullmatch(str(path).rpartition("/")[2]):
                self._fs.rm_file(path)

    def discard(self) -> None:
        """All of it."""
        self._fs.invalidate_cache()
        if self._fs.exists(self._top):
            self._fs.rm(self._top, recursive=True)

    def held(self) -> AbstractContextManager[None]:
        """Nothing: such places know no locks."""
        return nullcontext()
