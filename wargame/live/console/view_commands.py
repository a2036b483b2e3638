"""Looking around: status, why, the record, the hot wash, and what would come next."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.journal.trace import trace
from wargame.language.times import format_duration, parse_duration
from wargame.live.console.command_line import count
from wargame.live.console.registry import READERS, WHITE, verb
from wargame.live.console.script_commands import until
from wargame.seat.banner import BANNER
from wargame.seat.feed import PUBLIC, clean, feed, reader_of
from wargame.seat.lines import indicator, inject
from wargame.seat.options import check
from wargame.simulation.control.lookup import known, read

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console
    from wargame.live.session.session import Session
    from wargame.simulation.control.seats import Due

QUESTIONS = (
    "What was supposed to happen?",
    "What happened, and when did each of you know?",
    "Why was there a difference?",
    "What should we sustain?",
    "What should we improve, and who takes it on?",
)
LAST = 15
NOTHING = 0.005
"""Indicators nearer to 0 are left out of the status."""


def public(session: Session, records: list[Record]) -> list[str]:
    """What a screen in the room may show: what is for everyone, and public actions that all governments know of."""
    return [item.line for item in feed(session.exercise, PUBLIC, records) if item.text]


@verb("status", "Clock, pace, what is due and what waits, outcomes, the world.", "look", READERS)
def _status(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "status")
    session, exercise = console.session, console.session.exercise
    titles, world = exercise.context.scenario.outcomes, exercise.context.world
    met = [f"{titles[name].title}, {session.instant(t)}" for name, t in exercise.outcomes.items() if t is not None]
    shown = [s.name for s in world.slots if not s.index and not s.name.startswith(("belief", "var"))]
    values = {name: value for name in shown if abs(value := world.get(name)) >= NOTHING}
    wide = max(map(len, values), default=0)
    waiting = sum(not request.ruling for request in exercise.commands.adjudication.requests.values())
    counts = ", ".join(f"{number} {kind}" for kind, number in exercise.expected.counts.items())
    first = next_inject(console)
    coming = f"{' '.join(first)}: {inject(exercise, first[0])}" if first else "none"
    left = ", ".join(_left(key, seconds) for key, seconds in console.wall.remaining().items())
    lines = [
        "world:",
        *(f"  {name:<{wide}} {value:>8.2f}  {indicator(exercise, name)}" for name, value in values.items()),
        f"{session.instant(session.clock)}  {console.wall.told()}  branch {session.branch}, line {session.head}",
        f"due: {_due(console) or 'nothing'}; requests that wait: {waiting}",
        f"next inject: {coming}",
        *(f"outcome: {each}" for each in met or ["none yet"]),
        f"expected actions: {counts}, {len(exercise.expected.open_ones())} open",
        *([f"left on the wall: {left}"] if left else []),
    ]
    return [clean(line) for line in lines]


def _left(key: str, seconds: float) -> str:
    """What is left of a deadline on the wall; its key is government, dossier and record."""
    return f"{' '.join(key.split('/')[:2])} {format_duration(max(0, round(seconds)))}"


def _due(console: Console) -> str:
    return ", ".join(f"{due.government} {due.dossier}" for due in console.session.exercise.commands.seats.dues.values())


def next_inject(console: Console) -> tuple[str, ...]:
    """The next inject with a date, and how far off it is; empty if there is none."""
    injector, now = console.session.exercise.injector, console.session.exercise.now
    due = [
        (at, name)
        for name, line in injector.lines.items()
        if line.status != "held" and (at := injector.due_of(line)) is not None and at >= now
    ]
    return (min(due)[1], until(min(due)[0] - now)) if due else ()


def bar(console: Console, wall: str) -> list[str]:
    """The bottom bar: both clocks, pace or PAUSEX, the branch; below the next inject and what waits for a decision."""
    session = console.session
    parts = [f"game {session.instant(session.clock)}", f"wall {wall}", console.wall.told()]
    parts += [f"branch {session.branch}"] if session.branch != "main" else []
    over = session.exercise.done
    coming, due = ("", "") if over else (" ".join(next_inject(console)), _due(console))
    waiting = sum(not r.ruling for r in session.exercise.commands.adjudication.requests.values())
    below = [f"queue: {waiting} to rule on"] if waiting else []
    below += [f"next: {coming}"] if coming else []
    below += [f"DUE: {due}"] if due else []
    return ["  |  ".join(["EXERCISE", *parts]), "  |  ".join(below) or "nothing is due"]


def place(console: Console) -> str:
    """The bar of a seat, a scribe or a screen: the clock, whether it runs; below it what is due for the seat."""
    session = console.session
    parts = [BANNER, session.instant(session.clock), console.wall.told().partition(",")[0]]
    dues = session.exercise.commands.seats.dues.values() if console.seat and not session.exercise.done else ()
    due = ", ".join(_with_deadline(console, each) for each in dues if each.government == console.seat)
    return "  |  ".join(parts) + (f"\nDUE: {due}" if due else "")


def _with_deadline(console: Console, due: Due) -> str:
    left = console.wall.left.get(f"{due.government}/{due.dossier}/{due.seq}")
    if left is not None:
        seconds = max(1, ceil(left))
        return f"{due.dossier}, {seconds}s left" if seconds < 120 else f"{due.dossier}, {-(-seconds // 60)} min left"
    calendar = console.session.exercise.calendar
    return f"{due.dossier} by {calendar.at(due.until):%m-%d %H:%M}" if due.until is not None else due.dossier


@verb("log [N]", "The last records.", "look", READERS)
def _log(console: Console, words: ParsedLine) -> list[str]:
    from wargame.live.console.console import worth_telling

    most = count(words.args[0], "log [N]") if words.args else LAST
    told = [record for record in console.session.records if worth_telling(record)]
    return [console.line(record) for record in told[-most:]] or ["Nothing yet."]


@verb("why SEQ", "The causal trace of a record.", "look", READERS)
def _why(console: Console, words: ParsedLine) -> list[str]:
    (text,) = words.take(1, "why SEQ")
    if not text.lstrip("#").isdigit():
        raise UsageFault("write the number of a record, as in why 1200")
    index = {record.seq: record for record in console.session.records}
    found = trace(int(text.lstrip("#")), index, reader_of(console.session.exercise, "").titles)
    lines: list[str] = []
    for place, step in enumerate(found.steps):
        lines += [
            ("because of " if place else "") + console.line(step.record),
            *(f"    {line}" for line in step.details),
        ]
    return [clean(line) for line in [*lines, found.closing]]


@verb(
    "hotwash",
    "The questions, the turning points, expected actions and notes, for the talk after ENDEX.",
    "look",
    READERS,
)
def _hotwash(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "hotwash")
    records, session = console.session.records, console.session
    found = console.moments(records) if console.moments else [console.line(r) for r in records if r.kind == "outcome"]
    expected = _by_status(console, records)
    notes = [console.line(r) for r in records if r.kind in ("note", "rating")]
    lines = [BANNER, f"HOT WASH, {clean(session.title)}, {session.instant(session.clock)}", "", "Questions:"]
    lines += [f"  {question}" for question in QUESTIONS]
    for title, part in (("Turning points", found), ("Expected actions", expected), ("Notes and ratings", notes)):
        lines += ["", f"{title}:", *(f"  {clean(line)}" for line in part or ["none"])]
    objectives = session.exercise.context.scenario.objectives
    rated = {record.about for record in records if record.kind == "rating"}
    unrated = [
        clean(f"  {name}: {spec.title} (rate {name} P|S|M|U)") for name, spec in objectives.items() if name not in rated
    ]
    return [*lines, *(["", "Objectives without a rating:", *unrated] if unrated else []), BANNER]


def _by_status(console: Console, records: list[Record]) -> list[str]:
    """Expected actions: what was missed, what came late, what was met; a line each, and how many of them."""
    lines = []
    for status in ("missed", "late", "met"):
        found = [console.line(r) for r in records if r.kind == "expected" and r.data.get("status") == status]
        lines += [f"{status}: {len(found)}", *(f"  {line}" for line in found)] if found else []
    return lines


@verb("forecast [TIME] [-n N]", "Plays the model on from now, many times, in the background.", "look", WHITE)
def _forecast(console: Console, words: ParsedLine) -> list[str]:
    days = words.args[0] if words.args else "90d"
    read(parse_duration, days)
    console.errands.append(("forecast", days, _times(words, 200)))
    return ["Forecast under way; the console stays yours."]


@verb(
    "whatif COMMAND [--over TIME] [-n N]",
    "Compares paired futures with and without release X, skip X, or order GOV OPTION [TARGET].",
    "look",
    WHITE,
)
def _whatif(console: Console, words: ParsedLine) -> list[str]:
    from wargame.futures.lookahead import proposal

    exercise, (what, *order) = console.session.exercise, words.args or [""]
    if what == "order" and 2 <= len(order) <= 3:
        known("government", order[0], exercise.governments)
        check(exercise, order[0], order[1], order[2] if len(order) > 2 else None)
    proposal(exercise, words.args)
    console.errands.append(("whatif", words.named.get("over", "90d"), _times(words, 100), *words.args))
    return ["Comparison under way; nothing is committed."]


@verb("where [-n N]", "At which percentile of unattended runs this exercise stands.", "look", WHITE)
def _where(console: Console, words: ParsedLine) -> list[str]:
    console.errands.append(("where", "0", _times(words, 100)))
    return ["Under way."]


def _times(words: ParsedLine, otherwise: int) -> str:
    text = words.named.get("n", str(otherwise))
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise UsageFault("-n is a number of futures, from 1 to 100000")
    return text
