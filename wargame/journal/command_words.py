"""The words of a command, in one place: as what was given (`release of 'First summit'`) and as what was done.

The first is for those who look back at the command log or undo a command, the second for sentences and reviews, after
the name of whoever has given it: `the white cell releases 'First summit'`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from wargame.errors import shortened
from wargame.journal.causes import orderer
from wargame.journal.command_log import CommandEntry
from wargame.journal.wording import Titles, words
from wargame.language.plain_text import clean

if TYPE_CHECKING:
    from wargame.journal.records.run import CommandRecord

Data = Mapping[str, Any]
LONGEST_TEXT = 70
"""Characters of a text that somebody wrote."""
KINDS_OF_SEAT = {"human": "a person", "model": "the model", "script": "the script"}
MODES = {"act": "act unless the seat refuses", "propose": "proposed to the seat", "off": "do nothing"}
WHATEVER = ", whatever its requirements"

GIVEN: Mapping[str, tuple[str, ...]] = {
    "message": ("message", " of {who}", " to {to}", ": {text}"),
    "offer": ("{form}", " of {who}", " to {to}", ": {text}"),
    "answer": ("answer of {who} to {form} {offer}: {answer}", " ({text})"),
    "vote": ("vote of {who}", ", put to {to}", ": {question}"),
    "ballot": ("ballot of {who} in vote {vote}: {choice}",),
    "tally": ("end of vote {vote}",),
    "rfi": ("request for information of {who}", ": {text}"),
    "rfi.reply": ("reply to request for information {number} of {government}", ": {text}"),
    "dismiss": ("message {message} taken off the queue",),
    "request": ("order in words of {who}", ": {text}"),
    "ruling": ("ruling on request {request}: {how}", " as {order}", " as {title}"),
    "order": ("order of {government}: {order}",),
    "standing_order": ("standing order of {government}: {order}", ", as soon as {when}"),
    "cancel": ("withdrawal of order {number} of {government}", "withdrawal of the order of {government}: {order}"),
    "pass": ("decision of {government} not to act", " on {dossier}"),
    "decision.missed": ("missed decision of {government}", " on {dossier}"),
    "ack": ("acknowledgement of {who}", " of {inject}"),
    "respond": ("answer of {who} to a questionnaire",),
    "questionnaire.close": ("end of the questionnaire {inject}",),
    "questionnaire.publish": ("results of {inject} for everyone",),
    "release": ("release of {inject}",),
    "hold": ("hold of {inject}",),
    "unhold": ("end of the hold of {inject}",),
    "skip": ("skip of {inject}",),
    "retract": ("retraction of {inject}",),
    "delay": ("delay of {inject} by {by}",),
    "postpone": ("delay of all injects by {by}",),
    "edit": ("change of the {field} of {inject}",),
    "reset": ("reset of the MSEL as written", ": {inject}"),
    "inject": ("new inject",),
    "set": ("{path} set to {value}",),
    "action": ("action of {government}: {title}",),
    "outcome": ("outcome {outcome}: {status}",),
    "seat": ("seat of {government} to: {kind}",),
    "deadline": ("time limit of decisions",),
    "procedures": ("standing procedures of {government}", " ({procedure})", ": {mode}"),
    "procedure.answer": ("answer of {government} to standing procedure {number}: {answer}",),
    "note": ("note", " of {who}", ": {text}"),
    "rating": ("rating", " of {who}", ", {about}: {rating}"),
    "noplay": ("NO PLAY", ": {text}"),
    "playon": ("end of NO PLAY",),
    "endex": ("ENDEX", ": {why}"),
    "pause": ("PAUSEX",),
    "resume": ("end of PAUSEX",),
    "stopped": ("stop at the end of move {move}",),
}
"""Kinds of commands as phrases in pieces; a piece is left out if the command does not have what it names."""
DUE = "what is due"
BY_HAND = frozenset({"action", "outcome"})
"""What the white cell decides on what happens: sentences have it in words, its other commands as they were given."""
SEAT_COMMANDS = frozenset({"order", "standing_order", "cancel", "pass", "ack"})
"""Commands of seats by what they say."""
ARGUMENTS = (
    *("government", "inject", "outcome", "option", "target", "kind", "dossier", "procedure", "mode"),
    *("field", "value", "title", "by", "number", "status"),
)
"""Data of a command that a sentence gives as they were typed, in this order."""


def done(kind: str, data: Data, titles: Titles) -> str:
    """Return what a command did, as `releases 'First summit'`; empty for a kind without words."""
    if kind == "order":
        return f"orders: {titles.choice(data)}"
    if kind == "standing_order":
        return f"orders, as soon as {data.get('when', 'its condition is true')}: {titles.choice(data)}"
    phrase = DONE.get(kind, ())
    return phrase(data, titles) if callable(phrase) else _filled(phrase, _named(data, titles))


def given(entry: CommandEntry, titles: Titles, instant: Callable[[int], str], reached: int | None = None) -> str:
    """What a command was, as `message of Arda to Brel: 'Calm.'`; an advance with the second that it has reached."""
    data = entry.data
    if entry.kind == "advance":
        return f"the advance from {instant(entry.t)} to {instant(int(data['to']) if reached is None else reached)}"
    if entry.kind == "rewind":
        return f"the rewind from {instant(int(data['at']))}, {data['from']}, to {instant(entry.t)}, {entry.branch}"
    if entry.kind in ("switch", "branch"):
        return clean(f"{entry.kind} {entry.branch} (from {data['from']})")
    return clean(_filled(GIVEN.get(entry.kind, (words(entry.kind).replace(".", " "),)), _named(data, titles)))


def command_clause(record: CommandRecord, titles: Titles) -> str:
    """`South Korea does not act on 'Sanctions'`, `the facilitator: skip first_summit`.

    An order of the facilitator is given by name: `the facilitator orders for Japan: sends an envoy (China)`.
    """
    kind, data = record.about, record.data
    if record.who and kind in SEAT_COMMANDS:
        return f"{titles.government(record.who)} {done(kind, data, titles)}"
    if not record.who and kind == "order" and {"government", "option"} <= data.keys():
        forced = WHATEVER if data.get("override") else ""
        government = titles.government(data["government"])
        return f"{orderer(record, 'the facilitator')} orders for {government}: {titles.choice(data)}{forced}"
    if not record.who and kind in BY_HAND:
        return f"the facilitator {done(kind, data, titles)}"
    if kind == "epoch":
        return "random draws are new from here, as in every fork"
    who = titles.government(record.who) if record.who else "the facilitator"
    return f"{who}: {kind} {_argument(data)}".rstrip()


def _argument(data: Data) -> str:
    """Return the object of a command, in the words in which it was given."""
    if "path" in data:
        return f"{data['path']} = {data.get('value', '')}"
    forced = ("--force",) if data.get("override") else ()
    return " ".join([*(str(data[key]) for key in ARGUMENTS if data.get(key)), *forced])


def _filled(pieces: tuple[str, ...], named: Mapping[str, str]) -> str:
    """Return the pieces of a phrase whose names the command has."""
    known = (all(each.partition("}")[0] in named for each in piece.split("{")[1:]) for piece in pieces)
    return "".join(piece.format_map(named) for piece, has_all in zip(pieces, known, strict=True) if has_all)


def _named(data: Data, titles: Titles) -> dict[str, str]:
    """The data of a command as people read them: names, titles, texts in quotes; `whole` is a text of any length."""
    said = {"form": "offer", **data}  # an answer names the form of a demand alone
    named = {key: str(value) for key, value in said.items() if value not in ("", None) and not isinstance(value, list)}
    for key in ("who", "government"):
        if key in named:
            named[key] = titles.government(named[key])
    named.setdefault("who", named.get("government", ""))
    named.setdefault("government", named["who"])
    named["whole"] = f"'{named['text']}'" if "text" in named else ""
    for key in ("text", "question", "title", "why", "choice"):
        if key in named:
            named[key] = f"'{shortened(named[key], LONGEST_TEXT)}'"
    if isinstance(data.get("to"), list):
        named["to"] = titles.listed(data["to"])
    if "option" in named:
        named["order"] = titles.choice(data)
    if "inject" in named:
        named["inject"] = titles.inject(named["inject"])
    if "field" in named:
        named["field"] = words(named["field"])
    if "dossier" in named:
        named["dossier"] = titles.dossier(named["dossier"])
    if "outcome" in named:
        named["outcome"] = f"'{titles.outcomes.get(named['outcome']) or words(named['outcome'])}'"
    return {key: value for key, value in named.items() if value}


def _enters(data: Data, titles: Titles) -> str:
    who, title = titles.government(data.get("government")), str(data.get("title") or "")
    as_option = f", with the effects of '{titles.option(data['as'])}'" if data.get("as") else ""
    return f"enters an action: {who} {titles.toward(title, data.get('target'))}{as_option}"


def _rules(data: Data, titles: Titles) -> str:
    outcome = str(data.get("outcome") or "")
    title = titles.outcomes.get(outcome) or words(outcome)
    revoked = data.get("status") == "revoked"
    return f"revokes the outcome '{title}'" if revoked else f"rules that the outcome '{title}' has occurred"


def _limits(data: Data, _: Titles) -> str:
    game, wall = data.get("game"), data.get("wall")
    if not game and not wall:
        return "removes the time limit of decisions"
    then = "the model decides" if data.get("default") == "model" else "nothing is done"
    limit = f"{game} of game time" if game else f"{wall} of real time"
    return f"limits decisions of people to {limit}; after that {then}"


def _sets_procedures(data: Data, titles: Titles) -> str:
    who, procedure = titles.government(data.get("government")), str(data.get("procedure") or "")
    title, mode = titles.procedures.get(procedure) or words(procedure), str(data.get("mode", ""))
    which = f"the standing procedure '{title}' of {who}" if procedure else f"the standing procedures of {who}"
    return f"sets {which}: {MODES.get(mode, mode)}"


DONE: Mapping[str, tuple[str, ...] | Callable[[Data, Titles], str]] = {
    "release": ("releases {inject}",),
    "hold": ("holds {inject}",),
    "unhold": ("ends the hold of {inject}",),
    "skip": ("skips {inject}",),
    "delay": ("delays {inject} by {by}",),
    "retract": ("retracts {inject}",),
    "postpone": ("postpones all injects by {by}",),
    "inject": ("adds an inject",),
    "edit": ("changes the {field} of {inject}",),
    "reset": lambda data, titles: (
        f"restores {titles.inject(str(data['inject'])) if data.get('inject') else 'the MSEL'} as written"
    ),
    "questionnaire.publish": ("shows everyone the results of {inject}",),
    "questionnaire.close": ("closes the questionnaire {inject}",),
    "tally": ("closes vote {vote}",),
    "set": ("sets {path} to {value}",),
    "seat": lambda data, titles: (
        f"gives the seat of {titles.government(data.get('government'))} to "
        f"{KINDS_OF_SEAT.get(str(data.get('kind')), data.get('kind', ''))}"
    ),
    "noplay": ("calls NO PLAY", ": {whole}"),
    "playon": ("ends NO PLAY", ": {whole}"),
    "endex": ("ends the exercise (ENDEX)",),
    "action": _enters,
    "outcome": _rules,
    "cancel": ("withdraws order {number}", "withdraws its order: {order}"),
    "pass": lambda data, titles: f"does not act on {titles.dossier(data['dossier']) if data.get('dossier') else DUE}",
    "ack": ("acknowledges a message",),
    "deadline": _limits,
    "procedures": _sets_procedures,
}
"""What commands did, after the name of whoever has given them; pieces as above, or a function."""
