"""Going back in time and changing branches in a live exercise.

Each of these is a command whose parent is an earlier command; nothing is removed from the command log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wargame.errors import UsageFault
from wargame.executor.replay import ELSEWHERE, TICK, replay
from wargame.journal.command_log import MAIN, CommandEntry, heads, path_to
from wargame.journal.records import Record
from wargame.language.times import MINUTE
from wargame.live.session.session import Session

OF_THE_CONSOLE = ("pace", "stop")
"""Kinds of commands that set how the console runs the clock; they remain in effect after going back."""
FALL_DUE = frozenset({"decision.due", "procedure.proposed"})
"""Kinds of records that ask a person for a decision."""
LONGEST_NAME = 40
"""Characters of the name of a branch."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` has undone.

    `reached` is the second that the command had led to, for a rewind also `before`, the second from which it went back.
    `clock_ran` says whether moves of the running clock went with it. `kept` and `lost` count the notes and
    acknowledgements of others since then that could be written again and that could not.
    """

    entry: CommandEntry
    reached: int = 0
    clock_ran: bool = False
    kept: int = 0
    lost: int = 0
    before: int = 0


def rewind(session: Session, to: int, before: int | None = None) -> str:
    """Goes back to second `to`, before its commands, on a new branch, and returns the name of that branch.

    If a decision of a person fell due in the minute that begins then, it is due: clocks show minutes, and the state is
    the one in which the clock stopped for it. With `before`, the number of a record, goes back to right before it.
    """
    calendar = session.exercise.calendar
    if not calendar.startex <= to <= session.exercise.now:
        first = calendar.at(calendar.startex)
        raise UsageFault(f"the exercise can go back to times from {first:%Y-%m-%d %H:%M} to now")
    if before is None:
        stops = (
            r.t for r in session.records if r.kind in FALL_DUE and to <= r.t < min(to + MINUTE, session.exercise.now)
        )
        to = min((stop + 1 for stop in stops), default=to)
    parent = 0
    for entry, (end, records) in zip(session.path, _states(session), strict=True):
        if end > to or (entry.t >= to if before is None else records > before):
            break
        parent = entry.n
    name, settings = _new_name(session), {kind: session.last(kind) for kind in OF_THE_CONSOLE}
    with session.together():
        session.change_history("rewind", parent, to, name, {"from": session.branch, "at": session.exercise.now})
        for kind, data in settings.items():
            if data and data != session.last(kind):
                session.submit(kind, **data)
    return name


def _states(session: Session) -> list[tuple[int, int]]:
    """The second reached and the number of records, after each command of the path."""
    exercise = session.new_exercise()
    return [(exercise.now, len(exercise.records())) for _ in replay(exercise, session.path)]


def _new_name(session: Session) -> str:
    taken, number = session.branches, 2
    while f"branch-{number}" in taken:
        number += 1
    return f"branch-{number}"


def undo(session: Session) -> Undone:
    """Undoes the last command that had an effect, or the last change of time or branch.

    Notes of the scribe and acknowledgements since then are written again. Moves of the running clock since then are
    undone too.
    """
    since: list[CommandEntry] = []
    reached = session.exercise.now
    for entry in reversed(session.path):
        if entry.kind in ("rewind", "switch", "branch"):
            before = session.records
            with session.together():
                _return(session, entry)
                undone = Undone(entry, reached, before=session.exercise.now)
                return _write_again(session, undone, since, before)
        if _is_independent(entry) or entry.kind in OF_THE_CONSOLE:
            since.insert(0, entry)
        elif entry.kind not in ELSEWHERE and not entry.data.get(TICK):
            clock_ran = any(each.data.get(TICK) for each in session.path[session.path.index(entry) :])
            before = session.records
            with session.together():
                session.change_history("undo", entry.parent, entry.t, entry.branch, {"line": entry.n})
                return _write_again(session, Undone(entry, reached, clock_ran), since, before)
        reached = entry.t
    raise UsageFault("there is nothing to undo")


def _is_independent(entry: CommandEntry) -> bool:
    """Whether others wrote it without effect on the game: an acknowledgement, or a note or rating of the scribe."""
    return entry.kind == "ack" or (entry.kind in ("note", "rating") and bool(entry.data.get("who")))


def _return(session: Session, entry: CommandEntry) -> None:
    """Goes back to the state before a rewind, a switch or a new branch."""
    branch = str(entry.data["from"])
    head = heads(session.log.lines[: entry.n - 1]).get(branch)
    number = head.n if head is not None else 0
    end = session.simulate(path_to(session.log.lines, number)).now
    session.change_history("undo", number, max(end, int(entry.data.get("at", 0))), branch, {"line": entry.n})


def _write_again(session: Session, undone: Undone, since: list[CommandEntry], before: list[Record]) -> Undone:
    """Submits independent commands again, and counts those that others wrote."""
    written = [(entry, _submit_again(session, entry, before)) for entry in since]
    of_others = [again for entry, again in written if entry.kind not in OF_THE_CONSOLE]
    return replace(undone, kept=sum(of_others), lost=len(of_others) - sum(of_others))


def _submit_again(session: Session, entry: CommandEntry, before: list[Record]) -> bool:
    """Submits a command again; False if it is no longer valid. It loses a reference to a record that is gone."""
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
    """Continues under a new branch name; the present branch keeps its state."""
    if not name.replace("-", "").replace("_", "").isalnum() or len(name) > LONGEST_NAME:
        raise UsageFault(f"the name of a branch has letters, digits, - and _, at most {LONGEST_NAME}")
    if name in session.branches or name == MAIN:
        raise UsageFault(f"there already is a branch '{name}' (switch {name} goes there)")
    entry = session.entry("branch", session.head, session.exercise.now, name, {"from": session.branch})
    session.keep(entry)
    session.path.append(entry)


def switch(session: Session, name: str) -> None:
    """Goes to the present state of another branch."""
    branches = session.branches
    if name == MAIN and MAIN not in branches:
        session.change_history("switch", 0, session.exercise.calendar.startex, MAIN, {"from": session.branch})
        return
    if name not in branches:
        raise UsageFault(f"there is no branch '{name}' ({', '.join(branches) or MAIN})")
    if name == session.branch:
        raise UsageFault(f"the exercise is already on {name}")
    end = session.simulate(path_to(session.log.lines, branches[name].n)).now
    session.change_history("switch", branches[name].n, end, name, {"from": session.branch})
