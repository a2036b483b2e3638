"""Which records a viewer may see, and which of their data: a rule for every kind of record.

A rule names what is shown; a kind, or a key of its data, that no rule names is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal.records import Record
from wargame.journal.viewer_memory import PUBLIC, ViewerMemory, party

Data = dict[str, Any]
Rule = Callable[[Record, ViewerMemory], "Data | None"]
"""The data of a record that a viewer may see; None if it may not see the record."""


def _hidden(_record: Record, _viewer: ViewerMemory) -> Data | None:
    """For the white cell alone."""
    return None


def _only(data: Mapping[str, Any], *keys: str) -> Data:
    return {key: data[key] for key in keys if key in data}


def _to_all(*keys: str) -> Rule:
    """Everyone sees these data."""
    return lambda record, _: _only(record.data, *keys)


def _own(record: Record, viewer: ViewerMemory) -> Data | None:
    """All of it, for the government that it is of."""
    return dict(record.data) if record.who == viewer.seat else None


def _own_only(*keys: str) -> Rule:
    """These data, for the government that it is of."""
    return lambda record, viewer: _only(record.data, *keys) if record.who == viewer.seat else None


def _signal(record: Record, viewer: ViewerMemory) -> Data | None:
    """A government's own signals. The public sees a public action when the last government has its signal."""
    if record.who == viewer.seat:
        return _only(record.data, "option", "title", "actor", "target", "perceived", "surprise", "trust")
    public = viewer.seat == PUBLIC and viewer.learns_now(record.cause[:1])
    return _only(record.data, "option", "title", "actor", "target") if public else None


def _outcome(record: Record, viewer: ViewerMemory) -> Data | None:
    """Everyone learns of it, unless the white cell has set it for itself, or has revoked it before."""
    hidden = record.data.get("private") or record.seq in viewer.revoked
    return None if hidden else _only(record.data, "title", "ends", "inherited")


def _revoked(record: Record, viewer: ViewerMemory) -> Data | None:
    """For those who have been shown the outcome."""
    shown = viewer.has_been_shown(record.cause[1:]) and not record.data.get("private")
    return _only(record.data, "title") if shown else None


def _inject(record: Record, viewer: ViewerMemory) -> Data | None:
    """A message to the seat or to all; facilitation is for the white cell."""
    data = record.data
    sent = viewer.was_sent(data)
    if viewer.seat == PUBLIC and record.kind == "inject.retracted":
        sent = bool(viewer.letter_numbers(record.about))  # its record has no channel
    if not sent:
        return None
    numbers = viewer.letter_numbers(record.about)[-1:] if viewer.seat != PUBLIC else []
    number = {"number": numbers[0]} if numbers else {}
    keys = ("title" if not data.get("subject") else "subject", "channel", "message", "attachments", "questionnaire")
    return _only(data, *keys) | {"audience": list(data.get("audience") or ())} | number


AMBIGUOUS = frozenset({"veto", "withdraw"})
"""Steps that end a proposal, as its lapse does: only the step itself says that a government made a move."""


def _step(record: Record, viewer: ViewerMemory) -> Data | None:
    """A change of state, for all; of a hidden action only what the new state says."""
    keys = ("from", "to", "event", "title", "progress")
    if not viewer.knows(record.cause) and record.data.get("event") in AMBIGUOUS:
        return _only(record.data, *(key for key in keys if key != "event"))
    return _only(record.data, *keys)


def _demand(record: Record, viewer: ViewerMemory) -> Data:
    """A message: all of it for the two concerned; for others, who know of the action, only what is demanded."""
    if viewer.seat in (record.who, record.data.get("of")):
        return dict(record.data)
    return _only(record.data, "of", "wants", "until")


def _commitment(record: Record, _viewer: ViewerMemory) -> Data:
    """Part of a joint statement: for the two concerned, and for all who know of the visit."""
    return _only(record.data, "of", "option", "target", "until")


def _settled(record: Record, viewer: ViewerMemory) -> Data | None:
    """For the two concerned. That a covert threat was not carried out is known to the sender alone."""
    data = record.data
    if viewer.seat not in (record.who, data.get("of")):
        return None
    if viewer.seat != record.who and data.get("how") == "empty" and data.get("owes") in viewer.facts.covert_options:
        return None  # it may have been carried out unnoticed, and would not be reported then
    return dict(data)


def _snapshot(record: Record, viewer: ViewerMemory) -> Data | None:
    """The indicators as the viewer knows them: by publications, as they are, by estimates, by formulas over these."""
    values, seen = record.data.get("values"), record.data.get("seen", {})
    if not isinstance(values, dict):
        return None
    true = {path: v for path, v in values.items() if viewer.facts.knows_value(viewer.seat, path)}
    known = seen.get(PUBLIC, {}) | true | seen.get(viewer.seat, {})
    return {"values": {path: v for path, v in known.items() if v}}


def _talk(record: Record, viewer: ViewerMemory) -> Data | None:
    """What seats write to each other: for the sender and the addressees, or for everyone if it is public."""
    return _written(record) if record.data.get("public") or viewer.seat in party(record) else None


def _written(record: Record) -> Data:
    """The data of what was written, without who plays the government that wrote it, and without numbers of records."""
    return {key: value for key, value in record.data.items() if key not in ("by", "answers")}


def _rfi(record: Record, viewer: ViewerMemory) -> Data | None:
    """A request for information, for the government that sent it."""
    return dict(record.data) | {"number": int(record.about)} if record.who == viewer.seat else None


def _rfi_reply(record: Record, viewer: ViewerMemory) -> Data | None:
    """The reply to a request for information, for the government that sent the request."""
    return _only(record.data, "number", "status", "text") if record.data.get("government") == viewer.seat else None


def _numbered(record: Record, viewer: ViewerMemory) -> Data | None:
    """Talk that others refer to by its number: each government has its own numbers."""
    return _written(record) | {"number": viewer.number(record.seq)} if viewer.seat in party(record) else None


def _answer(record: Record, viewer: ViewerMemory) -> Data | None:
    """For the sender and all addressees of the offer."""
    offer = viewer.referred(record)
    if offer is None:
        return None
    own = {"offer": viewer.number(offer.seq), "form": offer.data.get("form", "offer"), "of": offer.who}
    return _written(record) | own


def _ballot(record: Record, viewer: ViewerMemory) -> Data | None:
    """For the government that votes."""
    vote = viewer.referred(record)
    if vote is None or record.who != viewer.seat:
        return None
    return _written(record) | {"vote": viewer.number(vote.seq)}


def _vote_result(record: Record, viewer: ViewerMemory) -> Data | None:
    """The count, for who called the vote and all who could vote; who voted how is hidden."""
    vote = viewer.referred(record)
    if vote is None or viewer.seat not in (vote.who, *record.data.get("to", ())):
        return None
    return dict(record.data) | {"vote": viewer.number(vote.seq)}


def _ruling(record: Record, viewer: ViewerMemory) -> Data | None:
    """The answer of the white cell to the government that made the request."""
    request = viewer.referred(record)
    if request is None:
        return None
    number, text = viewer.number(request.seq), request.data.get("text", "")
    return _only(record.data, "how", "why") | {"request": number, "text": text}


def _questionnaire_answer(record: Record, viewer: ViewerMemory) -> Data | None:
    """For the government whose people have answered."""
    return dict(record.data) | _letter_number(record, viewer) if record.who == viewer.seat else None


def _questionnaire_closed(record: Record, viewer: ViewerMemory) -> Data | None:
    """For those who have received it; who has answered is known to the white cell alone."""
    return _only(record.data, "title", "how") | _letter_number(record, viewer) if _received(record, viewer) else None


def _questionnaire_results(record: Record, viewer: ViewerMemory) -> Data | None:
    """What the facilitator shows to everyone: counts and means, without who answered what."""
    return _only(record.data, "title", "questions") | _letter_number(record, viewer)


def _received(record: Record, viewer: ViewerMemory) -> bool:
    return any(letter.seq in record.cause for letter in viewer.letters) and viewer.seat != PUBLIC


def _letter_number(record: Record, viewer: ViewerMemory) -> Data:
    """The number of the message of the script that a record is about, for those who have received it."""
    numbers = [letter.number for letter in viewer.letters if letter.seq in record.cause]
    return {"number": numbers[0]} if numbers and viewer.seat != PUBLIC else {}


def _procedure_answer(record: Record, viewer: ViewerMemory) -> Data | None:
    """For the government whose procedure it is, also if the white cell has answered for it."""
    return dict(record.data) if record.data.get("government") == viewer.seat else None


ANNOUNCED = frozenset({"noplay", "playon", "endex"})
"""Commands that everyone hears."""


def _command(record: Record, viewer: ViewerMemory) -> Data | None:
    """Commands to everyone, and those that give or take the orders of this government."""
    data, kind = record.data, record.about
    if kind in ANNOUNCED:
        return _only(data, "text")
    if kind == "deadline":
        return _only(data, "default", "game", "wall") if viewer.seat != PUBLIC else None
    if kind == "ack":
        if record.who != viewer.seat:
            return None
        release = data.get("release")
        return {"numbers": viewer.letter_numbers(str(data.get("inject")), release and int(release))}
    keys = _SEAT_COMMANDS.get(kind)
    if keys is None or data.get("government") != viewer.seat:
        return None
    return _only(data, *(key for key in keys if not (key == "why" and (data.get("forced") or data.get("override")))))


_SEAT_COMMANDS: dict[str, tuple[str, ...]] = {
    "seat": ("government", "kind"),
    "order": ("government", "option", "target", "why"),
    "standing_order": ("government", "option", "target", "when", "why"),
    "pass": ("government", "dossier"),
    "procedures": ("government", "procedure", "mode"),
}
"""What a government sees of commands about its seat; why the facilitator forces an action is hidden."""


RULES: dict[str, Rule] = {
    # the run
    "run.start": _hidden,
    "startex": _to_all(),
    "snapshot": _snapshot,
    "run.end": _to_all(),
    # what governments do, and perceive
    "decision": _own,
    "action": _own_only("option", "target", "title", "goldstein", "severity", "rung", "success", "from"),
    "signal": _signal,
    "plan.begun": _own,
    "plan.ended": _own,
    "routine": _hidden,
    "order.carried_over": _own,
    "order.reviewed": _own,
    "order.inherited": _own,
    "order.cancelled": _own,
    "strategy": _own,
    "leader": _to_all("leader", "title", "from"),
    "demand": _demand,
    "demand.settled": _settled,
    "commitment": _commitment,
    # what happens
    "history": _hidden,
    "hazard": _to_all("title"),
    "outcome": _outcome,
    "outcome.revoked": _revoked,
    "forum": _step,
    "agreement": _step,
    # the script
    "inject.released": _inject,
    "inject.retracted": _inject,
    "inject.enabled": _hidden,
    "inject.skipped": _hidden,
    "expected": _hidden,
    "expected.candidate": _hidden,
    # people in seats, and the white cell
    "decision.due": _own,
    "decision.missed": _own,
    "standing_order": _own,
    "procedure.proposed": _own,
    "procedure.answer": _procedure_answer,
    "procedure.expired": _own,
    "command": _command,
    "questionnaire.answer": _questionnaire_answer,
    "questionnaire.closed": _questionnaire_closed,
    "questionnaire.results": _questionnaire_results,
    "message": _talk,
    "rfi": _rfi,
    "rfi.reply": _rfi_reply,
    "offer": _numbered,
    "answer": _answer,
    "vote": _numbered,
    "ballot": _ballot,
    "vote.result": _vote_result,
    "request": _numbered,
    "ruling": _ruling,
    "note": _own,
    "rating": _hidden,
}
"""The rule of every kind of record. The public is no government: what is own, or talk, is hidden from it."""
