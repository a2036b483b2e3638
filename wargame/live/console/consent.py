"""Acts of the script and of chance in the name of human seats: people are asked first, and the facilitator knows."""

from wargame.live.session.session import Session
from wargame.live.timetable import released_by_endex
from wargame.seat.feed import reader_of
from wargame.simulation.mechanisms.triggers import MselItem


def asked_for(session: Session, item: MselItem) -> str:
    """Return the human seat in whose name an inject that may still be released would act or speak; empty if none."""
    exercise, action = session.exercise, item.spec.action
    human = exercise.commands.seats.human
    names = {name: (name, exercise.context.scenario.governments[name].name) for name in human}
    by = next((name for name in human if item.spec.sender in names[name]), "") if action is None else action.by
    return by if by in human and _may_come(session, item) else ""


def _may_come(session: Session, item: MselItem) -> bool:
    """Return whether an inject may be released before ENDEX, by its trigger or by hand."""
    exercise = session.exercise
    if exercise.done or not item.alive:
        return False
    due = exercise.injector.due_of(item)
    if due is not None:
        return due < exercise.end
    if item.spec.random is not None and item.spec.random.between is not None:
        return exercise.calendar.seconds(item.spec.random.between[0]) + item.shift < exercise.end
    specs = tuple(each.spec for each in exercise.injector.lines.values())
    return item.spec in released_by_endex(specs, exercise.calendar)


def consent_note(session: Session, item: MselItem) -> str:
    """Return that an inject asks a human seat: `asks Brel, a human seat, before it acts for it`."""
    name = asked_for(session, item)
    title = reader_of(session.exercise, "").titles.government(name) if name else ""
    if not name or item.spec.action is None:
        return f"is sent in the name of {title}, a human seat" if name else ""
    return f"asks {title}, a human seat, before it acts for it"


def consent_lines(session: Session) -> list[str]:
    """Return lines that name what the script and chance may propose to human seats, or send in their names."""
    items = [
        (name, item, by) for name, item in session.exercise.injector.lines.items() if (by := asked_for(session, item))
    ]
    acts = ", ".join(f"{name} (to {by})" for name, item, by in items if item.spec.action is not None)
    speaks = ", ".join(f"{name} (of {by})" for name, item, by in items if item.spec.action is None)
    lines = [f"The script proposes actions to human seats: {acts}; skip or edit prevents it."] if acts else []
    lines += [f"The script sends messages in the name of human seats: {speaks}."] if speaks else []
    return [*lines, *chance_lines(session)]


def chance_lines(session: Session) -> list[str]:
    """Return a line that names the chance events which may propose actions to human seats; none if there are none."""
    exercise = session.exercise
    acting = [(name, each.action.by) for name, each in exercise.context.scenario.hazards.items() if each.action]
    events = [f"{name} (to {by})" for name, by in acting if exercise.commands.seats.of(by) == "human"]
    return [f"Chance may propose actions to human seats: {', '.join(events)}."] if events else []
