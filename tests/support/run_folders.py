"""A small folder of each kind with all files that commands write: what tests of damaged folders change."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path

from support import media_exercise
from support.backtests import write_questions
from support.bots import ORDERS, bot
from support.in_process import inside
from support.live import console, output_of, resumed
from support.live_programs import live
from support.terminals import seat
from support.web import serving
from wargame.brains.specification import brain_of
from wargame.live.console.console import Console
from wargame.live.console.participants import Evaluator
from wargame.live.console.roles import EVALUATOR
from wargame.live.session.session import Session

SCENARIOS = Path(__file__).resolve().parents[2] / "wargame" / "scenarios"
RUN, LIVE, PROGRAMS, BATCH, GAMES, CLAIMS, REHEARSAL = (
    "run",
    "live",
    "programs",
    "batch",
    "games",
    "claims",
    "rehearsal",
)
KINDS = (RUN, LIVE, PROGRAMS, BATCH, GAMES, CLAIMS, REHEARSAL)
BOT = "bot.py"
ARMS = ("--arm", "soft=forbid ARD patrol", "--measure", "mean(tension)")
SHORT = ("--until", "60d", "-q")
ONE = ("--jobs", "1")
COMMANDS = (
    ("run", "two-rivals", "--out", "runs/run", *SHORT),
    ("report", "runs/run", "--format", "md"),
    ("batch", "two-rivals", "-n", "3", "--events", *ARMS, *ONE, "--out", "runs/batch", *SHORT),
    ("batch", "two-rivals", "-n", "2", "--arm", f"bot=seat ARD=program:{BOT}", *ONE, "--out", "runs/games", *SHORT),
    ("rehearse", "two-rivals", "-n", "4", *ONE, "--out", "runs/rehearsal", *SHORT),
    ("claims", "claims.yaml", "-n", "8", "--labels", *ONE, "--out", "runs/claims", "-q"),
)
PROCEDURE = """
procedures:
  alert:
    {title: Arda answers with a protest, government: ARD, on: {options: [patrol]}, does: protest, to: BRL, after: 5d}
"""
LIVE_LINES = (
    *("seat ARD human", "stop at nothing", "deadline 6d game model", "advance 5d", "order ARD talk BRL"),
    *('message ARD BRL "hello"', 'offer ARD BRL "a deal"', "answer BRL 1 yes", 'vote ARD all "talks?"'),
    *("ballot ARD 1 yes", "ballot BRL 1 no", 'demand BRL ARD "withdraw"', 'message ARD EXCON "more time?"'),
    *('rfi ARD "what do they want?"', 'reply ARD 1 "nobody knows"', 'rfi ARD "and now?"', 'notice "coffee"'),
    'standing ARD talk BRL --when "tension > 0.01"',
    *(
        "advance 4d",
        'inject news "Riots" --now',
        "release harvest",
        "ack ARD 1",
        'note "one" --tag observation',
        "rate signals P",
    ),
    *(
        'action BRL "shells an island" --as patrol --to ARD',
        "advance 3d",
        "accept ARD 1",
        "order BRL patrol ARD --force",
    ),
    *("advance 3d", "retract harvest", 'outcome calm occurred --why "so it is"'),
    *('outcome calm revoked --why "no"', "advance 10d", "judge 1 met", "advance 12d"),
    *('note "gone"', "advance 10d", "rewind D+40", 'note "two"', "branch second", "pace 1d=5s", "advance 2d"),
    *('adjudicate tension=0.5 --why "so"', "postpone 2d", "edit coup title Coup", "advance 2d"),
)
"""An exercise with records of nearly every kind. `SEAT_LINES` are typed in a seat, after the third line."""
SEAT_LINES = ('order ARD "open a hotline"', 'order ARD "send an envoy"')


WITH_PROGRAMS = (
    *("advance 1d", "release letter", "release person", "respond ARD 1.1 4", 'respond ARD 1.3 "As ever."'),
    *("respond ARD person yes --name Ann", "advance 6d", "advice ARD", "advance 10d", "publish person"),
)
EVALUATED = ('note "on time" --tag observation', "rate signals P", 'note "late" --tag improve')


def prepare(place: Path) -> Path:
    """Creates one small folder of each kind under `runs/`, with all files that a command writes into it."""
    write_questions(place)
    (place / "scenario.yaml").rename(place / "claims.yaml")
    bot(place, ORDERS, BOT)
    for words in COMMANDS:
        _done(place, *words)
    _live(place)
    _with_programs(place)
    for kind in (LIVE, PROGRAMS):
        _done(place, "report", f"runs/{kind}", "--format", "md")
    shutil.copy(place / "runs/rehearsal/rehearsal.json", place / "runs/batch")
    return place


def _done(place: Path, *words: str) -> None:
    done = inside(*words, cwd=place)
    assert done.returncode == 0, (words, done.stderr)


def _live(place: Path) -> None:
    """An exercise with records of nearly every kind."""
    text = (SCENARIOS / "two-rivals.yaml").read_text("utf-8")
    (place / "live.yaml").write_text(text + PROCEDURE, encoding="utf-8")
    with contextlib.chdir(place):
        there = console(place / "runs" / LIVE, scenario="live.yaml")
    for number, line in enumerate(LIVE_LINES):
        output_of(there, line)
        if number == 3:
            output_of(seat(there, "ARD"), *SEAT_LINES)
            output_of(there, "rule 1 action --goldstein 2", 'rule 2 refuse "no envoy is ready"')
    there.session.close()


def _with_programs(place: Path) -> None:
    """An exercise with a program, an adviser, attachments, an evaluator, and people in browsers."""
    folder = place / "runs" / PROGRAMS
    program = f"program:{place / BOT}"
    session = media_exercise.exercise(place)
    live(session, {"BRL": program}, WITH_PROGRAMS, advisers=[brain_of("ARD", program)])
    (place / "run").rename(folder)
    session = resumed(folder)
    output_of(Console(session, role=EVALUATOR, evaluator=Evaluator("E. Valuator", ("ARD",))), *EVALUATED)
    asyncio.run(_in_browsers(session))
    session.close()


async def _in_browsers(session: Session) -> None:
    """People join, are admitted and removed, and give commands; the past is changed."""
    async with serving(session) as there:
        ann, bob = [await there.joined(of, name) for of, name in (("ARD", "Ann"), ("evaluator", "Bob"))]
        await ann.lines("message", line='BRL "hello"')
        await bob.lines("note", line='"a good message"')
        for line in ("advance 1d", "undo", "lock", f"kick {bob.id[1:]}"):
            there.shared.run(there.shared.main, line.split())
