"""What may come next on a line: verbs, governments, options, inject ids. A seat is offered only what is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.live.console.registry import FACILITATOR, SCRIBE, SEAT, VERBS
from wargame.live.console.script_commands import PARTS
from wargame.seat.feed import letters

if TYPE_CHECKING:
    from wargame.live.console.console import Console

Table = dict[str, Any]


def table(console: Console) -> Table:
    """All that a console completes: plain data, so that a terminal elsewhere can use it."""
    exercise, role = console.session.exercise, console.role
    verbs = {name: list(each.takes) for name, each in VERBS.items() if role in each.roles}
    if role == SEAT:
        verbs = {name: takes[1:] if takes[:1] == ["government"] else takes for name, takes in verbs.items()}
    names = list(exercise.governments)
    owners = [console.seat] if role == SEAT else names if role == FACILITATOR else []
    lists: dict[str, list[str]] = {"government": names, "other": [*names, "all"], "answer": ["yes", "no"]}
    lists["dossier"] = sorted({d for name in owners for d in exercise.governments[name].menus})
    lists["help"] = sorted({*verbs, *(VERBS[name].group for name in verbs), "all"})
    if role == SEAT:
        lists["letter"] = [str(each.number) for each in letters(exercise, console.seat)]
    if role in (FACILITATOR, SCRIBE):
        lists |= _of_the_white_cell(console)
    return {"verbs": verbs, "lists": lists, "options": {name: _options(console, name) for name in owners},
            "seat": console.seat if role == SEAT else ""}  # fmt: skip


def _of_the_white_cell(console: Console) -> dict[str, list[str]]:
    from wargame.scenario.building.build import plan
    from wargame.scenario.model import Inject

    exercise = console.session.exercise
    injects, objectives = list(exercise.injector.lines), list(exercise.context.scenario.objectives)
    world = exercise.context.world
    return {
        "inject": injects,
        "letter": injects,
        "msel": [*PARTS, "all", *injects],
        "terminal": [str(each.number) for each in console.room.joined] if console.room else [],
        "field": [name for name in plan(Inject)[0] if name != "id"],
        "seat": ["human", "model", "script"],
        "branch": list(console.session.branches),
        "request": [str(n) for n, r in exercise.commands.adjudication.requests.items() if not r.ruling],
        "ruling": ["action", "order", "refuse"],
        "rated": [*objectives, *injects],
        "rating": ["P", "S", "M", "U", "met", "late", "missed"],
        "path": [s.path.replace(", ", ",") for s in world.slots if not s.name.startswith(("belief", "var"))],
    }


def _options(console: Console, name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for menu in console.session.exercise.governments[name].menus.values():
        for candidate in menu.candidates[1:]:
            found.setdefault(candidate.option, []).extend([candidate.target] if candidate.target else [])
    return found


def complete(data: Table, line: str) -> list[str]:
    """The words that may stand where the line ends, sorted."""
    done = line.split()
    begun = "" if not done or line[-1].isspace() else done.pop()
    if not done:
        return sorted(word for word in data["verbs"] if word.startswith(begun))
    takes = data["verbs"].get(done[0], [])
    place = len(done) - 1
    if place >= len(takes):
        return []
    return sorted(word for word in _choices(data, takes[place], done) if word.startswith(begun))


def _choices(data: Table, kind: str, done: list[str]) -> list[str]:
    if kind not in ("option", "target"):
        return list(data["lists"].get(kind, []))
    who = data["seat"] or (done[1] if len(done) > 1 else "")
    options = data["options"].get(who, {})
    return list(options) if kind == "option" else options.get(done[-1], [])
