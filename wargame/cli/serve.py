"""`wargame serve`."""

from typing import Annotated

from wargame.cli import brain_options, completion, options
from wargame.cli.tree import USUAL
from wargame.errors import UsageFault


def command(
    runs: Annotated[list[str], options.argument("RUN...", "serve", autocompletion=completion.run_names)],
    *,
    seats: brain_options.Programs = None,
    live: brain_options.LivePrograms,
    address: Annotated[str, options.option("--address", "HOST:PORT", "serve")] = USUAL,
    rooms: Annotated[str, options.option("--rooms", "URL,...", "serve")] = "",
    browsers: options.Browsers,
    shown: options.Shown,
) -> None:
    """Serve live exercises in browsers, without a console. Each continues after its last acknowledged command."""
    from dataclasses import replace

    from wargame.cli.live import serve_rooms, serve_session
    from wargame.journal.folder import find
    from wargame.live.session.session import Session

    if shown.as_json:
        raise UsageFault("--json: the server is for people; programs use its API")
    programs, api = brain_options.resumed(seats, live)
    served = options.served_at(address, browsers, api)
    found = {folder.path.resolve(): folder for folder in map(find, runs)}
    if len(found) == 1:
        serving = replace(served, rooms=tuple(filter(None, rooms.split(","))))
        return serve_session(Session.resume(find(runs[0])), serving, programs)
    if seats:
        raise UsageFault("--seat: programs are given with wargame play, or where one exercise is served")
    more = [*([] if served.lobby else ["--no-lobby"]), *(f"--public-host={name}" for name in served.public_hosts)]
    if served.tls_cert is not None:
        more += ["--tls-cert", str(served.tls_cert), "--tls-key", str(served.tls_key)]
    return serve_rooms(list(found), served, more)
