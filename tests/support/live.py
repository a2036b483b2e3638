"""What the tests of live exercises share: sessions in a folder, consoles, and what is on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.engine import loaded
from wargame.executor.run import Place
from wargame.executor.verify import verify
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.live.console.dispatch import run
from wargame.live.session.session import Session
from wargame.simulation.kernel.settings import Settings

OPEN: list[Session] = []
"""Sessions that a test has opened; they are closed after it."""


def session(folder: Path, seed: int = 5, scenario: str = "two-rivals", **settings: Any) -> Session:
    """A new live exercise in a folder that does not exist yet."""
    OPEN.append(Session.create(loaded(scenario), seed, Settings(**settings), Place(out=folder)))
    return OPEN[-1]


def resumed(folder: Path) -> Session:
    """A live exercise gone on with."""
    OPEN.append(Session.resume(Folder(folder)))
    return OPEN[-1]


def console(folder: Path, seed: int = 5, **settings: Any) -> Console:
    """The facilitator's console of a new one."""
    return Console(session(folder, seed, **settings))


def told(console: Console, *lines: str) -> list[str]:
    """What lines typed one after the other show."""
    return [shown for line in lines for shown in run(console, line)]


def journal(console: Console) -> bytes:
    """The journal on disk as it stands."""
    return console.session.folder.journal.read_bytes()


def played(folder: Path, *lines: str, seed: int = 5, **settings: Any) -> bytes:
    """The journal of an exercise in which these lines were typed."""
    there = console(folder, seed, **settings)
    told(there, *lines)
    there.session.close()
    return journal(there)


def verified(folder: Path) -> bool:
    """Whether a folder gives the same bytes again."""
    return verify(Folder(folder)).same
