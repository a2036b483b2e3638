"""How one console command is declared: usage, help line, roles, completion."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from wargame.executor.replay import Steps
from wargame.live.console.command_line import ParsedLine
from wargame.live.console.console import Console
from wargame.live.console.reply import Reply
from wargame.live.console.roles import FACILITATOR_ONLY, SEAT

Handler = Callable[[Console, ParsedLine], "Reply | Steps[Reply]"]
"""What a command does; a long one works in steps."""
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
    handler: Handler
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


class CommandGroup:
    """The commands of one module, which `help` lists under one title.

    clock = CommandGroup("clock")

    @clock.command("pause")
    def _pause(console: Console, line: ParsedLine) -> Reply:
        'PAUSEX: stops the clock.'
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.commands: list[ConsoleCommand] = []

    def command(
        self,
        usage: str,
        roles: frozenset[str] = FACILITATOR_ONLY,
        takes: tuple[str, ...] = (),
        *,
        help_line: str = "",
        example: str = "",
        only_reads: bool = False,
        seat_usage: str = "",
    ) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the handler of the command that `usage` begins with.

        Its docstring is the line of `help` unless `help_line` is given.
        """

        def declare(handler: Handler) -> Handler:
            name, said = usage.split(maxsplit=1)[0], help_line or " ".join((handler.__doc__ or "").split())
            options = frozenset(_OPTION.findall(f"{usage} {said}"))
            settings = (roles, takes, options, example, only_reads, seat_usage)
            self.commands.append(ConsoleCommand(name, usage, said, self.name, handler, *settings))
            return handler

        return declare
