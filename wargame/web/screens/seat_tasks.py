"""The tasks of a seat, its orders under way, and the orders that it may give, by dossier."""

from collections.abc import Iterator, Mapping

from wargame.dataclasses import dataclass, replace
from wargame.journal.wording import sentence
from wargame.live.console.console import Console
from wargame.seat.brief import Brief, Obligation, OrderUnderWay
from wargame.seat.description import OptionDescription, describe_option
from wargame.seat.feed import reader_of, summary_lines
from wargame.seat.options import DossierOptions, OptionEntry, orderable, seat_options
from wargame.seat.procedures import ProposedProcedure
from wargame.seat.questionnaires import SeatQuestionnaire, seat_questionnaires
from wargame.web.screens.clocks import GameTime, ends_at, length_of, moment
from wargame.web.viewer import Viewer

SOON = 86400
"""A task with less game time left than this is urgent, in seconds. Judgement."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in game time, with the game time left as text."""

    at: GameTime
    left: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the seat: `of` says what, and how it is answered.

    `kind` is `decision`, `procedure`, `offer`, `vote`, `questionnaire`, `demand` or `promise`; the last two are not
    answered but shown.
    `ends` is when a deadline in wall time ends, in seconds of the system's clock, and `held` the wall time left while
    it does not run. `answer` is what the seat has answered so far.
    """

    id: str
    kind: str
    of: Obligation | ProposedProcedure | SeatQuestionnaire
    deadline: Deadline | None = None
    answer: str = ""
    since: GameTime | None = None
    ends: int | None = None
    held: str = ""
    waits_until: int | None = None
    """While the clock waits for it: until when, in seconds of the system's clock."""

    @property
    def name(self) -> str:
        """Its dossier or number."""
        return (self.of.dossier if isinstance(self.of, Obligation) else "") or str(self.of.number)


def tasks(console: Console, brief: Brief) -> tuple[Task, ...]:
    """Return what waits for the seat: what has a deadline first, by deadline."""
    if console.session.exercise.done:
        return ()
    received = seat_questionnaires(console.session.exercise, brief.government)
    owed = [(place, each) for place, each in enumerate(brief.obligations) if each.kind != "questionnaire"]
    found = [
        *(_procedure(console, each) for each in brief.procedures),
        *(_decision(console, each) if each.kind == "decision" else _owed(console, place, each) for place, each in owed),
        *(_questionnaire(console, each) for each in received if each.is_open),
    ]
    held = {(each.kind, each.name): each for each in console.wall.floors.holding if each.government == console.seat}
    for place, task in enumerate(found):
        if waiting := held.get((task.kind, task.name)):
            found[place] = replace(task, waits_until=ends_at(waiting.left))
    return tuple(sorted(found, key=lambda each: (each.kind in ("demand", "promise"), _urgency(each))))


def to_be_done(found: tuple[Task, ...]) -> int:
    """Return how many tasks wait for an answer."""
    return sum(each.kind not in ("demand", "promise") and not each.answer for each in found)


def _urgency(task: Task) -> float:
    """Sort deadlines: wall time first, then game time, then none."""
    if task.ends is not None or task.held:
        return 0.0
    return task.deadline.at.at.timestamp() if task.deadline else float("inf")


def _deadline(console: Console, until: int | None) -> Deadline | None:
    if until is None:
        return None
    left = until - console.session.clock
    return Deadline(moment(console, until), f"{length_of(left)} left" if left > 0 else "now", left < SOON)


def _procedure(console: Console, each: ProposedProcedure) -> Task:
    answer = {"accept": "accepted", "refuse": "refused"}.get(each.answer, "")
    return Task(f"procedure-{each.number}", "procedure", each, _deadline(console, each.until), answer)


def _questionnaire(console: Console, each: SeatQuestionnaire) -> Task:
    answer = "" if each.unanswered or each.by_person else "answered"
    return Task(f"questionnaire-{each.number}", "questionnaire", each, _deadline(console, each.until), answer)


def _owed(console: Console, place: int, each: Obligation) -> Task:
    """Return an offer or a vote, which has a number, or a demand or a promise, the one at a place of what is owed."""
    deadline = _deadline(console, each.until) if each.kind == "demand" else None
    return Task(f"{each.kind}-{each.number or place}", each.kind, each, deadline)


def _decision(console: Console, each: Obligation) -> Task:
    wall, left = console.wall, console.wall.left_of(console.seat, each.dossier)
    counts = (wall.running or wall.waits) and not console.session.exercise.commands.adjudication.stopped
    return Task(
        f"decision-{each.dossier}",
        "decision",
        each,
        _deadline(console, each.until),
        since=moment(console, each.since) if each.since is not None else None,
        ends=ends_at(left) if left is not None and counts else None,
        held=length_of(int(left)) if left is not None and not counts else "",
    )


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
