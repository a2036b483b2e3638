"""Addresses of batches that are wrong or cannot be used: a message with the remedy, and no folder with such a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.in_process import inside
from wargame.batches.running.store import Local, store
from wargame.errors import UsageFault

fsspec: Any = pytest.importorskip("fsspec")
FileSystem: Any = fsspec.AbstractFileSystem
WRONG = {
    "s3://": r"names no place \(write s3://BUCKET/FOLDER\)",
    "s3:///": r"names no place",
    "memory://batch": r"what is stored in memory is lost when the command ends \(write a folder\)",
    "s3://bucket": r"is a whole bucket \(name a folder in it: s3://bucket/FOLDER\)",
    "s3:/bucket/batch": r"an address has two slashes \(write s3://bucket/batch\)",
    "gs:bucket/batch": r"\(write gs://bucket/batch\)",
    "foo://bucket/batch": r"there is no protocol 'foo' \(.*\)",
    "memry://batch": r"there is no protocol 'memry' \(did you mean 'memory'\?\)",
    "://batch": r"there is no protocol ''",
}


@pytest.mark.parametrize("address", WRONG)
def test_a_wrong_address_is_explained(address: str, tmp_path: Path) -> None:
    """By the commands that write and that read a batch."""
    for words in (("batch", "two-rivals", "-n", "2", "--out", address), ("compare", address)):
        done = inside(*words, cwd=tmp_path)
        assert done.returncode == 2
        with pytest.raises(UsageFault, match=WRONG[address]):
            store(address)
        assert address in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "runs"]


@pytest.mark.parametrize(("protocol", "package"), [("s3", "s3fs"), ("gs", "gcsfs"), ("abfs", "adlfs")])
def test_a_missing_package_is_named(protocol: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""

    def missing(address: str) -> None:
        raise ImportError(address)

    monkeypatch.setattr(fsspec.core, "url_to_fs", missing)
    with pytest.raises(UsageFault, match=rf"needs a package that is not installed \(pip install {package}\)"):
        store(f"{protocol}://bucket/batch")


def test_paths_that_look_like_addresses_are_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drive of Windows, a colon within a name."""
    monkeypatch.chdir(tmp_path)
    for path in ("C:\\batch", "C:/batch", "runs/a:b", "a:b"):
        assert isinstance(store(path), Local)


class Unusable(FileSystem):  # type: ignore[misc]  # fsspec has no types
    """A file system whose library raises errors of its own."""

    protocol = "unusable"

    def _fail(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no credentials\nsee the manual")

    info = ls = find = makedirs = cat_file = _fail


class ReadOnly(FileSystem):  # type: ignore[misc]  # as above
    """A file system without writing."""

    protocol = "readonly"

    def info(self, path: str, **_: Any) -> Any:
        """There is nothing."""
        raise FileNotFoundError(path)

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Does nothing."""


@pytest.mark.parametrize(
    ("system", "says"), [(Unusable, "no credentials"), (ReadOnly, "files of this protocol can only be read")]
)
def test_errors_of_a_file_system_are_reported_in_one_line(system: Any, says: str, tmp_path: Path) -> None:
    """Whatever its library raises."""
    fsspec.register_implementation(system.protocol, system, clobber=True)
    address = f"{system.protocol}://place/batch"
    done = inside("batch", "two-rivals", "-n", "2", "--until", "10d", "--jobs", "1", "--out", address, cwd=tmp_path)
    assert (done.returncode, address in done.stderr, says in done.stderr) == (2, True, True), done.stderr
    assert "manual" not in done.stderr
    if system is Unusable:
        for words in (("compare", address), ("run", address)):
            done = inside(*words, cwd=tmp_path)
            assert done.returncode in (2, 3)
            assert address in done.stderr


def test_a_batch_on_a_file_system_with_folders_is_kept(tmp_path: Path) -> None:
    """Folders that are missing are made, unlike in an object store."""
    place = store(f"local://{tmp_path.as_posix()}/new/batch")
    place.write("parts/1.json", b"{}")
    assert (place.read("parts/1.json"), place.names("parts")) == (b"{}", ["parts/1.json"])
    assert (tmp_path / "new/batch/parts/1.json").read_bytes() == b"{}"
