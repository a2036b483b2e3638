"""The command tree, and the last word on errors: a message and an exit code, never a traceback for bad input."""

from __future__ import annotations

import errno
import gc
import os
import sys
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer
from typer.main import get_command

from wargame.cli.tree import CommandTree, Version
from wargame.errors import Invalid, UsageFault, WargameError

TRACEBACK = "WARGAME_TRACEBACK"
COLLECT_AFTER = 100_000
"""New objects between two collections of garbage."""
LONGEST = 2_000
"""Characters of one line of an error: what a file or an argument says may be quoted in it."""
MOST = 200
"""Problems that are told one by one."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

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
        _refuse_bytes(sys.argv[1:])
        get_command(app)(prog_name="wargame")
    except WargameError as error:
        _fail(_told(error), error.exit_code)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        if isinstance(error, OSError) and error.filename is None and error.errno in NO_ROOM:
            _fail(
                f"wargame: the output cannot be written: {error.strerror} (make room; a run that was made is kept)", 2
            )
        _fail(f"internal error: {type(error).__name__}: {error} (run with {TRACEBACK}=1 to see where)", 1)
    sys.exit(0)


def _told(error: WargameError) -> str:
    """Problems stand alone, so that editors can jump to their place; other messages name the program."""
    if not isinstance(error, Invalid) or not error.problems:
        return "\n".join(map(_line, f"wargame: {error}".split("\n")))
    count = len(error.problems)
    shown = [_line(str(each)) for each in error.problems[:MOST]]
    total = f"{count} problem{'' if count == 1 else 's'}" + (f", of which the first {MOST} are told" * (count > MOST))
    return "\n".join([*shown, total])


def _refuse_bytes(arguments: list[str]) -> None:
    """Names that are no text could be kept in no manifest; UsageFault if there is one."""
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise UsageFault(f"the argument {argument!a} is not UTF-8 text; rename it or set a UTF-8 locale")


def _line(text: str) -> str:
    """One line of at most `LONGEST` characters, none of which a terminal would act upon."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    return "".join(char if char.isprintable() else " " for char in shown)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)
