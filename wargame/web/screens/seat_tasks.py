"""The tasks of a seat, its orders under way, and the orders that it may give, by dossier."""

from collections.abc import Iterator, Mapping

from wargame.dataclasses import dataclass
from wargame.journal.wording import sentence
from wargame.live.console.console import Console
from wargame.seat.brief import Brief, OrderUnderWay, summary_lines
from wargame.seat.description import OptionDescription, describe_option
from wargame.seat.feed import reader_of
from wargame.seat.obligations import Obligation
from wargame.seat.options import DossierOptions, OptionEntry, orderable, seat_options
from wargame.seat.questionnaires import SeatQuestionnaire, seat_questionnaires
from wargame.web.screens.clocks import GameTime, ends_at, length_of, moment
from wargame.web.viewer import Viewer

UNANSWERED = ("demand", "promise")
"""Kinds of obligations that are shown, but met by orders and not answered."""
SOON = 86400
"""A task with less game time left than this is urgent, in seconds. Judgement."""


@dataclass(frozen=True, slots=True)
class Task:
    """An obligation on the page of its seat, with how it is answered.

    `ends` is when a deadline in wall time ends, in seconds of the system's clock, and `held` the wall time left while
    it does not run. `waits_until` is when the clock no longer waits for it. `answer` is what the seat has answered so
    far, empty if its other people may still answer.
    """

    id: str
    of: Obligation
    answer: str
    ends: int | None
    held: str
    waits_until: int | None
    questionnaire: SeatQuestionnaire | None


def tasks(console: Console, brief: Brief) -> tuple[Task, ...]:
    """Return what waits for the seat: what ends in wall time, then in game time, then what has no deadline."""
    if console.exercise.done:
        return ()
    received = {each.number: each for each in seat_questionnaires(console.exercise, brief.government)}
    wall, found = console.wall, []
    held = {each.of.name: ends_at(each.left) for each in wall.floors.holding if each.of.government == console.seat}
    counts = (wall.running or wall.waits) and not console.exercise.commands.adjudication.stopped
    for place, each in enumerate(brief.obligations):
        asked = received.get(each.number) if each.kind == "questionnaire" else None
        left = wall.left_of(each.government, each.dossier)
        found.append(
            Task(
                f"{each.kind}-{each.dossier or each.number or place}",
                each,
                answer="" if asked is not None and asked.by_person else each.answer,
                ends=ends_at(left) if left is not None and counts else None,
                held=length_of(int(left)) if left is not None and not counts else "",
                waits_until=held.get(each.name),
                questionnaire=asked,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.of.kind in UNANSWERED, wall.urgency(each.of))))


def to_be_done(found: tuple[Task, ...]) -> int:
    """Return how many tasks wait for an answer."""
    return sum(each.of.kind not in UNANSWERED and not each.answer for each in found)


def orders_under_way(viewer: Viewer, brief: Brief) -> list[tuple[OrderUnderWay, str, list[tuple[str, str]]]]:
    """Return the orders that are being carried out, the next one first; before STARTEX without past ones.

    Each is with who gave it, and with what could replace it.
    """
    console, options = viewer.console, viewer.console.session.exercise.context.scenario.options
    names = {each.id: each.name for each in viewer.people}
    given = {
        (entry.t, console.titles.choice(entry.data)): names.get(entry.by, "")
        for entry in console.session.path
        if entry.kind == "order" and entry.data.get("government") == console.seat and isinstance(entry.by, str)
    }
    since = console.session.clock if console.at_startex else 0
    rows = [each for each in brief.under_way if each.expected is None or each.expected >= since]
    rows.sort(key=lambda each: (each.expected or 0, each.text))
    can: dict[str, list[tuple[str, str]]] = {}
    for dossier, order in orderable(console.session.exercise, console.seat) if rows else ():
        can.setdefault(dossier, []).append((str(order), sentence(console.titles.order(order))))
    instead = (can.get(options[each.words.split()[0]].dossier, []) for each in rows)
    return [(each, given.get((each.since or 0, each.text), ""), of) for each, of in zip(rows, instead, strict=True)]


def summary(console: Console) -> tuple[GameTime, list[str]] | None:
    """Return what has happened since the clock was last started; None while it runs or if nothing has happened."""
    session, wall = console.session, console.wall
    records = session.records[wall.since :]
    if wall.running or not records or wall.since_at >= session.exercise.now:
        return None
    lines = summary_lines(session.exercise, console.seat, records, typed=False)
    return (moment(console, wall.since_at), lines) if lines else None


@dataclass(frozen=True, slots=True)
class OptionChoice:
    """One option toward one or more targets.

    `targets` are codes with names, `towards` the names in a sentence. `described` is the option in full, `example` a
    condition for a standing order.
    """

    id: str
    entry: OptionEntry
    targets: tuple[tuple[str, str], ...]
    towards: str
    described: OptionDescription
    example: str


@dataclass(frozen=True, slots=True)
class DossierChoices:
    """A dossier with the options that can be ordered now or, but for those at another stage of talks, later."""

    of: DossierOptions
    due: bool
    choices: tuple[OptionChoice, ...]


def dossiers(viewer: Viewer, brief: Brief) -> Iterator[DossierChoices]:
    """Yield all dossiers in the order of the scenario, so that their places on the page stay the same."""
    exercise = viewer.console.session.exercise
    conditions = {each.name: f"{each.path} > {(each.low + each.high) / 2:g}" for each in reversed(brief.values)}
    for each in seat_options(exercise, viewer.console.seat).dossiers:
        later = (entry for entry in each.blocked if not (entry.obstacle and entry.obstacle.kind == "talks"))
        entries = [("now", entry) for entry in each.available]
        entries += [(f"later{place}", entry) for place, entry in enumerate(later)]
        choices = tuple(_choice(viewer, entry, when, conditions) for when, entry in entries)
        yield DossierChoices(each, each.due and not exercise.done, choices)


def _choice(viewer: Viewer, entry: OptionEntry, when: str, conditions: Mapping[str, str]) -> OptionChoice:
    exercise, seat = viewer.console.session.exercise, viewer.console.seat
    described = describe_option(exercise, seat, entry.option)
    titles = viewer.cached("titles", lambda: reader_of(exercise, seat).titles)
    targets = tuple((code, sentence(titles.government(code))) for code in entry.targets)
    towards = titles.listed(entry.targets) if entry.targets else ""
    known = (conditions[name] for name, _ in described.reads if name in conditions)
    example = next(known, f"count({entry.option}) > 0")
    return OptionChoice(f"{entry.option}-{when}", entry, targets, towards, described, example)
