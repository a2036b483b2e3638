"""Commands that show the state of the exercise, its history and what might come next."""

from collections.abc import Sequence
from functools import partial

from wargame.errors import UsageFault
from wargame.futures.lookahead import proposed_command
from wargame.journal.judgements import present_judgements, replaced_by, replaced_ratings
from wargame.journal.records.script import STATUSES
from wargame.journal.template_cache import text_lines
from wargame.journal.trace import trace
from wargame.language.plain_text import clean
from wargame.language.times import DAY, format_duration, parse_duration
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.evaluation_commands import judged_groups, unrated_objectives
from wargame.live.console.news import evaluator_lines, is_shown, record_line, world_values
from wargame.live.console.reply import Reply
from wargame.live.console.status_bar import next_inject
from wargame.live.console.waiting import open_by_seat, queue_counts
from wargame.seat.feed import indicator, inject, reader_of
from wargame.seat.options import check
from wargame.sentence import BANNER
from wargame.simulation.control.lookup import read, valid_name
from wargame.simulation.exercise import Exercise
from wargame.tables import tables

QUESTIONS: Sequence[str] = tables("live/phrases.yaml")["hot_wash"]
LOG_LINES = 15
USUAL_HORIZON = "90d"


def _status(console: Console, _: ParsedLine) -> Reply:
    session, exercise = console.session, console.exercise
    lines = text_lines(
        "wargame.live",
        "status.txt.j2",
        session=session,
        wall=console.wall,
        values=world_values(exercise),
        indicator=partial(indicator, exercise),
        due=open_by_seat(console),
        queue=queue_counts(session),
        upcoming=next_inject(session),
        inject=partial(inject, exercise),
        statuses=STATUSES,
        length=format_duration,
    )
    return Reply(lines)


def _log(console: Console, line: ParsedLine) -> Reply:
    most = line.count(0, LOG_LINES)
    if not console.sees_all:
        return Reply(evaluator_lines(console, console.session.records, most) or ["Nothing yet."])
    shown = [record for record in console.session.records if is_shown(record) or record.kind == "command"]
    return Reply([record_line(console.session, record) for record in shown[-most:]] or ["Nothing yet."])


def _why(console: Console, line: ParsedLine) -> Reply:
    (text,) = line.take(1)
    if not text.lstrip("#").isdecimal():
        raise line.fault()
    index = {record.seq: record for record in console.session.records}
    causes = trace(int(text.lstrip("#")), index, reader_of(console.exercise, "").titles)
    shown = causes.lines(full="full" in line.options)
    session = console.session
    rows = (record_line(session, each.record) if each.record else " " * each.indent + each.text for each in shown)
    return Reply([clean(row) for row in rows])


def _hotwash(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    if line.args not in ([], ["all"]):
        raise line.fault()
    session, records = console.session, console.session.records
    review = console.review
    elsewhere, replaced = present_judgements(records), replaced_ratings(records)
    remarks = [
        record_line(session, record) + (f" ({replaced_by(record)})" if record.seq in replaced else "")
        for record in records
        if record.kind in ("note", "rating") and record.seq not in elsewhere  # the expected actions show the others
    ]
    outcomes = [record_line(session, record) for record in records if record.kind == "outcome"]
    moments = [each.typed for each in review.turning_points()] if review else outcomes
    said = review.players() if review else []
    players = [each.typed for each in said if each.first or line.args]
    players += [f"{len(said) - len(players)} more: hotwash all lists them."] if len(players) < len(said) else []
    judged = [line for title, lines in judged_groups(console) for line in (title, *(f"  {each}" for each in lines))]
    parts = {
        "Turning points": moments,
        "Orders, messages and votes of players": players,
        "Expected actions": judged,
        "Notes and ratings": remarks,
    }
    shown = {"session": session, "banner": BANNER, "questions": QUESTIONS, "unrated": unrated_objectives(session)}
    return Reply(text_lines("wargame.live", "hotwash.txt.j2", parts=parts.items(), **shown))


def to_endex(exercise: Exercise, horizon: str = USUAL_HORIZON) -> str:
    """Return the end of futures: as typed, and at most to ENDEX. UsageFault if it is no time."""
    asked, left = read(parse_duration, horizon), exercise.end - exercise.now
    whole = left - left % DAY if left > DAY else left
    return horizon if asked <= left or exercise.done else format_duration(whole)


def _forecast(console: Console, line: ParsedLine) -> Reply:
    horizon = to_endex(console.exercise, line.args[0] if line.args else USUAL_HORIZON)
    console.requested.append(("forecast", horizon, _futures(line, 200)))
    return Reply(["The forecast is running; you can continue."])


def _whatif(console: Console, line: ParsedLine) -> Reply:
    exercise, (what, *order) = console.exercise, line.args or [""]
    if what == "order" and 2 <= len(order) <= 3:
        valid_name("government", order[0], exercise.governments)
        check(exercise, order[0], order[1], order[2] if len(order) > 2 else None)
    proposed_command(exercise, line.args)
    horizon = to_endex(exercise, line.options.get("over", USUAL_HORIZON))
    console.requested.append(("whatif", horizon, _futures(line, 100), *line.args))
    return Reply(["The comparison is running; the command is not given."])


def _where(console: Console, line: ParsedLine) -> Reply:
    console.requested.append(("where", "0", _futures(line, 100)))
    return Reply(["The comparison is running."])


def _futures(line: ParsedLine, default: int) -> str:
    text = line.options.get("n", str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise UsageFault("-n is the number of futures, from 1 to 100000")
    return text
