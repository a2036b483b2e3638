"""`wargame help`."""

from typing import Annotated

import typer

from wargame.cli.options import Shown
from wargame.cli.output import print_json
from wargame.cli.tree import COMMANDS, GROUPS
from wargame.errors import UsageFault


def command(
    context: typer.Context,
    name: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help="The command to explain; all commands if omitted.",
            autocompletion=lambda incomplete: [each for each in COMMANDS if each.startswith(incomplete)],
        ),
    ] = None,
    *,
    shown: Shown,
) -> None:
    """Show the help of a command, as `wargame COMMAND --help` does."""
    inner, words = context.find_root(), list(name or ())
    while words:
        first, chosen, words = inner.command.resolve_command(inner, words)  # type: ignore[attr-defined]  # it is a group
        inner = typer.Context(chosen, info_name=first, parent=inner)
        if words and not hasattr(chosen, "resolve_command"):
            raise UsageFault(f"'{first}' has no subcommands; write wargame help {first}")
    text = inner.get_help()
    if shown.as_json:
        print_json({"command": " ".join(name), "help": text} if name else {"groups": GROUPS})
    else:
        typer.echo(text)
