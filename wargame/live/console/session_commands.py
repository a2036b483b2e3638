"""Commands about those who take part: at the facilitator's terminal, at other terminals, in browsers, and programs."""

from wargame.errors import UsageFault
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.msel_view import added_sentence
from wargame.live.console.participants import Participants, chosen, listed
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply
from wargame.live.console.roles import ALL_WHO_TYPE, FACILITATOR, FACILITATOR_ONLY, JUDGES, PLAYERS, SEAT
from wargame.live.console.seat_commands import brief, role
from wargame.live.session.program_seats import ProgramSeats
from wargame.sentence import BANNER
from wargame.simulation.control.lookup import valid_name

SEATS = frozenset({SEAT})
VIEWS = ("everything", "seats")
"""What an evaluator may see."""

session = CommandGroup("session")
access = CommandGroup("browsers")
programs = CommandGroup("programs")


@session.command("quit", ALL_WHO_TYPE)
def _quit(console: Console, _: ParsedLine) -> Reply:
    """Leaves: the facilitator leaves the exercise, others close their terminal."""
    if console.sitting:
        raise UsageFault("this is the facilitator's terminal (stand returns it, then quit leaves the exercise)")
    console.over = True
    return Reply(console.leaving())


@session.command("sit GOV", takes=("government",))
def _sit(console: Console, line: ParsedLine) -> Reply:
    """Clears this terminal and gives it to a seat, which sees its role sheet at STARTEX and its brief later."""
    (name,) = line.take(1)
    console.seat = valid_name("government", name, console.exercise.governments)
    console.role, console.sitting = SEAT, True
    show = role if console.at_startex else brief
    return Reply(show(console, console.seat), clears=True)


@session.command("stand", frozenset({SEAT}))
def _stand(console: Console, _: ParsedLine) -> Reply:
    """Clears this terminal and returns it to the facilitator."""
    if not console.sitting:
        raise UsageFault("this terminal belongs to a seat (quit leaves)")
    console.role, console.sitting, console.seat = FACILITATOR, False, ""
    return Reply([BANNER], clears=True)


def _participants(console: Console) -> Participants:
    if console.participants is None:
        raise UsageFault("other terminals cannot join this console")
    return console.participants


@session.command("terminals")
def _terminals(console: Console, _: ParsedLine) -> Reply:
    """Lists the terminals that have joined, and the human seats without one."""
    participants, exercise = _participants(console), console.exercise
    lines = [f"{each.number:>3}  {each.name:<8} since {each.since}{each.details}" for each in participants.joined]
    human = [name for name in exercise.governments if exercise.commands.seats.of(name) == "human"]
    if empty := [name for name in human if name not in participants.seats()]:
        lines.append(f"No terminal: {', '.join(empty)} (wargame join {console.session.call()} --seat {empty[0]} joins)")
    return Reply(lines or ["No terminal has joined."])


@session.command("kick NUMBER|GOV|scribe|screen", takes=("terminal",))
def _kick(console: Console, line: ParsedLine) -> Reply:
    """Closes a terminal that has joined, or removes a person in a browser; terminals and people list the numbers."""
    (text,) = line.take(1)
    participants = _participants(console)
    lines = console.access.kick(text).lines if console.access is not None else ()
    closed = chosen(text, participants.joined) if lines else participants.terminals(text)
    for terminal in closed:
        terminal.show(Reply(["The facilitator has closed this terminal."]))
        terminal.close()
    return Reply([*lines, *([f"Closed: {listed(closed)}"] if closed else [])])


@session.command("grant NUMBER everything|seats", takes=("terminal", "view"), example="grant 3 everything")
def _grant(console: Console, line: ParsedLine) -> Reply:
    """Lets an evaluator see what the white cell sees, or again only what the seats observed see."""
    text, view = line.take(2)
    granted = _participants(console).grant(text, everything=valid_name("view", view, VIEWS) == "everything")
    return Reply([f"{granted.number} {granted.name}{granted.details}"])


# --- people in browsers, and what is in the control room alone ------------------------------------------------


def _at_the_desk(console: Console, line: ParsedLine) -> Reply:
    if console.access is None:
        raise UsageFault("this exercise is not served in browsers (wargame play --serve, or wargame serve)")
    return console.access.answer(console, line)


def _declare(
    usage: str, help_line: str, roles: frozenset[str] = FACILITATOR_ONLY, takes: tuple[str, ...] = (), example: str = ""
) -> None:
    """Declare a command that the desk of the server carries out; `help` lists those of seats under `session`."""
    group = session if SEAT in roles else access
    group.command(usage, roles, takes, help_line=help_line, example=example)(_at_the_desk)


_declare(
    "code GOV|ROLE [new]",
    "Shows the join code of a seat, or of deputy, evaluator (evaluator:KOR,USA), screen or facilitator; "
    "new makes another one.",
    takes=("joinable", "new"),
    example="code KOR",
)
_declare('team GOV "TEXT"', "Writes a note that only your seat and the white cell see.", SEATS, ("government",))
_declare(
    "proposal GOV NUMBER send|drop", "Sends what a member of your seat proposes, or drops it.", SEATS, ("government",)
)
_declare(
    'propose GOV "COMMAND"',
    "Proposes an order, a message, a vote or another command of your seat, for its head to send.",
    SEATS,
    ("government",),
    'propose "order mobilise"',
)
_declare(
    "head GOV PERSON|none",
    "Makes a person the head of a seat: what its other people order, write and vote is proposed to the head, who sends "
    "it. With none, each of them sends.",
    PLAYERS,
    ("government", "person"),
    "head KOR 3",
)
_declare('everywhere "COMMAND"', "Gives a command in all rooms of a lobby.", example='everywhere "release riots"')
_declare("people", "Lists the people in browsers, and who waits in the lobby.")
_declare("admit NUMBER|GOV|all", "Lets people of the lobby into the exercise.", takes=("person",))
_declare(
    "nudge INJECT [PERSON]",
    "Reminds the people who have not acknowledged a message, or answered its questions; or one person.",
    takes=("inject", "person"),
)
_declare(
    "sheet [forget|import HASH] [--skip]",
    "Imports the sheet that was sent in the control room, as the page with this hash shows it (--skip skips the "
    "injects to come that it lacks); forgets it; or says how it is read: --columns FIELD=COLUMN,... --who TEAM=GOV,... "
    "--startex DATE --dates ORDER, or again with --name SHEET --row N (of the headings).",
    example='sheet --columns when=C,to=E --who "Blue Team=KOR,Blue Team=USA"',
)
_declare(
    "finding area|merge|ROW [--text TEXT]",
    "Writes texts of the review: a new area for improvement (--observation --objective --who --discussion --root_cause "
    "--conclusion --recommendation --capability --issue --corrective_action --capability_element --responsible "
    "--contact --start --completion --status), or a row of review.yaml; --was has what was shown. merge takes over an "
    "edit of the file.",
    JUDGES,
    example='finding area --observation "No call for two days" --corrective_action "Keep a list of numbers"',
)
_declare("lock [off]", "Refuses new people in browsers; off accepts them again.", takes=("off",))
_declare(
    "reveal [off]",
    "After ENDEX, opens the views of all seats to everyone in a browser; off closes them.",
    takes=("off",),
)


# --- programs ------------------------------------------------------------------------------------------------


def _programs(console: Console) -> ProgramSeats:
    if console.wall.programs is None:
        raise UsageFault("no programs take part (start with --seat GOV=program:FILE, --adviser or --drafter)")
    return console.wall.programs


@programs.command("programs")
def _list(console: Console, _: ParsedLine) -> Reply:
    """Lists the programs and language models in seats."""
    seats, deciding = _programs(console).seats, _programs(console).deciding
    rows = [f"{name:<6} {source}{', has its turn' if name in deciding else ''}" for name, source in seats.items()]
    return Reply(rows or ["No program has a seat now (seat GOV human gives it back to its program)."])


@programs.command("advice GOV", PLAYERS, ("government",), only_reads=True)
def _advice(console: Console, line: ParsedLine) -> Reply:
    """Shows the latest proposal of the adviser of a seat. Nothing of it happens unless a person orders it."""
    line.need(0, 1)
    name = valid_name("government", line.args[0] if line.args else "", console.exercise.governments)
    return Reply(_programs(console).advice(name))


@programs.command('draft "TEXT"|add N|show N', example='draft "a cyberattack on the power grid of South Korea"')
def _draft(console: Console, line: ParsedLine) -> Reply:
    """Asks the drafter for an inject; draft alone lists the drafts. A draft is checked like any inject: draft add N
    adds it to the MSEL, and release ID releases it.
    """
    drafter = _programs(console).drafter
    if not line.args:
        return Reply(drafter.lines())
    if line.args[0].lower() in ("add", "show") and len(line.args) == 2 and line.args[1].isdecimal():
        yaml = drafter.yaml(line.args[1])
        if line.args[0].lower() == "show":
            return Reply([f"  {row}" for row in yaml.splitlines()])
        before = set(console.exercise.injector.lines)
        console.session.submit("inject", yaml=yaml)
        added = sorted(set(console.exercise.injector.lines) - before)
        return Reply([added_sentence(console, added)])
    return Reply(drafter.ask(line.text(0)))
