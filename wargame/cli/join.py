"""`wargame join`."""

from typing import Annotated, Any

from wargame.cli import options
from wargame.errors import UsageFault


def command(
    run: options.Run,
    *,
    seat: Annotated[str | None, options.option("--seat", "GOV", "join")] = None,
    evaluator: Annotated[str | None, options.option("--evaluator", "NAME", "join")] = None,
    seats: Annotated[str | None, options.option("--seats", "GOV,GOV", "join")] = None,
    notes: Annotated[bool, options.flag("--notes", "join")] = False,
    screen: Annotated[bool, options.flag("--screen", "join")] = False,
    shown: options.Shown,
) -> None:
    """Join a running exercise from another terminal of the same user."""
    import asyncio
    import contextlib
    import sys

    from wargame.journal.folder import find
    from wargame.live.console.roles import EVALUATOR, SCREEN, SCRIBE, SEAT
    from wargame.live.terminals.joined_terminal import join_terminal
    from wargame.live.terminals.public_terminal import show_public_screen

    if shown.as_json:
        raise UsageFault("--json: a terminal that joins is for people; programs use wargame show RUN --json")
    given = {SEAT: seat is not None, EVALUATOR: evaluator is not None, SCRIBE: notes, SCREEN: screen}
    roles = [role for role, is_given in given.items() if is_given]
    if len(roles) != 1:
        raise UsageFault('join with one of --seat GOV, --evaluator "NAME", --notes and --screen')
    if seats is not None and evaluator is None:
        raise UsageFault("--seats belongs to --evaluator (a seat joins with --seat GOV)")
    hello: dict[str, Any] = {"role": roles[0], "seat": seat or ""}
    if evaluator is not None:
        hello |= {"name": evaluator, "seats": [each for each in (seats or "").split(",") if each]}
    with contextlib.suppress(KeyboardInterrupt):
        if screen and sys.stdin.isatty() and sys.stdout.isatty():
            asyncio.run(show_public_screen(find(run), hello))
        else:
            asyncio.run(join_terminal(find(run), hello, watch=screen))
