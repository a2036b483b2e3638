"""Helpers for tests of live exercises: sessions in a folder, consoles, and files on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.engine import loaded
from wargame.executor.run import Destination
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session
from wargame.simulation.kernel.settings import Settings

OPEN: list[Session] = []
"""Sessions opened by a test, closed after it."""


def session(folder: Path, seed: int = 5, scenario: str = "two-rivals", **settings: Any) -> Session:
    """A new live exercise in a folder that does not exist yet."""
    OPEN.append(Session.create(loaded(scenario), seed, Settings(**settings), Destination(out=folder)))
    return OPEN[-1]


def resumed(folder: Path) -> Session:
    """A live exercise, resumed."""
    OPEN.append(Session.resume(Folder(folder)))
    return OPEN[-1]


def console(folder: Path, seed: int = 5, **settings: Any) -> Console:
    """The facilitator's console of a new exercise."""
    return Console(session(folder, seed, **settings))


def output_of(console: Console, *lines: str) -> list[str]:
    """Runs lines on a console and returns all lines that they print."""
    return [shown for line in lines for shown in run(console, line)]


def journal(console: Console) -> bytes:
    """The journal on disk."""
    return console.session.folder.journal.read_bytes()


def played(folder: Path, *lines: str, seed: int = 5, **settings: Any) -> bytes:
    """The journal of a new exercise after these lines."""
    there = console(folder, seed, **settings)
    output_of(there, *lines)
    there.session.close()
    return journal(there)


def verified(folder: Path) -> bool:
    """Whether the re-simulation of a folder gives the same bytes."""
    return verify(Folder(folder)).same
