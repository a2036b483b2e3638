"""Commands on standing procedures: list them, choose what they do in a human seat, accept and refuse proposals."""

from wargame.errors import UsageFault
from wargame.journal.wording import sentence
from wargame.language.plain_text import clean
from wargame.language.times import format_duration
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.names import government_of
from wargame.live.console.registry import CommandGroup
from wargame.live.console.reply import Reply
from wargame.live.console.roles import PLAYERS
from wargame.seat.brief_text import answers_to
from wargame.seat.procedures import ProposedProcedure, proposed_procedures, standing_procedures, unanswered
from wargame.simulation.actors.procedures import ACCEPT, MODES, PROPOSE, REFUSE
from wargame.simulation.control.lookup import valid_name

MODE_TEXTS = {
    "act": ("acts unless its seat refuses", "act unless their seat refuses"),
    "propose": ("is proposed to its seat", "are proposed to their seat"),
    "off": ("is off", "are off"),
}
"""What the facilitator reads of each mode, for one procedure and for all of a government."""

procedures = CommandGroup("procedures")


@procedures.command(
    f"procedures [GOV|PROCEDURE] [{'|'.join(MODES)}]",
    PLAYERS,
    ("procedures", "mode"),
    example="procedures KOR act",
    seat_usage="procedures",
)
def _procedures(console: Console, line: ParsedLine) -> Reply:
    """Lists standing procedures; the facilitator chooses whether those of a human seat act unless it refuses, are
    proposed to it (the default), or are off.
    """
    line.need(0, 2)
    exercise = console.exercise
    if console.is_seat:
        if len(line.args) > 1 or line.args[:1] not in ([], [console.seat]):
            raise UsageFault("procedures lists your standing procedures; the facilitator decides what they do")
        return Reply(_listing(console, console.seat))
    if not line.args:
        owners = [name for name in exercise.governments if exercise.procedures.of(name)]
        rows = [row for name in owners for row in _listing(console, name)]
        return Reply(rows or ["The scenario has no standing procedures."])
    declared = exercise.context.scenario.procedures
    name = valid_name("government or standing procedure", line.args[0], {*exercise.governments, *declared})
    government = declared[name].government if name in declared else name
    if len(line.args) == 1:
        return Reply(_listing(console, government, name if name in declared else ""))
    mode = line.args[1].lower()
    data = {"government": government, "procedure": name if name in declared else "", "mode": mode}
    console.session.submit("procedures", **data)
    one, every = MODE_TEXTS[mode]
    what = f"'{declared[name].title}' {one}" if name in declared else f"all standing procedures {every}"
    lines = [clean(f"{console.name(government)}: {what}.")]
    if exercise.commands.seats.of(government) == "model" and mode == PROPOSE:
        lines.append("The model holds the seat and acts by them; this applies once a person plays it.")
    return Reply([sentence(each) for each in lines])


def _listing(console: Console, government: str, only: str = "") -> list[str]:
    """Return the procedures of a government, and what is put to its seat now."""
    exercise = console.exercise
    notes = [note for note in standing_procedures(exercise, government) if only in ("", note.procedure)]
    if not notes:
        return [sentence(f"{console.name(government)} has no standing procedures.")]
    rows = [f"  {note.mode:<8} {format_duration(note.after):<7} {note.title}" for note in notes]
    head = "Your standing procedures, with the time from the event to the action:"
    if not console.is_seat:
        width = max(map(len, exercise.context.scenario.procedures))
        rows = [f"  {note.procedure:<{width}}{row}" for note, row in zip(notes, rows, strict=True)]
        head = f"{government}, played by {exercise.commands.seats.of(government)}:"
    put = [f"  {_proposal(console, government, each)}" for each in proposed_procedures(exercise, government)]
    return [clean(each) for each in (head, *rows, *(["Put to the seat now:", *put] if put and not only else []))]


def _proposal(console: Console, government: str, proposed: ProposedProcedure) -> str:
    answers = answers_to(proposed, "" if console.is_seat else government)
    return f"{proposed.number}: {proposed.action}, {console.session.instant(proposed.until)} ({answers})"


def _declare(answer: str, verb: str, help_line: str) -> None:
    @procedures.command(f"{answer} GOV [NUMBER]", PLAYERS, ("government", "proposed"), help_line=help_line)
    def _answer(console: Console, line: ParsedLine) -> Reply:
        name = government_of(console, line, 2)
        number = line.args[1].lstrip("#") if len(line.args) > 1 else _only_open(console, name, answer)
        console.session.submit("procedure.answer", government=name, number=number, answer=answer, **console.sender)
        proposed = next(p for p in proposed_procedures(console.exercise, name) if str(p.number) == number)
        text = f"{console.name(name)} {verb} standing procedure {number}: {proposed.action}"
        at = f", {console.session.instant(proposed.until)}" if answer == ACCEPT else ""
        return Reply([clean(sentence(f"{text}{at}"))])


def _only_open(console: Console, name: str, answer: str) -> str:
    """Return the number of the one proposal without an answer."""
    numbers = [str(number) for number in unanswered(console.exercise, name)]
    if len(numbers) != 1:
        reason = f"{len(numbers)} are open: {answer} NUMBER" if numbers else "procedures lists them"
        what = "say which standing procedure" if numbers else "no standing procedure is proposed"
        raise UsageFault(f"{what} ({reason})")
    return numbers[0]


_declare(ACCEPT, "accepts", "Accepts what a standing procedure proposes; it is carried out at the end of its delay.")
_declare(REFUSE, "refuses", "Refuses what a standing procedure proposes, or would do without an answer.")
