"""Commands of the white cell in words, for the log of an exercise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal import sentences as phrases
from wargame.journal.records import Record
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
        return phrases.sentence(_ruling(source, record))
    wording = _WORDINGS.get(record.about)
    if wording is None:
        return phrases.headline(record, source.index, source.titles)
    return phrases.sentence(wording(source, record.data))


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


def _action(source: RunSource, data: Data) -> str:
    who, title = source.titles.government(data.get("government")), str(data.get("title") or "")
    as_option = f", with the effects of '{source.titles.option(data['as'])}'" if data.get("as") else ""
    return f"enters an action: {who} {source.titles.toward(title, data.get('target'))}{as_option}"


def _ruling(source: RunSource, ruling: Record) -> str:
    data, request = ruling.data, source.index.get(ruling.cause[0]) if ruling.cause else None
    text = f": '{request.data.get('text', '')}'" if request is not None else ""
    of = f"the request of {source.titles.government(ruling.about)}{text}"
    how = str(data.get("how", ""))
    if how == "refuse":
        return f"refuses {of}"
    if how == "order":
        return f"enters {of} as the order {source.titles.choice(data)}"
    title = data.get("title")
    return f"enters {of} as an action" + (f": '{title}'" if title else "")


def _order(source: RunSource, data: Data) -> str:
    who = source.titles.government(data.get("government"))
    forced = ", whatever its requirements" if data.get("forced") or data.get("override") else ""
    return f"orders for {who}: {source.titles.choice(data)}{forced}"


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
    title = source.titles.procedures.get(procedure) or phrases.words(procedure)
    which = f"the standing procedure '{title}' of {who}" if procedure else f"the standing procedures of {who}"
    mode = str(data.get("mode", ""))
    return f"sets {which}: {MODES.get(mode, mode)}"


def _with_text(before: str, key: str = "text") -> Wording:
    return lambda _, data: before + (f": '{data[key]}'" if data.get(key) else "")


def _outcome(source: RunSource, data: Data) -> str:
    outcome = str(data.get("outcome") or "")
    title = source.titles.outcomes.get(outcome) or phrases.words(outcome)
    if data.get("status") == "revoked":
        return f"revokes the outcome '{title}'"
    return f"rules that the outcome '{title}' has occurred"


_WORDINGS: dict[str, Wording] = {
    "set": _set,
    "action": _action,
    "order": _order,
    "standing_order": _order,
    "seat": _seat,
    "deadline": _deadline,
    "outcome": _outcome,
    "procedures": _procedures,
    "noplay": _with_text("NO PLAY"),
    "playon": _with_text("ends NO PLAY"),
    "endex": lambda *_: "ENDEX: ends the exercise",
}
