"""`wargame resume`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame resume last
wargame resume two-rivals-s1-clear-beacon --script more.txt
"""


def command(
    run: Run,
    *,
    script: Annotated[
        Path | None, typer.Option("--script", metavar="FILE", help="Read the commands from a file, one a line.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Goes on with a live exercise, as its last acknowledged command left it.

    It is made again from its inputs, seed and commands, and compared with its journal; if it would have
    another past today, the first difference is named and the exit code is 5.
    """
    del version, quiet
    from wargame.cli.live import run_session
    from wargame.journal.folder import find
    from wargame.live.session.session import Session

    if script is not None and not script.is_file():
        raise UsageFault(f"{script} is not a file")
    run_session(Session.resume(find(run)), script, as_json=as_json)
