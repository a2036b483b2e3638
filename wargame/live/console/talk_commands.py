"""Commands for messages, requests for information, offers, demands, votes, and notices outside the exercise.

Only those concerned and the white cell see messages, unless they are public.
"""

from collections.abc import Mapping
from datetime import datetime

from wargame.errors import UsageFault, shortened
from wargame.journal.records import Record
from wargame.journal.records.correspondence import MessageRecord, OfferRecord
from wargame.journal.wording import sentence, words
from wargame.language.plain_text import clean
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import government_of
from wargame.live.console.reply import Reply
from wargame.seat.brief import information_requests
from wargame.seat.feed import feed
from wargame.sentence import hint
from wargame.simulation.control.correspondence import ANSWERED, WHITE_CELL
from wargame.simulation.control.lookup import valid_name

PUBLICLY = ("public", "screen")
"""Recipients that stand for everyone, with the public screen."""
MOST = 500
"""Characters of a notice that are shown."""


def _recipients(console: Console, text: str, sender: str) -> list[str]:
    """Return governments from a list such as `A,B`; `all`, and the public, stand for every one but the sender."""
    if text in ("all", *PUBLICLY):
        return [name for name in console.exercise.governments if name != sender]
    return list(dict.fromkeys(name for name in text.split(",") if name))


def _check_one_list(console: Console, line: ParsedLine, to: int) -> None:
    """Raise UsageFault if a text would begin with another recipient: several recipients are one word with commas."""
    words = line.args[to:]
    if len(words) > 2 and words[1].strip(",").upper() in console.exercise.governments:
        several, one = f"{words[0].strip(',')},{words[1].strip(',').upper()}", shortened(clean(" ".join(words[1:])))
        raise UsageFault(
            f"two recipients are separated by a comma and no space: {line.command} {several} "
            f'"{shortened(clean(" ".join(words[2:])))}" (for a text that begins with {words[1]} use quotes: "{one}")'
        )


def _two_and_text(line: ParsedLine) -> tuple[str, str, str]:
    line.need(3)
    return line.args[0], line.args[1], line.text(2)


def _message(console: Console, line: ParsedLine) -> Reply:
    sender, to, text = _two_and_text(line)
    _check_one_list(console, line, 1)
    return Reply(_send(console, sender, to, text, line.options))


def _send(console: Console, sender: str, to: str, text: str, options: Mapping[str, str]) -> list[str]:
    """Send a message; `to` is what was typed."""
    names, public = _recipients(console, to, sender), to in PUBLICLY
    data: dict[str, object] = {"public": True} if public else {}
    data |= {"persona" if key == "as" else key: value for key, value in options.items()}
    console.session.submit("message", who=sender, to=names, text=text, **data, **console.in_name_of(sender))
    return ["Sent to all governments and the public screen." if public else f"Sent to {console.name(*names)}."]


def _tell(console: Console, line: ParsedLine) -> Reply:
    line.need(2)
    _check_one_list(console, line, 0)
    return Reply(_send(console, WHITE_CELL, line.args[0], line.text(1), line.options))


def _rfi(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line)
    if len(line.args) > 1:
        console.session.submit("rfi", who=name, text=line.text(1), **console.in_name_of(name))
        number = len(information_requests(console.exercise, name))
        return Reply([f"Request for information {number} is sent to EXCON."])
    requests = information_requests(console.exercise, name)
    lines = [
        f"{each.number}  {words(each.status)}: {each.text}{f' / EXCON: {each.reply}' if each.reply else ''}"
        for each in requests
    ]
    return Reply([clean(each) for each in lines] or ["No request for information has been sent."])


def _reply(console: Console, line: ParsedLine) -> Reply:
    line.need(2)
    name, number, *text = line.args
    status = line.options.get("status", ANSWERED).replace(" ", "_").lower()
    console.session.submit("rfi.reply", government=name, number=number.lstrip("#"), status=status, text=" ".join(text))
    return Reply([f"Request for information {number} of {console.name(name)}: {words(status)}."])


def _notice(console: Console, line: ParsedLine) -> Reply:
    text, to = line.text(0), [name for name in line.options.get("to", "").split(",") if name]
    shown = clean(f"NOTICE {datetime.now().astimezone():%H:%M}, not part of the exercise: {shortened(text, MOST)}")
    participants = console.participants
    joined = [*participants.joined, *participants.in_browsers] if participants else []
    chosen = [each for each in joined if not to or each.name in to]
    if absent := [name for name in to if name not in {each.name for each in chosen}]:
        raise UsageFault(f"no terminal has joined as {', '.join(absent)}", hint("terminals", "lists them"))
    for terminal in chosen:
        terminal.show(Reply([shown]))
    browsers = sum(each in participants.in_browsers for each in chosen) if participants else 0
    terminals = len(chosen) - browsers
    also = f" and {browsers} browser{'' if browsers == 1 else 's'}" if browsers else ""
    return Reply([shown, f"Shown on {terminals} terminal{'' if terminals == 1 else 's'}{also}; it is not recorded."])


def _offer(console: Console, line: ParsedLine) -> Reply:
    (sender, to, text), form = _two_and_text(line), line.command
    _check_one_list(console, line, 1)
    names = _recipients(console, to, sender)
    by = console.in_name_of(sender)
    console.session.submit("offer", who=sender, to=names, text=text, form=form, **by)
    talk = console.exercise.commands.correspondence
    numbers = _numbers_of(console, sender, {name: len(talk.offers_of(name)) for name in (sender, *names)})
    return Reply([f"{form.title()} {len(talk.offers_of(sender))} is sent to {console.name(*names)}{numbers}."])


def _numbers_of(console: Console, sender: str, numbers: dict[str, int], known: int = 0) -> str:
    """Return the own numbers of governments, for the white cell, where these differ from the one shown."""
    known = known or numbers[sender]
    others = [f"{number} of {name}" for name, number in numbers.items() if number != known]
    return f" (number {', '.join(others)})" if others and not console.is_seat else ""


def _answer(console: Console, line: ParsedLine) -> Reply:
    name, number, answer = _two_and_text(line)
    answer, _, text = answer.partition(" ")
    by, offers = console.in_name_of(name), console.exercise.commands.correspondence.offers_of(name)
    demands = [str(key) for key, each in offers.items() if each.form == "demand"]
    form = {"form": "demand"} if number in demands else {}
    console.session.submit("answer", who=name, offer=number, answer=answer.lower(), text=text, **form, **by)
    return Reply([sentence(f"{console.name(name)} answers {answer.lower()}.")])


def _vote(console: Console, line: ParsedLine) -> Reply:
    sender, to, question = _two_and_text(line)
    _check_one_list(console, line, 1)
    choices = [c.strip() for c in line.options.get("choices", "yes,no,abstain").split(",") if c.strip()]
    names = [*(_recipients(console, to, "") if to != "all" else console.exercise.governments)]
    by = console.in_name_of(sender)
    console.session.submit("vote", who=sender, to=names, question=question, choices=choices, **by)
    talk = console.exercise.commands.correspondence
    number = len(talk.votes_of(sender) if console.is_seat else talk.votes)
    numbers = _numbers_of(console, sender, {name: len(talk.votes_of(name)) for name in names}, number)
    return Reply([f"Vote {number} is open to {console.name(*names)}{numbers}: {clean(' / '.join(choices))}"])


def _ballot(console: Console, line: ParsedLine) -> Reply:
    name, number, choice = _two_and_text(line)
    console.session.submit("ballot", who=name, vote=number, choice=choice, **console.in_name_of(name))
    return Reply([sentence(f"{console.name(name)} has voted.")])


def _channel(console: Console, line: ParsedLine) -> Reply:
    one, other = line.take(2)
    valid_name("government", other, {*console.exercise.governments, WHITE_CELL})
    between = [record for record in console.session.records if _parties(console, record) == {one, other}]
    lines = [item.line for item in feed(console.exercise, one, between) if item.text]
    return Reply(lines or ["Nothing yet."])


def _parties(console: Console, record: Record) -> set[str]:
    """Return the governments between which a message, an offer or an answer passed; empty for other records."""
    if isinstance(record, MessageRecord | OfferRecord):
        return set(record.parties)
    if record.kind == "answer":
        offers = console.exercise.commands.correspondence.offers.values()
        offer = next(each for each in offers if each.seq in record.cause)
        return {offer.sender, *offer.to}
    return set()
