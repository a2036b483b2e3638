"""Back in time and aside: rewind, undo, branches. What is left stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.live.session import time_of
from wargame.live.verbs import verb

if TYPE_CHECKING:
    from wargame.live.console import Console
    from wargame.live.words import Words


@verb("rewind DATE|#SEQ", "Goes back to a moment, before what was commanded then, on a new branch.", "time travel")
def _rewind(console: Console, words: Words) -> list[str]:
    to = time_of(console.session, words.text(0, "rewind DATE or rewind #SEQ"))
    if to is None:
        raise UsageFault("write: rewind DATE or rewind #SEQ, such as rewind 2017-08-01")
    console.wall.running = False
    name = console.session.rewind(to)
    return [f"{console.session.instant(console.session.clock)}, on {name}; what was left stays on record."]


@verb("undo", "Takes back the last command that did something.", "time travel")
def _undo(console: Console, words: Words) -> list[str]:
    words.take(0, "undo")
    console.wall.running = False
    line = console.session.undo()
    return [f"Undone: {line.kind}. {console.session.instant(console.session.clock)}"]


@verb("branch NAME", "Goes on under a new name; the branch so far stays where it is.", "time travel")
def _branch(console: Console, words: Words) -> list[str]:
    (name,) = words.take(1, "branch NAME")
    console.session.branch_off(name)
    return [f"On {name} from here."]


@verb("branches", "The branches, and where each stands.", "time travel")
def _branches(console: Console, words: Words) -> list[str]:
    words.take(0, "branches")
    now, session = console.session.branch, console.session
    found = {**({} if "main" in session.branches else {"main": None}), **session.branches}
    rows = []
    for name, line in found.items():
        at = session.instant(session.stands(name))
        rows.append(f"{'*' if name == now else ' '} {name:<16}  {at}, line {line.n if line else 0}")
    return rows


@verb("switch NAME", "Goes to where another branch stands.", "time travel", takes=("branch",))
def _switch(console: Console, words: Words) -> list[str]:
    (name,) = words.take(1, "switch NAME")
    console.wall.running = False
    console.session.switch(name)
    return [f"On {name}, {console.session.instant(console.session.clock)}"]
