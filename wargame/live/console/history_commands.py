"""Commands that go back in time and change branches. What is left behind stays in the command log."""

from wargame.errors import shortened
from wargame.executor.replay import Steps
from wargame.journal.command_words import given
from wargame.journal.wording import sentence_end
from wargame.live.console.command_line import ParsedLine, duration_of, time_of
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.waiting import open_by_seat
from wargame.live.session import time_travel
from wargame.sentence import Name, Sentence

LONGEST_SUMMARY = 160
"""Characters of a command that `undo` shows."""


def _rewind(console: Console, line: ParsedLine) -> Steps[Reply]:
    session, text = console.session, line.text(0)
    by = duration_of(text)
    to = time_of(session, text) if by is None else session.clock - by
    if to is None or by == 0:
        raise line.fault()
    number = text.lstrip("#")
    name = yield from time_travel.rewind(session, to, int(number) if number.isdecimal() else None)
    console.wall.stop()
    due = open_by_seat(console)
    now = f"{session.instant(session.clock)}, on {name}; the earlier branch is kept."
    listed = Name(f" Due: {due}." if due else "", " The overview lists what is due." if due else "")
    return Reply([Sentence(now, listed)])


def _undo(console: Console, line: ParsedLine) -> Steps[Reply]:
    line.need(0, 1)
    if line.args and not line.args[0].isdecimal():
        raise line.fault()
    undone = yield from time_travel.undo(console.session, int(line.args[0]) if line.args else None)
    was_running = console.wall.running
    if console.wall.time_turned:  # else everybody would see from the clock that something was undone
        console.wall.stop()
    by, access = undone.entry.by, console.access
    name = access.name_of(by) if access is not None and isinstance(by, str) else ""
    lines = [sentence_end(f"Undone: {_summary(console, undone)}{f', by {name}' if name else ''}")]
    stopped = was_running and not console.wall.running
    lines += ["The time that has passed since is undone with it."] if undone.clock_ran or stopped else []
    lines += ["The clock is stopped."] if stopped else []
    _notify_author(console, undone)
    lines += [f"Kept: {_notes(undone.kept)} written since."] if undone.kept else []
    lines += [f"Not kept: {_notes(undone.lost)} about what is undone."] if undone.lost else []
    return Reply([" ".join([*lines, console.session.instant(console.session.clock)])])


def _notify_author(console: Console, undone: time_travel.Undone) -> None:
    """Report to the author of the command, on a terminal or in a browser, that it is undone; not to who undoes it."""
    session, entry = console.session, undone.entry
    lines, sender = [sentence_end(f"Your command is undone: {_summary(console, undone)}")], entry.data.get("who")
    for terminal in console.participants.joined if console.participants is not None and sender else ():
        if terminal.name == sender:
            terminal.show(Reply(lines))
    undone_by = session.log.lines[session.last_turn - 1].by
    if console.access is not None and isinstance(entry.by, str) and entry.by != undone_by:
        console.access.notify(entry.by, Reply(lines))


def _summary(console: Console, undone: time_travel.Undone) -> str:
    words = given(undone.entry, console.titles, console.session.instant, undone.reached)
    return shortened(words, LONGEST_SUMMARY)


def _notes(count: int) -> str:
    return "1 note or acknowledgement" if count == 1 else f"{count} notes and acknowledgements"


def _branch(console: Console, line: ParsedLine) -> Reply:
    (name,) = line.take(1)
    time_travel.branch_off(console.session, name)
    return Reply([f"On {name} from here."])


def _branches(console: Console, _: ParsedLine) -> Steps[Reply]:
    session = console.session
    branches = {**({} if "main" in session.branches else {"main": None}), **session.branches}
    rows = []
    for name, head in branches.items():
        at = session.instant((yield from session.reaching(name)))
        rows.append(f"{'*' if name == session.branch else ' '} {name:<16}  {at}, line {head.n if head else 0}")
    return Reply(rows)


def _switch(console: Console, line: ParsedLine) -> Steps[Reply]:
    (name,) = line.take(1)
    yield from time_travel.switch(console.session, name)
    console.wall.stop()
    return Reply([f"On {name}, {console.session.instant(console.session.clock)}"])
