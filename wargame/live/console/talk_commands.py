"""Commands for messages, offers, demands and votes. Only those concerned and the white cell see them."""

from __future__ import annotations

from wargame.journal.records import Record
from wargame.journal.sentences import sentence
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.registry import CommandGroup
from wargame.live.console.roles import PLAYERS
from wargame.seat.feed import feed
from wargame.simulation.control.correspondence import WHITE_CELL
from wargame.simulation.control.lookup import valid_name

talk = CommandGroup("talk")


def _recipients(console: Console, text: str, sender: str) -> list[str]:
    """Governments from a list such as `A,B`; `all` stands for every one but the sender."""
    if text == "all":
        return [name for name in console.session.exercise.governments if name != sender]
    return list(dict.fromkeys(name for name in text.split(",") if name))


def _two_and_text(line: ParsedLine) -> tuple[str, str, str]:
    line.need(3)
    return line.args[0], line.args[1], line.text(2)


@talk.command(
    'message GOV TO "TEXT"',
    "Sends a message from one government to another, to several (A,B) or to all.",
    PLAYERS,
    ("government", "other"),
)
def _message(console: Console, line: ParsedLine) -> list[str]:
    sender, to, text = _two_and_text(line)
    names = _recipients(console, to, sender)
    console.session.submit("message", who=sender, to=names, text=text)
    return [f"Sent to {console.name(*names)}."]


@talk.command(
    'tell TO "TEXT"', "Sends a message from the white cell to one government, to several or to all.", takes=("other",)
)
def _tell(console: Console, line: ParsedLine) -> list[str]:
    line.need(2)
    names = _recipients(console, line.args[0], WHITE_CELL)
    console.session.submit("message", who=WHITE_CELL, to=names, text=line.text(1))
    return [f"Sent to {console.name(*names)}."]


def _declare(form: str, help_line: str) -> None:
    @talk.command(f'{form} GOV TO "TERMS"', help_line, PLAYERS, ("government", "other"))
    def _propose(console: Console, line: ParsedLine) -> list[str]:
        sender, to, text = _two_and_text(line)
        names = _recipients(console, to, sender)
        console.session.submit("offer", who=sender, to=names, text=text, form=form)
        talk = console.session.exercise.commands.correspondence
        numbers = _numbers_of(console, sender, {name: len(talk.offers_of(name)) for name in (sender, *names)})
        return [f"{form.title()} {len(talk.offers_of(sender))} is sent to {console.name(*names)}{numbers}."]


_declare("offer", "Offers terms to other governments, which answer yes or no.")
_declare("demand", "Makes a demand on other governments, which answer yes or no.")


def _numbers_of(console: Console, sender: str, numbers: dict[str, int], known: int = 0) -> str:
    """For the white cell, which answers for governments: their own numbers, where these differ from the one shown."""
    known = known or numbers[sender]
    others = [f"{number} of {name}" for name, number in numbers.items() if number != known]
    return f" (number {', '.join(others)})" if others and not console.is_seat else ""


@talk.command(
    "answer GOV NUMBER yes|no [TEXT]", "Answers an offer or a demand.", PLAYERS, ("government", "offer", "answer")
)
def _answer(console: Console, line: ParsedLine) -> list[str]:
    name, number, answer = _two_and_text(line)
    answer, _, text = answer.partition(" ")
    console.session.submit("answer", who=name, offer=number, answer=answer.lower(), text=text)
    return [sentence(f"{console.name(name)} answers {answer.lower()}.")]


@talk.command(
    'vote GOV TO "QUESTION" [--choices A,B]',
    "Calls a vote among governments; the choices are yes, no and abstain by default.",
    PLAYERS,
    ("government", "other"),
)
def _vote(console: Console, line: ParsedLine) -> list[str]:
    sender, to, question = _two_and_text(line)
    choices = [c.strip() for c in line.options.get("choices", "yes,no,abstain").split(",") if c.strip()]
    names = [*(_recipients(console, to, "") if to != "all" else console.session.exercise.governments)]
    console.session.submit("vote", who=sender, to=names, question=question, choices=choices)
    talk = console.session.exercise.commands.correspondence
    number = len(talk.votes_of(sender) if console.is_seat else talk.votes)
    numbers = _numbers_of(console, sender, {name: len(talk.votes_of(name)) for name in names}, number)
    return [f"Vote {number} is open to {console.name(*names)}{numbers}: {clean(' / '.join(choices))}"]


@talk.command("ballot GOV NUMBER CHOICE", "Votes.", PLAYERS, ("government", "vote", "choice"))
def _ballot(console: Console, line: ParsedLine) -> list[str]:
    name, number, choice = _two_and_text(line)
    console.session.submit("ballot", who=name, vote=number, choice=choice)
    return [sentence(f"{console.name(name)} has voted.")]


@talk.command("tally NUMBER", "Closes a vote and reports the result to those who could vote.")
def _tally(console: Console, line: ParsedLine) -> list[str]:
    (number,) = line.take(1)
    console.session.submit("tally", vote=number)
    return [f"Vote {number} is closed."]


@talk.command(
    "channel GOV OTHER",
    "Lists what two governments have said to each other in private.",
    PLAYERS,
    ("government", "other"),
    only_reads=True,
)
def _channel(console: Console, line: ParsedLine) -> list[str]:
    one, other = line.take(2)
    valid_name("government", other, console.session.exercise.governments)
    between = [record for record in console.session.records if _parties(console, record) == {one, other}]
    lines = [item.line for item in feed(console.session.exercise, one, between) if item.text]
    return lines or ["Nothing yet."]


def _parties(console: Console, record: Record) -> set[str]:
    """The governments between which a message, an offer or an answer passed; empty for other records."""
    if record.kind in ("message", "offer"):
        return {record.who, *record.data["to"]}
    if record.kind == "answer":
        offers = console.session.exercise.commands.correspondence.offers.values()
        offer = next(each for each in offers if each.seq in record.cause)
        return {offer.sender, *offer.to}
    return set()
