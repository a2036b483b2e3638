"""Commands about those who take part: at the facilitator's terminal, at other terminals, in browsers, and programs."""

from wargame.errors import UsageFault
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.msel_view import added_sentence
from wargame.live.console.names import FIXED
from wargame.live.console.participants import Participants, chosen, listed
from wargame.live.console.reply import Reply
from wargame.live.console.roles import FACILITATOR, SEAT
from wargame.live.console.seat_commands import brief, role
from wargame.live.session.wall_clock import ProgramSeats
from wargame.sentence import BANNER
from wargame.simulation.control.lookup import valid_name


def _quit(console: Console, _: ParsedLine) -> Reply:
    if console.sitting:
        raise UsageFault("this is the facilitator's terminal (stand returns it, then quit leaves the exercise)")
    console.over = True
    return Reply(console.leaving())


def _sit(console: Console, line: ParsedLine) -> Reply:
    (name,) = line.take(1)
    console.seat = valid_name("government", name, console.exercise.governments)
    console.role, console.sitting = SEAT, True
    return Reply((role if console.at_startex else brief)(console, console.seat), clears=True)


def _stand(console: Console, _: ParsedLine) -> Reply:
    if not console.sitting:
        raise UsageFault("this terminal belongs to a seat (quit leaves)")
    console.role, console.sitting, console.seat = FACILITATOR, False, ""
    return Reply([BANNER], clears=True)


def _participants(console: Console) -> Participants:
    if console.participants is None:
        raise UsageFault("other terminals cannot join this console")
    return console.participants


def _terminals(console: Console, _: ParsedLine) -> Reply:
    participants, exercise = _participants(console), console.exercise
    lines = [f"{each.number:>3}  {each.name:<8} since {each.since}{each.details}" for each in participants.joined]
    if empty := [name for name in exercise.commands.seats.human if name not in participants.seats()]:
        lines.append(
            f"No terminal: {', '.join(empty)} (wargame join {console.session.typed()} --seat {empty[0]} joins)"
        )
    return Reply(lines or ["No terminal has joined."])


def _kick(console: Console, line: ParsedLine) -> Reply:
    (text,) = line.take(1)
    participants = _participants(console)
    lines = console.access.kick(text).lines if console.access is not None else ()
    closed = chosen(text, participants.joined) if lines else participants.terminals(text)
    for terminal in closed:
        terminal.show(Reply(["The facilitator has closed this terminal."]))
        terminal.close()
    return Reply([*lines, *([f"Closed: {listed(closed)}"] if closed else [])])


def _grant(console: Console, line: ParsedLine) -> Reply:
    text, view = line.take(2)
    granted = _participants(console).grant(text, everything=valid_name("view", view, FIXED["view"]) == "everything")
    return Reply([f"{granted.number} {granted.name}{granted.details}"])


WITHOUT_BROWSERS = 'note "TEXT" --tag improve adds an area for improvement; the rest is written in review.yaml'


def _at_the_desk(console: Console, line: ParsedLine) -> Reply:
    """Carry out a command of the desk of the server."""
    if console.access is None:
        instead = WITHOUT_BROWSERS if line.command == "finding" else "wargame play --serve, or wargame serve"
        raise UsageFault(f"this exercise is not served in browsers ({instead})")
    return console.access.answer(console, line)


def _taking_part(console: Console) -> ProgramSeats:
    if console.wall.programs is None:
        raise UsageFault(
            "no programs take part (start with --seat GOV=program:FILE, --adviser, --drafter or --white-cell)"
        )
    return console.wall.programs


def _programs(console: Console, _: ParsedLine) -> Reply:
    seats, deciding = _taking_part(console).seats, _taking_part(console).deciding
    rows = [f"{name:<6} {source}{', has its turn' if name in deciding else ''}" for name, source in seats.items()]
    return Reply(rows or ["No program has a seat now (seat GOV human gives it back to its program)."])


def _advice(console: Console, line: ParsedLine) -> Reply:
    line.need(0, 1)
    name = valid_name("government", line.args[0] if line.args else "", console.exercise.governments)
    return Reply(_taking_part(console).advice(name))


def _approve(console: Console, line: ParsedLine) -> Reply:
    programs = _taking_part(console)
    if line.args:
        number = line.args[0].lstrip("#")
        return Reply([f"Approved: {programs.approve(int(number) if number.isdecimal() else 0)}"])
    return Reply([f"{seq}  {text}" for seq, text in programs.proposals.items()] or ["The white cell proposes nothing."])


def _draft(console: Console, line: ParsedLine) -> Reply:
    drafter = _taking_part(console).drafter
    if not line.args:
        return Reply(drafter.lines())
    if line.args[0].lower() in ("add", "show") and len(line.args) == 2 and line.args[1].isdecimal():
        yaml = drafter.yaml(line.args[1])
        if line.args[0].lower() == "show":
            return Reply([f"  {row}" for row in yaml.splitlines()])
        before = set(console.exercise.injector.lines)
        console.session.submit("inject", yaml=yaml)
        return Reply([added_sentence(console, sorted(set(console.exercise.injector.lines) - before))])
    return Reply(drafter.ask(line.text(0)))
