"""Run folders of versions before 0.1.0: the first old word is an error that names the new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wargame.errors import Invalid, Problem
from wargame.language.old_words import OLD_WORDS, OLD_WORDS_IN_RUNS, message


class OldWords(Invalid):
    """A file of a run folder was written by an earlier version."""


def check_record(path: Path, line: int, kind: str) -> None:
    """Raises OldWords if a record on this line has an old kind."""
    if new := OLD_WORDS_IN_RUNS.get(("record", kind)) or OLD_WORDS.get(kind):
        raise _fault(path, line, kind, new)


def check_command(path: Path, line: int, kind: str, data: Mapping[str, Any]) -> None:
    """Raises OldWords if a command on this line has an old kind, or an old word in its data."""
    if new := OLD_WORDS_IN_RUNS.get(("command", kind)) or OLD_WORDS.get(kind):
        raise _fault(path, line, kind, new)
    for word in (*data, str(data.get("form"))):
        if new := OLD_WORDS_IN_RUNS.get((kind, word)):
            raise _fault(path, line, word, new)


def check_manifest(path: Path, text: str, content: Mapping[str, Any]) -> None:
    """Raises OldWords for the first old key of a manifest or of the settings in it."""
    settings = content.get("settings")
    for key in (*content, *(settings if isinstance(settings, dict) else ())):
        if key in OLD_WORDS:
            line = next((n for n, each in enumerate(text.splitlines(), start=1) if f'"{key}"' in each), 0)
            raise _fault(path, line, key, OLD_WORDS[key])


def _fault(path: Path, line: int, old: str, new: str) -> OldWords:
    remedy = "an earlier version wrote this run; run the scenario again with this one"
    return OldWords([Problem(str(path), line, 1, message(old, new), remedy)])
