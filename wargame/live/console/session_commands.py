"""Commands about consoles: leave, share the facilitator's terminal with a seat, list and close other terminals."""

from __future__ import annotations

from wargame.errors import UsageFault
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.participants import Participants, chosen, listed
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply
from wargame.live.console.roles import ALL_WHO_TYPE, FACILITATOR, SEAT
from wargame.live.console.seat_commands import brief, role
from wargame.sentence import BANNER
from wargame.simulation.control.lookup import valid_name

VIEWS = ("everything", "seats")
"""What an evaluator may see."""

session = CommandGroup("session")


@session.command("quit", "Leaves: the facilitator leaves the exercise, others close their terminal.", ALL_WHO_TYPE)
def _quit(console: Console, line: ParsedLine) -> Reply:
    line.take(0)
    if console.sitting:
        raise UsageFault("this is the facilitator's terminal (stand returns it, then quit leaves the exercise)")
    console.over = True
    return Reply(console.leaving())


@session.command(
    "sit GOV",
    "Clears this terminal and gives it to a seat, which sees its role sheet at STARTEX and its brief later.",
    takes=("government",),
)
def _sit(console: Console, line: ParsedLine) -> Reply:
    (name,) = line.take(1)
    console.seat = valid_name("government", name, console.session.exercise.governments)
    console.role, console.sitting = SEAT, True
    show = role if console.at_startex else brief
    return Reply(show(console, console.seat), clears=True)


@session.command("stand", "Clears this terminal and returns it to the facilitator.", frozenset({SEAT}))
def _stand(console: Console, line: ParsedLine) -> Reply:
    line.take(0)
    if not console.sitting:
        raise UsageFault("this terminal belongs to a seat (quit leaves)")
    console.role, console.sitting, console.seat = FACILITATOR, False, ""
    return Reply([BANNER], clears=True)


def _participants(console: Console) -> Participants:
    if console.participants is None:
        raise UsageFault("other terminals cannot join this console")
    return console.participants


@session.command("terminals", "Lists the terminals that have joined, and the human seats without one.")
def _terminals(console: Console, line: ParsedLine) -> Reply:
    line.take(0)
    participants, exercise = _participants(console), console.session.exercise
    lines = [f"{each.number:>3}  {each.name:<8} since {each.since}{each.details}" for each in participants.joined]
    human = [name for name in exercise.governments if exercise.commands.seats.of(name) == "human"]
    if empty := [name for name in human if name not in participants.seats()]:
        lines.append(f"No terminal: {', '.join(empty)} (wargame join {console.session.call()} --seat {empty[0]} joins)")
    return Reply(lines or ["No terminal has joined."])


@session.command(
    "kick NUMBER|GOV|scribe|screen",
    "Closes a terminal that has joined, or removes a person in a browser; terminals and people list the numbers.",
    takes=("terminal",),
)
def _kick(console: Console, line: ParsedLine) -> Reply:
    (text,) = line.take(1)
    participants = _participants(console)
    lines = console.access.kick(text).lines if console.access is not None else ()
    closed = chosen(text, participants.joined) if lines else participants.terminals(text)
    for terminal in closed:
        terminal.show(Reply(["The facilitator has closed this terminal."]))
        terminal.close()
    return Reply([*lines, *([f"Closed: {listed(closed)}"] if closed else [])])


@session.command(
    "grant NUMBER everything|seats",
    "Lets an evaluator see what the white cell sees, or again only what the seats observed see.",
    takes=("terminal", "view"),
    example="grant 3 everything",
)
def _grant(console: Console, line: ParsedLine) -> Reply:
    text, view = line.take(2)
    granted = _participants(console).grant(text, everything=valid_name("view", view, VIEWS) == "everything")
    return Reply([f"{granted.number} {granted.name}{granted.details}"])
