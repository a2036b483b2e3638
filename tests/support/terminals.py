"""Terminals of a live exercise, and the lines that each was shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from support.live import console
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.roles import SEAT
from wargame.live.terminals.shared_session import SharedSession

COMMAND = [sys.executable, "-c", "from wargame.cli import main; main()"]


class Screen(list[str]):
    """The lines that a terminal was shown."""

    def show(self, shown: Reply) -> None:
        """Adds lines."""
        self.extend(shown.typed())

    def __str__(self) -> str:
        """All lines."""
        return "\n".join(self)


def shared(folder: Path, **settings: Any) -> tuple[SharedSession, Screen]:
    """The shared session of a new exercise, and the screen of its facilitator."""
    screen = Screen()
    return SharedSession(console(folder, **settings), screen.show), screen


def joined(there: SharedSession, seat: str, role: str = SEAT) -> tuple[Console, Screen]:
    """A terminal that has joined."""
    screen = Screen()
    mine = there.attach(role, seat, screen.show, lambda: screen.append("closed"))
    return mine, screen


def seat(there: Console, name: str) -> Console:
    """The console of a seat of the same exercise."""
    return Console(there.session, there.wall, role="seat", seat=name)
