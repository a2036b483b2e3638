"""The printed documents of an exercise: all packs in one, the packs of some seats, or one document for each reader.

The pack of a seat has no secrets of others. That of the white cell is a guide, the MSEL, the commands, and cards of the
injects. An exercise file adds read-aheads, a checklist and a running order. The evaluation guide follows those of
HSEEP: expected actions with their times, observations, a rating.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from wargame.dataclasses import dataclass, field
from wargame.journal.records import Stamps
from wargame.journal.records.run import RATINGS
from wargame.journal.template_cache import environment
from wargame.journal.wording import called
from wargame.language.plain_text import clean_lines
from wargame.language.times import Time, spoken_duration
from wargame.live.console.dispatch import COMMANDS
from wargame.live.timetable import BREAK, MOVE, clock_text, released_by_endex, timetable
from wargame.scenario.journal_context import titles
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import ExercisePlan, ExpectedAction, Inject, Option, Scenario
from wargame.scenario.model.exercises import SeatPlan
from wargame.scenario.trigger_phrases import Wording, trigger_phrase
from wargame.seat.messages import ScriptMessage, Source, embedded, message_html, message_of_inject, message_style
from wargame.seat.options import DossierOptions, seat_options
from wargame.seat.role import role_sections, role_sheet
from wargame.sentence import BANNER
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Settings
from wargame.world.calendar import RunCalendar

WRITTEN = Settings()
"""STARTEX and ENDEX as the scenario has them."""
WHITE_CELL = "white-cell"
"""Name of the document of the white cell."""
OPEN = "●"
"""Mark of what can be ordered at STARTEX."""
READER = "White cell"
BLANK_CARDS = 4
"""Cards without text, for injects that are improvised."""
GUIDE = ("next", "advance", "until", "pause", "release", "hold", "skip", "delay", "inject", "order", "message", "rule",
        "action", "adjudicate", "note", "noplay", "endex")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A part of a pack that begins on a new sheet: whose it is, its title, its template and what that shows as `v`."""

    reader: str
    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    of_seat: bool = False

    @property
    def label(self) -> str:
        """The head of each of its sheets."""
        return f"{self.reader}: {self.title}"

    @property
    def heading(self) -> str:
        """The heading of its first sheet, which has the reader if a seat takes it away."""
        return self.label if self.of_seat else self.title


def paper(
    loaded: Loaded,
    seats: Sequence[str] = (),
    *,
    white_cell: bool = True,
    settings: Settings = WRITTEN,
    call: str = "EXERCISE",
) -> str:
    """Return one document: the pack of the white cell, then the packs of these seats, by default all human seats.

    `settings` may move STARTEX and ENDEX; `call` names the exercise in commands.
    """
    exercise = _at_startex(loaded, settings)
    sections = list(_white_cell(exercise, call)) if white_cell else []
    for seat in seats or _seats(loaded):
        sections += _seat(exercise, seat)
    return document(f"{loaded.scenario.title}: on paper", sections)


def documents(
    loaded: Loaded, seats: Sequence[str] = (), settings: Settings = WRITTEN, call: str = "EXERCISE"
) -> Iterator[tuple[str, str]]:
    """Yield one document for each of these seats, by default all, and one for the white cell: names and pages."""
    exercise, title = _at_startex(loaded, settings), loaded.scenario.title
    if not seats:
        yield WHITE_CELL, document(f"{title}: white cell", _white_cell(exercise, call))
    for seat in seats or _seats(loaded):
        name = loaded.scenario.governments[seat].name
        yield seat, document(f"{title}: {name}", _seat(exercise, seat))


def _seats(loaded: Loaded) -> list[str]:
    """Return the human seats of an exercise; all governments if it names none."""
    return list(_people(loaded.exercise) if loaded.exercise else ()) or list(loaded.scenario.governments)


def _people(plan: ExercisePlan) -> dict[str, SeatPlan]:
    return {name: seat for name, seat in plan.seats.items() if seat.player == "human"}


def _at_startex(loaded: Loaded, settings: Settings) -> Exercise:
    """Return an exercise with people in all seats, before its first event."""
    everyone = tuple((name, "human") for name in loaded.scenario.governments)
    exercise = Exercise(loaded, 1, replace(settings, seats=everyone))
    exercise.advance(exercise.calendar.startex)
    return exercise


def _seat(exercise: Exercise, seat: str) -> Iterator[PaperSection]:
    """Yield the sections of the pack of a seat; the exercise is at STARTEX."""
    reader, plan = f"{exercise.context.scenario.governments[seat].name} ({seat})", exercise.loaded.exercise
    if plan is not None:  # what a seat reads in the week before
        own = plan.seats.get(seat, SeatPlan())
        values = {"plan": plan, "own": own, "calendar": exercise.calendar, "rows": timetable(plan, exercise.calendar)}
        yield PaperSection(reader, "read-ahead", "read_ahead.html", values, of_seat=True)
    records = Stamps(exercise.calendar.iso).records(exercise.records())
    parts = role_sections(role_sheet(exercise, seat, records), exercise.calendar.at)
    yield PaperSection(reader, "role sheet", "role.html", {"parts": parts}, of_seat=True)
    dossiers = [(each, list(_options(exercise, each))) for each in seat_options(exercise, seat).dossiers]
    yield PaperSection(reader, "options", "options.html", {"open": OPEN, "dossiers": dossiers}, of_seat=True)
    yield PaperSection(reader, "order form", "form.html", {"seat": seat}, of_seat=True)


def _options(exercise: Exercise, dossier: DossierOptions) -> Iterator[tuple[str, Option, bool, str]]:
    """Yield the options of a dossier with whether they can be ordered now and their targets, those first that can."""
    targets: dict[str, list[str]] = {}
    for entry in (*dossier.available, *dossier.blocked):
        targets.setdefault(entry.option, []).extend(entry.targets)
    available = {entry.option: entry.targets for entry in dossier.available}
    for option, names in sorted(targets.items(), key=lambda item: item[0] not in available):
        now = set(available.get(option, ()))
        marked = (f"{name}{OPEN}" if name in now and len(now) < len(names) else name for name in sorted(names))
        yield option, exercise.context.scenario.options[option], option in available, ", ".join(marked)


def _white_cell(exercise: Exercise, call: str) -> Iterator[PaperSection]:
    """Yield the sections of the white cell; `call` names the exercise in commands."""
    if (plan := exercise.loaded.exercise) is not None:
        scenario, values = exercise.context.scenario, {"plan": plan, "call": call, "people": _people(plan)}
        of_scenario = {"governments": scenario.governments, "objectives": scenario.objectives}
        yield PaperSection(READER, "Checklist", "checklist.html", values | of_scenario)
        yield PaperSection(READER, "Running order", "running_order.html", _running_order(exercise, plan))
    loaded, calendar = exercise.loaded, exercise.calendar
    yield PaperSection(READER, "Guide", "guide.html", {"loaded": loaded, "calendar": calendar})
    injects = _in_order(released_by_endex(loaded.injects, calendar), calendar)
    left_out = len(loaded.injects) - len(injects)
    msel = {"scenario": loaded.scenario, "injects": injects, "left_out": left_out}
    yield PaperSection(READER, "MSEL", "msel.html", msel)
    commands = [(COMMANDS[name].usage, COMMANDS[name].help) for name in GUIDE]
    yield PaperSection(READER, "Commands", "commands.html", {"commands": commands})
    names = titles(loaded.scenario)  # nothing is on a card that its readers may not know
    messages = [message_of_inject(inject, names) for inject in injects if inject.kind != "facilitation"]
    cards = {"messages": messages, "pictures": embedded(loaded.attached), "blank": BLANK_CARDS}
    yield PaperSection(READER, "Inject cards", "cards.html", cards)


def _running_order(exercise: Exercise, plan: ExercisePlan) -> dict[str, Any]:
    calendar, injects = exercise.calendar, exercise.loaded.injects
    dated = sorted((calendar.seconds(each.at), each.id, each) for each in injects if each.at is not None)
    rows = timetable(plan, calendar)
    parts = [(row, [(t, each) for t, _, each in dated if row.start <= t < row.end]) for row in rows]
    return {
        "plan": plan,
        "calendar": calendar,
        "spare": plan.wall - rows[-1].wall_end,
        "rows": rows,
        "parts": [each for each in parts if each[0].kind in (MOVE, BREAK)],
        "others": [inject for inject in injects if inject.at is None and inject.enabled],
    }


def _in_order(injects: Collection[Inject], calendar: RunCalendar) -> list[Inject]:
    """Return injects by their dates, those without one last."""
    return sorted(injects, key=lambda each: (calendar.seconds(each.at) if each.at else float("inf"), each.id))


WatchedAction = tuple[Inject, ExpectedAction]
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


def _watched(loaded: Loaded, objective: str | None, seats: Collection[str]) -> list[WatchedAction]:
    """Return the expected actions that serve an objective, or none, in the order of their planned times."""
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


# --- the document ---------------------------------------------------------------------------------------------------


def document(title: str, sections: Iterable[PaperSection], *, landscape: bool = False) -> str:
    """Return the whole page. It loads nothing from any host; the templates escape all text."""
    values = {"title": title, "sections": list(sections), "landscape": landscape}
    page = _templates().get_template("page.html")
    return clean_lines(page.render(**values, banner=BANNER, message_style=message_style()) + "\n")


@cache
def _templates() -> Environment:
    def card(message: ScriptMessage, pictures: Source) -> str:
        return Markup(message_html(message, pictures, to_fill_in=True))  # noqa: S704 - its template escapes

    templates = environment("wargame.live.paper", "templates")
    templates.filters |= {"duration": spoken_duration, "message_card": card, "paragraphs": _paragraphs}
    templates.filters |= {"breakable": _breakable, "called": called, "when": _released_when, "room": clock_text}
    return templates


def _paragraphs(text: str) -> list[str]:
    """Return paragraphs, which are separated by empty lines."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _released_when(inject: Inject, scenario: Scenario) -> str:
    """Return the date of an inject, or what triggers it."""
    calendar = RunCalendar(scenario.calendar)

    def moment(time: Time, *, short: bool = False) -> str:
        return calendar.minute(calendar.seconds(time), short=short)

    names = titles(scenario)
    wording = Wording(moment, partial(moment, short=True), option=lambda option: f"'{names.option(option)}'")
    return trigger_phrase(inject, replace(wording, government=names.government))[0]


def _breakable(cells: Markup) -> Markup:
    """Return cells whose names can be broken after each `_`, since columns are narrow."""
    return Markup(re.sub(r"_(?=[^<>]*<)", "_<wbr>", cells))  # noqa: S704 - between tags alone
