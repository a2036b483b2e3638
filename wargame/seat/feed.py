"""What a seat may be shown of the record: by kind, and nothing of any kind that is not listed here.

A seat sees what its government perceives: its signals, what it was told, what it did itself, and what all may know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wargame.journal.sentences import words
from wargame.seat.banner import BANNER
from wargame.seat.lines import spans

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.scenario.model import Scenario
    from wargame.simulation.exercise import Exercise

Teller = Callable[["str", "Record", "Exercise"], "str | None"]
PUBLIC = "public"
"""Stands for the view that everybody may have, as on a screen in the room."""


def clean(text: object, *, lines: bool = False) -> str:
    """Text of people and scenarios without characters that a terminal would act upon."""
    kept = "\n" if lines else ""
    return "".join(c if c.isprintable() or c in kept else " " for c in str(text))


def seen_by(who: str, record: Record, exercise: Exercise) -> str | None:
    """The record as this government (or the public) sees it, in one line; None if it does not."""
    teller = _TELLERS.get(record.kind)
    told = teller(who, record, exercise) if teller else None
    return None if told is None else clean(told)


def told_of(who: str, record: Record, exercise: Exercise) -> list[str]:
    """The lines that a record brings this government (or the public).

    They are the record itself and, where an action becomes known to it by this signal, the outcomes that the action has
    brought about.
    """
    told = seen_by(who, record, exercise)
    brought = _brought(who, record, exercise) if record.kind == "signal" else []
    return [*([] if told is None else [told]), *brought]


def learned(who: str, signal: Record, exercise: Exercise) -> bool:
    """Whether this government (the public: the last government) learns of an action by this signal, and not before."""
    action, seq = signal.data["action"], signal.seq
    return not _knows(who, action, seq, exercise) and _knows(who, action, seq + 1, exercise)


def _knows(who: str, action: int, before: int, exercise: Exercise) -> bool:
    """Whether, before a record, this government had done an action or had its signal.

    The public knows what all know, of actions that are done before all eyes.
    """
    records = exercise.records()
    option = exercise.context.scenario.options.get(records[action][4])
    if who == PUBLIC and option is not None and option.visibility != "public":
        return False
    heard = {r[3] for r in records[action + 1 : before] if r[2] == "signal" and r[6]["action"] == action}
    heard.add(records[action][3])
    return heard >= set(exercise.governments) if who == PUBLIC else who in heard


def _brought(who: str, signal: Record, exercise: Exercise) -> list[str]:
    if who not in (signal.who, PUBLIC) or not learned(who, signal, exercise):
        return []
    action = signal.data["action"]
    came = [r for r in exercise.records()[action + 1 : signal.seq] if r[2] == "outcome" and action in r[5]]
    return [_outcome_words(r[6]) for r in came if _knows_all(who, r[5], signal.seq + 1, exercise)]


def _knows_all(who: str, cause: Iterable[int], before: int, exercise: Exercise) -> bool:
    """Whether it knew of every action among the causes: an exchange has two, each of which tells of the other."""
    records = exercise.records()
    return all(_knows(who, seq, before, exercise) for seq in cause if records[seq][2] == "action")


def _outcome_words(data: dict[str, Any]) -> str:
    return clean(f"Outcome: {data['title']}")


def _named(scenario: Scenario, option: object) -> str:
    spec = scenario.options.get(str(option))
    return spec.title if spec else words(str(option))


def _action_words(scenario: Scenario, option: object, target: object) -> str:
    return _named(scenario, option) + (f" ({target})" if target else "")


def _marked(teller: Teller) -> Teller:
    """What could be taken for a message of the real world says that it is none."""

    def told(who: str, record: Record, exercise: Exercise) -> str | None:
        text = teller(who, record, exercise)
        return None if text is None else f"{BANNER} {text}"

    return told


def _signal(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who:
        return None
    data = record.data
    weight = float(data["perceived"])
    tone = "hostile" if weight < -0.5 else "friendly" if weight > 0.5 else "neutral"
    did = _action_words(exercise.context.scenario, data["option"], data.get("target"))
    return f"Report: {data['actor']} {did}; read here as {tone} ({weight:+.1f})"


def _sent_to(who: str, data: dict[str, Any]) -> bool:
    audience = data.get("audience") or ()
    return data.get("kind") != "facilitation" and (not audience or who in audience)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the script that a seat has been sent: its number there, and which release of which inject it is."""

    number: int
    seq: int
    inject: str
    release: int


def letters(exercise: Exercise, who: str) -> list[Letter]:
    """What the script has sent a seat so far. Its numbers tell nothing of what others were sent."""
    found: list[Letter] = []
    released: Counter[str] = Counter()
    for seq, _, kind, _, about, _, data in exercise.records():
        if kind == "inject.released":
            released[about] += 1
            if _sent_to(who, data):
                found.append(Letter(len(found) + 1, seq, about, released[about]))
    return found


def _released(who: str, record: Record, exercise: Exercise) -> str | None:
    data = record.data
    if not _sent_to(who, data):
        return None
    sender = f" from {record.who}" if record.who else ""
    number = next((f"[{each.number}] " for each in letters(exercise, who) if each.seq == record.seq), "")
    told = f"{data.get('channel', 'News')}{sender}: {data.get('message') or data.get('title', '')}"
    return told if who == PUBLIC else number + told


def _retracted(who: str, record: Record, exercise: Exercise) -> str | None:
    audience = record.data.get("audience") or ()
    if audience and who not in audience:
        return None
    sent = [each.number for each in letters(exercise, who) if each.inject == record.about and each.seq < record.seq]
    number = f" [{sent[-1]}]" if sent and who != PUBLIC else ""
    return f"DISREGARD what was sent before{number}: {record.data['message']}"


def _own_action(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who:
        return None
    data = record.data
    did = _action_words(exercise.context.scenario, data["option"], data.get("target"))
    return f"Done: {who} {did}" + ("" if data.get("success", True) else ", and it fails")


def _own_decision(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who or record.data.get("choice") == "wait":
        return None
    return f"Decided by the staff: {_action_words(exercise.context.scenario, record.about, record.data.get('target'))}"


def _lapsed(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who:
        return None
    did = _action_words(exercise.context.scenario, record.data["option"], record.data.get("target"))
    return f"Not carried out: {did}: {record.data['reason']}"


def _due(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who:
        return None
    until, default = record.data.get("until"), record.data.get("default")
    by = f", by {exercise.calendar.at(until):%Y-%m-%d %H:%M}" if isinstance(until, int) else ""
    then = " (then your staff decides)" if by and default == "model" else ""
    return f"DECISION DUE on {record.about}{by}{then}"


def _missed(who: str, record: Record, _: Exercise) -> str | None:
    if record.who != who:
        return None
    what = "the staff decides" if record.data.get("default") == "model" else "nothing is done"
    return f"Not decided in time on {record.about}: {what}"


def _ask(who: str, record: Record, exercise: Exercise) -> str | None:
    data, scenario = record.data, exercise.context.scenario
    if who not in (record.who, data["of"]):
        return None
    wants = " or ".join(_named(scenario, option) for option in data["wants"])
    carrot = f"; if so it {_named(scenario, data['inducement'])}" if data.get("inducement") else ""
    threat = f"; if not it {_named(scenario, data['threat'])}" if data.get("threat") else ""
    until = f", by {exercise.calendar.at(data['until']):%Y-%m-%d}"
    return f"{record.who} asks of {data['of']}: {wants}{until}{carrot}{threat}"


def _settled(who: str, record: Record, exercise: Exercise) -> str | None:
    """For the asker; for the asked one too, unless it is by an action of the asker that it has not heard of."""
    data = record.data
    if who != record.who and not (who == data["of"] and _knows_all(who, record.cause[:1], record.seq, exercise)):
        return None
    return f"The ask of {record.who} to {record.data['of']}: {words(str(record.data['how']))}"


def _public(text: Callable[[dict[str, Any]], str]) -> Teller:
    return lambda _who, record, _exercise: text(record.data)


def _outcome(who: str, record: Record, exercise: Exercise) -> str | None:
    """An outcome, at once unless an action has brought it that is not known here yet: then its signal brings it."""
    return _outcome_words(record.data) if _knows_all(who, record.cause, record.seq, exercise) else None


def _end(_who: str, record: Record, exercise: Exercise) -> str | None:
    """What ended the exercise stands here too: its news may not have come to everybody before."""
    ended = exercise.context.scenario.outcomes.get(record.about)
    return "The exercise is over" + (f" ({ended.title})" if ended else "")


def _leader(_who: str, record: Record, _: Exercise) -> str | None:
    return f"{record.who}: in office is {record.data.get('title') or words(record.about)}"


def _strategy(who: str, record: Record, _: Exercise) -> str | None:
    return f"The line now: {words(record.about)}" if record.who == who else None


def _step(_who: str, record: Record, _: Exercise) -> str | None:
    data = record.data
    return None if data["from"] == data["to"] else f"{data['title']}: {words(data['to'])} (was {words(data['from'])})"


def _command(who: str, record: Record, exercise: Exercise) -> str | None:
    data, kind = record.data, record.about
    if kind == "noplay":
        return f"NO PLAY NO PLAY NO PLAY: the exercise stands still. {data.get('text', '')}"
    if kind == "playon":
        return f"The exercise goes on. {data.get('text', '')}"
    if kind == "endex":
        return "ENDEX ENDEX ENDEX"
    if kind == "ack" and record.who == who:
        return next(iter(acknowledged(exercise, who, [record])), None)
    if data.get("government") != who:
        return None
    if kind == "seat":
        return f"The seat of {who} is now with: {data['kind']}"
    if kind in ("order", "standing_order"):
        when = f" once {data['when']}" if kind == "standing_order" else ""
        return f"Ordered: {_action_words(exercise.context.scenario, data['option'], data.get('target'))}{when}"
    return f"Passed: {data.get('dossier') or 'all that is due'}" if kind == "pass" else None


def acknowledged(exercise: Exercise, who: str, records: list[Record]) -> list[str]:
    """The messages that a seat has acknowledged in these records, by their numbers, in one line."""
    done = {(r.data["inject"], int(r.data["release"])) for r in records}
    numbers = [each.number for each in letters(exercise, who) if (each.inject, each.release) in done]
    return [f"Acknowledged: {spans(numbers)}"] if numbers else []


def _standing(who: str, record: Record, exercise: Exercise) -> str | None:
    if record.who != who:
        return None
    did = _action_words(exercise.context.scenario, record.data["option"], record.data.get("target"))
    return f"Standing order {record.data['number']} takes hold: {did}"


def _message(who: str, record: Record, _: Exercise) -> str | None:
    to = record.data["to"]
    if who not in (record.who, *to):
        return None
    return f"Message {record.who} to {', '.join(to)}: {record.data['text']}"


def _offer(who: str, record: Record, exercise: Exercise) -> str | None:
    to = record.data["to"]
    if who not in (record.who, *to):
        return None
    offers = exercise.commands.correspondence.offers
    number = next((n for n, offer in offers.items() if offer.seq == record.seq), 0)
    form = "Offer" if record.data.get("form", "offer") == "offer" else "Ask"
    return f"{form} {number} of {record.who} to {', '.join(to)}: {record.data['text']}"


def _answer(who: str, record: Record, exercise: Exercise) -> str | None:
    offer = exercise.commands.correspondence.offers.get(int(record.data["offer"]))
    if offer is None or who not in (offer.sender, *offer.to):
        return None
    text = f": {record.data['text']}" if record.data.get("text") else ""
    return f"{record.who} answers {offer.form} {record.data['offer']} of {offer.sender}: {record.data['answer']}{text}"


def _vote(who: str, record: Record, exercise: Exercise) -> str | None:
    if who not in (record.who, *record.data["to"]):
        return None
    votes = exercise.commands.correspondence.votes
    number = next((n for n, vote in votes.items() if vote.seq == record.seq), 0)
    choices = " / ".join(map(str, record.data["choices"]))
    return f"Vote {number} called by {record.who}: {record.data['question']} ({choices})"


def _ballot(who: str, record: Record, _: Exercise) -> str | None:
    return f"Your vote {record.data['vote']}: {record.data['choice']}" if record.who == who else None


def _result(who: str, record: Record, _: Exercise) -> str | None:
    data = record.data
    if who not in data["to"]:
        return None
    count = ", ".join(f"{choice} {number}" for choice, number in data["count"].items())
    return f"Vote {data['vote']}: {data['question']}: {count}, silent {data['silent']}"


def _request(who: str, record: Record, _: Exercise) -> str | None:
    return f"Sent to the white cell: {record.data['text']}" if record.who == who else None


def _ruling(who: str, record: Record, exercise: Exercise) -> str | None:
    data = record.data
    request = exercise.commands.adjudication.requests.get(int(data["request"]))
    if request is None or request.government != who:
        return None
    how = {"action": "it is done", "order": "it is ordered as an option", "refuse": "turned down"}[str(data["how"])]
    why = f": {data['why']}" if data.get("why") else ""
    return f"The white cell on '{request.text}': {how}{why}"


_TELLERS: dict[str, Teller] = {
    "signal": _signal,
    "inject.released": _marked(_released),
    "inject.retracted": _marked(_retracted),
    "action": _own_action,
    "decision": _own_decision,
    "order.cancelled": _lapsed,
    "decision.due": _due,
    "decision.missed": _missed,
    "demand": _ask,
    "demand.settled": _settled,
    "outcome": _outcome,
    "hazard": _public(lambda data: f"News: {data['title']}"),
    "run.end": _end,
    "leader": _leader,
    "strategy": _strategy,
    "forum": _step,
    "agreement": _step,
    "command": _command,
    "standing_order": _standing,
    "message": _marked(_message),
    "offer": _marked(_offer),
    "answer": _marked(_answer),
    "vote": _marked(_vote),
    "ballot": _ballot,
    "vote.result": _result,
    "request": _request,
    "ruling": _ruling,
}
