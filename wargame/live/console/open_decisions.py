"""What people have to decide: decisions that are due, and standing procedures that are put to seats."""

from dataclasses import dataclass
from math import ceil

from wargame.language.plain_text import clean
from wargame.live.console.console import Console


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A decision that waits for a seat. Times are in seconds; `since` is None for a standing procedure.

    `name` is the dossier, or `procedure N`. `left` is the wall time left, None without a deadline in wall time.
    """

    government: str
    name: str
    title: str
    since: int | None
    until: int | None
    left: float | None


def open_decisions(console: Console, *seats: str) -> list[OpenDecision]:
    """What waits for these seats, by default all: decisions in the order in which they fell due, then procedures.

    After ENDEX, the decisions that were still due.
    """
    exercise, dossiers = console.exercise, console.exercise.context.scenario.dossiers
    found = [
        OpenDecision(
            due.government,
            due.dossier,
            clean(dossiers[due.dossier].title),
            due.since,
            due.until,
            console.wall.left.get(f"{due.government}/{due.dossier}/{due.seq}"),
        )
        for due in exercise.commands.seats.dues.values()
    ]
    found += [
        OpenDecision(name, f"procedure {each.number}", f"standing procedure {each.number}", None, each.until, None)
        for name in (() if exercise.done else exercise.governments)
        for each in exercise.procedures.open_to(name)
        if not each.answer
    ]
    return [each for each in found if not seats or each.government in seats]


def with_deadline(console: Console, each: OpenDecision) -> str:
    """Return its name and the time that is left: `nuclear, 90s left`, `procedure 1 by 06-03 10:00`."""
    if each.left is not None:
        seconds = max(1, ceil(each.left))
        return f"{each.name}, {seconds}s left" if seconds < 120 else f"{each.name}, {-(-seconds // 60)} min left"
    at = console.exercise.calendar.at
    return f"{each.name} by {at(each.until):%m-%d %H:%M}" if each.until is not None else each.name


def open_by_seat(console: Console) -> str:
    """What people have to decide, by seat: `KOR alliance, nuclear; USA trade`; nothing once the exercise is over."""
    groups: dict[str, list[str]] = {}
    for each in () if console.exercise.done else open_decisions(console):
        text = each.name if each.since is not None else with_deadline(console, each)
        groups.setdefault(each.government, []).append(text)
    return "; ".join(f"{government} {', '.join(texts)}" for government, texts in groups.items())
