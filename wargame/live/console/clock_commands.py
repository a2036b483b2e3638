"""Commands that move, pace, stop and start the clock."""

from __future__ import annotations

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE, DUE
from wargame.journal.records import Record
from wargame.language.plain_text import clean
from wargame.language.times import format_duration, parse_duration
from wargame.live.console.command_line import QUOTES, ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import formula
from wargame.live.console.news import COUNTED, JUMP, catch_up
from wargame.live.console.registry import CommandGroup
from wargame.live.console.times import duration_of, time_of
from wargame.live.session.wall_clock import read_pace
from wargame.seat.brief import inbox
from wargame.simulation.control.lookup import read

MOST = 12
"""Messages of a catch-up shown to the facilitator, for each seat without a terminal."""

clock = CommandGroup("clock")


def advance(console: Console, to: int, **stops: object) -> list[str]:
    """Advances to second `to`, or to an earlier stop; shows catch-ups, the time reached and why it stopped."""
    session = console.session
    start, to = session.exercise.now, min(to, session.exercise.end)
    if session.last("stops").get("due", True):
        stops["due"] = True
    result = session.submit(ADVANCE, to=to, **stops)
    if not console.wall.running and not session.exercise.done:
        console.wall.wait()
    condition = str(stops.get("when") or "")
    return [
        *_catch_ups(console, result.records, start),
        _time_reached(console, result.records, to, condition),
    ]


def _time_reached(console: Console, records: list[Record], to: int, condition: str) -> str:
    session = console.session
    if session.exercise.done:
        return f"The exercise is over, {session.instant(session.exercise.now)}. hotwash, rate and note still work."
    reason, early = "", session.exercise.now < to
    due = [_asked(r) for r in records if r.kind in DUE and r.t == session.exercise.now - 1]
    if early and due and session.last("stops").get("due", True):
        reason = f", stopped: a decision is due ({', '.join(due)})"
    elif early and condition:
        reason = f", stopped: {clean(condition)} is true"
    return f"{session.instant(session.clock)}{reason}"


def _asked(record: Record) -> str:
    """What a person is to decide: government and dossier, or the number of a proposed procedure."""
    procedure = record.kind == "procedure.proposed"
    return f"{record.who} procedure {record.data['number']}" if procedure else f"{record.who} {record.about}"


def _catch_ups(console: Console, records: list[Record], since: int) -> list[str]:
    """After a jump from second `since`, a catch-up for each human seat without a terminal, to be read out."""
    lines, session = [], console.session
    if session.exercise.now - since < JUMP or not records:
        return []
    exercise = session.exercise
    for name in sorted(set(exercise.governments) - (console.participants.seats() if console.participants else set())):
        listed = [record for record in records if record.kind not in COUNTED]
        messages = inbox(exercise, listed, name) if exercise.commands.seats.of(name) == "human" else []
        if messages:
            lines += catch_up(session, name, since, [item.line for item in messages], MOST)
    return lines


@clock.command("next", "Advances to the next event and stops right after it.")
def _next(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    return advance(console, console.session.exercise.end, news=True)


@clock.command("advance TIME", "Advances by a time, such as 3d or 12h.", example="advance 3d")
def _advance(console: Console, line: ParsedLine) -> list[str]:
    return advance(console, console.session.exercise.now + read(parse_duration, line.text(0)))


@clock.command(
    "until DATE|CONDITION",
    "Advances to a date, before the events of that moment, or until a condition is true: until tension > 0.5.",
    example="until 2017-08-21 or until tension > 0.5",
)
def _until(console: Console, line: ParsedLine) -> list[str]:
    text = line.rest.translate(QUOTES).strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1]
    if not text or text.lstrip("#").isdigit():
        raise line.fault()
    if duration_of(text) is not None:
        raise UsageFault(f"until {text}: advance {text} advances by this time; D+N is N days after STARTEX (until D+5)")
    to = time_of(console.session, text)
    if to is not None:
        return advance(console, to)
    text = formula(console, text)
    lines = advance(console, console.session.exercise.end, when=text)
    return lines if not console.session.exercise.done else [f"{text} was never true.", *lines]


@clock.command("move", "Advances to the end of the current move.")
def _move(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    exercise = console.session.exercise
    start, length = exercise.calendar.startex, exercise.context.scenario.calendar.move
    number = (exercise.now - start) // length + 1
    lines = advance(console, start + number * length)
    return [f"Move {number} ends.", *lines] if console.session.exercise.now >= start + number * length else lines


@clock.command("pace GAME=WALL", "Sets the pace of the running clock: pace 1d=5s.", example="pace 1d=5s")
def _pace(console: Console, line: ParsedLine) -> list[str]:
    text = line.text(0)
    pace = read_pace(text)
    console.session.submit("pace", pace=text)
    return [f"The clock runs at {format_duration(round(pace))} of game time per second; resume starts it."]


@clock.command("pause", "PAUSEX: stops the clock.")
def _pause(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    console.session.submit("pause")
    console.wall.stop()
    return ["PAUSEX"]


@clock.command("resume", "Starts the clock at its pace.")
def _resume(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    if not console.wall.pace:
        raise UsageFault("the clock has no pace (set one, for example pace 1d=5s; next and advance need none)")
    if console.session.exercise.done:
        raise UsageFault("the exercise is over")
    if console.session.exercise.commands.adjudication.stopped:
        raise UsageFault("NO PLAY (playon ends it)")
    console.session.submit("resume")
    console.wall.start()
    return [console.wall.status()]


@clock.command("wait SECONDS", "Waits while the clock runs, in scripts.", example="wait 2 or wait 1m")
def _wait(console: Console, line: ParsedLine) -> list[str]:
    (text,) = line.take(1)
    console.errands.append(("wait", str(int(text) if text.isdecimal() else read(parse_duration, text))))
    return []


@clock.command("stops on|off", "Whether the clock stops when a decision of a human seat falls due.")
def _stops(console: Console, line: ParsedLine) -> list[str]:
    (text,) = line.take(1)
    if text not in ("on", "off"):
        raise line.fault()
    console.session.submit("stops", due=text == "on")
    return [f"The clock {'stops' if text == 'on' else 'does not stop'} when a decision of a human seat falls due."]
