"""The program behind `--seat GOV=http` in `run` and `batch`: it passes the messages of a seat to a program over HTTP.

It runs as a child like any other program, and prints the address and the token of its seat, which no file keeps. The
program asks for the messages by their number, from 0, and sends its answers; both are lines of `wargame-seat/1`:

    GET  /messages/N    the message, 204 after `WAIT` seconds without one, 410 if there will be no more
    POST /answers       takes one answer, 202; 400 with the reason for what is no message of a program

Each request has the header `Authorization: Bearer TOKEN`. A message can be asked for again.
"""

import hmac
import json
import os
import secrets
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wargame.brains.replies import LONGEST_LINE, Nonsense, decode

WAIT = 20.0
"""Seconds after which a request without a message is answered, since connections may be cut when they are idle."""
LAST = 0.8
"""Seconds in which the program can fetch the last message. Less than `process.GRACE`."""


class Relay:
    """The messages so far, and the answers on their way to the exercise."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._messages: list[bytes] = []
        self._ended = False
        self._fetched = 0
        self.token = secrets.token_urlsafe(18)

    def read_all(self) -> None:
        """Read messages from the exercise until it ends."""
        for line in sys.stdin.buffer:
            with self._changed:
                self._messages.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._fetched >= len(self._messages), LAST)

    def message(self, number: int) -> tuple[int, bytes]:
        """Return the status and the content of the answer to a request for a message."""
        with self._changed:
            self._changed.wait_for(lambda: number < len(self._messages) or self._ended, WAIT)
            if number < len(self._messages):
                self._fetched = max(self._fetched, number + 1)
                self._changed.notify_all()
                return 200, self._messages[number]
            return (410 if self._ended else 204), b""

    def answer(self, line: bytes) -> None:
        """Hand an answer to the exercise."""
        with self._changed:
            sys.stdout.buffer.write(line.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n")
            sys.stdout.buffer.flush()


class Handler(BaseHTTPRequestHandler):
    """One connection. Requests for other hosts than this machine are refused: a web page cannot have sent them here."""

    protocol_version = "HTTP/1.1"
    relay: Relay

    def do_GET(self) -> None:
        """Send a message."""
        number = self.path.removeprefix("/messages/")
        if not self._is_allowed():
            return
        if number == self.path or not number.isdecimal() or len(number) > 9:
            self._send(404)
            return
        self._send(*self.relay.message(int(number)))

    def do_POST(self) -> None:
        """Receive an answer."""
        if not self._is_allowed():
            return
        length = self.headers.get("Content-Length", "")
        if self.path != "/answers":
            self._send(404)
        elif not length.isdecimal():
            self._send(411)
        elif int(length) > LONGEST_LINE:
            self._send(413)
        else:
            self._take(self.rfile.read(int(length)))

    def _take(self, answer: bytes) -> None:
        """Hand an answer to the exercise; one that cannot be read is refused, and the seat goes on waiting."""
        try:
            decode(answer)
        except Nonsense as error:
            self._send(400, json.dumps({"error": str(error)}).encode())
            return
        self.relay.answer(answer)
        self._send(202)

    def _is_allowed(self) -> bool:
        host = self.headers.get("Host", "").rpartition(":")[0]
        given = self.headers.get("Authorization", "").encode("latin-1", "replace")
        if host not in ("127.0.0.1", "localhost"):
            self._send(403)
        elif not hmac.compare_digest(given, f"Bearer {self.relay.token}".encode()):
            self._send(401)
        else:
            return True
        return False

    def _send(self, status: int, content: bytes = b"") -> None:
        self.close_connection = self.close_connection or status >= 400  # what a refused request has sent is not read
        self.send_response(status)
        if status >= 400:
            self.send_header("Connection", "close")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the library
        """Log nothing."""


def main(government: str) -> None:
    """Serve a seat on this machine until the exercise ends."""
    relay = Relay()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SeatHandler", (Handler,), {"relay": relay}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    sys.stderr.write(f"wargame: {government} waits for a program at {address} (Authorization: Bearer {relay.token})\n")
    sys.stderr.flush()
    relay.read_all()
    time.sleep(0.05)  # the last answer is on its way
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
