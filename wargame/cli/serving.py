"""The options of commands that serve an exercise in browsers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from wargame.cli import options
from wargame.cli.tree import USUAL
from wargame.errors import UsageFault

if TYPE_CHECKING:
    from wargame.live.terminals.services import Service
    from wargame.web.server import Serving

_SERVE = f"Also serve the exercise in browsers. [without a value: {USUAL}]"
Serve = Annotated[str | None, options.option("--serve", "[HOST:PORT]", _SERVE)]
_CERT = "The server's certificate, with its chain, in PEM."
_HOST = "A name under which browsers reach the server."
_NO_LOBBY = "Admit everyone who has a code at once, without the facilitator."


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsers:
    """How browsers reach an exercise that is served."""

    tls_cert: Annotated[Path | None, options.option("--tls-cert", "FILE", _CERT)] = None
    tls_key: Annotated[Path | None, options.option("--tls-key", "FILE", "The key of the certificate, in PEM.")] = None
    public_host: Annotated[list[str] | None, options.option("--public-host", "NAME", _HOST)] = None
    no_lobby: Annotated[bool, options.flag("--no-lobby", _NO_LOBBY)] = False


def serving_of(serve: str | None, browsers: Browsers, seats: tuple[str, ...]) -> Serving | None:
    """Return how to serve; None without --serve. UsageFault if another option, or http in a seat, needs it."""
    if serve is not None:
        return served_at(serve, browsers, seats)
    for name, value in asdict(browsers).items():
        if value:
            raise UsageFault(f"--{name.replace('_', '-')} belongs to --serve")
    if seats:
        raise UsageFault(f"--seat {seats[0]}=http: the web API is there with --serve")
    return None


def served_at(address: str, browsers: Browsers, seats: tuple[str, ...]) -> Serving:
    """Return how to serve, with tokens for programs in these seats; UsageFault for what cannot be used."""
    from wargame.web.address import listen, read_address, tls_context
    from wargame.web.server import Serving

    place = read_address(address)
    tls_context(browsers.tls_cert, browsers.tls_key)  # what cannot be served is reported before a run folder is created
    listen(place).close()
    hosts = tuple(browsers.public_host or ())
    return Serving(place, browsers.tls_cert, browsers.tls_key, hosts, lobby=not browsers.no_lobby, http_seats=seats)


def companion_of(serving: Serving | None) -> Service | None:
    """Return the server as a service of the console; None without one."""
    if serving is None:
        return None
    from wargame.web.server import served

    return lambda shared: served(shared, serving)
