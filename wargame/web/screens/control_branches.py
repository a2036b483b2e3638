"""The branches of the exercise as a tree, and what undo would take back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wargame.executor.replay import ADVANCE, PART, TICK
from wargame.journal.command_log import MAIN, CommandEntry
from wargame.journal.wording import Titles
from wargame.language.plain_text import clean
from wargame.live.console.console import Console
from wargame.live.session.session import Session

WIDTH, ROW, LEFT = 100, 34, 18
MOST_COMMANDS = 30
"""Commands of the present branch that are listed."""


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch: where it begins and how far it has come, as game times and in per cent of the chart."""

    name: str
    current: bool
    begins: str
    reached: str
    """Empty while it is being re-simulated, as after a restart."""
    line: int
    x: float
    end: float
    y: int
    parent_y: int | None
    """The row of the branch from which it comes; None for the first one."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command of the present branch: its line in the log, its game time, its wall time, and what it was."""

    n: int
    at: str
    room: str
    what: str
    by: str
    running: bool


def branch_lines(session: Session) -> list[BranchLine]:
    """The branches in the order in which they began."""
    entries = {entry.n: entry for entry in session.log.lines}
    begins: dict[str, CommandEntry | None] = {MAIN: None}
    for entry in session.log.lines:
        begins.setdefault(entry.branch, entry)
    heads, calendar = session.branches, session.exercise.calendar
    names = [name for name in begins if name in heads or name == MAIN]
    start = calendar.startex
    known = {name: session.reached(name) for name in names}
    reached = {name: t if (t := known[name]) is not None else _given_last(heads.get(name), start) for name in names}
    span = max([*reached.values(), start + 1]) - start
    rows = {name: number for number, name in enumerate(names)}
    out = []
    for name in names:
        first = begins[name]
        parent = _parent(entries, first)
        t = start if first is None else first.t
        out.append(
            BranchLine(
                clean(name),
                name == session.branch,
                session.instant(t),
                "" if known[name] is None else session.instant(reached[name]),
                heads[name].n if name in heads else 0,
                round(100 * (t - start) / span, 2),
                round(100 * (reached[name] - start) / span, 2),
                LEFT + ROW * rows[name],
                None if first is None else LEFT + ROW * rows.get(parent, 0),
            )
        )
    return out


def _given_last(head: CommandEntry | None, start: int) -> int:
    """The second of the last command of a branch: the least that the branch has reached."""
    return head.t if head is not None else start


def _parent(entries: dict[int, CommandEntry], first: CommandEntry | None) -> str:
    """The branch from which a branch comes."""
    before = entries.get(first.parent) if first is not None else None
    return before.branch if before is not None else MAIN


def tree_height(lines: list[BranchLine]) -> int:
    """The height of the chart in pixels."""
    return LEFT * 2 + ROW * max(0, len(lines) - 1)


def last_commands(console: Console, most: int = MOST_COMMANDS) -> list[CommandLine]:
    """The last commands of the present branch, newest first; moves of the running clock are one line."""
    session, titles = console.session, console.titles
    out: list[CommandLine] = []
    reached = 0
    for entry in reversed(session.path):
        if entry.kind == ADVANCE and entry.data.get(PART):
            reached = reached or entry.data.get("to", 0)
            continue
        running = entry.kind == ADVANCE and bool(entry.data.get(TICK))
        if running and out and out[-1].running:
            continue
        what = "the clock ran" if running else _what(entry, titles)
        if entry.kind == ADVANCE and not running:
            what = f"advance to {session.instant(reached or entry.data['to'])}"
        reached = 0
        by = clean(titles.government(entry.data.get("who") or entry.data.get("evaluator") or ""))
        wall = entry.wall[11:16]
        out.append(CommandLine(entry.n, session.instant(entry.t), wall, what, by, running))
        if len(out) == most:
            break
    return out


def _what(entry: CommandEntry, titles: Titles) -> str:
    """A command in the words of its data, short; governments and options by name."""
    text = clean(" ".join([entry.kind.replace("_", " ").replace(".", " "), *_words(entry.data, titles)]))
    return text if len(text) <= 90 else f"{text[:89]}…"


def _words(data: Mapping[str, Any], titles: Titles) -> Iterator[str]:
    named = ("government", "inject", "option", "target", "outcome", "status", "path", "value", "field", "by", "text")
    for key in named:
        value = data.get(key)
        if not value or isinstance(value, list):
            continue
        if key == "target":
            yield f"({titles.government(value)})"
        else:
            yield {"government": titles.government, "option": titles.option}.get(key, str)(value)
