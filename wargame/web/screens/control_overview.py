"""The bar of the control room, which is always in view, and its overview: what waits, is due, comes next and happened.

The overview also has the state of the world.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from wargame.dataclasses import dataclass, replace
from wargame.journal.records import Record
from wargame.journal.records.script import ExpectedCandidateRecord
from wargame.journal.wording import joined, sentence
from wargame.language.plain_text import clean
from wargame.language.times import spoken_duration
from wargame.live.console.clock_commands import part_after, part_text
from wargame.live.console.console import Console
from wargame.live.console.news import is_shown, world_values
from wargame.live.console.public_screen import public_screen
from wargame.live.console.status_bar import next_inject
from wargame.live.console.waiting import open_decisions, queue
from wargame.live.session.floors import Waiting
from wargame.live.session.pace import pace_text
from wargame.live.session.session import Session
from wargame.live.timetable import BREAK
from wargame.scenario.model import Option
from wargame.seat import feed as sentences
from wargame.seat.feed import indicator
from wargame.simulation.mechanisms.expected_actions import UNDECIDED
from wargame.tables import tables
from wargame.web.rendering import render, render_for
from wargame.web.screens.clocks import ends_at
from wargame.web.viewer import Viewer

NEWS = 40
"""Records that the overview lists."""
QUEUED = 15
"""Items of the queue that the overview shows at once, since each has its forms."""
FAMILIES: Mapping[str, Sequence[str]] = tables("web/families.yaml")
"""Families by which a line is coloured -> its label, and how its kinds of records begin."""


CANDIDATE = ExpectedCandidateRecord.kind
"""Records whose content stands with the record that they are about."""


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A record as the white cell reads it. `family` is `script`, `action`, `outcome`, `talk`, `judge` or `people`."""

    seq: int
    at: str
    text: str
    family: str
    label: str


def move_part(console: Console) -> str:
    """Return what the facilitator reads aloud and watches for now; empty without an exercise file, and after ENDEX.

    Between two moves, it is about the one that comes, with the break before it.
    """
    plan, wall = console.session.loaded.exercise, console.wall
    if plan is None or wall.move > len(plan.moves) or console.session.exercise.done:
        return ""
    before, after = part_after(console, wall.ended_move), part_after(console, wall.move)
    return render(
        "control/move.html",
        move=plan.moves[wall.move - 1],
        wall=wall,
        ends=console.session.instant(wall.end_of_move()),
        length=spoken_duration,
        then=part_text(after) if after is not None else "",
        pause=part_text(before) if before is not None and before.kind == BREAK else "",
    )


def family_of(kind: str) -> str:
    """Return the family of a kind of record."""
    return next((family for family, (_, *starts) in FAMILIES.items() if kind.startswith(tuple(starts))), "people")


def news_line(session: Session, record: Record) -> NewsLine:
    """Return one record as a line."""
    at, family = session.exercise.calendar.at(record.t), family_of(record.kind)
    text = sentence(clean(sentences.record_line(session.exercise, record)))
    return NewsLine(record.seq, f"{at:%Y-%m-%d %H:%M}", text, family, FAMILIES.get(family, ["people"])[0])


def latest_news(session: Session) -> list[NewsLine]:
    """Return the last records that the white cell sees as they happen, newest first."""
    shown = (record for record in reversed(session.records) if is_shown(record) and record.kind != CANDIDATE)
    return with_candidates(session, [news_line(session, record) for record in islice(shown, NEWS)])


def with_candidates(session: Session, lines: list[NewsLine], seats: Collection[str] = ()) -> list[NewsLine]:
    """Return lines that say which of them may be expected actions, by default those of all seats."""
    awaited: dict[int, list[str]] = {}
    for item in session.exercise.expected.items.values():
        for seq in item.candidates if not seats or item.spec.who in seats else ():
            awaited.setdefault(seq, []).append(str(item.number))
    return [
        replace(each, text=f"{each.text} · candidate for expected action {joined(awaited[each.seq])}")
        if each.seq in awaited
        else each
        for each in lines
    ]


def due_part(viewer: Viewer) -> str:
    """Return what waits for people, by seat; what ends first stands first. After ENDEX, the decisions still due."""
    console, groups = viewer.console, dict[str, list[Waiting]]()
    floors, exercise = console.wall.floors, console.exercise
    waiting = [Waiting(each, 0.0) for each in open_decisions(exercise)] if exercise.done else floors.waiting()
    for each in sorted(waiting, key=lambda each: console.wall.urgency(each.of)):
        groups.setdefault(each.of.government, []).append(each)
    shown = {"undecided": UNDECIDED, "rounded": _rounded, "sitting": floors.sitting()}
    return render_for(viewer, "control/due.html", due=groups, **shown)


def _rounded(seconds: float) -> str:
    whole = max(0, int(seconds))
    return spoken_duration(whole // 60 * 60 if whole >= 60 else whole)


def levels(session: Session) -> list[tuple[str, str, float, float]]:
    """Return the indicators of the world that are not 0: id, title, value, and the place in its range from 0 to 1."""
    out = []
    for slot, value in world_values(session.exercise):
        share = (value - slot.low) / (slot.high - slot.low) if slot.high > slot.low else 0.0
        title = clean(sentences.indicator(session.exercise, slot.name))
        out.append((slot.name, title, value, min(1.0, max(0.0, share))))
    return out


class FormChoice(NamedTuple):
    """Something that a form offers: what is typed, and what people read."""

    value: str
    title: str


def queue_part(viewer: Viewer) -> str:
    """Return the oldest items for the white cell, or all if the address says so; after ENDEX, what was not answered."""
    console = viewer.console
    items = sorted(queue(console.session.exercise), key=lambda each: each.seq)
    shown = items if viewer.query.get("queue") == "all" else items[:QUEUED]
    choices = {each.sender: options_of(console, each.sender) for each in shown if each.kind == "request"}
    context = {"items": shown, "waiting": len(items), "options": choices, "governments": governments(console)}
    programs = console.wall.programs
    context |= {"steps": steps(console), "proposals": programs.proposals if programs else {}}
    return render_for(viewer, "control/queue.html", **context)


def options_of(console: Console, government: str) -> list[FormChoice]:
    """Return the options that a government has, by title."""
    exercise = console.session.exercise
    titles = exercise.context.scenario.options
    menus = exercise.governments[government].menus.values()
    names = dict.fromkeys(candidate.option for menu in menus for candidate in menu.candidates[1:])
    return sorted((FormChoice(name, clean(titles[name].title)) for name in names), key=lambda each: each.title)


def options(console: Console) -> list[FormChoice]:
    """Return all options of the scenario, by title."""
    titles = console.session.exercise.context.scenario.options
    return sorted((FormChoice(name, clean(spec.title)) for name, spec in titles.items()), key=lambda each: each.title)


def steps(console: Console) -> list[tuple[str, str, list[FormChoice]]]:
    """Return severity, rung and effects of an action: the name of each, its label, its values with examples."""
    specs = sorted(console.session.exercise.context.scenario.options.values(), key=lambda each: each.title)
    found = []
    for name, label in (("severity", "Severity, as for"), ("rung", "Rung, as for")):
        like: dict[float, str] = {}
        for spec in specs:
            like.setdefault(getattr(spec, name), clean(spec.title))
        values = sorted(like)[:: max(1, len(like) // 12)]
        found.append((name, label, [FormChoice(f"{value:g}", f"{value:g}: {like[value]}") for value in values]))
    effects = _effects(console, specs)
    return [*found, ("effects", "What it changes", effects), ("effects", "What else it changes", effects)]


def _effects(console: Console, specs: Iterable[Option]) -> list[FormChoice]:
    """Return effects that options have on an indicator of all or of the two governments: the least and the most."""
    like: dict[str, dict[float, str]] = {}
    for spec in specs:
        for path, effect in spec.effects.items():
            is_general = {*re.findall(r"\w+", path.partition("[")[2])} <= {"actor", "target"}
            if is_general and isinstance(effect.by, int | float):
                like.setdefault(path, {}).setdefault(effect.by, clean(spec.title))
    found = []
    for path, titles in like.items():
        name, _, index = path.partition("[")
        known = {"": "", "actor": ", its own", "target": ", of the other"}
        of = known.get(index[:-1], f" ({index[:-1]})")
        signs = (sorted(value for value in titles if (value > 0) == rises) for rises in (True, False))
        for value in dict.fromkeys(value for each in signs for value in (*each[:1], *each[-1:])):
            moves = "rises" if value > 0 else "falls"
            said = f"{indicator(console.session.exercise, name)}{of} {moves} as with '{titles[value]}' ({value:+g})"
            found.append(FormChoice(f"{path} {value:+g}", clean(said)))
    return sorted(found, key=lambda each: each.title)


def governments(console: Console) -> list[FormChoice]:
    """Return all governments by name."""
    return [FormChoice(name, sentence(console.name(name))) for name in console.session.exercise.governments]


def without_person(console: Console) -> list[FormChoice]:
    """Return the governments that no person plays, in whose name the white cell can write."""
    played = console.session.exercise.commands.correspondence.played
    return [each for each in governments(console) if not played(each.value)]


def control_bar(console: Console) -> dict[str, Any]:
    """Return both clocks and their state for the templates of the bar.

    `screen` is what the public screen shows, `room` the time of day, `next` the next inject and when it comes, and
    `held` for whom the clock waits before it goes on by itself, `more` whether somebody may need more time.
    """
    session, wall = console.session, console.wall
    exercise, holding = session.exercise, wall.floors.holding
    return {
        "screen": public_screen(console),
        "wall": wall,
        "exercise": exercise,
        "endex": session.instant(exercise.end),
        "room": f"{datetime.now().astimezone():%H:%M}",
        "state": str(wall.state),
        "held": "; ".join(sentence(f"{console.name(each.of.government)}, {each.of.title}") for each in holding),
        "more": bool(holding or (wall.running and wall.floors.ending)),
        "held_until": ends_at(max((each.left for each in holding), default=0.0)),
        "pace": pace_text(wall.pace) if wall.pace else "",
        "next": None if exercise.done else next_inject(session, spoken_duration),
        "titles": exercise.injector.lines,
        "fault": session.fault or session.console_fault,
    }
