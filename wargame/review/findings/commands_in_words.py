"""Commands of the white cell in words, for the log of an exercise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal import wording
from wargame.journal.command_sentences import BY_HAND, SEAT_COMMANDS
from wargame.journal.records import Record
from wargame.journal.sentences import headline
from wargame.review.findings.source import RunSource

Data = Mapping[str, Any]
Wording = Callable[[RunSource, Data], str]
MSEL_COMMANDS = frozenset(
    {"release", "hold", "unhold", "skip", "delay", "postpone", "edit", "inject", "reset", "retract"}
)
"""Commands on the MSEL. The table of the MSEL as executed shows them as amendments."""
MODES = {"act": "act unless the seat refuses", "propose": "proposed to the seat", "off": "do nothing"}
KINDS_OF_SEAT = {"human": "a person", "model": "the model", "script": "the script"}


def command_in_words(source: RunSource, record: Record) -> str:
    """What the white cell did, as a sentence without its subject; an unknown command as it was given."""
    if record.kind == "ruling":
        return wording.sentence(_ruling(source, record))
    phrase_of = _WORDINGS.get(record.about)
    if phrase_of is None:
        return headline(record, source.index, source.titles)
    return wording.sentence(phrase_of(source, record.data))


def command_headline(source: RunSource, command: Record) -> str:
    """A command as a headline: an order for a government, what a seat or the white cell did, or a setting."""
    data = command.data
    if command.about in ("order", "standing_order") and not (data.get("forced") or data.get("override")):
        when = f", as soon as {data['when']}" if data.get("when") else ""
        kind = "Order" if command.about == "order" else "Standing order"
        return f"{kind} for {source.titles.government(data.get('government'))}: {source.titles.choice(data)}{when}"
    if command.about not in _WORDINGS:
        return headline(command, source.index, source.titles)
    if command.about in OF_SEATS:
        who = wording.sentence(source.titles.government(data.get("government")))
        return f"{who} {_WORDINGS[command.about](source, data)}"
    subject = "The white cell" if source.folder.is_live else "Setting:"
    return f"{subject} {_WORDINGS[command.about](source, data)}"


OF_SEATS = frozenset({"pass", "cancel", "ack"})
"""Commands by which a seat does something besides ordering."""


def _set(source: RunSource, data: Data) -> str:
    return f"sets {indicator_in_words(source, str(data.get('path', '')))} to {data.get('value', '')}"


def indicator_in_words(source: RunSource, path: str) -> str:
    """`Trust (South Korea in the United States)` for `trust[KOR, USA]`; without a title, the path."""
    name, _, index = path.partition("[")
    spec = source.scenario.indicators.get(name) if source.scenario else None
    if spec is None:
        return path
    of = " → ".join(source.name(part.strip()) for part in index.rstrip("]").split(",") if part.strip())
    return f"'{spec.title}'" + (f" ({of})" if of else "")


def _ruling(source: RunSource, ruling: Record) -> str:
    data, request = ruling.data, source.index.get(ruling.cause[0]) if ruling.cause else None
    text = f": '{request.data.get('text', '')}'" if request is not None else ""
    of = f"the request of {source.titles.government(ruling.about)}{text}"
    how = str(data.get("how", ""))
    if how == "refuse":
        return f"refuses {of}"
    if how == "order":
        return f"enters {of} as the order '{source.titles.choice(data)}'"
    title = data.get("title")
    return f"enters {of} as an action" + (f": '{title}'" if title else "")


def _order(source: RunSource, data: Data) -> str:
    who = source.titles.government(data.get("government"))
    forced = ", whatever its requirements" if data.get("forced") or data.get("override") else ""
    fork = ", as a change of the fork" if data.get("fork") else ""
    return f"orders for {who}: {source.titles.choice(data)}{forced}{fork}"


def _seat(source: RunSource, data: Data) -> str:
    kind = str(data.get("kind", ""))
    who = source.titles.government(data.get("government"))
    return f"gives the seat of {who} to {KINDS_OF_SEAT.get(kind, kind)}"


def _deadline(_: RunSource, data: Data) -> str:
    game, wall = data.get("game"), data.get("wall")
    then = "the model decides" if data.get("default") == "model" else "nothing is done"
    if not game and not wall:
        return "removes the time limit of decisions"
    limit = f"{game} of game time" if game else f"{wall} of real time"
    return f"limits decisions of people to {limit}; after that {then}"


def _procedures(source: RunSource, data: Data) -> str:
    who, procedure = source.titles.government(data.get("government")), str(data.get("procedure") or "")
    title = source.titles.procedures.get(procedure) or wording.words(procedure)
    which = f"the standing procedure '{title}' of {who}" if procedure else f"the standing procedures of {who}"
    mode = str(data.get("mode", ""))
    return f"sets {which}: {MODES.get(mode, mode)}"


def _with_text(before: str, key: str = "text") -> Wording:
    return lambda _, data: before + (f": '{data[key]}'" if data.get(key) else "")


def _on_inject(verb: str, after: str = "") -> Wording:
    """`skips 'First summit'`; `after` is a key of the data that follows, as in `delays 'First summit' by 4d`."""
    return lambda source, data: (
        f"{verb} '{source.inject_title(str(data.get('inject', '')))}'"
        + (f" {after} {data.get(after, '')}" if after else "")
    )


def _edit(source: RunSource, data: Data) -> str:
    title = source.inject_title(str(data.get("inject", "")))
    return f"changes the {wording.words(str(data.get('field', '')))} of '{title}'"


def _reset(source: RunSource, data: Data) -> str:
    inject = data.get("inject")
    return f"restores '{source.inject_title(str(inject))}' as written" if inject else "restores the MSEL as written"


def _of_journal(command: str) -> Wording:
    """What a seat or the white cell did, in the words of the journal."""
    return lambda source, data: (BY_HAND.get(command) or SEAT_COMMANDS[command])(data, source.titles)


_WORDINGS: dict[str, Wording] = {
    "set": _set,
    "order": _order,
    "standing_order": _order,
    "seat": _seat,
    "deadline": _deadline,
    "procedures": _procedures,
    "release": _on_inject("releases"),
    "hold": _on_inject("holds"),
    "unhold": _on_inject("ends the hold of"),
    "skip": _on_inject("skips"),
    "delay": _on_inject("delays", "by"),
    "retract": _on_inject("retracts"),
    "postpone": lambda _, data: f"postpones all injects by {data.get('by', '')}",
    "inject": lambda *_: "adds an inject",
    "edit": _edit,
    "reset": _reset,
    **{command: _of_journal(command) for command in ("action", "outcome", "pass", "cancel", "ack")},
    "questionnaire.publish": _on_inject("shows everyone the results of"),
    "questionnaire.close": _on_inject("closes the questionnaire"),
    "tally": lambda _, data: f"closes vote {data.get('vote', '')}",
    "noplay": _with_text("calls NO PLAY"),
    "playon": _with_text("ends NO PLAY"),
    "endex": lambda *_: "ends the exercise (ENDEX)",
}
