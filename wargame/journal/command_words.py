"""The words of a command, in one place: as what was given (`release of 'First summit'`) and as what was done.

The first is for those who look back at the command log or undo a command, the second for sentences and reviews, after
the name of whoever has given it: `the white cell releases 'First summit'`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from wargame.errors import shortened
from wargame.journal.command_log import CommandEntry
from wargame.journal.wording import Titles, beyond, phrases, words
from wargame.language.plain_text import clean
from wargame.language.times import parse_duration, spoken_duration

Data = Mapping[str, Any]
LONGEST_TEXT = 70
"""Characters of a text that somebody wrote."""
KINDS_OF_SEAT = {"human": "a person", "model": "the model", "script": "the script"}
MODES = {"act": "act unless the seat refuses", "propose": "proposed to the seat", "off": "do nothing"}
WHATEVER = ", whatever its requirements"
_CHOICE = ("option", "target")
NAMES = re.compile(r"{(\w+)}")
ARGUMENTS = (
    *("government", "inject", "outcome", "option", "target", "kind", "dossier", "procedure", "mode"),
    *("field", "value", "title", "by", "number", "status"),
)
"""Data of a command that a sentence gives as they were typed, in this order."""


def done(kind: str, data: Data, titles: Titles) -> str:
    """Return what a command did, as `releases 'First summit'`; empty for a kind without words."""
    if kind in DONE:
        return DONE[kind](data, titles)
    return _filled(phrases("commands").get(kind, ("", ""))[1], _named(data, titles))


def given(entry: CommandEntry, titles: Titles, instant: Callable[[int], str], reached: int | None = None) -> str:
    """Describe a command, as `message of Arda to Brel: 'Calm.'`; an advance with the second that it has reached."""
    data = entry.data
    if entry.kind == "advance":
        return f"the advance from {instant(entry.t)} to {instant(int(data['to']) if reached is None else reached)}"
    if entry.kind == "rewind":
        return f"the rewind from {instant(int(data['at']))}, {data['from']}, to {instant(entry.t)}, {entry.branch}"
    if entry.kind in ("switch", "branch"):
        return clean(f"{entry.kind} {entry.branch} (from {data['from']})")
    if entry.kind not in phrases("commands"):
        return clean(words(entry.kind).replace(".", " "))
    return clean(_filled(phrases("commands")[entry.kind][0], _named(data, titles)))


def argument(data: Data) -> str:
    """Return the object of a command, in the words in which it was given."""
    if "path" in data:
        return f"{data['path']} = {data.get('value', '')}"
    forced = ("--force",) if data.get("override") else ()
    return " ".join([*(str(data[key]) for key in ARGUMENTS if data.get(key)), *forced])


def is_setting(data: Data) -> bool:
    """Return whether an order is one of the settings of a run or of a fork, which no person gave."""
    return bool(data.get("forced") or data.get("fork"))


def orderer(data: Data, white_cell: str = "the white cell") -> str:
    """Return who gave an order that no seat gave: the `white_cell`, a setting of the run or a change of the fork."""
    by_setting = "a change of the fork" if data.get("fork") else "a setting of the run"
    return by_setting if is_setting(data) else white_cell


def _filled(phrase: str, named: Mapping[str, str]) -> str:
    """Return a phrase without the parts that name what the command does not have."""
    parts = (part for part in re.split(r"[\[\]]", phrase) if all(name in named for name in NAMES.findall(part)))
    return "".join(part.format_map(named) for part in parts)


def _named(data: Data, titles: Titles) -> dict[str, str]:
    """Return the data of a command as people read them: names, titles, texts in quotes; `whole` texts of any length."""
    said = {"form": "offer", **data}  # an answer names the form of a demand alone
    named = {key: str(value) for key, value in said.items() if value not in ("", None) and not isinstance(value, list)}
    title_of: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(("who", "government"), titles.government),
        "inject": titles.inject,
        "field": words,
        "dossier": titles.dossier,
        "outcome": lambda name: f"'{titles.outcomes.get(name) or words(name)}'",
        "strategy": lambda name: f"'{titles.strategies.get(name) or words(name)}'",
        **dict.fromkeys(
            ("forbid", "force"), lambda text: titles.choice(dict(zip(_CHOICE, text.split(), strict=False)))
        ),
    }
    named |= {key: title(named[key]) for key, title in title_of.items() if key in named}
    named.setdefault("who", named.get("government", ""))
    named.setdefault("government", named["who"])
    named["whole"] = f"'{named['text']}'" if "text" in named else ""
    for key in ("text", "question", "title", "why", "choice"):
        if key in named:
            named[key] = f"'{shortened(named[key], LONGEST_TEXT)}'"
    if isinstance(data.get("to"), list):
        named["to"] = titles.listed(data["to"])
    if "option" in named:
        named["order"] = f"{titles.choice(data)}{beyond(data.get('beyond'))}"
    named |= {"msel": named.get("inject", "the MSEL"), "due": named.get("dossier", "what is due")}
    named["player"] = KINDS_OF_SEAT.get(named.get("kind", ""), named.get("kind", ""))
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


def time_limit(data: Data) -> str:
    """Return the time limit of decisions that a command sets: `2 days of game time`; empty if it removes the limit."""
    game, wall = data.get("game"), data.get("wall")
    if not game and not wall:
        return ""
    return f"{spoken_duration(parse_duration(str(game or wall)))} of {'game' if game else 'real'} time"


def _limits(data: Data, _: Titles) -> str:
    limit = time_limit(data)
    if not limit:
        return "removes the time limit of decisions"
    then = "the model decides" if data.get("default") == "model" else "nothing is done"
    return f"limits decisions of human seats to {limit}; after that {then}"


def _sets_procedures(data: Data, titles: Titles) -> str:
    who, procedure = titles.government(data.get("government")), str(data.get("procedure") or "")
    title, mode = titles.procedures.get(procedure) or words(procedure), str(data.get("mode", ""))
    which = f"the standing procedure '{title}' of {who}" if procedure else f"the standing procedures of {who}"
    return f"sets {which}: {MODES.get(mode, mode)}"


DONE = {"action": _enters, "outcome": _rules, "deadline": _limits, "procedures": _sets_procedures}
"""Descriptions of commands whose words depend on more than `phrases.yaml` can say."""
