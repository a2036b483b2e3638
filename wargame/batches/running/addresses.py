"""Addresses of fsspec, such as `s3://bucket/batch`: what is wrong with one, and what to do."""

from __future__ import annotations

import re
from typing import Any

from wargame.errors import MissingExtra, UsageFault, nearest

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
    try:
        import fsspec
    except ImportError:
        raise MissingExtra(f"{address} needs fsspec", "dask") from None
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
