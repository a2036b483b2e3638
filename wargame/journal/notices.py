"""What a seat, or the public screen, reads of a record that it may see.

The input is a record as `visibility` lets the viewer see it, so that a notice cannot reveal anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wargame.journal.action_sentences import BY_PROCEDURE
from wargame.journal.correspondence_sentences import RFI_STATUSES, RULINGS
from wargame.journal.questionnaire_sentences import (
    answers_in_words,
    asked_in_words,
    attached_in_words,
    results_in_words,
)
from wargame.journal.records import Record
from wargame.journal.sentences import headline
from wargame.journal.wording import Titles, sentence, signed, words
from wargame.language.markdown import plain


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the code of a government or `public`; with titles, and the calendar from seconds to local time."""

    seat: str
    titles: Titles
    at: Callable[[int], datetime]


def notice(record: Record, reader: Reader) -> str | None:
    """One line for the reader; None for a record that is visible but not reported, such as a snapshot."""
    describe = _NOTICES.get(record.kind)
    return describe(record, reader) if describe else None


def spans(numbers: Iterable[int]) -> str:
    """Numbers in order, consecutive ones drawn together: `1 to 4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in runs)


HOSTILE, FRIENDLY = -0.5, 0.5
"""Perceived weights below and above which a report is called hostile or friendly."""


def _signal(record: Record, reader: Reader) -> str:
    data = record.data
    did = sentence(f"{reader.titles.government(data['actor'])} {reader.titles.action(data)}")
    if "perceived" not in data:
        return did
    weight = float(data["perceived"])
    tone = "hostile" if weight < HOSTILE else "friendly" if weight > FRIENDLY else "neutral"
    return f"Report: {did}; assessed as {tone} ({signed(weight, 1)})"


def _released(record: Record, _: Reader) -> str:
    data = record.data
    number = f"[{data['number']}] " if "number" in data else ""
    sender = f" from {record.who}" if record.who else ""
    files, questions = attached_in_words(data), asked_in_words(data)
    head = f"{data.get('channel', 'News')}{sender}{f' with {files}' if files else ''}"
    text = plain(data.get("message") or data.get("subject") or data.get("title", ""))
    return f"{number}{head}: {text}{f' [{questions}]' if questions else ''}"


def _retracted(record: Record, _: Reader) -> str:
    data = record.data
    number = f"message [{data['number']}]" if "number" in data else "an earlier message"
    return f"DISREGARD {number}: {data['message']}"


def _action(record: Record, reader: Reader) -> str:
    failed = "" if record.data.get("success", True) else ", and it fails"
    label = _NOT_ORDERED.get(str(record.data.get("from")))
    by = f", {label}" if label else ""
    return f"Done: {reader.titles.government(record.who)} {reader.titles.action(record.data)}{by}{failed}"


_NOT_ORDERED = {
    "procedure": BY_PROCEDURE,
    "inject": "by the script",
    "hazard": "by chance",
    "adjudicated": "entered by EXCON",
}
"""Sources of actions of a government that its own decisions did not cause -> label."""


def _decision(record: Record, reader: Reader) -> str | None:
    if record.data.get("choice") == "wait":
        return None
    return f"Decided by the staff: {reader.titles.choice(record.data, 'choice')}"


def _due(record: Record, reader: Reader) -> str:
    until, default = record.data.get("until"), record.data.get("default")
    by = f", by {reader.at(until):%Y-%m-%d %H:%M}" if isinstance(until, int) else ""
    then = " (then your staff decides)" if by and default == "model" else ""
    return f"DECISION DUE on {reader.titles.dossier(record.about)}{by}{then}"


def _missed(record: Record, reader: Reader) -> str:
    default = "the staff decides" if record.data.get("default") == "model" else "nothing is done"
    reason = f" ({record.data['reason']})" if record.data.get("reason") else ""
    return f"Not decided in time on {reader.titles.dossier(record.about)}: {default}{reason}"


def _inherited(record: Record, reader: Reader) -> str:
    data, at = record.data, reader.at(record.data["until"])
    does = sentence(f"{reader.titles.government(record.who)} {reader.titles.choice(data)}")
    number = data["number"]
    unless = f"unless you cancel it (cancel {number})"
    return f"UNDER WAY {number}, ordered by the model: {does} at {at:%Y-%m-%d %H:%M}, {unless}"


def _proposed(record: Record, reader: Reader) -> str:
    data, number = record.data, record.data["number"]
    acts = data["mode"] == "act"
    unless = f"unless you refuse (refuse {number})" if acts else f"if you accept (accept {number} or refuse {number})"
    does = sentence(f"{reader.titles.government(record.who)} {reader.titles.choice(data)}")
    return (
        f"STANDING PROCEDURE {number}: {data['title']}. {does} at {reader.at(data['until']):%Y-%m-%d %H:%M}, {unless}"
    )


def _procedure_answer(record: Record, _: Reader) -> str:
    answered = "Accepted" if record.data["answer"] == "accept" else "Refused"
    return f"{answered}: standing procedure {record.data['number']}"


def _procedure_expired(record: Record, reader: Reader) -> str:
    return (
        f"Standing procedure {record.data['number']} has expired without an answer: {reader.titles.choice(record.data)}"
    )


_MODES = {
    "act": ("acts unless you refuse", "act unless you refuse"),
    "propose": ("is proposed to you", "are proposed to you"),
    "off": ("is off", "are off"),
}
"""What one procedure does, and what all do."""


def _demand(record: Record, reader: Reader) -> str:
    data, titles = record.data, reader.titles
    who = titles.government(record.who)
    inducement = f"; if met, {who} {titles.option(data['inducement'])}" if data.get("inducement") else ""
    threat = f"; if not, {who} {titles.option(data['threat'])}" if data.get("threat") else ""
    until = f", by {reader.at(data['until']):%Y-%m-%d}"
    demand = f"{who} demands that {titles.government(data['of'])} {titles.any_of(data['wants'])}"
    return sentence(f"{demand}{until}{inducement}{threat}")


def _end(record: Record, reader: Reader) -> str:
    """With what ended it, which not everyone may have heard before."""
    title = reader.titles.outcomes.get(record.about)
    return "The exercise is over" + (f" ({title})" if title else "")


def _leader(record: Record, reader: Reader) -> str:
    name = record.data.get("title") or words(record.about)
    return sentence(f"{reader.titles.government(record.who)}: {name} is in office")


def _step(record: Record, reader: Reader) -> str | None:
    """A change of state; what happens within one is not reported."""
    return None if record.data.get("from") == record.data.get("to") else headline(record, titles=reader.titles)


_SEATS = {"human": "a person", "model": "the model", "script": "the script"}


def _command(record: Record, reader: Reader) -> str | None:
    data, kind = record.data, record.about
    by = "" if record.who == reader.seat else f", {_NOT_ORDERED['adjudicated']}"
    if kind == "noplay":
        return f"NO PLAY NO PLAY NO PLAY: the exercise is stopped. {data.get('text', '')}".rstrip()
    if kind == "playon":
        return f"The exercise continues. {data.get('text', '')}".rstrip()
    if kind == "endex":
        return "ENDEX ENDEX ENDEX"
    if kind == "ack":
        return f"Acknowledged: {spans(data['numbers'])}" if data["numbers"] else None
    if kind == "seat":
        seat = reader.titles.government(data["government"])
        return f"The seat of {seat} is now played by {_SEATS.get(data['kind'], data['kind'])}"
    if kind == "procedures":
        one, every = _MODES[data["mode"]]
        title = reader.titles.procedures.get(str(data.get("procedure")))
        return f"Standing procedure '{title}' {one}" if title else f"Your standing procedures {every}"
    if kind in ("order", "standing_order"):
        when = f", once {data['when']}" if kind == "standing_order" else ""
        return f"Ordered: {reader.titles.choice(data)}{when}{by}"
    return f"Passed: {_passed(data, reader)}{by}" if kind == "pass" else None


def _passed(data: Mapping[str, Any], reader: Reader) -> str:
    return reader.titles.dossier(data["dossier"]) if data.get("dossier") else "all decisions that are due"


def _offer(record: Record, reader: Reader) -> str:
    data, titles = record.data, reader.titles
    form = "Demand" if data.get("form") == "demand" else "Offer"
    return (
        f"{form} {data['number']} from {titles.government(record.who)} to {titles.listed(data['to'])}: {data['text']}"
    )


def _message(record: Record, reader: Reader) -> str:
    titles = reader.titles
    if record.data.get("public"):
        kind = "notice" if record.who == "EXCON" else "statement"
        return f"Public {kind} of {titles.government(record.who)}: {record.data['text']}"
    return f"Message from {titles.government(record.who)} to {titles.listed(record.data['to'])}: {record.data['text']}"


def _response(record: Record, _: Reader) -> str:
    data = record.data
    person = f" by {data['person']}" if data.get("person") else ""
    return f"Answered{person}: questionnaire {data.get('number', record.about)}, {answers_in_words(data)}"


def _closed(record: Record, _: Reader) -> str:
    return f"Questionnaire {record.data.get('number', record.about)} is closed: {record.data.get('title', '')}"


def _results(record: Record, _: Reader) -> str:
    return f"Results of '{record.data.get('title') or record.about}': {results_in_words(record.data)}"


def _rfi_reply(record: Record, _: Reader) -> str:
    data = record.data
    status = RFI_STATUSES.get(str(data.get("status")), "")
    text = f": {data['text']}" if data.get("text") else ""
    return f"Request for information {data['number']} is {status}{text}"


def _answer(record: Record, reader: Reader) -> str:
    data, titles = record.data, reader.titles
    text = f" ({data['text']})" if data.get("text") else ""
    answers = f"{titles.government(record.who)} answers {data['form']} {data['offer']}"
    return sentence(f"{answers} from {titles.government(data['of'])}: {data['answer']}{text}")


def _vote(record: Record, reader: Reader) -> str:
    data, choices = record.data, " / ".join(map(str, record.data["choices"]))
    return f"Vote {data['number']} called by {reader.titles.government(record.who)}: {data['question']} ({choices})"


def _result(record: Record, _: Reader) -> str:
    data = record.data
    count = ", ".join(f"{choice} {ballots}" for choice, ballots in data["count"].items())
    return f"Result of vote {data['vote']} ({data['question']}): {count}, silent {data['silent']}"


def _ruling(record: Record, _: Reader) -> str:
    data = record.data
    why = f" ({data['why']})" if data.get("why") else ""
    return f"Ruling of the white cell on '{data['text']}': {RULINGS.get(str(data['how']), data['how'])}{why}"


_NOTICES: dict[str, Callable[[Record, Reader], str | None]] = {
    "startex": lambda *_: "STARTEX: governments decide from now on",
    "run.end": _end,
    "signal": _signal,
    "inject.released": _released,
    "inject.retracted": _retracted,
    "action": _action,
    "decision": _decision,
    "order.inherited": _inherited,
    "order.cancelled": lambda r, to: f"Not carried out: {to.titles.choice(r.data)}: {r.data['reason']}",
    "decision.due": _due,
    "decision.missed": _missed,
    "demand": _demand,
    "demand.settled": lambda r, to: headline(r, titles=to.titles),
    "outcome": lambda r, _: None if r.data.get("inherited") else f"Outcome: {r.data['title']}",
    "outcome.revoked": lambda r, _: f"Taken back by the white cell: {r.data['title']}",
    "hazard": lambda r, _: f"News: {r.data['title']}",
    "leader": _leader,
    "strategy": lambda r, to: f"Strategy: {to.titles.strategies.get(r.about) or words(r.about)}",
    "forum": _step,
    "agreement": _step,
    "command": _command,
    "procedure.proposed": _proposed,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _procedure_expired,
    "standing_order": lambda r, to: f"Standing order {r.data['number']} is triggered: {to.titles.choice(r.data)}",
    "questionnaire.answer": _response,
    "questionnaire.closed": _closed,
    "questionnaire.results": _results,
    "message": _message,
    "rfi": lambda r, _: f"Request for information {r.data['number']} to EXCON: {r.data['text']}",
    "rfi.reply": _rfi_reply,
    "offer": _offer,
    "answer": _answer,
    "vote": _vote,
    "ballot": lambda r, _: f"You vote {r.data['choice']} in vote {r.data['vote']}",
    "vote.result": _result,
    "request": lambda r, _: f"Sent to the white cell: {r.data['text']}",
    "ruling": _ruling,
}
