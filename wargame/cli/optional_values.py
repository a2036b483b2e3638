"""The option `--serve`, whose value may be left out."""

from __future__ import annotations

import re

USUAL = "127.0.0.1:8765"
"""Where the server listens without a value of --serve."""
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]*):\d+|\d+|\d+(\.\d+){3}|localhost")


def with_address(arguments: list[str]) -> list[str]:
    """Return the arguments of a command, in which `--serve` without an address has the usual one."""
    out: list[str] = []
    for place, argument in enumerate(arguments):
        out.append(argument)
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if argument == "--serve" and not _ADDRESS.fullmatch(following):
            out.append(USUAL)
    return out
