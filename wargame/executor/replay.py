"""Applies the lines of a command log to an exercise: live, and when resuming, rewinding, verifying and forking."""

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, TypeVar

from wargame.errors import NotReproducible, UsageFault
from wargame.journal.command_log import ADVANCE, ELSEWHERE, CommandEntry
from wargame.journal.records import Record, record_of
from wargame.journal.records.correspondence import MessageRecord, OfferRecord, RfiReplyRecord, RulingRecord, VoteRecord
from wargame.journal.records.governments import DemandRecord
from wargame.journal.records.seats import DecisionDueRecord
from wargame.language.times import DAY
from wargame.sentence import Hint
from wargame.simulation.control.commands import PLAY_ON
from wargame.simulation.control.lookup import world_condition
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command
from wargame.tables import tables

T = TypeVar("T")
Steps = Generator[None, None, T]
"""A job that yields wherever it may be left for a moment, and returns its result at the end."""


def finish(steps: Generator[Any, Any, T], answer: Callable[[Any], Any] = lambda _: None) -> T:
    """Run a job to its end without a pause, with answers to what it yields, and return its result."""
    given = None
    while True:
        try:
            asked = steps.send(given)
        except StopIteration as end:
            result: T = end.value
            return result
        given = answer(asked)


REWIND = Hint(("rewind",), "goes back", "Rewind", view="branches")
TICK = "tick"
"""Marks a move of the running clock, as opposed to a typed one."""
PART = "part"
"""Marks a command that continues the one before it: the next part of a typed move of the clock, or of an import."""
TIME_TRAVEL = frozenset({"rewind", "undo", "switch"})
"""Kinds of commands after which the exercise has another past."""
NEWS: frozenset[str] = frozenset(tables("journal/kinds.yaml")["news"])
"""Kinds of records at which `next` stops."""
DUE = frozenset({"decision.due", "procedure.proposed"})
"""Kinds of records with which a human seat is asked to decide."""


def act(exercise: Exercise, line: CommandEntry) -> str:
    """Advance to the time of a line and apply it, or UsageFault. Returns why a move stopped; empty for other lines."""
    return finish(acting(exercise, line))


def acting(exercise: Exercise, line: CommandEntry) -> Steps[str]:
    """Act in steps."""
    yield from advancing(exercise, line.t)
    if line.kind == ADVANCE:
        return (yield from moving(exercise, line.data))
    if line.kind not in ELSEWHERE:
        exercise.apply(Command(kind=line.kind, data=line.data))
    return ""


def advancing(exercise: Exercise, to: int) -> Steps[None]:
    """Advance to second `to`, a day at a time."""
    while exercise.now + DAY < to and not exercise.done:
        exercise.advance(exercise.now + DAY)
        yield
    exercise.advance(to)


def check_move(exercise: Exercise, data: dict[str, Any]) -> None:
    """Raise UsageFault if the clock cannot be moved as requested."""
    if exercise.done:
        raise UsageFault("the exercise is over")
    if exercise.commands.adjudication.stopped:
        raise UsageFault("NO PLAY: the exercise is stopped for the real world", PLAY_ON)
    if int(data["to"]) <= exercise.now:
        raise UsageFault("that time has passed: the clock only moves forward", REWIND)
    if data.get("when") and not data.get(PART):
        formula = world_condition(str(data["when"]), exercise.context)
        if formula(exercise.context.world, exercise.context.events):
            raise UsageFault(f"{data['when']} already holds")


def moving(exercise: Exercise, data: dict[str, Any]) -> Steps[str]:
    """Advance to second `to`, or less far, in steps.

    It stops earlier once `when` holds, at the next `news`, at what people are to decide (`due`), at `injects` and
    proposed procedures for human seats, with `questions` also at those to them, and at what calls upon one of the
    seats in `turns`, which programs have.
    Returns why it stopped: `to`, `when`, `news`, `due`, `injects`, `turns` or `over`. If it stops early, all events of
    that second have happened. A condition is checked after events only, so that the steps do not decide where it stops.
    """
    to = min(int(data["to"]), exercise.end)
    formula = world_condition(str(data["when"]), exercise.context) if data.get("when") else None
    seen, turns = len(exercise.records()), frozenset(data.get("turns") or ())
    stops = formula is not None or any(data.get(key) for key in ("news", "due", "injects", "turns"))
    while not exercise.done and exercise.now < to:
        if not stops:
            yield from advancing(exercise, to)
            break
        happens = exercise.next_event() < to
        exercise.advance(min(to, int(min(exercise.next_event(), to)) + 1))
        fresh = [record_of(raw, "") for raw in exercise.records()[seen:]]
        kinds = {record.kind for record in fresh}
        seen += len(fresh)
        if turns and any(not turns.isdisjoint(called_upon(exercise, each)) for each in fresh):
            return "turns"
        if data.get("due") and not kinds.isdisjoint(DUE):
            return "due"
        asked = bool(data.get("questions"))  # command logs of before it existed stop where they stopped
        if data.get("injects") and any(seats_addressed(exercise, each, asked=asked) for each in fresh):
            return "injects"
        if data.get("news") and not kinds.isdisjoint(NEWS):
            return "news"
        if happens and formula is not None and formula(exercise.context.world, exercise.context.events):
            return "when"
        yield
    return "over" if exercise.done else "to"


def seats_addressed(exercise: Exercise, record: Record, *, asked: bool = False) -> list[str]:
    """Return the human seats that a record calls upon: by an inject or by a standing procedure that is proposed.

    An inject calls upon its audience, upon those of whom it expects an action and, with `asked`, upon those who
    receive its questions. Any other message to all is addressed to none in particular.
    """
    if record.kind == "procedure.proposed":
        return [record.who]
    item = exercise.injector.lines.get(record.about) if record.kind == "inject.released" else None
    if item is None:
        return []
    concerned = {*item.spec.audience, *(expected.who for expected in item.spec.expected)}
    if asked and item.spec.questionnaire is not None and item.spec.kind != "facilitation":
        concerned.update(item.spec.audience or exercise.governments)
    return sorted(name for name in concerned if exercise.commands.seats.of(name) == "human")


def called_upon(exercise: Exercise, record: Record) -> list[str]:
    """Return the governments that a record asks to act, whoever holds their seats; a program then has its turn.

    They are asked by a decision that falls due, an inject or a proposed procedure of their own, a demand of another
    government, a message, an offer, a vote, a ruling on their order or a reply to their question.
    """
    match record:
        case DecisionDueRecord():
            return [record.who]
        case DemandRecord():
            return [record.of]
        case RulingRecord():
            return [record.about]
        case RfiReplyRecord():
            return [record.government] if record.status != "in_work" else []
        case MessageRecord() | OfferRecord() | VoteRecord():
            return [name for name in record.to if name != record.who]
    return seats_addressed(exercise, record)


def replay(exercise: Exercise, lines: Iterable[CommandEntry]) -> Iterator[CommandEntry]:
    """Apply lines one at a time and yield each; NotReproducible where a line cannot be applied any more."""
    return filter(None, replaying(exercise, lines))


def replaying(exercise: Exercise, lines: Iterable[CommandEntry]) -> Iterator[CommandEntry | None]:
    """Replay in steps: yields None in between."""
    for _ in advancing(exercise, exercise.calendar.startex):
        yield None
    for line in lines:
        if line.t < exercise.now:
            message = "the clock is already past its time, unlike when it was given"
            raise NotReproducible(f"commands.jsonl:{line.n}: {message}")
        try:
            for _ in acting(exercise, line):
                yield None
        except UsageFault as error:
            message = f"commands.jsonl:{line.n}: '{line.kind}' cannot be applied any more: {error}"
            raise NotReproducible(message) from None
        yield line
