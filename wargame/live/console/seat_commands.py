"""Seats: who decides, what a government knows, what it may do, and its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wargame.errors import UsageFault
from wargame.language.times import format_duration
from wargame.live.console.command_line import count
from wargame.live.console.registry import PLAYERS, SEAT, verb
from wargame.seat import brief as briefs
from wargame.seat.banner import BANNER
from wargame.seat.feed import clean, letters
from wargame.seat.lines import brief_lines, option_lines, spans
from wargame.seat.options import check, seat_options
from wargame.simulation.control.lookup import SEATS, known

if TYPE_CHECKING:
    from wargame.live.console.command_line import ParsedLine
    from wargame.live.console.console import Console

INBOX = 20


def governed(console: Console, words: ParsedLine, usage: str) -> str:
    """The government that the first word names."""
    if not words.args:
        raise UsageFault(f"write: {usage}")
    return known("government", words.args[0], console.session.exercise.governments)


def _by(console: Console) -> dict[str, str]:
    """Who typed it, where that was a seat."""
    return {"who": console.seat} if console.role == SEAT else {}


@verb("seat GOV human|model|script", "Hands a seat over, at any moment.", "seats", takes=("government", "seat"))
def _seat(console: Console, words: ParsedLine) -> list[str]:
    name, kind = words.take(2, f"seat GOV {'|'.join(SEATS)}")
    console.session.submit("seat", government=name, kind=kind)
    return [f"{name} is with: {kind}"]


@verb("seats", "Who decides for each government, and what is due.", "seats")
def _seats(console: Console, words: ParsedLine) -> list[str]:
    words.take(0, "seats")
    seats = console.session.exercise.commands.seats
    lines = []
    for name in console.session.exercise.governments:
        due = [
            f"{d.dossier} since {console.session.instant(d.since)}" for d in seats.dues.values() if d.government == name
        ]
        lines.append(f"{name:<6} {seats.of(name):<7} {'due: ' + '; '.join(due) if due else ''}".rstrip())
    return lines


@verb(
    "brief GOV",
    "What a government knows and believes now, its dossiers and deadlines.",
    "seats",
    PLAYERS,
    ("government",),
)
def _brief(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "brief GOV")
    _looked(console, name)
    exercise = console.session.exercise
    received = briefs.inbox(exercise, console.session.records, name)
    return [BANNER, *brief_lines(exercise, briefs.brief(exercise, name), received), BANNER]


@verb("inbox GOV [N]", "The last N messages of a government, as it perceives them.", "seats", PLAYERS, ("government",))
def _inbox(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "inbox GOV [N]")
    words.most(2, "inbox GOV [N]")
    most = count(words.args[1], "inbox GOV [N]") if len(words.args) > 1 else INBOX
    _looked(console, name)
    received = briefs.inbox(console.session.exercise, console.session.records, name, most)
    return [item.line for item in received] or ["Nothing yet."]


@verb(
    "ack GOV [NUMBER]",
    "Acknowledges the message that bears this number, or all that are open; the facilitator may write an inject's id.",
    "seats",
    PLAYERS,
    ("government", "letter"),
)
def _ack(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "ack GOV [NUMBER]")
    words.most(2, "ack GOV [NUMBER]")
    asked = words.args[1].lstrip("#") if len(words.args) > 1 else ""
    exercise = console.session.exercise
    sent = {str(letter.number): letter for letter in letters(exercise, name)}
    if console.role != SEAT and asked and asked not in sent:
        mine = [letter for letter in sent.values() if letter.inject == asked]
        sent = {asked: mine[-1]} if mine else {}
    done = exercise.commands.msel.acknowledged
    open_ones = [each for each in sent.values() if name not in done.get((each.inject, each.release), ())]
    chosen = [sent[known(f"message of {name}", asked, sent)]] if asked else open_ones
    if not chosen:
        raise UsageFault("there is no message that is not acknowledged")
    if chosen[0] not in open_ones:
        raise UsageFault(f"{name} has acknowledged {chosen[0].number} already")
    with console.session.in_one():
        for each in chosen:
            console.session.submit("ack", who=name, inject=each.inject, release=each.release)
    if console.role == SEAT:
        console.session.looked(name, read=True)
    return [f"{name} acknowledges {spans(each.number for each in chosen)}."]


def _looked(console: Console, name: str) -> None:
    if console.role == SEAT:
        console.session.looked(name, read=True)


@verb(
    "options GOV [DOSSIER|OPTION]",
    "What it may do now, with lead times; with a dossier or an option also what hinders the rest.",
    "seats",
    PLAYERS,
    ("government", "dossier"),
)
def _options(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "options GOV [DOSSIER|OPTION]")
    words.most(2, "options GOV [DOSSIER|OPTION]")
    only = words.args[1] if len(words.args) > 1 else ""
    menus = console.session.exercise.governments[name].menus
    names = {c.option for menu in menus.values() for c in menu.candidates[1:]}
    if only and only not in names:
        known(f"dossier of {name}", only, menus)
    return option_lines(seat_options(console.session.exercise, name, only), only)


@verb(
    "order GOV OPTION [TARGET]",
    'Orders an option [--why "..."]; any other words go to the white cell.',
    "seats",
    PLAYERS,
    ("government", "option", "target"),
)
def _order(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "order GOV OPTION [TARGET]")
    if len(words.args) < 2:
        raise UsageFault("write: order GOV OPTION [TARGET]")
    why = words.named.get("why", "")
    if _is_free(words):
        return _request(console, name, " ".join(words.args[1:]), why)
    data = _named_option(name, words, "order GOV OPTION [TARGET]")
    check(console.session.exercise, name, data["option"], data["target"])
    console.session.submit("order", **data, why=why, **_by(console))
    spec = console.session.exercise.context.scenario.options[data["option"]]
    at = console.session.exercise.now + spec.lead[1]
    target = f" ({data['target']})" if data["target"] else ""
    lead = format_duration(spec.lead[1])
    return [f"{name} {spec.title}{target}: to be done in {lead}, {console.session.instant(at)}"]


def _is_free(words: ParsedLine) -> bool:
    """Whether it is a sentence and not an option with a target."""
    return " " in words.args[1] or len(words.args) > 3


def _named_option(name: str, words: ParsedLine, usage: str) -> dict[str, Any]:
    if not 2 <= len(words.args) <= 3:
        raise UsageFault(f"write: {usage}")
    return {"government": name, "option": words.args[1], "target": words.args[2] if len(words.args) > 2 else None}


def _request(console: Console, name: str, text: str, why: str) -> list[str]:
    console.session.submit("request", who=name, text=text, why=why)
    number = len(console.session.exercise.commands.adjudication.requests)
    return [f"Request {number} waits for the white cell: {clean(text)}"]


@verb(
    "standing GOV OPTION [TARGET] --when CONDITION",
    'Orders an option once its government believes a condition [--why "..."].',
    "seats",
    PLAYERS,
    ("government", "option", "target"),
)
def _standing(console: Console, words: ParsedLine) -> list[str]:
    usage = 'standing GOV OPTION [TARGET] --when "tension > 0.5"'
    name = governed(console, words, usage)
    if "when" not in words.named:
        raise UsageFault(f"write: {usage}")
    data = _named_option(name, words, usage)
    when, why = words.named["when"], words.named.get("why", "")
    console.session.submit("standing_order", **data, when=when, why=why, **_by(console))
    number = max((order.number for order in console.session.exercise.commands.seats.standing), default=0)
    return [f"Standing order {number}: {data['option']} once {clean(when)}"]


@verb("cancel GOV NUMBER", "Takes a standing order back.", "seats", PLAYERS, ("government",))
def _cancel(console: Console, words: ParsedLine) -> list[str]:
    name, number = words.take(2, "cancel GOV NUMBER")
    console.session.submit("cancel", government=name, number=number, **_by(console))
    return [f"Standing order {number} is taken back."]


@verb("pass GOV [DOSSIER]", "Lets a due decision go by.", "seats", PLAYERS, ("government", "dossier"))
def _pass(console: Console, words: ParsedLine) -> list[str]:
    name = governed(console, words, "pass GOV [DOSSIER]")
    words.most(2, "pass GOV [DOSSIER]")
    dossier = words.args[1] if len(words.args) > 1 else ""
    console.session.submit("pass", government=name, dossier=dossier, **_by(console))
    return [f"{name} passes."]


@verb("deadline TIME|off [game|wall] [model|nothing]", "How long people have to decide; what happens then.", "seats")
def _deadline(console: Console, words: ParsedLine) -> list[str]:
    usage = "deadline TIME|off [game|wall] [model|nothing]"
    if not 1 <= len(words.args) <= 3:
        raise UsageFault(f"write: {usage}")
    time, *rest = words.args
    clock = next((word for word in rest if word in ("game", "wall")), "game")
    default = next((word for word in rest if word in ("model", "nothing")), "nothing")
    if [word for word in rest if word not in (clock, default)]:
        raise UsageFault(f"write: {usage}")
    given = {} if time == "off" else {clock: time}
    console.session.submit("deadline", default=default, **given)
    console.wall.forget()
    if time == "off":
        return ["Decisions have no deadline."]
    then = "the model decides" if default == "model" else "nothing happens"
    return [f"Decisions are due within {time} of {clock} time; then {then}."]
