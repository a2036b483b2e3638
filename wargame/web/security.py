"""Requirements of every request and every answer: hosts, origins, sizes, headers."""

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wargame.tables import tables
from wargame.web.connections import in_pieces

LARGEST_BODY = 32 * 1024
"""Bytes."""
PATIENCE = 10.0
"""Seconds for a body to arrive."""
LARGEST_TARGET = 4096
"""Bytes of path and query."""
SAFE = frozenset({"GET", "HEAD"})
UPLOADS = {"/api/1/sheet": 2_000_000, "/api/1/file": 10_000_000}
"""Bytes by the path of a request whose body is a file; the application reads it once it knows who sends it."""
METHODS = SAFE | {"POST", "DELETE"}
HEADERS = {name.encode(): value.encode() for name, value in tables("web/headers.yaml").items()}
"""Headers of every answer."""


def header(scope: Scope, name: bytes) -> str:
    """Return the value of a request header; empty if it is missing. Several of the same name are joined with commas."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


class Shield:
    """Refuses requests that a page of this server would not send, and adds the headers of every answer.

    `hosts` are the names under which the server may be called, without port, in lower case.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or has the application answer it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        sender = _with_headers(in_pieces(send, scope.get("connection")))
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] not in SAFE and scope["path"] not in UPLOADS:
            body = await body_within(receive, LARGEST_BODY)
            if isinstance(body, bytes):
                await self._app(scope, _replayed(body, receive), sender)
                return
            refusal = body
        if refusal is not None:
            status, message = refusal
            close = {"Connection": "close"} if status in (408, 413) else {}
            await JSONResponse({"error": {"message": message}}, status, close)(scope, receive, sender)
            return
        await self._app(scope, receive, sender)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and message for a request that is refused before it reaches the application."""
        method, host = scope["method"], header(scope, b"host")
        if not is_known(host, self._hosts):
            return 421, "this is not a host name of the server (wargame serve --public-host NAME adds it)"
        if method not in METHODS:
            return 405, f"the method {method} is not used here"
        if len(scope["raw_path"]) + len(scope["query_string"]) > LARGEST_TARGET:
            return 414, "the address is too long"
        if method not in SAFE:
            return self._foreign(scope, host)
        if scope["path"].startswith("/api/") and header(scope, b"sec-fetch-site") not in ("", "same-origin", "none"):
            return 403, "requests from other sites are refused"
        return None

    def _foreign(self, scope: Scope, host: str) -> tuple[int, str] | None:
        """Return why a request that may change something is refused: it comes from elsewhere, or is not JSON."""
        site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
        if site not in ("", "same-origin"):
            return 403, "requests from other sites are refused"
        if origin and not self._is_own(scope, origin, host):
            return 403, "requests from other origins are refused"
        if not origin and header(scope, b"cookie"):
            return (
                403,
                "a request with a cookie needs an Origin header; programs send Authorization: Bearer TOKEN instead",
            )
        form = "application/octet-stream" if scope["path"] in UPLOADS else "application/json"
        if header(scope, b"content-type").partition(";")[0].strip().lower() != form:
            return 415, f"the body must be {'a file' if scope['path'] in UPLOADS else 'JSON'} (Content-Type: {form})"
        return None

    def _is_own(self, scope: Scope, origin: str, host: str) -> bool:
        """Return whether the origin is this server: its host and port, and https if the server has it."""
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or (scope["scheme"] == "https" and parts.scheme != "https"):
            return False
        return parts.netloc.lower() == host.lower() and origin == f"{parts.scheme}://{parts.netloc}"


def is_known(host: str, hosts: Collection[str]) -> bool:
    """Return whether the value of a Host header names this server."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return name is not None and parts.netloc == host and parts.username is None and name.rstrip(".") in hosts


async def body_within(receive: Receive, most: int) -> bytes | tuple[int, str]:
    """Return the body of a request with at most this many bytes, or why it is refused."""
    content = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 408, "the connection was closed"
                content += message.get("body", b"")
                if len(content) > most:
                    return 413, f"a body has at most {most // 1024} KiB"
                if not message.get("more_body"):
                    return bytes(content)
    except TimeoutError:
        return 408, f"the body did not arrive within {PATIENCE:.0f} seconds"


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what the application receives: the body that has been read, then what follows."""
    read = False

    async def replay() -> Message:
        nonlocal read
        if not read:
            read = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {key.lower() for key, _ in message["headers"]}
            added = HEADERS if b"cache-control" in present else {**HEADERS, b"cache-control": b"no-store"}
            message["headers"] = [*message["headers"], *((k, v) for k, v in added.items() if k not in present)]
        await send(message)

    return sender
