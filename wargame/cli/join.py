"""`wargame join`."""

from __future__ import annotations

from typing import Annotated

import typer

from wargame.cli.options import Json, Quiet, Run
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame join last --seat KOR
wargame join last --notes
wargame join last --screen
"""


def command(
    run: Run,
    *,
    seat: Annotated[
        str | None, typer.Option("--seat", metavar="GOV", help="See and order for this government alone.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="A scribe: read all, write notes and ratings.")] = False,
    screen: Annotated[bool, typer.Option("--screen", help="The public view, for a screen in the room.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    version: Version = None,
) -> None:
    """Joins a running exercise from another terminal of the same user.

    There is one facilitator: the console that runs the exercise. It sees who joins and leaves. If it goes away, a
    person's terminal waits and joins again once it is back.
    """
    del version, quiet
    import asyncio
    import contextlib

    from wargame.journal.folder import find
    from wargame.live.console.roles import FACILITATOR, SCREEN, SCRIBE, SEAT
    from wargame.live.terminals.joined_terminal import join_terminal

    if as_json:
        raise UsageFault("a terminal that joins is for people: wargame show RUN --json tells programs")
    roles = [SEAT] * (seat is not None) + [SCRIBE] * notes + [SCREEN] * screen
    if len(roles) > 1:
        raise UsageFault("join as one of --seat GOV, --notes and --screen")
    role = roles[0] if roles else FACILITATOR
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(join_terminal(find(run), role, seat or "", watch=screen))
