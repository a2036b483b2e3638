"""The bars at the bottom of a terminal: of the facilitator, and of everyone else."""

from collections.abc import Callable

from wargame.language.times import format_duration
from wargame.live.console.command_line import countdown
from wargame.live.console.console import Console
from wargame.live.console.waiting import open_by_seat, open_decisions, queue_counts, with_deadline
from wargame.live.session.session import Session
from wargame.sentence import BANNER
from wargame.simulation.mechanisms.expected_actions import UNDECIDED


def facilitator_bar(console: Console, time_of_day: str) -> list[str]:
    """Return both clocks, pace or PAUSEX and the branch, the next inject and what waits, and the timer, if any."""
    session = console.session
    parts = [f"game {session.instant(session.clock)}", f"wall {time_of_day}", console.wall.status()]
    parts += [f"branch {session.branch}"] if session.branch != "main" else []
    over = session.exercise.done
    upcoming, due = ("", "") if over else (" ".join(next_inject(session)), open_by_seat(console))
    waiting = {"queue": queue_counts(session), "next": upcoming, "judge": to_judge(console), "DUE": due}
    below = [f"{name}: {what}" for name, what in waiting.items() if what]
    return ["  |  ".join(["EXERCISE", *parts]), "  |  ".join(below) or "nothing is due", *_timer(console)]


def participant_bar(console: Console) -> str:
    """Return the bar of all others: the clock and its state; below them what is due or to be judged, and the timer."""
    session = console.session
    parts = [BANNER, session.instant(session.clock), console.wall.public_status()]
    found = open_decisions(session.exercise, console.seat) if console.seat and not session.exercise.done else []
    due = ", ".join(with_deadline(console, each) for each in found)
    if console.evaluator is not None:
        judging = to_judge(console)
        below = [f"to judge: {judging} (expected lists them)"] if judging else []
    else:
        below = [f"DUE: {due}"] if due else []
    held = [each.of.title for each in console.wall.floors.holding if each.of.government == console.seat]
    below += [f"the clock waits for you: {', '.join(held)}"] if held else []
    return "\n".join(["  |  ".join(parts), *below, *_timer(console)])


def _timer(console: Console) -> list[str]:
    """Return a separate line for the countdown in the room, so that a narrow terminal does not cut it off."""
    return [f"timer {console.wall.timer.text}"] if console.wall.timer else []


def to_judge(console: Console) -> int:
    """Return how many expected actions of the governments observed only an evaluator can judge."""
    items, observed = console.exercise.expected.items.values(), console.observed
    return sum(item.status == UNDECIDED and item.spec.who in observed for item in items)


def next_inject(session: Session, length: Callable[[int], str] = format_duration) -> tuple[str, ...]:
    """Return the id of the next inject with a date, and the time to it; empty if there is none."""
    injector, now = session.exercise.injector, session.exercise.now
    due = [
        (at, name)
        for name, item in injector.lines.items()
        if item.status != "held" and (at := injector.due_of(item)) is not None and at >= now
    ]
    return (min(due)[1], countdown(min(due)[0] - now, length)) if due else ()
