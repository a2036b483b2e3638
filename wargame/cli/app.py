"""The command tree, and the last word on errors: a message and an exit code, never a traceback for bad input."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer
from typer.main import get_command

from wargame.cli.tree import CommandTree, Version
from wargame.errors import Invalid, WargameError

TRACEBACK = "WARGAME_TRACEBACK"
COLLECT_AFTER = 100_000
"""New objects between two collections of garbage."""

app = typer.Typer(
    cls=CommandTree,
    name="wargame",
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""wargame run korea-2017
wargame run korea-2017 --injects korea-2017/assassination --seed 7
wargame why last 1200
wargame init my-exercise""",
)


@app.callback()
def root(
    context: typer.Context,
    version: Version = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only results, no messages or progress.")] = False,
) -> None:
    """Plays crises: scripted injects fire into deciding governments, and every run is kept for review."""
    del version
    if quiet and context.invoked_subcommand:
        context.default_map = {context.invoked_subcommand: {"quiet": True}}


def run() -> NoReturn:
    """Runs the command line and exits."""
    gc.set_threshold(COLLECT_AFTER)  # nearly all that start-up makes lives to the end: a tenth of its time was this
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a character shows `?`
            stream.reconfigure(errors="replace")
    try:
        get_command(app)(prog_name="wargame")
    except WargameError as error:
        _fail(_told(error), error.exit_code)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        _fail(f"internal error: {type(error).__name__}: {error} (run with {TRACEBACK}=1 to see where)", 1)
    sys.exit(0)


def _told(error: WargameError) -> str:
    """Problems stand alone, so that editors can jump to their place; other messages name the program."""
    if not isinstance(error, Invalid) or not error.problems:
        return f"wargame: {error}"
    count = len(error.problems)
    return f"{error}\n{count} problem{'' if count == 1 else 's'}"


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)
