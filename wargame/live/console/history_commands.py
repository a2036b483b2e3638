"""Back in time and aside: rewind, undo, branches. What is left stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.executor.replay import ADVANCE
from wargame.live.console.registry import verb
from wargame.live.session.session import time_of
from wargame.seat.feed import clean

if TYPE_CHECKING:
    from wargame.journal.command_log import CommandEntry
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console


@verb(
    "rewind DATE|#SEQ",
    "Goes back to a moment, before what was commanded then, or right before a record, on a new branch.",
    "time travel",
)
def _rewind(console: Console, words: ParsedLine) -> list[str]:
    to = time_of(console.session, words.text(0, "rewind DATE or rewind #SEQ"))
    if to is None:
        raise UsageFault("write: rewind DATE or rewind #SEQ, such as rewind 2017-08-01")
    text = words.args[0].lstrip("#")
    name = console.session.rewind(to, int(text) if text.isdigit() else None)
    console.wall.stop()
    return [f"{console.session.instant(console.session.clock)}, on {name}; what was left stays on record."]


@verb(
    "undo",
    "Takes back the last command that did something, or the last rewind, switch or branch; notes of the scribe stay.",
    "time travel",
)
def _undo(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "undo")
    ran = console.wall.running
    undone = console.session.undo()
    console.wall.stop()
    line, whose = undone.line, undone.line.data.get("who")
    said = [f"Undone: {_what(line)}{f' of {whose}' if whose else ''}."]
    said += ["The time that ran since then is taken back with it."] if undone.ran or ran else []
    said += ["The clock stands."] if ran else []
    for terminal in console.room.joined if console.room is not None and whose else ():
        if terminal.name == whose:
            terminal.show([f"What is taken back is yours: {_what(line)}."])
    said += [f"Kept: {_beside(undone.kept)} that came after it."] if undone.kept else []
    said += [f"Not kept: {_beside(undone.lost)} of what is undone."] if undone.lost else []
    return [" ".join([*said, console.session.instant(console.session.clock)])]


SUBJECTS = ("inject", "option", "number", "path", "text", "question", "title", "dossier", "kind", "about", "to")
"""Of the data of a command, what says best what it was about."""


def _what(line: CommandEntry) -> str:
    """A command in a few words: its name and what it was about."""
    if line.kind == ADVANCE:
        return "the last move of the clock"
    subject = next((str(line.data[key]) for key in SUBJECTS if line.data.get(key)), "")
    whom = str(line.data.get("government") or "")
    return clean(" ".join(part for part in (line.kind, whom, subject[:60]) if part))


def _beside(count: int) -> str:
    return "one note or acknowledgement" if count == 1 else f"{count} notes and acknowledgements"


@verb("branch NAME", "Goes on under a new name; the branch so far stays where it is.", "time travel")
def _branch(console: Console, words: ParsedLine) -> list[str]:
    (name,) = words.take(1, "branch NAME")
    console.session.branch_off(name)
    return [f"On {name} from here."]


@verb("branches", "The branches, and where each stands.", "time travel")
def _branches(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "branches")
    now, session = console.session.branch, console.session
    found = {**({} if "main" in session.branches else {"main": None}), **session.branches}
    rows = []
    for name, line in found.items():
        at = session.instant(session.stands(name))
        rows.append(f"{'*' if name == now else ' '} {name:<16}  {at}, line {line.n if line else 0}")
    return rows


@verb("switch NAME", "Goes to where another branch stands.", "time travel", takes=("branch",))
def _switch(console: Console, words: ParsedLine) -> list[str]:
    (name,) = words.take(1, "switch NAME")
    console.session.switch(name)
    console.wall.stop()
    return [f"On {name}, {console.session.instant(console.session.clock)}"]
