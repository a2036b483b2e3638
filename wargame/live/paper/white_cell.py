"""The pack of the white cell: a guide, the MSEL, the commands, cards of the injects; and the evaluation guide.

That one follows the exercise evaluation guides of HSEEP: expected actions with their times, observations, a rating.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from wargame.journal.records.run import RATINGS
from wargame.live.console.dispatch import COMMANDS
from wargame.live.paper.page import PaperSection, document
from wargame.live.timetable import released_by_endex
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExpectedAction, Inject
from wargame.seat.messages import embedded, message_of_inject
from wargame.simulation.exercise import Exercise
from wargame.world.calendar import RunCalendar

READER = "White cell"
BLANK_CARDS = 4
"""Cards without text, for injects that are improvised."""
GUIDE = ("next", "advance", "until", "pause", "release", "hold", "skip", "delay", "inject", "order", "message", "rule",
        "action", "adjudicate", "note", "noplay", "endex")  # fmt: skip


def white_cell_sections(exercise: Exercise) -> Iterator[PaperSection]:
    """Yield the sections of the pack."""
    loaded, calendar = exercise.loaded, exercise.calendar
    yield PaperSection(READER, "Guide", "guide.html", {"loaded": loaded, "calendar": calendar})
    injects = _in_order(released_by_endex(loaded.injects, calendar), calendar)
    left_out = len(loaded.injects) - len(injects)
    values = {"scenario": loaded.scenario, "injects": injects, "left_out": left_out}
    yield PaperSection(READER, "MSEL", "msel.html", values)
    commands = [(COMMANDS[name].usage, COMMANDS[name].help) for name in GUIDE]
    yield PaperSection(READER, "Commands", "commands.html", {"commands": commands})
    names = titles(loaded.scenario)  # nothing is on a card that its readers may not know
    messages = [message_of_inject(inject, names) for inject in injects if inject.kind != "facilitation"]
    cards = {"messages": messages, "pictures": embedded(loaded.attached), "blank": BLANK_CARDS}
    yield PaperSection(READER, "Inject cards", "cards.html", cards)


def _in_order(injects: Collection[Inject], calendar: RunCalendar) -> list[Inject]:
    """Return injects by their dates, those without one last."""
    return sorted(injects, key=lambda each: (calendar.seconds(each.at) if each.at else float("inf"), each.id))


Watched = tuple[Inject, ExpectedAction]
"""An expected action with the inject after which it is expected."""


def evaluation_guide(loaded: Loaded, seats: Collection[str] = (), calendar: RunCalendar | None = None) -> str:
    """Return the whole document; with `seats`, only what is expected of these governments.

    `calendar` may have another ENDEX: injects that are due only after it are left out. The document loads nothing from
    any host.
    """
    scenario = loaded.scenario
    injects = released_by_endex(loaded.injects, calendar or RunCalendar(scenario.calendar))
    left_out, loaded = len(loaded.injects) - len(injects), replace(loaded, injects=injects)
    names: list[str | None] = [*scenario.objectives]
    if not names or _watched(loaded, None, seats):
        names.append(None)
    sections = (_objective(loaded, name, seats, left_out) for name in names)
    return document(f"{scenario.title}: evaluation guide", sections, landscape=True)


def _watched(loaded: Loaded, objective: str | None, seats: Collection[str]) -> list[Watched]:
    """The expected actions that serve an objective, or none if it is None, in the order of their planned times."""
    return [
        (inject, action)
        for inject in _in_order(loaded.injects, RunCalendar(loaded.scenario.calendar))
        for action in inject.expected
        if (action.objective or inject.objective) == objective and (not seats or action.who in seats)
    ]


def _objective(loaded: Loaded, name: str | None, seats: Collection[str], left_out: int) -> PaperSection:
    scenario, watched, plan = loaded.scenario, _watched(loaded, name, seats), loaded.exercise
    spec, listed = scenario.objectives[name] if name is not None else None, {inject.id for inject, _ in watched}
    about = f"{scenario.title}{f', objective {name}' if name else ''}"
    planned = plan.objectives.get(name) if plan and name else None
    evaluators = [each for each in plan.evaluators if not each.objectives or name in each.objectives] if plan else []
    values = {
        "scenario": scenario,
        "name": name,
        "about": about + (f", capability: {spec.capability}" if spec and spec.capability else ""),
        "observed": ", ".join(scenario.governments[seat].name for seat in scenario.governments if seat in seats),
        "watched": watched,
        "others": [each for each in loaded.injects if name and each.objective == name and each.id not in listed],
        "measures": planned.measures if planned else (),
        "evaluators": evaluators if planned else [],
        "ratings": RATINGS,
        "left_out": left_out,
    }
    title = spec.title if spec else "Expected actions without an objective"
    return PaperSection("Evaluators", title, "objective.html", values)
