"""The commands of the console, as `commands.yaml` declares them: usage, help line, roles, completion."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wargame.dataclasses import dataclass
from wargame.executor.replay import Steps
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.roles import ALL_WHO_TYPE, FACILITATOR_ONLY, JUDGES, PLAYERS, SEAT, WHITE_CELL
from wargame.seat.feed import inject_name
from wargame.sentence import Part, Sentence
from wargame.tables import tables

CommandHandler = Callable[[Console, ParsedLine], "Reply | Steps[Reply]"]
"""The handler of a command; a long one works in steps."""
ROLES = {
    "facilitator": FACILITATOR_ONLY,
    "players": PLAYERS,
    "white cell": WHITE_CELL,
    "judges": JUDGES,
    "seat": frozenset({SEAT}),
    "all": ALL_WHO_TYPE,
}
"""The values of `roles` of a command."""
_FILLED_IN = re.compile(r"\{(\w+)\}")
_OPTION = re.compile(r"(?<![\w-])--?([a-z_]+)")


@dataclass(frozen=True, slots=True)
class ConsoleCommand:
    """One command of the console.

    `takes` names the kind of each argument, for completion. `options` are the names of the options in the usage and the
    help line, such as `to` for `--to GOV`; the command accepts no others. `only_reads` marks a command that changes
    nothing, which is also available to someone who only watches a seat. `seat_usage` is the usage for a seat, where
    that is not the usage without the government.
    """

    name: str
    usage: str
    help: str
    group: str
    handler: CommandHandler
    roles: frozenset[str]
    takes: tuple[str, ...]
    options: frozenset[str]
    example: str
    only_reads: bool
    seat_usage: str = ""

    @property
    def for_government(self) -> bool:
        """Whether the first argument is the government on whose behalf the command is given."""
        return self.takes[:1] == ("government",)

    def usage_for(self, role: str) -> str:
        """Return the usage for a role: a seat does not name its own government."""
        if role == SEAT and self.seat_usage:
            return self.seat_usage
        return self.usage.replace(" GOV", "", 1) if role == SEAT and self.for_government else self.usage


def _submitting(kind: str, *names: str, says: str) -> CommandHandler:
    """Return what submits a command with the arguments of the line as its data, and says what that has done."""

    def handler(console: Console, line: ParsedLine) -> Reply:
        data = dict(zip(names, line.take(len(names)), strict=True))
        console.session.submit(kind, **data)
        parts = list[Part](_FILLED_IN.split(says))
        for place, name in enumerate(_FILLED_IN.findall(says)):
            value = console.name(data[name]) if name == "government" else data[name]
            parts[2 * place + 1] = inject_name(console.exercise, value) if name == "inject" else value
        return Reply([Sentence(*parts)])

    return handler


def declared(handlers: Mapping[str, Mapping[str, Any]]) -> Iterator[ConsoleCommand]:
    """Yield the commands of `commands.yaml`; `handlers` has the functions of the module of each group, by name."""
    for group, commands in tables("live/console/commands.yaml").items():
        for name, row in commands.items():
            usage, said, function = row.get("usage", name), row["help"], f"_{row.get('handler', name)}"
            submits = row.get("submits", "").split()
            yield ConsoleCommand(
                name=name,
                usage=usage,
                help=said,
                group=group,
                handler=_submitting(*submits, says=row["says"]) if submits else handlers[group][function],
                roles=ROLES[row.get("roles", "facilitator")],
                takes=tuple(row.get("takes", ())),
                options=frozenset(_OPTION.findall(f"{usage} {said}")),
                example=row.get("example", ""),
                only_reads=row.get("only_reads", False),
                seat_usage=row.get("seat_usage", ""),
            )
