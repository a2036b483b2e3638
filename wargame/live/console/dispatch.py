"""The commands of a console, and how one line is run.

`commands.yaml` declares the commands. `GROUPS` names the module of each group, which has their handlers: the one of
`next` is `_next`.

A command that changes the exercise is also a command of the simulation (`kernel.settings.Command`). It needs, outside
the console:

- a handler in a module of `simulation/control`, and its kind in the `KINDS` of the class;
- its kind and data in the docstring of `kernel.settings.Command`;
- if its records have a kind of their own: its class in `journal.records`, with its sentences and who may see it.
"""

from wargame.errors import UsageFault, nearest, shortened
from wargame.executor.replay import Steps, finish
from wargame.language.plain_text import clean
from wargame.live.console import (
    answer_commands,
    clock_commands,
    control_commands,
    evaluation_commands,
    history_commands,
    names,
    script_commands,
    seat_commands,
    session_commands,
    talk_commands,
    view_commands,
)
from wargame.live.console.command_line import ParsedLine, of_words, split
from wargame.live.console.console import Console
from wargame.live.console.registry import ConsoleCommand, declared
from wargame.live.console.reply import Reply
from wargame.live.console.roles import EVALUATOR, SEAT
from wargame.sentence import hint

FEW = 10
"""`help` explains each command if there are at most this many; otherwise it lists their names by group."""
PLACEHOLDERS = ("group", "command", "[command|group|all]")
"""Words from the usage of `help` which, typed as they are, mean `help` alone."""


def _help(console: Console, line: ParsedLine) -> Reply:
    available = commands_of(console)
    if not console.sitting:
        available.pop("stand", None)
    topic = " ".join(line.args).lower()
    topic = "" if topic in PLACEHOLDERS else topic
    if topic in available and topic not in GROUPS:
        return Reply([available[topic].usage_for(console.role), f"  {available[topic].help}"])
    lines: list[str] = []
    for title in GROUPS if topic in ("", "all") else (topic,):
        members = [command for command in available.values() if command.group == title]
        if members and not topic and len(available) > FEW:
            lines.append(f"{title:<12}  {', '.join(command.name for command in members)}")
        elif members:
            lines.append(f"{title}:")
            lines += [f"  {command.usage_for(console.role):<36}  {command.help}" for command in members]
    if not lines:
        raise UsageFault(_unknown(topic, available))
    closing = "help COMMAND explains a command, help GROUP a group, help all everything."
    return Reply([*lines, *([closing] if not topic else [])])


GROUPS = {
    "clock": clock_commands,
    "script": script_commands,
    "seats": seat_commands,
    "programs": session_commands,
    "procedures": answer_commands,
    "talk": talk_commands,
    "questions": answer_commands,
    "white cell": control_commands,
    "evaluation": evaluation_commands,
    "time travel": history_commands,
    "look": view_commands,
    "browsers": session_commands,
    "session": session_commands,
}
"""The module of each group of commands, in the order of `help`."""
_HANDLERS = {group: {**vars(module), "_help": _help} for group, module in GROUPS.items()}
COMMANDS: dict[str, ConsoleCommand] = {command.name: command for command in declared(_HANDLERS)}
"""All commands by name."""


def commands_of(console: Console) -> dict[str, ConsoleCommand]:
    """Return the commands that a console may use, by name."""
    return {name: command for name, command in COMMANDS.items() if _may_use(console, command)}


def _may_use(console: Console, command: ConsoleCommand) -> bool:
    """Return whether its role may use it; an evaluator also reads what the seats observed read."""
    reads = console.evaluator is not None and command.only_reads and SEAT in command.roles
    return reads or not command.roles.isdisjoint(console.roles)


def run(console: Console, line: str | list[str]) -> list[str]:
    """Run a line, or its words, and return the lines of a terminal; after a UsageFault the exercise is unchanged."""
    return finish(steps(console, line)).typed()


def steps(console: Console, line: str | list[str]) -> Steps[Reply]:
    """Run a line in steps, between which other consoles may run lines."""
    if isinstance(line, str) and (not line.strip() or line.lstrip().startswith("# ")):
        return Reply()
    parsed = split(line) if isinstance(line, str) else of_words(line)
    command = COMMANDS.get(parsed.command)
    if command is None:
        raise UsageFault(_unknown(parsed.command, commands_of(console)))
    if not _may_use(console, command):
        role = f"{'an' if console.role == EVALUATOR else 'a'} {console.role}"
        raise UsageFault(f"'{command.name}' is not available to {role}", hint("help", "lists what is"))
    parsed.usage = command.usage_for(console.role) + (f", for example {command.example}" if command.example else "")
    parsed.take_options(command.options)
    if command.for_government and parsed.args:
        parsed.args[0] = names.same_word(parsed.args[0], console.exercise.governments)
    if console.is_seat and command.for_government:
        _add_own_government(console, command, parsed)
    elif console.evaluator is not None and command.for_government:
        _add_observed_government(console, parsed)
    names.correct(console, command, parsed)
    if command.usage == command.name:
        parsed.take(0)
    answer = command.handler(console, parsed)
    return answer if isinstance(answer, Reply) else (yield from answer)


def _unknown(name: str, available: dict[str, ConsoleCommand]) -> str:
    hint = nearest(name, available) or "help lists the commands"
    return f"there is no command '{shortened(clean(name), 40)}' ({hint})"


def _add_own_government(console: Console, command: ConsoleCommand, line: ParsedLine) -> None:
    """Put the government of a seat first on its line, where the seat may leave it out.

    Raises UsageFault for a line that names another government first, and for one that acts while the seat is not human.
    """
    government, first = console.seat, line.args[:1]
    others = set(console.exercise.governments) - {government}
    addressed = command.takes[1:2] == ("other",) and line.args[1:2] != [government]
    if first and first[0] in others and not addressed:
        raise UsageFault(f"this is the seat of {government}: it sees and orders for {government} alone")
    kind = console.exercise.commands.seats.of(government)
    if kind != "human" and not command.only_reads:
        raise UsageFault(
            f"the {kind} holds the seat of {government}: you watch until the facilitator assigns it to you",
            hint(f"seat {government} human"),
        )
    line.args = [government, *(line.args[1:] if first == [government] else line.args)]


def _add_observed_government(console: Console, line: ParsedLine) -> None:
    """Put the only government that an evaluator observes first on the line; UsageFault for one that is not observed."""
    observed, first = console.observed, line.args[:1]
    if first and first[0] in observed:
        return
    if first and first[0] in console.exercise.governments:
        listed = ", ".join(observed) or "no seat, since no person holds one"
        raise UsageFault(f"{first[0]} is not a seat that you observe ({listed}; the facilitator may grant more)")
    if len(observed) == 1:
        line.args = [*observed, *line.args]
