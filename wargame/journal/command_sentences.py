"""A command as a sentence: what a seat did in words, what the white cell did as it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wargame.journal.causes import orderer
from wargame.journal.records import Record
from wargame.journal.wording import Titles, words

Data = Mapping[str, Any]
ARGUMENTS = (
    *("government", "inject", "outcome", "option", "target", "kind", "dossier", "procedure", "mode"),
    *("field", "value", "title", "by", "number", "status"),
)
"""Data of a command that its sentence gives, in this order."""


def command_clause(record: Record, titles: Titles) -> str:
    """`South Korea does not act on 'Sanctions'`, `the facilitator: skip first_summit`.

    An order of the facilitator is given by name: `the facilitator orders for Japan: sends an envoy (China)`.
    """
    in_words = SEAT_COMMANDS.get(record.about)
    if record.who and in_words is not None:
        return f"{titles.government(record.who)} {in_words(record.data, titles)}"
    if not record.who and record.about == "order" and {"government", "option"} <= record.data.keys():
        forced = ", whatever its requirements" if record.data.get("override") else ""
        government = titles.government(record.data["government"])
        return f"{orderer(record, 'the facilitator')} orders for {government}: {titles.choice(record.data)}{forced}"
    if not record.who and record.about in BY_HAND:
        return f"the facilitator {BY_HAND[record.about](record.data, titles)}"
    if record.about == "epoch":
        return "random draws are new from here, as in every fork"
    who = titles.government(record.who) if record.who else "the facilitator"
    return f"{who}: {record.about} {_argument(record.data)}".rstrip()


def _argument(data: Data) -> str:
    """The object of a command, in the words in which it was given."""
    if "path" in data:
        return f"{data['path']} = {data.get('value', '')}"
    forced = ("--force",) if data.get("override") else ()
    return " ".join([*(str(data[key]) for key in ARGUMENTS if data.get(key)), *forced])


def _passes(data: Data, titles: Titles) -> str:
    on = titles.dossier(data["dossier"]) if data.get("dossier") else "what is due"
    return f"does not act on {on}"


def _enters(data: Data, titles: Titles) -> str:
    who, title = titles.government(data.get("government")), str(data.get("title") or "")
    as_option = f", with the effects of '{titles.option(data['as'])}'" if data.get("as") else ""
    return f"enters an action: {who} {titles.toward(title, data.get('target'))}{as_option}"


def _rules(data: Data, titles: Titles) -> str:
    outcome = str(data.get("outcome") or "")
    title = titles.outcomes.get(outcome) or words(outcome)
    revoked = data.get("status") == "revoked"
    return f"revokes the outcome '{title}'" if revoked else f"rules that the outcome '{title}' has occurred"


BY_HAND: Mapping[str, Callable[[Data, Titles], str]] = {"action": _enters, "outcome": _rules}
"""What the white cell decides on what happens, in words."""
SEAT_COMMANDS: Mapping[str, Callable[[Data, Titles], str]] = {
    "order": lambda data, titles: f"orders: {titles.choice(data)}",
    "standing_order": lambda data, titles: (
        f"orders, as soon as {data.get('when', 'its condition is true')}: {titles.choice(data)}"
    ),
    "cancel": lambda data, _: f"withdraws order {data.get('number', '')}".rstrip(),
    "pass": _passes,
    "ack": lambda *_: "acknowledges a message",
}
"""Commands of seats by what they say."""
