"""`wargame serve`."""

from __future__ import annotations

from typing import Annotated

from wargame.cli import brain_options, options, serving
from wargame.cli.optional_values import USUAL
from wargame.errors import UsageFault

EXAMPLES = """
wargame serve last
wargame serve last --seat PRK=program:./bot.py --seat JPN=http
wargame serve last --address 0.0.0.0:8765 --tls-cert server.pem --tls-key server-key.pem
"""


def command(
    run: options.Run,
    *,
    seats: brain_options.Programs = None,
    timeout: brain_options.BrainTimeout = None,
    failed: brain_options.BrainFailed = None,
    advisers: brain_options.AdviserSeats = None,
    drafter: brain_options.DrafterProgram = None,
    cassette: brain_options.Cassette = None,
    offline: brain_options.Offline = False,
    llm_tokens: brain_options.LlmTokens = None,
    llm_calls: brain_options.LlmCalls = None,
    address: Annotated[str, options.option("--address", "HOST:PORT", "Where the server listens.")] = USUAL,
    tls_cert: serving.TlsCert = None,
    tls_key: serving.TlsKey = None,
    public_host: serving.PublicHost = None,
    no_lobby: serving.NoLobby = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Serve a live exercise in browsers, without a console. It continues after its last acknowledged command.

    The terminal shows the facilitator's address, which works once, with its QR code. Ctrl-C stops the server; the
    exercise can be resumed or served again.
    """
    del quiet
    from wargame.cli.live import serve_session
    from wargame.journal.folder import find
    from wargame.live.session.session import Session

    if as_json:
        raise UsageFault("--json: the server is for people; programs use its API")
    chosen = serving.serving_of(address, tls_cert, tls_key, public_host, no_lobby=no_lobby)
    assert chosen is not None
    llm = brain_options.llm_options(cassette, llm_tokens, llm_calls, offline=offline)
    programs, api = brain_options.resumed(seats, advisers, drafter, (timeout, failed), llm)
    serve_session(Session.resume(find(run)), serving.with_http(chosen, api) or chosen, programs)
