"""Opening files that others have written: regular files only, of a size that can be what they should be."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

MEGABYTE = 1_000_000
SMALL = 20 * MEGABYTE
"""Bytes at most of a file that is written by hand, or lists results."""
LARGE = 1_000 * MEGABYTE
"""Bytes at most of a file with the data of runs that is read at once."""


def open_input(path: Path | str) -> BinaryIO:
    """Open a regular file for reading; OSError if it cannot be read, without waiting for a device, socket or pipe."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    what = "it is a folder" if stat.S_ISDIR(mode) else "it is a device or a pipe, not a regular file"
    raise OSError(errno.EINVAL, what, str(path))


def read_input(path: Path | str, most: int = SMALL) -> bytes:
    """Return the content of a regular file; OSError as `open_input` raises it, and if it has more bytes than `most`."""
    with open_input(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most / MEGABYTE:,.0f} MB", str(path))
        return file.read(most)
