"""The pack of the white cell: a guide, the MSEL, the commands, cards of the injects; and the evaluation guide.

That one follows the exercise evaluation guides of HSEEP: expected actions with their times, observations, a rating.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from wargame.language.times import Time, format_duration
from wargame.live.console.dispatch import COMMANDS
from wargame.live.paper.page import PaperSection, document
from wargame.live.timetable import released_by_endex
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExpectedAction, Inject, Scenario
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.messages import embedded, message_of_inject
from wargame.simulation.control.adjudication import RATINGS
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
    yield PaperSection(READER, "Guide", "guide.html", _guide(loaded, calendar))
    injects = _in_order(released_by_endex(loaded.injects, calendar), calendar)
    rows = [_msel_row(loaded.scenario, each) for each in injects]
    yield PaperSection(READER, "MSEL", "msel.html", {"rows": rows, "left_out": len(loaded.injects) - len(injects)})
    commands = [(COMMANDS[name].usage, COMMANDS[name].help) for name in GUIDE]
    yield PaperSection(READER, "Commands", "commands.html", {"commands": commands})
    names = titles(loaded.scenario)  # nothing is on a card that its readers may not know
    messages = [message_of_inject(inject, names) for inject in injects if inject.kind != "facilitation"]
    cards = {"messages": messages, "pictures": embedded(loaded.attached), "blank": BLANK_CARDS}
    yield PaperSection(READER, "Inject cards", "cards.html", cards)


def _guide(loaded: Loaded, calendar: RunCalendar) -> dict[str, Any]:
    scenario = loaded.scenario
    moves = f"one move is {format_duration(scenario.calendar.move)}"
    if loaded.exercise and loaded.exercise.moves:
        moves = f"{len(loaded.exercise.moves)} moves, as in the running order"
    return {
        "scenario": scenario,
        "first": calendar.minute(calendar.startex),
        "last": calendar.minute(calendar.end),
        "moves": moves,
        "seats": [
            (name, spec.name, ", ".join(sorted(scenario.dossiers[each].title for each in spec.dossiers)))
            for name, spec in scenario.governments.items()
        ],
        "objectives": [(name, spec.title) for name, spec in scenario.objectives.items()],
    }


def _msel_row(scenario: Scenario, inject: Inject) -> tuple[str, ...]:
    when, to = _released_when(inject, RunCalendar(scenario.calendar)), addressees(inject)
    actions = ((each.title or " or ".join(_options(scenario, each)), each.who) for each in inject.expected)
    expected = "; ".join(f"{who}: {action}" for action, who in actions)
    return inject.id, when, inject.channel, to, inject.title, expected, inject.notes


def addressees(inject: Inject) -> str:
    """Return who receives an inject, by codes."""
    return "white cell" if inject.kind == "facilitation" else ", ".join(inject.audience) or "all"


def _options(scenario: Scenario, action: ExpectedAction) -> list[str]:
    return [scenario.options[option].title for option in action.any_of]


def _in_order(injects: Collection[Inject], calendar: RunCalendar) -> list[Inject]:
    """Return injects by their dates, those without one last."""
    return sorted(injects, key=lambda each: (calendar.seconds(each.at) if each.at else float("inf"), each.id))


def _released_when(inject: Inject, calendar: RunCalendar) -> str:
    """Return the date of an inject, or what triggers it."""

    def moment(time: Time, *, short: bool = False) -> str:
        return calendar.minute(calendar.seconds(time), short=short)

    return trigger_phrase(inject, Wording(moment, partial(moment, short=True)))[0]


# --- the evaluation guide ------------------------------------------------------------------------------------

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
    scenario, watched = loaded.scenario, _watched(loaded, name, seats)
    spec = scenario.objectives[name] if name is not None else None
    about = f"{scenario.title}{f', objective {name}' if name else ''}"
    values = {
        "name": name,
        "about": about + (f", capability: {spec.capability}" if spec and spec.capability else ""),
        "observed": ", ".join(scenario.governments[seat].name for seat in scenario.governments if seat in seats),
        "watched": [_row(scenario, inject, action) for inject, action in watched],
        "others": list(_others(loaded, name, watched)) if name is not None else [],
        "ratings": RATINGS,
        "left_out": left_out,
    }
    title = spec.title if spec else "Expected actions without an objective"
    return PaperSection("Evaluators", title, "objective.html", values | _measures(loaded, name))


def _measures(loaded: Loaded, objective: str | None) -> dict[str, list[Any]]:
    """Return the measures of an objective in the exercise file, and who evaluates it."""
    plan = loaded.exercise
    planned = plan.objectives.get(objective) if plan and objective else None
    if plan is None or planned is None:
        return {"evaluators": [], "measures": []}
    evaluators = [each for each in plan.evaluators if not each.objectives or objective in each.objectives]
    return {"evaluators": evaluators, "measures": [(each.named, each.standard, "") for each in planned.measures]}


def _row(scenario: Scenario, inject: Inject, action: ExpectedAction) -> tuple[str, ...]:
    options = "; ".join(_options(scenario, action))
    towards = " or ".join(scenario.governments[name].name for name in action.towards)
    return (
        _released_when(inject, RunCalendar(scenario.calendar)),
        f"{inject.title} ({inject.id})",
        scenario.governments[action.who].name,
        action.title or "An action of the next column",
        f"{options} (towards {towards})" if towards else options,
        f"within {format_duration(action.within)}; late for another {format_duration(action.late)}",
    )


def _others(loaded: Loaded, objective: str, watched: list[Watched]) -> Iterator[str]:
    """Yield injects that serve the objective without an expected action in the table."""
    listed, calendar = {inject.id for inject, _ in watched}, RunCalendar(loaded.scenario.calendar)
    for each in loaded.injects:
        if each.objective == objective and each.id not in listed:
            yield f"{each.title} ({_released_when(each, calendar)})"
