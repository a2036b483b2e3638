"""The people of the exercise: who waits in the lobby, who holds which seat, and the codes to join."""

from collections.abc import Mapping

from wargame.dataclasses import dataclass
from wargame.journal.wording import sentence
from wargame.live.console.waiting import open_decisions
from wargame.web.access import DEPUTY, EVALUATOR, ROLES, SCREEN, SEAT
from wargame.web.viewer import Presence, Viewer

ROLE_TITLES = {role: role for role in ROLES} | {SCREEN: "public screen"}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One government: who holds it, who sits in it, and what is due."""

    code: str
    name: str
    kind: str
    people: tuple[Presence, ...]
    due: tuple[str, ...]
    terminal: bool
    """Whether a terminal has joined as this seat."""
    unmanned: bool
    """Whether a person should hold it and nobody is there."""
    waiting: bool
    """Whether somebody for it waits in the lobby."""


def seat_rows(viewer: Viewer) -> list[SeatRow]:
    """Return all governments, human seats first."""
    console = viewer.console
    exercise, seats = console.session.exercise, console.session.exercise.commands.seats
    joined = console.participants.joined if console.participants is not None else []
    terminals = {each.name for each in joined if each.role == SEAT}
    rows = []
    for name in exercise.governments:
        people = tuple(each for each in viewer.people if (each.role, each.seat) == (SEAT, name))
        admitted = tuple(each for each in people if each.state != "waiting")
        kind, present = seats.of(name), any(each.state == "here" for each in people)
        terminal, waiting = name in terminals and not present, len(admitted) < len(people)
        unmanned = kind == "human" and not present and name not in terminals
        due = tuple(each.title for each in open_decisions(exercise, name))
        title = sentence(console.name(name))
        rows.append(SeatRow(name, title, kind, admitted, due, terminal, unmanned, waiting))
    return sorted(rows, key=lambda row: row.kind != "human")


def lobby(viewer: Viewer) -> list[Presence]:
    """Return the people who wait to be admitted."""
    return [each for each in viewer.people if each.state == "waiting"]


def missing_codes(viewer: Viewer, rows: list[SeatRow]) -> Mapping[str, str]:
    """Return what has no code yet, by the word that `code` takes: human seats and the roles of the staff."""
    there = set(viewer.codes)
    words = {row.code: row.name for row in rows if row.kind == "human" and (SEAT, row.code) not in there}
    words |= {role: ROLE_TITLES[role] for role in (EVALUATOR, SCREEN, DEPUTY) if (role, "") not in there}
    plan = viewer.console.session.loaded.exercise
    for each in plan.evaluators if plan else ():
        if each.seats and (EVALUATOR, ",".join(each.seats)) not in there:
            words[f"{EVALUATOR}:{','.join(each.seats)}"] = f"{each.name} ({viewer.console.name(*each.seats)})"
    return words
