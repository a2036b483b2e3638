"""The clock: on to the next thing, for a time, until a date or a condition, at a pace, and standing still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE
from wargame.language.times import format_duration, parse_duration
from wargame.live.console.command_line import QUOTES
from wargame.live.console.registry import verb
from wargame.live.session.session import time_of
from wargame.live.session.wall_clock import read_pace
from wargame.seat.brief import inbox
from wargame.seat.feed import clean
from wargame.simulation.control.lookup import read

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console
    from wargame.live.session.session import Session

JUMP = 7 * 86400
"""From jumps this long, each human seat gets a catch-up of what it has missed. Judgement."""
MOST = 12


def advance(console: Console, to: int, **stops: object) -> list[str]:
    """Moves the clock and tells where it stands and what it stopped for."""
    session = console.session
    start, to = session.exercise.now, min(to, session.exercise.end)
    if session.last("stops").get("due", True):
        stops["due"] = True
    done = session.submit(ADVANCE, to=to, **stops)
    if not console.wall.running and not session.exercise.done:
        console.wall.wait()
    when = str(stops.get("when") or "")
    return [*_catch_up(console, done.records, session.exercise.now - start), _stands(console, done.records, to, when)]


def _stands(console: Console, records: list[Record], to: int, when: str) -> str:
    session = console.session
    if session.exercise.done:
        return f"The exercise is over, {session.instant(session.exercise.now)}. hotwash, rate and note can follow."
    stop, early = "", session.exercise.now < to
    due = [f"{r.who} {r.about}" for r in records if r.kind == "decision.due" and r.t == session.exercise.now - 1]
    if early and due and session.last("stops").get("due", True):
        stop = f", stopped: a decision is due ({', '.join(due)})"
    elif early and when:
        stop = f", stopped: {clean(when)} holds"
    return f"{session.instant(session.clock)}{stop}"


def caught_up(session: Session, who: str, records: list[Record], told: list[str], most: int = 3 * MOST) -> list[str]:
    """What a seat is shown after a jump: the last of what it was told meanwhile, and what is due now."""
    dues = [due.dossier for due in session.exercise.commands.seats.dues.values() if due.government == who]
    days, more = round((session.exercise.now - records[0].t) / 86400), ""
    if len(told) > most:
        more = f" (the last {most} of {len(told)}; inbox {who} {len(told)} has all)"
    lines = [f"Catch-up for {who}, {days} days{more}:", *(f"  {line}" for line in told[-most:] or ["Nothing new."])]
    return [*lines, *([f"  Due now: {', '.join(dues)}"] if dues else [])]


def _catch_up(console: Console, records: list[Record], passed: int) -> list[str]:
    """For seats of people that have no terminal of their own: to be read out, or to `sit` down to."""
    if passed < JUMP or not records:
        return []
    lines, session = [], console.session
    exercise = session.exercise
    for name in sorted(set(exercise.governments) - (console.room.seats() if console.room else set())):
        kept = [record for record in records if record.kind not in ("decision.due", "decision.missed")]
        received = inbox(exercise, kept, name) if exercise.commands.seats.of(name) == "human" else []
        told = [item.line for item in received]
        if told:
            lines += caught_up(session, name, records, told, MOST)
    return lines


@verb("next", "Plays on to the next thing that happens, and stops right after it.", "clock")
def _next(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "next")
    return advance(console, console.session.exercise.end, news=True)


@verb("advance TIME", "Plays on for a time, such as 3d or 12h.", "clock")
def _advance(console: Console, words: ParsedLine) -> list[str]:
    text = words.text(0, "advance TIME, such as advance 3d")
    return advance(console, console.session.exercise.now + read(parse_duration, text))


@verb(
    "until DATE|CONDITION",
    "Plays on to a date, before what happens then, or until a condition holds: until tension > 0.5.",
    "clock",
)
def _until(console: Console, words: ParsedLine) -> list[str]:
    text = words.rest.translate(QUOTES).strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1]
    if not text or text.lstrip("#").isdigit():
        raise UsageFault("write: until DATE or until CONDITION, such as until 2017-08-21 or until tension > 0.5")
    to = time_of(console.session, text)
    if to is not None:
        return advance(console, to)
    lines = advance(console, console.session.exercise.end, when=text)
    return lines if not console.session.exercise.done else [f"{text} was never met.", *lines]


@verb("move", "Plays on to the end of the current move.", "clock")
def _move(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "move")
    exercise = console.session.exercise
    start, length = exercise.calendar.startex, exercise.context.scenario.calendar.move
    number = (exercise.now - start) // length + 1
    lines = advance(console, start + number * length)
    return [f"Move {number} ends.", *lines] if console.session.exercise.now >= start + number * length else lines


@verb("pace GAME=WALL", "Sets the pace of the running clock: pace 1d=5s.", "clock")
def _pace(console: Console, words: ParsedLine) -> list[str]:
    text = words.text(0, "pace GAME=WALL, such as pace 1d=5s")
    game = read_pace(text)
    console.session.submit("pace", pace=text)
    return [f"{format_duration(round(game))} of game time a second; resume starts the clock."]


@verb("pause", "PAUSEX: the clock stands still; nothing fires, nothing is lost.", "clock")
def _pause(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "pause")
    console.session.submit("pause")
    console.wall.stop()
    return ["PAUSEX"]


@verb("resume", "Starts the clock at its pace.", "clock")
def _resume(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "resume")
    if not console.wall.pace:
        raise UsageFault("there is no pace yet (pace 1d=5s sets one; next and advance need none)")
    if console.session.exercise.done or console.session.exercise.commands.adjudication.stopped:
        raise UsageFault("the exercise is over" if console.session.exercise.done else "NO PLAY (playon goes on)")
    console.session.submit("resume")
    console.wall.start()
    return [console.wall.told()]


@verb("wait SECONDS", "Lets the running clock run for so many seconds, in scripts.", "clock")
def _wait(console: Console, words: ParsedLine) -> list[str]:
    (text,) = words.take(1, "wait SECONDS, such as wait 2s")
    console.errands.append(("wait", str(read(parse_duration, text))))
    return []


@verb("stops on|off", "Whether the clock stops by itself when a person's decision falls due.", "clock")
def _stops(console: Console, words: ParsedLine) -> list[str]:
    (text,) = words.take(1, "stops on or stops off")
    if text not in ("on", "off"):
        raise UsageFault("write: stops on or stops off")
    console.session.submit("stops", due=text == "on")
    return [f"The clock {'stops' if text == 'on' else 'does not stop'} when a person's decision falls due."]
