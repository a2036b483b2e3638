"""Commands that go back in time and change branches. What is left behind stays in the command log."""

from __future__ import annotations

from wargame.errors import shortened
from wargame.executor.replay import ADVANCE
from wargame.journal.command_log import CommandEntry
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.registry import CommandGroup
from wargame.live.console.times import time_of
from wargame.live.session import time_travel

SUBJECTS = ("inject", "option", "number", "path", "text", "question", "title", "dossier", "kind", "about", "to")
"""Keys of the data of a command, the one that best says what it was about first."""

history = CommandGroup("time travel")


@history.command(
    "rewind DATE|#SEQ",
    "Goes back, on a new branch, to the moment before the commands of a date, or right before a record.",
    example="rewind 2017-08-01",
)
def _rewind(console: Console, line: ParsedLine) -> list[str]:
    to = time_of(console.session, line.text(0))
    if to is None:
        raise line.fault()
    text = line.args[0].lstrip("#")
    name = time_travel.rewind(console.session, to, int(text) if text.isdigit() else None)
    console.wall.stop()
    return [f"{console.session.instant(console.session.clock)}, on {name}; the earlier branch is kept."]


@history.command(
    "undo",
    "Undoes the last command that had an effect, or the last rewind, switch or branch; notes of the scribe are kept.",
)
def _undo(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    was_running = console.wall.running
    undone = time_travel.undo(console.session)
    console.wall.stop()
    entry, sender = undone.entry, undone.entry.data.get("who")
    lines = [f"Undone: {_summary(entry)}{f', by {sender}' if sender else ''}."]
    lines += ["The time that has passed since is undone with it."] if undone.clock_ran or was_running else []
    lines += ["The clock is stopped."] if was_running else []
    for terminal in console.participants.joined if console.participants is not None and sender else ():
        if terminal.name == sender:
            terminal.show([f"Your command is undone: {_summary(entry)}."])
    lines += [f"Kept: {_notes(undone.kept)} written since."] if undone.kept else []
    lines += [f"Not kept: {_notes(undone.lost)} about what is undone."] if undone.lost else []
    return [" ".join([*lines, console.session.instant(console.session.clock)])]


def _summary(entry: CommandEntry) -> str:
    """A command in a few words: its name, its government and its subject."""
    if entry.kind == ADVANCE:
        return "the last advance"
    subject = next((str(entry.data[key]) for key in SUBJECTS if entry.data.get(key)), "")
    government = str(entry.data.get("government") or "")
    return clean(" ".join(part for part in (entry.kind, government, shortened(subject)) if part))


def _notes(count: int) -> str:
    return "1 note or acknowledgement" if count == 1 else f"{count} notes and acknowledgements"


@history.command("branch NAME", "Continues on a new branch; the present branch keeps its state.")
def _branch(console: Console, line: ParsedLine) -> list[str]:
    (name,) = line.take(1)
    time_travel.branch_off(console.session, name)
    return [f"On {name} from here."]


@history.command("branches", "Lists the branches and the time each has reached.")
def _branches(console: Console, line: ParsedLine) -> list[str]:
    line.take(0)
    session = console.session
    branches = {**({} if "main" in session.branches else {"main": None}), **session.branches}
    rows = []
    for name, head in branches.items():
        at = session.instant(session.reached(name))
        rows.append(f"{'*' if name == session.branch else ' '} {name:<16}  {at}, line {head.n if head else 0}")
    return rows


@history.command("switch NAME", "Goes to the present state of another branch.", takes=("branch",))
def _switch(console: Console, line: ParsedLine) -> list[str]:
    (name,) = line.take(1)
    time_travel.switch(console.session, name)
    console.wall.stop()
    return [f"On {name}, {console.session.instant(console.session.clock)}"]
