"""Going back in time and changing branches in a live exercise.

Each of these is a command whose parent is an earlier command; nothing is removed from the command log.

They work in steps: first the other past is re-simulated aside, and other commands may be given in between; the last
step goes there.
"""

from itertools import count

from wargame.dataclasses import dataclass
from wargame.errors import UsageFault
from wargame.executor.replay import DUE, PART, TICK, Steps
from wargame.journal.command_log import ADVANCE, ELSEWHERE, MAIN, CommandEntry, heads
from wargame.journal.records import Record
from wargame.language.times import MINUTE
from wargame.live.session.session import Session
from wargame.sentence import Name, Sentence, hint

CHANGES = ("rewind", "switch", "branch")
"""Kinds of commands that `undo` undoes by going back to the branch before them."""
OTHER_COMMAND = Sentence(
    "another command has been given in the meantime; nothing is undone (look, then ",
    Name("repeat undo", "press Undo again"),
    ")",
)
LONGEST_NAME = 40
"""Characters of the name of a branch."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The commands that `undo` has undone.

    `reached` is the second that the command had led to.
    `clock_ran` says whether moves of the running clock went with it. `kept` and `lost` count the notes and
    acknowledgements of others since then that could be written again and that could not.
    """

    entry: CommandEntry
    reached: int = 0
    clock_ran: bool = False
    kept: int = 0
    lost: int = 0


def rewind(session: Session, to: int, before: int | None = None) -> Steps[str]:
    """Go back to second `to`, before its commands, on a new branch, and return the name of that branch.

    If a decision of a person fell due in the minute that begins then, it is due: clocks show minutes, and the state is
    the one in which the clock stopped for it. With `before`, the number of a record, goes back to right before it.
    """
    calendar = session.exercise.calendar
    if not calendar.startex <= to <= session.exercise.now:
        first = calendar.at(calendar.startex)
        raise UsageFault(f"the exercise can go back to times from {first:%Y-%m-%d %H:%M} to now")
    if before is None:
        until = min(to + MINUTE, session.exercise.now)
        stops = [r.t + 1 for r in session.records if r.kind in DUE and to <= r.t < until]
        to = min(stops, default=to)
    turn, path, parent = session.last_turn, list(session.path), 0
    for entry, (end, records) in zip(path, (yield from session.resimulation.after(path)), strict=True):
        if end > to or (entry.t >= to if before is None else records > before):
            break
        parent = entry.n
    yield from session.resimulation.prepare(parent, to)
    _check_turn(session, turn)
    name = next(name for number in count(2) if (name := f"branch-{number}") not in session.branches)
    session.change_history("rewind", parent, to, name, {"from": session.branch, "at": session.exercise.now})
    return name


def _check_turn(session: Session, turn: int) -> None:
    """Raise UsageFault if the exercise has gone to another past since the command `turn`."""
    if session.last_turn != turn:
        raise UsageFault("the exercise was rewound in the meantime; look again, then repeat this")


def undo(session: Session, only: int | None = None) -> Steps[Undone]:
    """Undo the last command that had an effect, or the last change of time or branch.

    UsageFault if that is another one than line `only` of the log.

    Notes of the scribe and acknowledgements since then are written again. Moves of the running clock since then are
    undone too.
    """
    turn, (entry, _, _) = session.last_turn, _last_effective(session)
    if only not in (None, entry.n):
        raise UsageFault(*OTHER_COMMAND.parts)
    goes_back = entry.kind in CHANGES
    number = _head_before(session, entry) if goes_back else entry.parent
    end = yield from session.resimulation.prepare(number, 0 if goes_back else entry.t)
    _check_turn(session, turn)
    last, since, reached = _last_effective(session)
    if last is not entry:
        raise UsageFault(*OTHER_COMMAND.parts)
    marks = (TICK,) if entry.kind == ADVANCE or goes_back else (TICK, PART)  # the parts of an advance belong to it
    later = session.path[session.path.index(entry) :] if not goes_back else []
    clock_ran = any(each.kind == ADVANCE and each.data.get(mark) for each in later for mark in marks)
    before, to = session.records, max(end, int(entry.data.get("at", 0))) if goes_back else entry.t
    with session.together():
        branch = str(entry.data["from"]) if goes_back else entry.branch
        session.change_history("undo", number, to, branch, {"line": entry.n})
        written = [_submit_again(session, entry, before) for entry in since]
        return Undone(entry, reached, clock_ran, sum(written), len(written) - sum(written))


def to_undo(session: Session) -> CommandEntry | None:
    """Return the command that `undo` would undo now; None if there is none."""
    try:
        return _last_effective(session)[0]
    except UsageFault:
        return None


def _last_effective(session: Session) -> tuple[CommandEntry, list[CommandEntry], int]:
    """Return what `undo` undoes, the commands since then to write again, and its second; UsageFault without any."""
    since: list[CommandEntry] = []
    reached = session.exercise.now
    for entry in reversed(session.path):
        judged = entry.kind in ("note", "rating") and entry.data.get("who")  # without effect on the game, as `ack`
        runs_on = entry.data.get(TICK) or entry.data.get(PART)  # the clock runs, or a typed move goes on
        if judged or entry.kind == "ack":
            since.insert(0, entry)
        elif entry.kind in CHANGES or (entry.kind not in ELSEWHERE and not runs_on):
            return entry, since, reached
        if not entry.data.get(PART):
            reached = entry.t
    raise UsageFault("there is nothing to undo")


def _head_before(session: Session, entry: CommandEntry) -> int:
    """Return the number of the last command before a rewind, a switch or a new branch."""
    head = heads(session.log.lines[: entry.n - 1]).get(str(entry.data["from"]))
    return head.n if head is not None else 0


def _submit_again(session: Session, entry: CommandEntry, before: list[Record]) -> bool:
    """Submit a command again; False if it is no longer valid. It loses a reference to a record that is gone."""
    data = dict(entry.data)
    for key in ("about", "evidence"):
        seq = str(data.get(key, ""))
        if seq.isdecimal() and session.records[int(seq) : int(seq) + 1] != before[int(seq) : int(seq) + 1]:
            data[key] = ""
    try:
        with session.given(entry.by or ""):
            session.submit(entry.kind, **data)
    except UsageFault:
        return False
    return True


def branch_off(session: Session, name: str) -> None:
    """Continue under a new branch name; the present branch keeps its state."""
    if not name.replace("-", "").replace("_", "").isalnum() or len(name) > LONGEST_NAME:
        raise UsageFault(f"the name of a branch has letters, digits, - and _, at most {LONGEST_NAME}")
    if name in session.branches or name == MAIN:
        raise UsageFault(f"there already is a branch '{name}'", hint(f"switch {name}", "goes there", f"Go to {name}"))
    entry = session.entry("branch", session.head, session.exercise.now, name, {"from": session.branch})
    session.keep(entry)
    session.path.append(entry)


def switch(session: Session, name: str) -> Steps[None]:
    """Go to the present state of another branch."""
    branches, turn = session.branches, session.last_turn
    if name == MAIN and MAIN not in branches:
        session.change_history("switch", 0, session.exercise.calendar.startex, MAIN, {"from": session.branch})
        return
    if name not in branches:
        raise UsageFault(f"there is no branch '{name}' ({', '.join(branches) or MAIN})")
    if name == session.branch:
        raise UsageFault(f"the exercise is already on {name}")
    end = yield from session.resimulation.prepare(branches[name].n)
    _check_turn(session, turn)
    session.change_history("switch", branches[name].n, end, name, {"from": session.branch})
