"""Where a batch is stored: a local folder, or any address of fsspec, as `s3://bucket/batch`, that workers can reach.

Files are written atomically.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from wargame.errors import UsageFault, nearest, needs
from wargame.journal.atomic import LOCK, Lock, is_held, write_whole
from wargame.journal.folder import INPUTS
from wargame.journal.inputs import LARGE, read_input

PACKAGES = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "abfss", "az", "adl"), "adlfs"),
    **dict.fromkeys(("http", "https"), "requests aiohttp"),
    **dict.fromkeys(("sftp", "ssh"), "paramiko"),
}
"""The packages that a protocol needs, as one installs them."""
BUCKETS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"})
"""Protocols whose addresses begin with a bucket or container, which must not be a batch itself."""
_REMOTE = re.compile(r"(?:.*::)?([^/:]*)://(.*)", re.DOTALL)
_ONE_SLASH = re.compile(r"([a-z][a-z0-9+]+):/?([^/\\].*)", re.DOTALL)


def is_remote(address: str) -> bool:
    """Return whether this is an address of fsspec and not a path; UsageFault if it is meant as one but wrong."""
    if "://" in address:
        return True
    mistyped = _ONE_SLASH.fullmatch(address)
    if mistyped and mistyped[1] in PACKAGES:
        raise UsageFault(f"{address}: an address has two slashes (write {mistyped[1]}://{mistyped[2]})")
    return False


def file_system(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it.

    Raises UsageFault with the remedy if the address is incomplete, its protocol is unknown or lacks a package, or the
    place cannot be reached.
    """
    with needs(f"{address} needs fsspec", "dask"):
        import fsspec
    protocol = _protocol(address, [*fsspec.available_protocols(), *fsspec.registry])
    try:
        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        remedy = f"pip install {PACKAGES[protocol]}" if protocol in PACKAGES else str(error)
        raise UsageFault(f"{address} needs a package that is not installed ({remedy})") from None
    except Exception as error:  # noqa: BLE001 - each file system has errors of its own
        raise UsageFault(f"{address} cannot be reached: {reason(error)}") from None
    return system, str(path)


def _protocol(address: str, known: list[str]) -> str:
    """Return the protocol of an address; UsageFault if it is not known, or nothing follows it."""
    match = _REMOTE.fullmatch(address)
    protocol, rest = (match[1], match[2].strip("/")) if match else ("", "")
    if protocol not in known:
        hint = nearest(protocol, known) or "such as s3://bucket/batch or gs://bucket/batch"
        raise UsageFault(f"{address}: there is no protocol '{protocol[:40]}' ({hint})")
    if protocol == "memory":
        raise UsageFault(f"{address}: what is stored in memory is lost when the command ends (write a folder)")
    if not rest:
        place = "BUCKET/FOLDER" if protocol in BUCKETS else "FOLDER"
        raise UsageFault(f"{address} names no place (write {protocol}://{place})")
    if protocol in BUCKETS and "/" not in rest:
        raise UsageFault(f"{address} is a whole bucket (name a folder in it: {protocol}://{rest}/FOLDER)")
    return protocol


def reason(error: Exception) -> str:
    """Return what an error of a file system says, in one line."""
    if isinstance(error, NotImplementedError):
        return "files of this protocol can only be read"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


UNFINISHED = re.compile(r"\..+\.\d+")
"""The name of a file while it is written: the name of the file and the id of the process."""


class Local:
    """A folder of this machine, or one that it shares with others. Its methods raise OSError if it cannot be used."""

    def __init__(self, address: str) -> None:
        self._top = Path(address).absolute()
        self.address = str(self._top)

    def write(self, name: str, data: bytes) -> None:
        """Write a temporary file, sync it to disk and rename it."""
        path = self._top / name
        try:
            write_whole(path, data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; FileNotFoundError if there is none."""
        return read_input(self._top / name, LARGE)

    def names(self, folder: str) -> list[str]:
        """Return the files below a folder, sorted, without temporary ones."""
        files = (path for path in (self._top / folder).rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self._top).as_posix() for path in files)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; missing ones are ignored."""
        for name in names:
            (self._top / name).unlink(missing_ok=True)

    def exists(self) -> bool:
        """Return whether the path exists. One of a batch that was killed before it had a manifest does not count."""
        try:
            names = {path.name for path in self._top.iterdir() if not UNFINISHED.fullmatch(path.name)}
        except OSError:
            return os.path.lexists(self._top)
        return names not in (set(), {LOCK}, {LOCK, INPUTS})

    def is_at(self, path: str) -> bool:
        """Return whether a path names this folder."""
        return not is_remote(path) and Path(path).absolute() == self._top

    def claim(self) -> None:
        """Create the folder; FileExistsError if it exists. Of two processes, one is refused here or by the lock."""
        try:
            self._top.mkdir(parents=True)
        except FileExistsError:
            if self.exists():
                raise

    def in_use(self) -> bool:
        """Return whether a process holds the lock."""
        return is_held(self._top / LOCK)

    def clean(self) -> None:
        """Remove temporary files that were never renamed; other files in the folder stay."""
        for path in self._top.rglob(".*"):
            if path.is_file() and UNFINISHED.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._top, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing here while this one lives; UsageFault if one already does."""
        path = self._top / LOCK
        try:
            path.open("ab").close()
        except OSError as error:
            message = f"{self.address} cannot be written: {error.strerror or error}"
            raise UsageFault(f"{message} (use another folder, or a copy of it)") from None
        lock = Lock(path)
        if not lock.mine:
            raise UsageFault(f"{self.address} is in use by another process; wait for it, or choose another")
        try:
            yield
        finally:
            with suppress(PermissionError):  # Windows removes no open file
                path.unlink(missing_ok=True)
            lock.release()


class _Calls:
    """A file system whose calls raise OSError, whatever its library raises."""

    def __init__(self, system: Any) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._system, name)

        def checked(*args: Any, **options: Any) -> Any:
            try:
                return call(*args, **options)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - each file system has errors of its own
                raise OSError(reason(error)) from None

        return checked


class Remote:
    """Any file system of fsspec. Listings are never cached, since other processes write here too."""

    def __init__(self, address: str) -> None:
        system, self._top = file_system(address)
        self.address = address.rstrip("/")
        self._fs: Any = _Calls(system)

    def _path(self, name: str) -> str:
        return f"{self._top}/{name}"

    def write(self, name: str, data: bytes) -> None:
        """Write a temporary file and rename it: not every file system writes atomically."""
        path = self._path(name)
        folder, _, last = path.rpartition("/")
        self._fs.makedirs(folder, exist_ok=True)
        sibling = f"{folder}/.{last}.{os.getpid()}"
        self._fs.pipe_file(sibling, data)
        self._fs.mv(sibling, path)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        self._fs.invalidate_cache()
        data: bytes = self._fs.cat_file(self._path(name))
        return data

    def names(self, folder: str) -> list[str]:
        """Return the files below a folder, sorted."""
        self._fs.invalidate_cache()
        top = self._fs._strip_protocol(self._top)  # noqa: SLF001 - fsspec's own way to compare paths
        paths = (str(path) for path in self._fs.find(self._path(folder)))
        below = (path[len(top) :].lstrip("/") for path in paths)
        return sorted(name for name in below if not name.rpartition("/")[2].startswith("."))

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; missing ones are ignored."""
        self._fs.invalidate_cache()
        for name in names:
            if self._fs.exists(self._path(name)):
                self._fs.rm_file(self._path(name))

    def exists(self) -> bool:
        """Return whether the address exists."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(self._top))

    def is_at(self, path: str) -> bool:
        """Return whether an address is that of this place."""
        return path.rstrip("/") == self.address

    def claim(self) -> None:
        """Check only that nothing is there: such places cannot be created exclusively."""
        if self.exists():
            raise FileExistsError(self.address)

    def in_use(self) -> bool:
        """Return True: such places have no locks."""
        return True

    def clean(self) -> None:
        """Remove temporary files that were never renamed."""
        self._fs.invalidate_cache()
        for path in self._fs.find(self._top):
            if UNFINISHED.fullmatch(str(path).rpartition("/")[2]):
                self._fs.rm_file(path)

    def discard(self) -> None:
        """Remove all files."""
        self._fs.invalidate_cache()
        if self._fs.exists(self._top):
            self._fs.rm(self._top, recursive=True)

    def locked(self) -> AbstractContextManager[None]:
        """Do nothing: such places have no locks."""
        return nullcontext()


Store = Local | Remote
"""Files by their paths below one place. All methods raise OSError if the place cannot be used."""


def store(address: str) -> Store:
    """Return the store at an address: a path, or a URL such as `s3://bucket/batch`. UsageFault if the URL is wrong."""
    return Remote(address) if is_remote(address) else Local(address)
