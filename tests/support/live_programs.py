"""Live exercises with programs, played from a script."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from support.live import session
from wargame.brains.live_programs import live_programs
from wargame.brains.llm.settings import LlmOptions
from wargame.brains.specification import BrainSpec, Conditions, Players, brain_of, split_seats
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.live.terminals.batch_terminal import play_plain, script_lines


def live(
    there: Session | Path,
    seats: dict[str, str],
    lines: Iterable[str],
    *,
    advisers: Sequence[BrainSpec] = (),
    drafter: str = "",
    **conditions: Any,
) -> tuple[Session, str]:
    """Plays the lines of a script in a new folder, or in a session; returns the session, closed, and what was shown."""
    plain, specs = split_seats(tuple(seats.items()))
    opened = session(there, seats=plain) if isinstance(there, Path) else there
    players = Players(specs=specs, conditions=Conditions(**{"timeout": 20.0, **conditions}), llm=LlmOptions())
    service = live_programs(players, advisers, brain_of("EXCON", drafter) if drafter else None)
    out = io.StringIO()
    asyncio.run(play_plain(Console(opened), script_lines("\n".join(lines)), out=out, service=service))
    opened.close()
    return opened, out.getvalue()
