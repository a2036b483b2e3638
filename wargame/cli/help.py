"""`wargame help`."""

from __future__ import annotations

from typing import Annotated

import typer

from wargame.cli.options import Json, Quiet
from wargame.cli.output import print_json
from wargame.cli.tree import COMMANDS, GROUPS, Version

EXAMPLES = """
wargame help
wargame help run
"""


def command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[COMMAND]",
            help="The command to explain; all commands if omitted.",
            autocompletion=lambda incomplete: [each for each in COMMANDS if each.startswith(incomplete)],
        ),
    ] = None,
    *,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Show the help of a command, as `wargame COMMAND --help` does."""
    del quiet, version
    root = context.find_root()
    if name is not None:
        _, chosen, _ = root.command.resolve_command(root, [name])  # type: ignore[attr-defined]  # the root is a group
        with typer.Context(chosen, info_name=name, parent=root) as inner:
            text = chosen.get_help(inner)
    else:
        text = root.get_help()
    if as_json:
        print_json({"command": name, "help": text} if name else {"groups": GROUPS})
    else:
        typer.echo(text)
