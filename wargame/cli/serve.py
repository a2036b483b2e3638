"""`wargame serve`."""

from typing import Annotated

from wargame.cli import brain_options, options
from wargame.cli.tree import USUAL
from wargame.errors import UsageFault


def command(
    run: options.Run,
    *,
    seats: brain_options.Programs = None,
    live: brain_options.LivePrograms,
    address: Annotated[str, options.option("--address", "HOST:PORT", "serve")] = USUAL,
    browsers: options.Browsers,
    shown: options.Shown,
) -> None:
    """Serve a live exercise in browsers, without a console. It continues after its last acknowledged command."""
    from wargame.cli.live import serve_session
    from wargame.journal.folder import find
    from wargame.live.session.session import Session

    if shown.as_json:
        raise UsageFault("--json: the server is for people; programs use its API")
    programs, api = brain_options.resumed(seats, live)
    served = options.served_at(address, browsers, api)
    serve_session(Session.resume(find(run)), served, programs)
