"""Completion: the words that may come next on a line. A seat is offered only what it may know."""

from collections.abc import Iterable, Sequence
from typing import Any

from wargame.live.console.console import Console
from wargame.live.console.dispatch import commands_of
from wargame.live.console.evaluation_commands import observed_items
from wargame.live.console.msel_view import PARTS
from wargame.live.console.names import FIXED, same_word
from wargame.live.console.roles import FACILITATOR, JUDGES, SCRIBE, SEAT
from wargame.live.session.pace import NOTHING, STOPS
from wargame.seat.feed import letters
from wargame.seat.obligations import proposed_procedures
from wargame.seat.questionnaires import seat_questionnaires
from wargame.simulation.actors.procedures import MODES

CompletionTable = dict[str, Any]


def table(console: Console) -> CompletionTable:
    """Return everything that a console completes, as plain data that can be sent to another process.

    `commands` maps a command to the kinds of its arguments, `lists` a kind to its words, `options` a government to its
    options and their targets; `seat` is the government of a seat, or empty.
    """
    exercise, role = console.exercise, console.role
    available = commands_of(console)
    takes = {name: list(command.takes) for name, command in available.items()}
    if role == SEAT:
        takes = {name: kinds[1:] if kinds[:1] == ["government"] else kinds for name, kinds in takes.items()}
    governments = list(exercise.governments)
    owners = governments if role == FACILITATOR else console.observed if role != SCRIBE else []
    lists: dict[str, Sequence[str]] = {
        **FIXED,
        "government": governments,
        "other": [*governments, "all", "public", "EXCON"],
        "stop": [*STOPS, NOTHING],
        "dossier": sorted({dossier for name in owners for dossier in exercise.governments[name].menus}),
        "help": sorted({*available, *(command.group for command in available.values()), "all"}),
    }
    lists["questionnaire"] = [str(each.number) for name in owners for each in seat_questionnaires(exercise, name)]
    if role == SEAT:
        lists["letter"] = [str(each.number) for each in letters(exercise, console.seat)]
    if role in JUDGES:
        items, objectives = observed_items(console), list(exercise.context.scenario.objectives)
        lists |= {
            "sent": [each.inject.id for each in exercise.questionnaires.sent],
            "rated": [*objectives, *dict.fromkeys(item.inject for item in items)],
            "expected": [str(item.number) for item in items],
            "objective": objectives,
        }
    if console.evaluator is not None:
        lists["government"] = owners
    lists["proposed"] = [str(each.number) for name in owners for each in proposed_procedures(exercise, name)]
    if console.sees_all:
        lists |= _white_cell_lists(console)
    options = {name: _options(console, name) for name in owners}
    return {"commands": takes, "lists": lists, "options": options, "seat": console.seat if role == SEAT else ""}


def _white_cell_lists(console: Console) -> dict[str, list[str]]:
    exercise = console.exercise
    injects = list(exercise.injector.lines)
    world = exercise.context.world
    participants = console.participants
    people = [str(number) for number in participants.names()] if participants else []
    terminals = [str(each.number) for each in participants.joined] if participants else []
    return {
        "inject": injects,
        "letter": injects,
        "msel": [*PARTS, "all", *injects],
        "joinable": [*exercise.governments, "deputy", "evaluator", "facilitator", "screen"],
        "person": ["all", *people],
        "terminal": list(dict.fromkeys([*terminals, *people])),
        "procedures": [*exercise.governments, *exercise.context.scenario.procedures],
        "mode": list(MODES),
        "branch": list(console.session.branches),
        "request": [str(n) for n, r in exercise.commands.adjudication.requests.items() if not r.ruling],
        "outcome": list(exercise.outcomes),
        "path": [s.path.replace(", ", ",") for s in world.slots if s.is_named],
    }


def _options(console: Console, name: str) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for menu in console.exercise.governments[name].menus.values():
        for candidate in menu.candidates[1:]:
            options.setdefault(candidate.option, []).extend([candidate.target] if candidate.target else [])
    return options


def complete(data: CompletionTable, line: str) -> list[str]:
    """Return the words that may come at the end of the line, sorted; what is typed may be in any case."""
    words = line.split()
    prefix = "" if not words or line[-1].isspace() else words.pop()
    if not words:
        return _beginning_with(prefix, data["commands"])
    kinds = data["commands"].get(words[0].lower(), [])
    place = len(words) - 1
    if place >= len(kinds):
        return []
    return _beginning_with(prefix, _choices(data, kinds[place], words))


def _beginning_with(prefix: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.lower().startswith(prefix.lower()))


def _choices(data: CompletionTable, kind: str, words: list[str]) -> list[str]:
    if kind not in ("option", "target"):
        return list(data["lists"].get(kind, []))
    government = data["seat"] or same_word(words[1] if len(words) > 1 else "", data["options"])
    options = data["options"].get(government, {})
    return list(options) if kind == "option" else options.get(same_word(words[-1], options), [])
