"""Zip archives with the same bytes whenever they are written, whatever the time zone."""

import zipfile
from collections.abc import Container, Mapping
from io import BytesIO

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of all entries."""


def zipped(files: Mapping[str, bytes], stored: Container[str] = ()) -> bytes:
    """Return an archive of files by name. Those in `stored` are not compressed."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), content, how)
    return stream.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive that a library of this installation wrote, by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
