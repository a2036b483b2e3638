"""The options of commands that serve an exercise in browsers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from wargame.cli import options
from wargame.cli.optional_values import USUAL
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.live.terminals.services import Service
    from wargame.web.server import Serving

Serve = Annotated[
    str | None,
    options.option("--serve", "[HOST:PORT]", f"Also serve the exercise in browsers. [without a value: {USUAL}]"),
]
TlsCert = Annotated[
    Path | None, options.option("--tls-cert", "FILE", "The server's certificate, with its chain, in PEM.")
]
TlsKey = Annotated[Path | None, options.option("--tls-key", "FILE", "The key of the certificate, in PEM.")]
PublicHost = Annotated[
    list[str] | None, options.option("--public-host", "NAME", "A name under which browsers reach the server.")
]
NoLobby = Annotated[bool, options.flag("--no-lobby", "Admit everyone who has a code at once, without the facilitator.")]


def serving_of(
    serve: str | None, tls_cert: Path | None, tls_key: Path | None, public_hosts: list[str] | None, *, no_lobby: bool
) -> Serving | None:
    """Return how to serve; None without --serve. UsageFault if another option needs it, or cannot be used."""
    if serve is None:
        given = {"--tls-cert": tls_cert, "--tls-key": tls_key, "--public-host": public_hosts, "--no-lobby": no_lobby}
        for name, value in given.items():
            if value:
                raise UsageFault(f"{name} belongs to --serve")
        return None
    from wargame.web.address import listen, read_address, tls_context
    from wargame.web.server import Serving

    address = read_address(serve)
    tls_context(tls_cert, tls_key)  # what cannot be served is reported before a run folder is created
    listen(address).close()
    return Serving(address, tls_cert, tls_key, tuple(public_hosts or ()), lobby=not no_lobby)


def with_http(serving: Serving | None, seats: tuple[str, ...]) -> Serving | None:
    """Return the same, with tokens for programs in these seats; UsageFault if the exercise is not served."""
    if serving is None:
        if seats:
            raise UsageFault(f"--seat {seats[0]}=http: the web API is there with --serve")
        return None
    return replace(serving, http_seats=seats)


def companion_of(serving: Serving | None) -> Service | None:
    """Return the server as a service of the console; None without one."""
    if serving is None:
        return None
    from wargame.web.server import served

    return lambda shared: served(shared, serving)
