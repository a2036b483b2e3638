"""The branches of the exercise as a tree, and what undo would take back."""

from collections.abc import Mapping
from typing import Any

from wargame.errors import shortened
from wargame.executor.replay import PART, TICK
from wargame.journal.command_log import ADVANCE, MAIN, CommandEntry
from wargame.journal.command_words import given
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.session.session import Session
from wargame.live.session.time_travel import to_undo
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.web.access import FACILITATOR
from wargame.web.viewer import Viewer

WIDTH, ROW, LEFT = 100, 34, 18
MOST_COMMANDS = 30
"""Commands of the present branch that are listed."""
LONGEST = 140
"""Characters of a command in the list."""


def branch_lines(session: Session) -> list[dict[str, Any]]:
    """Return the branches in the order in which they began, with their last `line` in the log.

    A branch `begins` and has `reached` game times; from `x` to its `end` in per cent of the chart, in the row `y`.
    `reached` is empty while the branch is re-simulated, as after a restart. `parent_y` is the row of the branch from
    which it comes; None for the first one.
    """
    entries = {entry.n: entry for entry in session.log.lines}
    begins: dict[str, CommandEntry | None] = {MAIN: None}
    for entry in session.log.lines:
        begins.setdefault(entry.branch, entry)
    heads, start = session.branches, session.exercise.calendar.startex
    names = [name for name in begins if name in heads or name == MAIN]
    known = {name: session.reached(name) for name in names}
    given = {name: heads[name].t if name in heads else start for name in names}  # the least that a branch has reached
    reached = {name: given[name] if (t := known[name]) is None else t for name in names}
    span = max([*reached.values(), start + 1]) - start
    rows = {name: number for number, name in enumerate(names)}
    out = []
    for name in names:
        first = begins[name]
        before = entries.get(first.parent) if first is not None else None
        parent = before.branch if before is not None else MAIN
        t = start if first is None else first.t
        row = {
            "name": clean(name),
            "current": name == session.branch,
            "begins": session.instant(t),
            "reached": "" if known[name] is None else session.instant(reached[name]),
            "line": heads[name].n if name in heads else 0,
            "x": round(100 * (t - start) / span, 2),
            "end": round(100 * (reached[name] - start) / span, 2),
            "y": LEFT + ROW * rows[name],
            "parent_y": None if first is None else LEFT + ROW * rows.get(parent, 0),
        }
        out.append(row)
    return out


def undo_offer(viewer: Viewer) -> dict[str, Any] | None:
    """Return what undo would take back now, its line, and if no facilitator gave it; None if there is nothing."""
    console = viewer.console
    entry = to_undo(console.session)
    if entry is None:
        return None
    author = next((each for each in viewer.people if each.id == entry.by), None)
    by_seat = entry.data.get("who") not in (None, WHITE_CELL) if author is None else author.role != FACILITATOR
    reached = console.session.exercise.now if entry.kind == ADVANCE else None
    words = shortened(given(entry, console.titles, console.session.instant, reached), LONGEST)
    return {"n": entry.n, "what": words, "by": clean(author.name) if author else "", "of_another": by_seat}


def last_commands(console: Console, names: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the last commands of the present branch, newest first; moves of the running clock are one line.

    `n` is its line in the log, `at` its game time, `room` its wall time. `names` are the names of people, by their ids.
    """
    session, titles = console.session, console.titles
    out: list[dict[str, Any]] = []
    after = session.exercise.now
    for entry in reversed(session.path):
        if entry.kind == ADVANCE and entry.data.get(PART):
            continue
        reached, after = after, entry.t
        running = entry.kind == ADVANCE and bool(entry.data.get(TICK))
        if running and out and out[-1]["running"]:
            continue
        words = given(entry, titles, session.instant, reached)
        what = "the clock ran" if running else shortened(words, LONGEST)
        by = clean((names or {}).get(entry.by, "") if isinstance(entry.by, str) else "")
        row = {"n": entry.n, "at": session.instant(entry.t), "room": entry.wall[11:16]}
        out.append({**row, "what": what, "by": by, "running": running})
        if len(out) == MOST_COMMANDS:
            break
    return out
