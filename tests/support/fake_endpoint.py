"""A fake OpenAI-compatible endpoint on loopback, whose model is a function of the prompt."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and content of an answer."""
JSON = {"Content-Type": "application/json"}


@dataclass
class FakeEndpoint:
    """A running endpoint: its base address, and the requests that it has received, as (headers, body)."""

    url: str = ""
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def prompts(self) -> list[str]:
        """The last message of each request."""
        return [body["messages"][-1]["content"] for _, body in self.requests]


def completion(text: str, **usage: Any) -> Answer:
    """An answer of the model."""
    counted = {"prompt_tokens": 100, "completion_tokens": 20, **usage}
    body = {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": counted}
    return 200, JSON, json.dumps(body).encode()


def first_choice(body: dict[str, Any]) -> Answer:
    """A model that orders the first choice if a decision is due."""
    prompt = body["messages"][-1]["content"]
    numbers = re.findall(r"^- (\d+)\. ", prompt, re.MULTILINE)
    orders = [{"n": int(numbers[0]), "why": "the first on the list"}] if numbers else []
    return completion(json.dumps({"assessment": "calm", "orders": orders}))


@contextmanager
def fake_endpoint(model: Callable[[dict[str, Any]], Answer] = first_choice) -> Iterator[FakeEndpoint]:
    """Runs an endpoint; it is gone at the end of the block."""
    endpoint = FakeEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append((dict(self.headers), body))
            status, headers, content = model(body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Writes no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
