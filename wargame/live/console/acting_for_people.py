"""What acts for human seats without being asked: injects of the script, and chance events."""

from __future__ import annotations

from wargame.live.session.session import Session
from wargame.live.timetable import released_by_endex
from wargame.seat.feed import reader_of
from wargame.simulation.mechanisms.msel_item import MselItem


def acts_for(session: Session, item: MselItem) -> str:
    """Return the human seat for which an inject that may still be released acts; empty if there is none."""
    action = item.spec.action
    if action is None or session.exercise.commands.seats.of(action.by) != "human":
        return ""
    return action.by if _may_come(session, item) else ""


def _may_come(session: Session, item: MselItem) -> bool:
    """Return whether an inject may be released before ENDEX, by its trigger or by hand."""
    exercise = session.exercise
    if exercise.done or not item.alive:
        return False
    due = exercise.injector.due_of(item)
    if due is not None:
        return due < exercise.end
    specs = tuple(each.spec for each in exercise.injector.lines.values())
    return item.spec in released_by_endex(specs, exercise.calendar)


def acts_note(session: Session, item: MselItem) -> str:
    """That an inject acts for a human seat: `acts for Brel, a human seat`."""
    name = acts_for(session, item)
    return f"acts for {reader_of(session.exercise, '').titles.government(name)}, a human seat" if name else ""


def warnings(session: Session) -> list[str]:
    """Return lines that name the injects and the chance events which act for human seats."""
    exercise, lines = session.exercise, list[str]()
    items = exercise.injector.lines.items()
    if injects := [f"{name} (for {by})" for name, item in items if (by := acts_for(session, item))]:
        lines.append(f"Warning: the script acts for human seats: {', '.join(injects)}; skip or edit prevents it.")
    return [*lines, *chance_warnings(session)]


def chance_warnings(session: Session) -> list[str]:
    """Return a line that names the chance events which act for human seats; none if there are none."""
    exercise = session.exercise
    acting = [(name, each.action.by) for name, each in exercise.context.scenario.hazards.items() if each.action]
    events = [f"{name} (for {by})" for name, by in acting if exercise.commands.seats.of(by) == "human"]
    return [f"Warning: chance may act for human seats: {', '.join(events)}."] if events else []
