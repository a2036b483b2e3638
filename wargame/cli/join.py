"""`wargame join`."""

from __future__ import annotations

from typing import Annotated

from wargame.cli import options
from wargame.cli.tree import Version
from wargame.errors import UsageFault

EXAMPLES = """
wargame join last --seat KOR
wargame join last --notes
wargame join last --screen
"""


def command(
    run: options.Run,
    *,
    seat: Annotated[
        str | None, options.option("--seat", "GOV", "Take the seat of a government: see and order for it.")
    ] = None,
    notes: Annotated[bool, options.flag("--notes", "Join as scribe: see everything, write notes and ratings.")] = False,
    screen: Annotated[bool, options.flag("--screen", "Show the public view, for a screen in the room.")] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    version: Version = None,
) -> None:
    """Join a running exercise from another terminal of the same user.

    Give one of --seat, --notes and --screen. The facilitator, whose console runs the exercise, sees who joins and
    leaves. If that console stops, this terminal waits and joins again when the exercise is resumed.
    """
    del version, quiet
    import asyncio
    import contextlib

    from wargame.journal.folder import find
    from wargame.live.console.roles import SCREEN, SCRIBE, SEAT
    from wargame.live.terminals.joined_terminal import join_terminal

    if as_json:
        raise UsageFault("--json: a terminal that joins is for people; programs use wargame show RUN --json")
    roles = [SEAT] * (seat is not None) + [SCRIBE] * notes + [SCREEN] * screen
    if len(roles) != 1:
        raise UsageFault("join with one of --seat GOV, --notes and --screen")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(join_terminal(find(run), roles[0], seat or "", watch=screen))
