"""A command of the log in words, for those who look back at it or undo it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wargame.errors import shortened
from wargame.executor.replay import ADVANCE
from wargame.journal.command_log import CommandEntry
from wargame.journal.wording import Titles, words
from wargame.language.plain_text import clean
from wargame.live.session.session import Session

LONGEST_TEXT = 70
"""Characters of a text that somebody wrote."""
PHRASES: Mapping[str, tuple[str, ...]] = {
    "message": ("message", " of {who}", " to {to}", ": {text}"),
    "offer": ("{form}", " of {who}", " to {to}", ": {text}"),
    "answer": ("answer of {who} to offer {offer}: {answer}", " ({text})"),
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
    "cancel": ("withdrawal of order {number} of {government}",),
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


def command_words(session: Session, titles: Titles, entry: CommandEntry, reached: int | None = None) -> str:
    """What a command was, as `message of Arda to Brel: 'Calm.'`; an advance with the second that it has reached."""
    instant, data = session.instant, entry.data
    if entry.kind == ADVANCE:
        return f"the advance from {instant(entry.t)} to {instant(int(data['to']) if reached is None else reached)}"
    if entry.kind == "rewind":
        return f"the rewind from {instant(int(data['at']))}, {data['from']}, to {instant(entry.t)}, {entry.branch}"
    if entry.kind in ("switch", "branch"):
        return clean(f"{entry.kind} {entry.branch} (from {data['from']})")
    named = _named(data, titles)
    pieces = PHRASES.get(entry.kind, (words(entry.kind).replace(".", " "),))
    return clean("".join(piece.format_map(named) for piece in pieces if _has_all(piece, named)))


def sentence_end(text: str) -> str:
    """The text with a full stop, unless what it ends with, also inside quotes, ends a sentence."""
    return text if text.rstrip("'").endswith((".", "!", "?", "…")) else f"{text}."


def _has_all(piece: str, named: Mapping[str, str]) -> bool:
    return all(each.partition("}")[0] in named for each in piece.split("{")[1:])


def _named(data: Mapping[str, Any], titles: Titles) -> dict[str, str]:
    """The data of a command as people read them: names, titles, texts in quotes."""
    named = {key: str(value) for key, value in data.items() if value not in ("", None) and not isinstance(value, list)}
    for key in ("who", "government"):
        if key in named:
            named[key] = titles.government(named[key])
    named.setdefault("who", named.get("government", ""))
    named.setdefault("government", named["who"])
    for key in ("text", "question", "title", "why", "choice"):
        if key in named:
            named[key] = f"'{shortened(named[key], LONGEST_TEXT)}'"
    if isinstance(data.get("to"), list):
        named["to"] = titles.listed(data["to"])
    if "option" in named:
        named["order"] = titles.choice(data)
    if "inject" in named:
        named["inject"] = f"'{titles.injects.get(named['inject']) or words(named['inject'])}'"
    if "dossier" in named:
        named["dossier"] = titles.dossier(named["dossier"])
    if "outcome" in named:
        named["outcome"] = f"'{titles.outcomes.get(named['outcome']) or words(named['outcome'])}'"
    return {key: value for key, value in named.items() if value}
