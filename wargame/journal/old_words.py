"""Words that run folders used before version 0.1.0, and the words that replaced them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wargame.errors import Invalid, Problem

RECORDS = {
    "ask": "demand",
    "ask.settled": "demand.settled",
    "deed": "action",
    "due": "decision.due",
    "hand_over": "startex",
    "lapsed": "order.cancelled",
    "missed": "decision.missed",
    "record": "history",
    "standing": "standing_order",
    "state": "snapshot",
}
"""Kinds of records."""
COMMANDS = {"deed": "action", "missed": "decision.missed", "standing": "standing_order"}
"""Kinds of commands in the log of a live exercise."""
COMMAND_DATA = {("action", "weight"): "goldstein", ("offer", "ask"): "demand"}
"""(kind of command, key or form in its data) where the word has changed."""
MANIFEST = {"hand_over": "startex"}
SETTINGS = {"bar": "forbid", "hand_over": "startex"}


class OldWords(Invalid):
    """A file of a run folder was written by an earlier version."""


def check_record(path: Path, line: int, kind: str) -> None:
    """Raises OldWords if a record on this line has an old kind."""
    if kind in RECORDS:
        raise _fault(path, line, kind, RECORDS[kind])


def check_command(path: Path, line: int, kind: str, data: Mapping[str, Any]) -> None:
    """Raises OldWords if a command on this line has an old kind, or an old word in its data."""
    if kind in COMMANDS:
        raise _fault(path, line, kind, COMMANDS[kind])
    for (of, word), new in COMMAND_DATA.items():
        if kind == of and (word in data or data.get("form") == word):
            raise _fault(path, line, word, new)


def check_manifest(path: Path, text: str, content: Mapping[str, Any]) -> None:
    """Raises OldWords for the first old key of a manifest or of the settings in it."""
    settings = content.get("settings")
    for keys, words in ((content, MANIFEST), (settings if isinstance(settings, dict) else {}, SETTINGS)):
        for key in keys:
            if key in words:
                line = next((n for n, each in enumerate(text.splitlines(), start=1) if f'"{key}"' in each), 0)
                raise _fault(path, line, key, words[key])


def _fault(path: Path, line: int, old: str, new: str) -> OldWords:
    remedy = "an earlier version wrote this run; run the scenario again with this one"
    return OldWords([Problem(str(path), line, 1, f"'{old}' is now called '{new}'", remedy)])
