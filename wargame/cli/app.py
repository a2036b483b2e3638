"""The entry point of the command line: root options, and errors as messages with an exit code."""

import contextlib
import errno
import gc
import os
import sys
import warnings
from io import TextIOWrapper
from typing import Annotated, NoReturn, TextIO

import typer
from typer.main import get_command

from wargame.cli.tree import CommandTree, Version
from wargame.errors import Invalid, UsageFault, WargameError
from wargame.language.plain_text import clean

TRACEBACK = "WARGAME_TRACEBACK"
"""Environment variable: 1 shows the traceback of an internal error."""
LONGEST_LINE = 2_000
"""Characters of one line of an error message, which may quote a file or an argument."""
MOST_PROBLEMS = 200
"""Problems of files that are listed one by one."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOENT})
"""Why an output without a name cannot be written; ENOENT: no folder for temporary files, or none at all."""
NO_PLACE = frozenset({errno.ENAMETOOLONG, errno.ENOTDIR, errno.EROFS, errno.EACCES, errno.EPERM, errno.ELOOP})
"""The fault of a place that a user names."""

app = typer.Typer(
    cls=CommandTree,
    name="wargame",
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""wargame run korea-2017
wargame run korea-2017 --injects korea-2017/assassination --seed 7
wargame why last
wargame init my-exercise""",
)


@app.callback()
def root(
    context: typer.Context,
    version: Version = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only results: no messages, no progress.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")] = False,
) -> None:
    """Run crisis wargames: scripted injects fire into deciding governments, and every run is kept for review."""
    del version
    if debug:
        os.environ[TRACEBACK] = "1"
    if quiet and context.invoked_subcommand:
        context.default_map = {context.invoked_subcommand: {"quiet": True}}


def run() -> NoReturn:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show a character shows `?`
            stream.reconfigure(errors="replace")
    warnings.showwarning = _show_warning
    try:
        _check_encoding(sys.argv[1:])
        try:
            get_command(app)(prog_name="wargame")
        except SystemExit:
            try:  # here an error is reported; a reader that has left needs no output
                sys.stdout.flush()
            except BrokenPipeError:
                _discard_output()
            gc.freeze()  # the process ends: a last collection would look at all objects to free them a moment earlier
            raise
    except WargameError as error:
        _fail(_error_message(error), error.exit_code)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        if isinstance(error, OSError) and error.filename is None and error.errno in NO_ROOM:
            _discard_output()
            if error.strerror == os.strerror(errno.ENOENT):
                _fail("wargame: the folder in which you are was removed (change to another one)", 2)
            remedy = "free some space; a finished run is kept"
            _fail(f"wargame: the output cannot be written: {error.strerror} ({remedy})", 2)
        if isinstance(error, OSError) and error.filename is not None and error.errno in NO_PLACE:
            _fail(f"wargame: {_printable(str(error.filename))}: {error.strerror} (choose another name or place)", 2)
        _fail(f"internal error: {type(error).__name__}: {error} (wargame --debug COMMAND shows the traceback)", 1)
    sys.exit(0)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning of this package as one message, others as Python shows them."""
    if category.__module__.partition(".")[0] == "wargame":
        typer.echo(f"wargame: {_printable(str(message))}", err=True)
    else:
        (file or sys.stderr).write(warnings.formatwarning(message, category, filename, lineno, line))


def _error_message(error: WargameError) -> str:
    """Return a message: problems of files start with their place, for editors, others with 'wargame:'."""
    if not isinstance(error, Invalid) or not error.problems:
        return "\n".join(map(_printable, f"wargame: {error}".split("\n")))
    count = len(error.problems)
    lines = [_printable(str(problem)) for problem in error.problems[:MOST_PROBLEMS]]
    total = f"{count} problem{'' if count == 1 else 's'}"
    if count > MOST_PROBLEMS:
        total += f", the first {MOST_PROBLEMS} of which are listed"
    return "\n".join([*lines, total])


def _check_encoding(arguments: list[str]) -> None:
    """Raise UsageFault if an argument is not text: neither a manifest nor JSON could hold it."""
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise UsageFault(f"the argument {argument!a} is not UTF-8 text; rename it or set a UTF-8 locale")


def _printable(line: str) -> str:
    """Return the line, at most `LONGEST_LINE` characters, without characters that control a terminal."""
    half = LONGEST_LINE // 2
    return clean(line if len(line) <= LONGEST_LINE else f"{line[:half]} ... {line[-half:]}")


def _discard_output() -> None:
    """Discard what cannot be written: the interpreter would try again at its end, and change the exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> NoReturn:
    with contextlib.suppress(OSError):  # the terminal may be gone
        typer.echo(message, err=True)
    sys.exit(code)
