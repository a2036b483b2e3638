"""Programs for seats, as tests need them: small, hostile, or both; and runs with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.engine import loaded
from wargame.brains.llm.settings import LlmOptions
from wargame.brains.specification import Conditions, Players, split_seats
from wargame.brains.unattended import UnattendedSession, simulate
from wargame.executor.run import Destination, Run
from wargame.simulation.kernel.settings import Settings

HEAD = """
import json, os, sys, time

def send(**message):
    print(json.dumps(message), flush=True)

def messages():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            send(type="ready", name="test bot 1")
        else:
            yield message

def turns():
    return (message for message in messages() if message["type"] == "turn")
"""
PASSES = "for turn in turns(): send(type='act', id=turn['id'])"
ORDERS = """
for turn in turns():
    orders = [{"n": turn["choices"][0]["n"], "why": "first"}] if turn["choices"] else []
    send(type="act", id=turn["id"], orders=orders)
"""


def bot(folder: Path, body: str, name: str = "bot.py") -> Path:
    """Writes a program for a seat; `body` can use `send`, `messages` and `turns`."""
    path = folder / name
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def play(
    folder: Path,
    seats: dict[str, str],
    *,
    seed: int = 1,
    scenario: str = "two-rivals",
    timeout: float = 20.0,
    failed: str = "nothing",
    llm: LlmOptions | None = None,
    **settings: Any,
) -> tuple[Run, dict[str, Any], list[str]]:
    """A run with programs in a new folder: the run, what the programs took, and what the facilitator was shown."""
    shown: list[str] = []
    plain, specs = split_seats(tuple(seats.items()))
    cell = settings.pop("white_cell", "")
    conditions = Conditions(timeout=timeout, failed=failed, white_cell=cell)
    players = Players(specs=specs, conditions=conditions, llm=llm or LlmOptions())
    how = Settings(seats=plain, **settings)
    session = UnattendedSession.create(loaded(scenario), seed, how, Destination(out=folder), "test")
    run, usage = simulate(session, players, notify=shown.append)
    return run, usage, shown
