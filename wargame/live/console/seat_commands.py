"""Commands of a seat and about seats: who decides, what a government knows, what it may do, and its orders."""

from collections.abc import Mapping
from typing import Any

from wargame.decision.menu import Candidate
from wargame.errors import UsageFault, listed, shortened
from wargame.journal.notices import spans
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.language.times import spoken_duration
from wargame.live.console.command_line import FLAGS, ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import government_of
from wargame.live.console.reply import Reply
from wargame.live.console.waiting import open_decisions
from wargame.seat import brief as briefs
from wargame.seat.brief import brief_lines, number_lines
from wargame.seat.description import describe_option, description_lines
from wargame.seat.feed import letters, unacknowledged
from wargame.seat.options import answered, check, option_lines, option_names, options_like, seat_options
from wargame.seat.reversals import reversed_by
from wargame.sentence import BANNER, Hint
from wargame.simulation.control.lookup import valid_name
from wargame.simulation.control.seats import StandingOrder

NUMBERS = "numbers"
"""The word after `brief` that asks for the indicators as numbers."""
OVER = "The exercise is over: nothing can be ordered."
INBOX = 20
"""Messages that `inbox` shows."""


def _mark_read(console: Console) -> None:
    if console.is_seat:
        console.session.mark_shown(console.seat)
        console.session.mark_read(console.seat, letters(console.exercise, console.seat))


# --- who decides -------------------------------------------------------------------------------------


def _seats(console: Console, _: ParsedLine) -> Reply:
    session = console.session
    assigned = session.exercise.commands.seats
    programs = console.wall.programs.seats if console.wall.programs is not None else {}
    lines = []
    for name in session.exercise.governments:
        due = [
            each.name if each.since is None else f"{each.name} since {session.instant(each.since)}"
            for each in open_decisions(session.exercise, name)
        ]
        kind = programs.get(name, assigned.of(name))
        lines.append(f"{name:<6} {kind:<7} {'due: ' + '; '.join(due) if due else ''}".rstrip())
    return Reply(lines)


def _deadline(console: Console, line: ParsedLine) -> Reply:
    line.need(1, 3)
    time, *rest = line.args
    clock = next((word for word in rest if word in ("game", "wall")), "game")
    default = next((word for word in rest if word in ("model", "nothing")), "nothing")
    if [word for word in rest if word not in (clock, default)]:
        raise line.fault()
    console.session.submit("deadline", default=default, **({} if time == "off" else {clock: time}))
    console.wall.forget()
    if time == "off":
        return Reply(["Decisions have no deadline."])
    then = "the model decides" if default == "model" else "nothing is done"
    return Reply([f"Decisions are due within {time} of {clock} time; after that, {then}."])


# --- what a government knows -------------------------------------------------------------------------


def role(console: Console, government: str) -> list[str]:
    """Return the role sheet of a government."""
    return [BANNER, *console.role_lines(government), BANNER]


def _role(console: Console, line: ParsedLine) -> Reply:
    return Reply(role(console, government_of(console, line, 1)))


def brief(console: Console, government: str) -> list[str]:
    """Return the brief of a government."""
    _mark_read(console)
    exercise = console.exercise
    received = briefs.inbox(exercise, console.session.records, government)
    lines = brief_lines(exercise, briefs.brief(exercise, government), received, own=console.is_seat)
    return [BANNER, *lines, BANNER]


def _brief(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line, 2)
    if len(line.args) == 1:
        return Reply(brief(console, name))
    if line.args[1].lower() != NUMBERS:
        raise line.fault()
    exercise = console.exercise
    return Reply([BANNER, *number_lines(exercise, briefs.brief(exercise, name)), BANNER])


def _inbox(console: Console, line: ParsedLine) -> Reply:
    name, most = government_of(console, line, 2), line.count(1, INBOX)
    _mark_read(console)
    received = briefs.inbox(console.exercise, console.session.records, name, most)
    return Reply([item.line for item in received] or ["Nothing yet."])


def _ack(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line, 2)
    number = line.args[1].lstrip("#") if len(line.args) > 1 else ""
    exercise = console.exercise
    received = {str(letter.number): letter for letter in letters(exercise, name)}
    if not console.is_seat and number and number not in received:
        of_inject = [letter for letter in received.values() if letter.inject == number]
        received = {number: of_inject[-1]} if of_inject else {}
    still_open = unacknowledged(exercise, name, list(received.values()))
    if number and number not in received:
        raise UsageFault(_not_received(console, name, number))
    chosen = [received[number]] if number else still_open
    if not chosen:
        raise UsageFault("every message has been acknowledged")
    if chosen[0] not in still_open:
        raise UsageFault(f"{console.name(name)} has already acknowledged {chosen[0].number}")
    by = console.in_name_of(name)
    with console.session.together():
        for each in chosen:
            console.session.submit("ack", who=name, inject=each.inject, release=each.release, **by)
    _mark_read(console)
    numbers = ", ".join(spans(each.number for each in chosen))
    return Reply([sentence(f"{console.name(name)} acknowledges {numbers}.")])


def _not_received(console: Console, name: str, number: str) -> str:
    """Return why a message cannot be acknowledged: a seat has other numbers, or none."""
    last = len(letters(console.exercise, name))
    numbers = "message 1" if last == 1 else f"messages 1 to {last}"
    has = f"it has {numbers}; inbox lists them" if last else "it has received none that could be acknowledged"
    return f"{console.name(name)} has received no message '{shortened(clean(number))}' ({has})"


def _options(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line, 2)
    only = line.args[1] if len(line.args) > 1 else ""
    exercise = console.exercise
    options = option_names(exercise, name)
    if only and only not in options:
        valid_name(f"dossier of {name}", only, exercise.governments[name].menus)
    described = description_lines(describe_option(exercise, name, only)) if only in options else []
    now = [OVER] if exercise.done else option_lines(seat_options(exercise, name, only), only)
    return Reply([*described, *now])


# --- orders ------------------------------------------------------------------------------------------


def _order(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line)
    line.need(2)
    why = line.options.get("why", "")
    if (" " in line.args[1] or len(line.args) > 3) and "force" not in line.options:
        words = line.args[1:]
        if words[0] in option_names(console.exercise, name):
            text = shortened(clean(" ".join(words)))
            raise UsageFault(
                f"{words[0]} is an option and takes at most a target, not '{shortened(clean(' '.join(words[2:])))}' "
                f'(for an order in free text write it in quotes: order "{text}")'
            )
        return Reply(_request(console, name, line, why))
    order = _named_option(name, line)
    forced = "force" in line.options
    if forced and console.is_seat:
        raise UsageFault("only the white cell overrides requirements (order in free text asks it)")
    if forced:
        valid_name(f"option of {name}", order["option"], option_names(console.exercise, name))
    else:
        _check_option(console, name, line)
        check(console.exercise, name, order["option"], order["target"])
    reversed_too = _reversed(console, line, order)
    override = {"override": True} if forced else {}
    data = {**order, "why": why, **override, **_answers(console, name, order["option"], line), **console.sender}
    console.session.submit("order", **data)
    return Reply([_given(console, order, ", whatever the requirements" if forced else ""), *reversed_too])


def reversing(console: Console, order: Mapping[str, Any], cancelled: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return a note about each order under way that an order would reverse, but for one that is cancelled with it."""
    found = reversed_by(console.exercise, order["government"], _candidate(order))
    return {
        str(
            each.candidate
        ): f"it would reverse '{clean(console.titles.order(each.candidate))}', which is being carried "
        f"out until {console.session.instant(each.until)}"
        for each in found
        if cancelled is None or each.candidate != _candidate(cancelled)
    }


def _candidate(order: Mapping[str, Any]) -> Candidate:
    return Candidate(order["option"], order["target"] or None)


def _reversed(console: Console, line: ParsedLine, order: dict[str, Any], *cancelled: dict[str, Any]) -> list[str]:
    """Return notes about orders under way that an order would reverse; a person who has not said so is asked first."""
    name, notes = order["government"], reversing(console, order, *cancelled)
    if not notes or not console.asks or "anyway" in line.options:
        return [f"{sentence(each)}." for each in notes.values()]
    own = [] if console.is_seat else [name]
    said = (word for key, value in line.options.items() for word in (f"--{key}", value)[: 1 + (key not in FLAGS)])
    words = (line.command, *own, *line.args[1:], *said, "--anyway")
    cancels = (Hint(("cancel", *own, *other.split()), "cancels the other", "Cancel the other order") for other in notes)
    raise UsageFault(
        f"{'; '.join(notes.values())}; both can be ordered",
        Hint(words, "orders it all the same", "Order it all the same"),
        *cancels,
    )


def _given(console: Console, order: dict[str, Any], note: str = "") -> str:
    """Return an order that was given, and when it is expected to be carried out."""
    exercise = console.exercise
    lead = exercise.context.scenario.options[order["option"]].lead[1]
    note += ", which is after ENDEX" if exercise.now + lead > exercise.end else ""
    action = f"{console.name(order['government'])} {console.titles.choice(order)}"
    at, after = console.session.instant(exercise.now + lead), f"in {spoken_duration(lead)}" if lead else "at once"
    return clean(sentence(f"{action}: expected {after}, {at}{note}"))


def _answers(console: Console, name: str, option: str, line: ParsedLine) -> dict[str, int | None]:
    """Return what an order answers, as data of a command; the white cell answers only what it names."""
    named = line.options.get("re", "")
    if not named and not console.is_seat:
        return {}
    if not console.is_seat and named.startswith("#") and named[1:].isdecimal():
        return {"answers": int(named[1:])}
    return {"answers": answered(console.exercise, name, option, named)}


def _check_option(console: Console, name: str, line: ParsedLine) -> None:
    """Raise UsageFault for one word that is not an option, with the way to send it as an order in free text."""
    if (typed := line.args[1]) not in (names := option_names(console.exercise, name)):
        order, text = "order" if console.is_seat else f"order {name}", shortened(clean(typed))
        like = options_like(console.exercise, name, typed) or f"one of {listed(sorted(names))}"
        raise UsageFault(
            f"there is no option of {name} '{text}' ({like}); for an order in free text write more than one word, in "
            f'quotes: {order} "{text} at once"'
        )


def _named_option(name: str, line: ParsedLine) -> dict[str, Any]:
    line.need(2, 3)
    return {"government": name, "option": line.args[1], "target": line.args[2] if len(line.args) > 2 else None}


def _request(console: Console, name: str, line: ParsedLine, why: str) -> list[str]:
    text = " ".join(line.args[1:])
    answers = _answers(console, name, "", line) if "re" in line.options else {}
    console.session.submit("request", who=name, text=text, why=why, **answers, **console.in_name_of(name))
    requests = console.exercise.commands.adjudication.requests.values()
    number = sum(each.government == name for each in requests) if console.is_seat else len(requests)
    return [f"Request {number} is sent to the white cell: {clean(text)}"]


def _standing(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line)
    if "when" not in line.options:
        raise line.fault()
    order = _named_option(name, line)
    when, why = line.options["when"], line.options.get("why", "")
    console.exercise.commands.seats.candidate(order)
    notes = _reversed(console, line, order)
    answers = _answers(console, name, order["option"], line)
    console.session.submit("standing_order", **order, when=when, why=why, **answers, **console.sender)
    orders = console.exercise.commands.seats.standing
    number = max((each.number for each in orders if each.government == name), default=0)
    return Reply([clean(f"Standing order {number}: {console.titles.choice(order)}, once {when}"), *notes])


def _cancel(console: Console, line: ParsedLine) -> Reply:
    line.need(2, 3)
    if not line.args[1].isdecimal():
        return Reply([_withdraw(console, _named_option(line.args[0], line))])
    line.need(0, 2)
    return Reply([_withdraw(console, {"government": line.args[0], "number": line.args[1]})])


def _withdraw(console: Console, command: dict[str, Any]) -> str:
    """Cancel an order, and return what is lost with it."""
    order = console.exercise.commands.seats.find_order(command)
    console.session.submit("cancel", **command, **console.sender)
    what = clean(console.titles.order(order.candidate))
    if isinstance(order, StandingOrder):
        return f"Standing order {order.number} is cancelled: {what}"
    spent, whole = console.exercise.now - order.given, order.until - order.given
    lost = f"; {spoken_duration(spent)} of {spoken_duration(whole)} are lost" if spent else ""
    return f"The order is cancelled: {what}{lost}"


def _change(console: Console, line: ParsedLine) -> Reply:
    name, *orders = line.take(3)
    before, after = (
        {"government": name, "option": a, "target": b or None} for a, _, b in (o.partition(" ") for o in orders)
    )
    check(console.exercise, name, str(after["option"]), after["target"])
    notes = _reversed(console, line, after, before)
    with console.session.together():
        lost = _withdraw(console, before)
        console.session.submit("order", **after, why=line.options.get("why", ""), **console.sender)
    return Reply([lost, _given(console, after), *notes])


def _pass(console: Console, line: ParsedLine) -> Reply:
    name = government_of(console, line, 2)
    dossier = line.args[1] if len(line.args) > 1 else ""
    dues = console.exercise.commands.seats.dues.values()
    due = [each.dossier for each in dues if each.government == name and dossier in {"", each.dossier}]
    console.session.submit("pass", government=name, dossier=dossier, **console.sender)
    titles = ", ".join(map(console.titles.dossier, due))
    return Reply([clean(sentence(f"{console.name(name)} passes on {titles}."))])
