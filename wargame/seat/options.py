"""The options that a seat may order now, and what prevents the others, as far as the seat knows."""

import re
from functools import lru_cache, partial

from wargame.dataclasses import dataclass
from wargame.decision.menu import WAIT, Candidate, Menu, placeholders
from wargame.decision.view import unmet_requirement
from wargame.errors import UsageFault, closest, nearest, shortened
from wargame.journal.template_cache import text_lines
from wargame.language.explain import text
from wargame.language.expressions import parse
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.scenario.model import Option
from wargame.seat.feed import letters, reader_of
from wargame.seat.interests import indicator_title
from wargame.simulation.actors.feasibility import Blocker
from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The reason why a seat cannot order an option now.

    `kind` is one of `Blocker`'s; `text` says what exactly fails and when that ends, as far as it is known; `shared`
    says the same without what is of one target alone, so that targets with the same obstacle can be listed together.
    """

    kind: str
    text: str
    shared: str


@dataclass(frozen=True, slots=True)
class OptionEntry:
    """An option toward one or more targets (none if it takes none); `lead` is (low, mode, high) in seconds."""

    option: str
    title: str
    targets: tuple[str, ...]
    lead: tuple[int, int, int]
    obstacle: Obstacle | None = None
    too_late: bool = False
    """Whether an order given now would usually be carried out after ENDEX only."""


@dataclass(frozen=True, slots=True)
class DossierOptions:
    """The options of a dossier that can be ordered now, and the others with obstacles. `due`: a decision is due now."""

    dossier: str
    title: str
    due: bool
    available: tuple[OptionEntry, ...]
    blocked: tuple[OptionEntry, ...]


@dataclass(frozen=True, slots=True)
class SeatOptions:
    """All that a government may ever order, by dossier."""

    government: str
    dossiers: tuple[DossierOptions, ...]


def seat_options(exercise: Exercise, seat: str, only: str = "") -> SeatOptions:
    """Return the options of a government now, none after ENDEX; with the id of a dossier or an option only those."""
    menus = {} if exercise.done else exercise.governments[seat].menus
    chosen = [menu for dossier, menu in menus.items() if only in ("", dossier) or only not in menus]
    option = only if only and only not in menus else ""
    options = SeatOptions(seat, tuple(_dossier_options(exercise, seat, menu, option) for menu in chosen))
    exercise.context.forget_views()
    return options


def orderable(exercise: Exercise, seat: str) -> list[tuple[str, Candidate]]:
    """Return the dossier and the candidate of each order that a government could give, by dossier, option and target.

    It agrees with `seat_options`, and costs a tenth of it, since it explains nothing.
    """
    government, blocker = exercise.governments[seat], exercise.commands.seats.blocker
    found = [
        (menu.dossier, candidate)
        for menu in government.menus.values()
        for candidate in menu.candidates
        if candidate.option != WAIT
        and _meets_requirement(exercise, seat, candidate)
        and blocker(government, candidate, person=True) is None
    ]
    exercise.context.forget_views()
    return sorted(found, key=lambda each: (each[0], each[1].option, each[1].target or ""))


def _meets_requirement(exercise: Exercise, seat: str, candidate: Candidate) -> bool:
    """Return whether the requirement of an option holds as far as its seat knows; `blocker` also says why not."""
    condition = exercise.commands.seats.condition(seat, candidate.option)
    view = exercise.context.knowledge(seat).view
    return condition is None or bool(view.ask(view.compile(condition, placeholders(seat, candidate.target))))


def _dossier_options(exercise: Exercise, seat: str, menu: Menu, option: str) -> DossierOptions:
    """Put together targets of one option where all can be ordered, or where they share an obstacle."""
    available: dict[str, list[str]] = {}
    blocked: dict[tuple[str, str], list[tuple[str, Obstacle]]] = {}
    for candidate in menu.candidates:
        if candidate.option == WAIT or option not in ("", candidate.option):
            continue
        obstacle = obstacle_to(exercise, seat, candidate)
        if obstacle is None:
            available.setdefault(candidate.option, []).append(candidate.target or "")
        else:
            each = blocked.setdefault((candidate.option, obstacle.shared), [])
            each.append((candidate.target or "", obstacle))
    return DossierOptions(
        menu.dossier,
        exercise.context.scenario.dossiers[menu.dossier].title,
        (seat, menu.dossier) in exercise.commands.seats.dues,
        tuple(_entry(exercise, name, targets) for name, targets in available.items()),
        tuple(_blocked(exercise, name, each) for (name, _), each in blocked.items()),
    )


def _blocked(exercise: Exercise, name: str, each: list[tuple[str, Obstacle]]) -> OptionEntry:
    obstacle = each[0][1]
    if len(each) > 1:
        obstacle = Obstacle(obstacle.kind, obstacle.shared, obstacle.shared)
    return _entry(exercise, name, [target for target, _ in each], obstacle)


def _entry(exercise: Exercise, name: str, targets: list[str], obstacle: Obstacle | None = None) -> OptionEntry:
    spec = exercise.context.scenario.options[name]
    low, mode, high = spec.lead
    late = exercise.now + mode > exercise.end
    return OptionEntry(name, spec.title, tuple(filter(None, targets)), (low, mode, high), obstacle, late)


def option_names(exercise: Exercise, seat: str) -> set[str]:
    """Return the ids of all options that a government may ever order."""
    menus = exercise.governments[seat].menus.values()
    return {candidate.option for menu in menus for candidate in menu.candidates} - {WAIT}


def options_like(exercise: Exercise, seat: str, typed: str) -> str:
    """Return a hint at the options of a government that are spelt like a word, or have it in their ids or titles."""
    names, scenario = sorted(option_names(exercise, seat)), exercise.context.scenario
    begins = re.compile(rf"(?<![^\W_]){re.escape(typed)}", re.IGNORECASE)
    found = [each for each in names if len(typed) > 2 and begins.search(f"{each} {scenario.options[each].title}")]
    if not found or closest(typed, names, cutoff=VERY_LIKE) or len(found) > MOST_LIKE:
        return nearest(typed, names)
    *first, last = (f"'{each}'" for each in found)
    return f"did you mean {', '.join(first)} or {last}?" if first else f"did you mean {last}?"


VERY_LIKE = 0.8
"""Likeness of a misspelt id to the right one, from which words of other ids and titles are not looked at. Judgement."""
MOST_LIKE = 5
"""Options that a hint names."""


def check(exercise: Exercise, seat: str, option: str, target: str | None) -> None:
    """Raise UsageFault if a seat cannot give this order now, as far as it can know. Ignores NO PLAY and ENDEX."""
    if exercise.commands.adjudication.stopped or exercise.done:
        return
    if option not in option_names(exercise, seat):
        hint = options_like(exercise, seat, option) or f"options {seat} lists them"
        name = shortened(clean(option))
        raise UsageFault(f"{seat} has no option '{name}' ({hint}; a sentence goes to the white cell)")
    candidate = Candidate(option, target)
    offered = any(candidate in menu.candidates for menu in exercise.governments[seat].menus.values())
    obstacle = obstacle_to(exercise, seat, candidate) if offered else None
    exercise.context.forget_views()
    if obstacle is not None:
        raise UsageFault(f"{seat} cannot order {candidate} yet: {obstacle.text}")


# --- obstacles -----------------------------------------------------------------------------------------------


def obstacle_to(exercise: Exercise, seat: str, candidate: Candidate) -> Obstacle | None:
    """Return why a seat cannot order this now, as far as it may know; None if it can.

    An attack licenses an answer from the moment at which its signal has arrived, not before.
    """
    option = exercise.context.scenario.options[candidate.option]
    blocker = exercise.commands.seats.blocker(exercise.governments[seat], candidate, person=True)
    return _explained(exercise, seat, candidate, option, blocker) if blocker is not None else None


def _explained(exercise: Exercise, seat: str, candidate: Candidate, option: Option, blocker: Blocker) -> Obstacle:
    """Return the obstacle as people can use it: what exactly fails, its present value, and when it ends by itself."""
    message = ""
    if blocker.condition:
        return _requirement(exercise, seat, blocker, candidate.target)
    if blocker.kind == "cooling":
        last = exercise.governments[seat].last_done[candidate]
        ago, again = (exercise.now - last) // 60 * 60, exercise.calendar.at(last + option.cool_down)
        message = f"it was done {format_duration(ago)} ago; again from {again:%Y-%m-%d %H:%M}"
    elif blocker.kind == "ladder":
        leadership = exercise.governments[seat].leadership
        assert leadership is not None
        present = exercise.feasibility.present_rung(seat, candidate.target, person=True)
        step = leadership.leader.step
        rungs = "1 rung" if step == 1 else f"{step} rungs"
        message = f"rung {option.rung}, and this leader climbs at most {rungs} from the present {round(present, 1):g}"
    elif blocker.kind == "talks":
        moved = option.forum or option.agreement
        assert moved is not None
        message = f"'{moved.move}' is not possible at the present stage of '{_title(exercise, moved.name)}'"
    elif blocker.kind == "agreement":
        name, party = exercise.agreements.ruling_out(seat, candidate)
        host = f"; it binds {party}, without which this cannot be done" if party != seat else ""
        message = f"'{_title(exercise, name)}' rules it out{host}"
    return Obstacle(blocker.kind, message or blocker.message, message or blocker.message)


def _requirement(exercise: Exercise, seat: str, blocker: Blocker, target: str | None) -> Obstacle:
    """Return what of a requirement, or of a condition of a domestic body, does not hold as far as the seat knows."""
    requires = blocker.condition
    lead = f"{clean(blocker.body)} does not allow it and requires" if blocker.body else "it requires"
    view, names = exercise.context.knowledge(seat).view, placeholders(seat, target)
    scenario = exercise.context.scenario
    say = partial(
        unmet_requirement, view, requires, names, partial(_title, exercise),
        indicator=lambda read: clean(indicator_title(scenario, read.name, read.index)),
        said=_said(tuple(scenario.conditions.items())),
    )  # fmt: skip
    one = say()
    shared = one if target is None else say(for_any_target=True)
    return Obstacle(blocker.kind, f"{lead} {one}", f"{lead} {shared}")


def _title(exercise: Exercise, name: str) -> str:
    """Return the title of an option, outcome, forum or agreement; an empty text for other names."""
    scenario = exercise.context.scenario
    declared = (scenario.options, scenario.outcomes, scenario.forums, scenario.agreements)
    return next((clean(specs[name].title) for specs in declared if name in specs), "")


@lru_cache(maxsize=8)
def _said(conditions: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {text(parse(formula).root): clean(sentence) for formula, sentence in conditions}


NOTHING = "none"
"""The word for an order on the own initiative of the seat."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """Something that an order may answer: how a person names it, its record, and its description."""

    name: str
    seq: int
    text: str


def answerable(exercise: Exercise, seat: str) -> tuple[Answerable, ...]:
    """Return what an order of this government may answer now: due decisions, open demands, messages, newest first."""
    titles, lines = reader_of(exercise, seat).titles, exercise.injector.lines
    dues = [each for each in exercise.commands.seats.dues.values() if each.government == seat]
    sent = [(each, lines[each.inject].spec) for each in reversed(letters(exercise, seat)) if each.inject in lines]
    return (
        *(Answerable(each.dossier, each.seq, f"the decision due on {titles.dossier(each.dossier)}") for each in dues),
        *(
            Answerable(each.sender, each.cause, f"the demand of {titles.government(each.sender)}")
            for each in exercise.demands.put_to(seat)
        ),
        *(Answerable(str(each.number), each.seq, f"message {each.number}: {i.subject or i.title}") for each, i in sent),
    )


def answered(exercise: Exercise, seat: str, option: str, named: str) -> int | None:
    """Return the record that an order answers; without a name the recent decision due on its dossier.

    None if it answers nothing. Raises UsageFault if there is nothing of this name.
    """
    if named.lower() == NOTHING:
        return None
    if not named:
        due = exercise.commands.seats.due_on(seat, option)
        return due.seq if due else None
    found = answerable(exercise, seat)
    for each in found:
        if each.name.lower() == named.lstrip("#").lower():
            return each.seq
    names = ", ".join(each.name for each in found) or "there is nothing"
    raise UsageFault(f"--re {shortened(clean(named))}: nothing of this name can be answered ({names}; or {NOTHING})")


def option_lines(options: SeatOptions, only: str = "") -> list[str]:
    """List the orders possible now, by dossier, those with a due decision last: the end is what remains on a screen.

    With a dossier or an option also why the rest cannot.
    """
    one_option = bool(only) and only not in {each.dossier for each in options.dossiers}
    dossiers = sorted(options.dossiers, key=lambda each: each.due)
    words = {"only": only, "one_option": one_option, "length": format_duration}
    return text_lines("wargame.seat", "options.txt.j2", dossiers=dossiers, **words)
