"""Commands that move, pace, stop and start the clock."""

from functools import partial

from wargame.errors import UsageFault
from wargame.executor.replay import PART, REWIND, Steps
from wargame.journal.command_log import ADVANCE, NotKept
from wargame.journal.records import Record
from wargame.journal.template_cache import text_lines
from wargame.language.plain_text import clean
from wargame.language.times import format_duration, parse_duration
from wargame.live.console.command_line import QUOTES, ParsedLine, duration_of, time_of
from wargame.live.console.console import Console
from wargame.live.console.names import formula
from wargame.live.console.news import COUNTED, JUMP, catch_up, summary
from wargame.live.console.reply import Reply, ReplyLine
from wargame.live.session.floors import MORE
from wargame.live.session.pace import pace_text, read_pace, read_stops, read_wall, stops_text
from wargame.live.session.wall_time import Timer, read_timer
from wargame.live.timetable import MOVE, TimetableRow, clock_text, timetable
from wargame.seat.brief import inbox
from wargame.sentence import Name, Sentence, hint
from wargame.simulation.control.commands import PLAY_ON
from wargame.simulation.control.lookup import read, world_condition

HOW_TO_MOVE = Name(
    "the clock moves by next, advance and move; pace --wall 3h lets it run.",
    "go on with Next event or End of move, or set a pace under Advance, pace.",
)
STILL = "You can still judge, rate and write notes."
"""The commands after ENDEX, for those who press buttons."""
MOST = 12
"""Messages of a catch-up shown to the facilitator, for each seat without a terminal."""


def advance(console: Console, to: int, **stops: object) -> Steps[list[ReplyLine]]:
    """Advance to second `to`, or to an earlier stop; shows catch-ups, the time reached and why it stopped.

    With `console.part`, it advances in parts, each a separate command: between them, others may give commands.
    """
    session, wall = console.session, console.wall
    start, to = session.exercise.now, min(to, session.exercise.end)
    if wall.programs is not None and wall.programs.deciding:
        names = console.name(*wall.programs.deciding)
        raise UsageFault(f"the program of {names} has its turn; try again when it has decided")
    if wall.moving_to is not None:
        at = session.instant(wall.moving_to)
        raise UsageFault(f"the clock is being moved to {at}", hint("pause", "stops it", "Pause"))
    if not wall.running:
        wall.mark()
    records, ended = yield from _in_parts(console, to, stops)
    reason = ended or wall.reason_to_stop(records)
    waits_for = wall.programs.deciding if wall.programs is not None and not reason else []
    condition = str(stops.get("when") or "")
    goes_on = session.exercise.now < to and not (stops.get("news") or _holds(console, condition))
    if wall.programs is not None and waits_for and goes_on:
        wall.programs.go_on(to, dict(stops))
        reason = f"the program of {console.name(*waits_for)} decides, then the clock goes on"
    if not ended and (reason or not wall.running) and not session.exercise.done:
        wall.wait("" if waits_for else reason)
    return [*_catch_ups(console, records, start), _time_reached(console, to, condition, reason)]


def _in_parts(console: Console, to: int, stops: dict[str, object]) -> Steps[tuple[list[Record], str]]:
    """Move the clock; returns the new records, and what ended the move between two parts, if anything."""
    session, wall = console.session, console.wall
    records: list[Record] = []
    turn, halts, running = session.last_turn, wall.halts, wall.running
    mark: dict[str, object] = {}
    wall.moving_to = to
    try:
        while True:
            part = to if console.part is None else min(to, session.exercise.now + console.part)
            part = int(min(part, midnight := wall.next_midnight()))
            try:
                result = session.submit(ADVANCE, to=part, **stops, **wall.marks(), **mark)
            except (NotKept, UsageFault) as error:
                if not mark:
                    raise
                return records, str(error)
            before = len(session.records)
            called = wall.has_come(midnight) and wall.programs is not None and wall.programs.deciding
            records += [*result.records, *session.records[before:]]
            if result.why != "to" or part == to or called:
                return records, ""
            mark = {PART: True}
            if not running:
                wall.wait()
            yield
            if session.last_turn != turn:
                return records, "the exercise has gone to another past"
            if session.exercise.commands.adjudication.stopped:
                return records, "NO PLAY"
            if wall.halts != halts or (running and not wall.running):
                return records, wall.reason or "PAUSEX"
            if session.exercise.done or session.exercise.now >= to:
                return records, ""
    finally:
        wall.moving_to = None


def _holds(console: Console, condition: str) -> bool:
    context = console.exercise.context
    return bool(condition) and bool(world_condition(condition, context)(context.world, context.events))


def _time_reached(console: Console, to: int, condition: str, reason: str) -> ReplyLine:
    session = console.session
    if session.exercise.done:
        at = session.instant(session.exercise.now)
        still = Name("endex writes the review; hotwash, judge, rate and note still work.", STILL)
        return Sentence(f"The exercise is over, {at}. ", still)
    early = session.exercise.now < to
    if not reason and early and condition:
        reason = f"{clean(condition)} is true"
    return f"{session.instant(session.clock)}{f', stopped: {reason}' if reason and early else ''}"


def _catch_ups(console: Console, records: list[Record], since: int) -> list[str]:
    """Return a catch-up, to be read out, for each human seat without a terminal, after a jump from second `since`."""
    lines, session = [], console.session
    if session.exercise.now - since < JUMP or not records:
        return []
    exercise = session.exercise
    present = console.participants.seats() if console.participants else set[str]()
    programs = set(console.wall.programs.seats) if console.wall.programs is not None else set[str]()
    for name in sorted(set(exercise.governments) - present - programs):
        listed = [record for record in records if record.kind not in COUNTED]
        messages = inbox(exercise, listed, name) if exercise.commands.seats.of(name) == "human" else []
        if messages:
            lines += catch_up(session, name, since, [item.line for item in messages], MOST)
    return lines


def _next(console: Console, _: ParsedLine) -> Steps[Reply]:
    return Reply((yield from advance(console, console.exercise.end, news=True)))


def _advance(console: Console, line: ParsedLine) -> Steps[Reply]:
    to = console.exercise.now + read(parse_duration, line.text(0))
    return Reply((yield from advance(console, to)))


def _until(console: Console, line: ParsedLine) -> Steps[Reply]:
    text = line.rest.translate(QUOTES).strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1]
    if not text or text.lstrip("#").isdecimal():
        raise line.fault()
    if duration_of(text) is not None:
        raise UsageFault(f"until {text}: advance {text} advances by this time; D+N is N days after STARTEX (until D+5)")
    to = time_of(console.session, text)
    if to is not None:
        return Reply((yield from advance(console, to)))
    text = formula(console, text)
    lines = yield from advance(console, console.exercise.end, when=text)
    return Reply(lines if not console.exercise.done else [f"{text} was never true.", *lines])


def _move(console: Console, _: ParsedLine) -> Steps[Reply]:
    wall, number, to = console.wall, console.wall.move, console.wall.end_of_move()
    lines = yield from advance(console, to)
    exercise = console.exercise
    if exercise.now < to or exercise.done:
        return Reply(lines)
    wall.wait(wall.reason or f"move {number} has ended", number)
    after = part_after(console, number)
    return Reply([f"Move {number} ends.", *lines, *([f"Then: {part_text(after)}."] if after is not None else [])])


# --- the running clock ---------------------------------------------------------------------------------------


def _pace(console: Console, line: ParsedLine) -> Reply:
    if "wall" in line.options:
        line.need(0, 0)
        seconds = read_wall(line.options["wall"])
        if console.exercise.done:
            raise UsageFault("the exercise is over")
        console.session.submit("pace", wall=seconds)
        console.wall.plan(seconds)
        return Reply([_plan(console, seconds)])
    if "moves" in line.options:
        line.need(0, 0)
        return Reply([_pace_of_moves(console)])
    text = line.text(0)
    read_pace(text)
    console.session.submit("pace", pace=text)
    console.wall.plan(None)
    return Reply([Sentence(f"The pace is {pace_text(console.wall.pace)}.", _how_to_start(console))])


def _pace_of_moves(console: Console) -> Sentence:
    wall, times = console.wall, console.wall.move_times
    if not times.walls:
        raise UsageFault("this exercise plans no moves with times in the room (pace --wall 3h sets the time to ENDEX)")
    if console.exercise.done:
        raise UsageFault("the exercise is over")
    console.session.submit("pace", moves=True)
    wall.plan(None)
    now = format_duration(times.wall(wall.move)) if times.wall(wall.move) else "no time of its own"
    message = (
        f"Each of {len(times.walls)} moves has its time in the room; move {wall.move}: {now}, the pace is "
        f"{pace_text(wall.pace)}. Stops during a move count and make its rest faster; the time between moves, PAUSEX "
        "and NO PLAY do not."
    )
    return Sentence(message, _how_to_start(console))


def _plan(console: Console, seconds: int) -> Sentence:
    """Return what a wall time means: the pace, and the time for each move."""
    wall, exercise = console.wall, console.exercise
    length = exercise.context.scenario.calendar.move
    moves = wall.move_times.count - wall.move + 1
    of_all = f"{moves} moves of {format_duration(length)}"
    each = f", {format_duration(max(1, round(length / wall.pace)))} for each of {of_all}"
    return Sentence(
        f"{format_duration(exercise.end - exercise.now)} to ENDEX in {format_duration(seconds)} of wall time: "
        f"the pace is {pace_text(wall.pace)}{each if moves > 1 else ''}. Stops count, and make the rest faster; "
        "PAUSEX and NO PLAY do not.",
        _how_to_start(console),
    )


def _how_to_start(console: Console) -> Name:
    start = Name(" resume starts the clock.", " Start, or Resume, lets the clock run.")
    return Name("") if console.wall.running else start


def _pause(console: Console, _: ParsedLine) -> Reply:
    if console.exercise.done:
        return Reply(["ENDEX: the clock has stopped for good."])
    console.session.submit("pause")
    if console.wall.programs is not None:
        console.wall.programs.halt()
    console.wall.stop()
    stopped = console.exercise.commands.adjudication.stopped
    return Reply([Sentence("PAUSEX; NO PLAY goes on", PLAY_ON, ".") if stopped else "PAUSEX"])


def _resume(console: Console, _: ParsedLine) -> Reply:
    session, wall = console.session, console.wall
    if session.exercise.done:
        return Reply([Sentence("ENDEX: the clock has stopped for good", REWIND, ".")])
    session.submit("resume")
    wall.start()
    if session.exercise.commands.adjudication.stopped:
        return Reply([Sentence("NO PLAY goes on", PLAY_ON, ", then the clock runs." if wall.running else ".")])
    if not wall.running:
        return Reply([Sentence("PAUSEX ends. No pace is set: ", HOW_TO_MOVE)])
    return Reply([wall.status()])


def _moretime(console: Console, line: ParsedLine) -> Reply:
    seconds = read(parse_duration, line.text(0)) if line.args else MORE
    given = console.wall.floors.more(seconds)
    if not given:
        raise UsageFault("nothing waits for anybody")
    what = "; ".join(f"{each.of.government}, {each.of.title}" for each in given)
    return Reply([f"{format_duration(seconds)} more: {what}"])


def _wait(console: Console, line: ParsedLine) -> Reply:
    (text,) = line.take(1)
    console.requested.append(("wait", str(int(text) if text.isdecimal() else read(parse_duration, text))))
    return Reply([])


def _stop(console: Console, line: ParsedLine) -> Reply:
    if not line.args:
        now = stops_text(console.wall.stops)
        return Reply([f"{now} pause stops it now; stop at changes where it stops by itself."])
    line.need(2)
    if line.args[0].lower() != "at":
        raise line.fault()
    chosen = read_stops(line.args[1:])
    console.session.submit("stop", at=chosen)
    return Reply([stops_text(chosen)])


def _summary(console: Console, _: ParsedLine) -> Reply:
    return Reply(summary(console))


# --- the timer in the room -----------------------------------------------------------------------------------


def _timer(console: Console, line: ParsedLine) -> Reply:
    session, wall = console.session, console.wall
    if not line.args:
        return Reply([f"Timer: {wall.timer.text}" if wall.timer else "No timer is set."])
    if line.args[0].lower() == "off":
        line.need(0, 1)
        if wall.timer is None:
            raise UsageFault("no timer is set")
        session.submit("timer", seconds=0)
        wall.timer = None
        return Reply(["The timer is off."])
    seconds, label = read_timer(line.args[0]), clean(" ".join(line.args[1:]))
    session.submit("timer", seconds=seconds, label=label)
    wall.timer = Timer(label, float(seconds))
    return Reply([f"Timer: {wall.timer.text}"])


# --- moves -----------------------------------------------------------------------------------------------------------


def _moves(console: Console, _: ParsedLine) -> Reply:
    """Show the timetable with the current move marked, its opening and its notes."""
    plan = console.session.loaded.exercise
    if plan is None or not plan.moves:
        also = Name("; status shows the clock")
        raise UsageFault("there is no exercise file with moves (wargame plan makes one)", also)
    exercise, wall = console.exercise, console.wall
    rows, current = timetable(plan, exercise.calendar), wall.ended_move or wall.move
    shown = {"plan": plan, "rows": rows, "current": current, "over": exercise.done, "clock": partial(clock_text, plan)}
    return Reply(text_lines("wargame.live", "moves.txt.j2", minute=exercise.calendar.minute, **shown))


def part_after(console: Console, number: int) -> TimetableRow | None:
    """Return what is planned after a move: a break, the next move, or the hot wash; None without an exercise file."""
    plan = console.session.loaded.exercise
    if plan is None or not 1 <= number <= len(plan.moves):
        return None
    rows = timetable(plan, console.exercise.calendar)
    place = next(i for i, row in enumerate(rows) if row.kind == MOVE and row.number == number)
    return rows[place + 1] if place + 1 < len(rows) else None


def part_text(row: TimetableRow) -> str:
    """Return the title of a part of the timetable and its length in the room."""
    return f"{clean(row.title)}, {format_duration(row.wall_end - row.wall_start)}"
