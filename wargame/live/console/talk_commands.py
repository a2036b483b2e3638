"""Talk between seats: messages, offers and asks, votes. Each is seen by those concerned and by the white cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.errors import UsageFault
from wargame.live.console.registry import PLAYERS, verb
from wargame.seat.feed import clean, feed
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.control.lookup import known

if TYPE_CHECKING:
    from wargame.journal.records import Record
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console


def _recipients(console: Console, text: str, sender: str) -> list[str]:
    if text == "all":
        return [name for name in console.session.exercise.governments if name != sender]
    return list(dict.fromkeys(name for name in text.split(",") if name))


def _three(words: ParsedLine, usage: str) -> tuple[str, str, str]:
    if len(words.args) < 3:
        raise UsageFault(f"write: {usage}")
    return words.args[0], words.args[1], " ".join(words.args[2:])


@verb(
    'message GOV TO "TEXT"',
    "Writes from one government to another, to several (A,B) or to all.",
    "talk",
    PLAYERS,
    ("government", "other"),
)
def _message(console: Console, words: ParsedLine) -> list[str]:
    sender, to, text = _three(words, 'message GOV TO "TEXT"')
    names = _recipients(console, to, sender)
    console.session.submit("message", who=sender, to=names, text=text)
    return [f"Sent to {', '.join(names)}."]


@verb('tell TO "TEXT"', "Writes from the white cell to a government, to several or to all.", "talk", takes=("other",))
def _tell(console: Console, words: ParsedLine) -> list[str]:
    if len(words.args) < 2:
        raise UsageFault('write: tell TO "TEXT"')
    names = _recipients(console, words.args[0], WHITE_CELL)
    console.session.submit("message", who=WHITE_CELL, to=names, text=" ".join(words.args[1:]))
    return [f"Sent to {', '.join(names)}."]


def _terms(form: str, told: str) -> None:
    @verb(f'{form} GOV TO "TERMS"', told, "talk", PLAYERS, ("government", "other"))
    def _do(console: Console, words: ParsedLine) -> list[str]:
        sender, to, text = _three(words, f'{form} GOV TO "TERMS"')
        names = _recipients(console, to, sender)
        console.session.submit("offer", who=sender, to=names, text=text, form=form)
        number = len(console.session.exercise.commands.correspondence.offers)
        return [f"{form.title()} {number} is put to {', '.join(names)}."]


_terms("offer", "Offers terms to others, who answer yes or no.")
_terms("demand", "Asks something of others, who answer yes or no.")


@verb(
    "answer GOV NUMBER yes|no [TEXT]",
    "Answers an offer or an ask.",
    "talk",
    PLAYERS,
    ("government", "offer", "answer"),
)
def _answer(console: Console, words: ParsedLine) -> list[str]:
    name, number, answer = _three(words, "answer GOV NUMBER yes|no [TEXT]")
    answer, _, text = answer.partition(" ")
    console.session.submit("answer", who=name, offer=number, answer=answer.lower(), text=text)
    return [f"{name} answers {answer.lower()}."]


@verb(
    'vote GOV TO "QUESTION" [--choices A,B]',
    "Calls a vote among governments (yes, no and abstain if left out).",
    "talk",
    PLAYERS,
    ("government", "other"),
)
def _vote(console: Console, words: ParsedLine) -> list[str]:
    sender, to, question = _three(words, 'vote GOV TO "QUESTION" [--choices A,B]')
    choices = [c.strip() for c in words.named.get("choices", "yes,no,abstain").split(",") if c.strip()]
    names = [*(_recipients(console, to, "") if to != "all" else console.session.exercise.governments)]
    console.session.submit("vote", who=sender, to=names, question=question, choices=choices)
    number = len(console.session.exercise.commands.correspondence.votes)
    return [f"Vote {number} is open to {', '.join(names)}: {clean(' / '.join(choices))}"]


@verb("ballot GOV NUMBER CHOICE", "Votes.", "talk", PLAYERS, ("government",))
def _ballot(console: Console, words: ParsedLine) -> list[str]:
    name, number, choice = _three(words, "ballot GOV NUMBER CHOICE")
    console.session.submit("ballot", who=name, vote=number, choice=choice)
    return [f"{name} has voted."]


@verb("tally NUMBER", "Closes a vote and tells the count to those who could vote.", "talk")
def _tally(console: Console, words: ParsedLine) -> list[str]:
    (number,) = words.take(1, "tally NUMBER")
    console.session.submit("tally", vote=number)
    return [f"Vote {number} is closed."]


@verb(
    "channel GOV OTHER", "What two governments have said to each other alone.", "talk", PLAYERS, ("government", "other")
)
def _channel(console: Console, words: ParsedLine) -> list[str]:
    one, other = words.take(2, "channel GOV OTHER")
    known("government", other, console.session.exercise.governments)
    between = [record for record in console.session.records if _between(console, record) == {one, other}]
    lines = [item.line for item in feed(console.session.exercise, one, between) if item.text]
    return lines or ["Nothing yet."]


def _between(console: Console, record: Record) -> set[str]:
    """Those between whom something was said; empty for what is no talk."""
    if record.kind in ("message", "offer"):
        return {record.who, *record.data["to"]}
    if record.kind == "answer":
        offer = console.session.exercise.commands.correspondence.offers[int(record.data["offer"])]
        return {offer.sender, *offer.to}
    return set()
