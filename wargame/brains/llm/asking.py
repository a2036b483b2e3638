"""Asks the model at an OpenAI-compatible endpoint, or the cassette, within a budget, and counts what it takes.

No error has the key, or more of the address than its host. Redirects are not followed, since they would send the key
elsewhere. The model is given no tools.
"""

import os
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from wargame.brains.protocol import Usage
from wargame.brains.specification import KEY, URL, without_key
from wargame.journal.decoding import Undecodable, decode

LARGEST = 1 << 20
"""Bytes of an answer."""
MOST_TOKENS = 2000
"""Tokens of one answer."""
BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses after which a call is tried again."""
WAITS = (1.0, 4.0)
"""Seconds before the second and the third try."""
FORMS = ("json_schema", "json_object", "text")
"""Forms of an answer that are asked for, the best first; what an endpoint does not offer is not asked for again."""


class EndpointError(Exception):
    """The endpoint, or the cassette, cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and what it took as far as the endpoint reports it; `cost` is in US dollars."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None


def address_of(url: str) -> str:
    """Return the base address, checked."""
    if not url:
        remedy = "write the base address of the endpoint, such as http://localhost:11434/v1"
        raise EndpointError(f"{URL} is not set: {remedy}")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(f"{URL} is not an address: it begins with http:// or https:// and names a host")
    if parts.username or parts.password or parts.query:
        raise EndpointError(f"{URL} has a password or a query: write the key in {KEY}")
    return url.rstrip("/")


class Endpoint:
    """An endpoint at a base address, asked with temperature 0."""

    def __init__(self, address: str, key: str = "") -> None:
        self._url, self._host = f"{address}/chat/completions", urlsplit(address).hostname or ""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, follow_redirects=False, trust_env=not _is_local(self._host))
        self._form = FORMS[0]
        self._limit = "max_tokens"

    def chat(self, model: str, messages: list[dict[str, str]], schema: dict[str, Any] | None, timeout: float) -> Reply:
        """The answer to a prompt; with a schema, in the best form that the endpoint offers. Raises EndpointError."""
        until = time.monotonic() + 0.9 * timeout
        while True:
            body = {"model": model, "messages": messages, "temperature": 0, self._limit: MOST_TOKENS}
            if schema is not None and self._form == "json_schema":
                form = {"name": "act", "strict": True, "schema": schema}
                body["response_format"] = {"type": "json_schema", "json_schema": form}
            elif schema is not None and self._form == "json_object":
                body["response_format"] = {"type": "json_object"}
            status, kind, content = self._post(body, until)
            if status != 400 or not self._ask_for_less(content.decode("utf-8", "replace").lower()):
                return _reply(self._host, status, kind, content)

    def _ask_for_less(self, error: str) -> bool:
        """Return whether the request can be made again without what the endpoint does not offer."""
        if "max_tokens" in error and self._limit == "max_tokens":
            self._limit = "max_completion_tokens"
            return True
        if ("response_format" in error or "json" in error) and self._form != FORMS[-1]:
            self._form = FORMS[FORMS.index(self._form) + 1]
            return True
        return False

    def _post(self, body: dict[str, Any], until: float) -> tuple[int, str, bytes]:
        """Status, content type and content; tries again while the endpoint is busy."""
        for wait in (*WAITS, None):
            left = until - time.monotonic()
            if left <= 0:
                raise EndpointError(f"{self._host} did not answer in time")
            status, kind, content = self._once(body, left)
            if status not in BUSY or wait is None or until - time.monotonic() <= wait:
                break
            time.sleep(wait)
        return status, kind, content

    def _once(self, body: dict[str, Any], timeout: float) -> tuple[int, str, bytes]:
        content = b""
        try:
            with self._client.stream("POST", self._url, json=body, timeout=timeout) as answer:
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST:
                        raise EndpointError(f"{self._host} answered more than {LARGEST:,} bytes")
                return answer.status_code, answer.headers.get("content-type", ""), content
        except httpx.TimeoutException:
            raise EndpointError(f"{self._host} did not answer in time") from None
        except httpx.HTTPError as error:
            raise EndpointError(f"{self._host} cannot be reached: {type(error).__name__}") from None


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _reply(host: str, status: int, kind: str, content: bytes) -> Reply:
    if 300 <= status < 400:
        raise EndpointError(f"{host} redirects (status {status}): write the final address in {URL}")
    if "json" not in kind:
        shown = kind.partition(";")[0] or "no content type"
        remedy = f"{URL} is the address that ends in /v1"
        raise EndpointError(f"{host} answered {shown} (status {status}), not JSON: {remedy}")
    if status in (401, 403):
        raise EndpointError(f"{host} refuses the key (status {status}): check {KEY}")
    try:
        data = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        raise EndpointError(f"{host} answered damaged JSON (status {status})") from None
    if status != 200:
        error = data.get("error", "") if isinstance(data, dict) else ""
        message = error.get("message", "") if isinstance(error, dict) else error
        raise EndpointError(f"{host} answered status {status}: {str(message)[:300]}")
    try:
        message = data["choices"][0]["message"]
        text, counted = message.get("content"), data.get("usage") or {}
    except (KeyError, IndexError, TypeError, AttributeError):
        raise EndpointError(f"{host} answered JSON without choices[0].message") from None
    if not isinstance(text, str) or not text.strip():
        raise EndpointError(f"{host}: the model gave no text ({'a refusal' if message.get('refusal') else 'empty'})")
    numbers = counted.items() if isinstance(counted, dict) else ()
    valid = {name: value for name, value in numbers if isinstance(value, int | float) and value >= 0}
    whole = {name: value for name, value in valid.items() if isinstance(value, int)}
    cost = float(valid["cost"]) if "cost" in valid else None
    return Reply(text, whole.get("prompt_tokens"), whole.get("completion_tokens"), cost)


class Recorded(msgspec.Struct, frozen=True):
    """An answer, with its prompt as it was sent. `prompt_sha256` is the hash of the model and the messages."""

    prompt_sha256: str
    model: str
    messages: list[dict[str, str]]
    answer: str
    tokens_in: int = 0
    tokens_out: int = 0


class Cassette:
    """The answers in a file; without a path, only those of this process. The first answer to a prompt counts."""

    def __init__(self, path: str = "") -> None:
        self._path = Path(path) if path else None
        self._known: dict[str, Recorded] = {}
        if self._path is not None and self._path.exists():
            for number, line in enumerate(self._path.read_bytes().split(b"\n"), start=1):
                if not line:
                    continue
                try:
                    each = decode(line, Recorded)
                except Undecodable as error:
                    remedy = "restore the file, or delete the line: the model is then asked again"
                    message = f"{self._path}:{number}:1: is not a line of a cassette: {error} ({remedy})"
                    raise EndpointError(message) from None
                self._known.setdefault(each.prompt_sha256, each)

    def find(self, key: str) -> Recorded | None:
        """Return the answer to a prompt; None if there is none."""
        return self._known.get(key)

    def add(self, recorded: Recorded) -> None:
        """Keep an answer, in one write, so that several processes can share a file."""
        self._known[recorded.prompt_sha256] = recorded
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            line = without_key(msgspec.json.encode(recorded).decode()).encode() + b"\n"
            with self._path.open("ab", buffering=0) as file:
                file.write(line)


PRICE = "WARGAME_LLM_PRICE"
"""US dollars for a million tokens in and out, such as `0.15,0.60`, for endpoints that do not report their cost."""
PER_CHARACTER = 0.25
"""Tokens of a character, where an endpoint does not count them. Judgement."""


class Refused(Exception):
    """The model is not asked: the budget is used up, or an answer is not in the cassette."""


class Asker:
    """One model. `timeout` is in seconds for each call; `tokens` and `calls` are the budget, 0 for no limit."""

    def __init__(
        self, model: str, endpoint: Endpoint | None, cassette: Cassette, *, tokens: int = 0, calls: int = 0
    ) -> None:
        self.model, self._endpoint, self._cassette = model, endpoint, cassette
        self._tokens_left, self._calls_left = tokens or inf, calls or inf
        self.timeout = 60.0

    def ask(self, messages: list[dict[str, str]], schema: dict[str, Any] | None, before: Usage) -> tuple[str, Usage]:
        """Return the answer of the model to a prompt, and what the turn has taken with it.

        Raises Refused, or EndpointError.
        """
        prompt = {"messages": messages, "model": self.model}
        key = sha256(msgspec.json.encode(prompt, order="sorted")).hexdigest()
        known = self._cassette.find(key)
        if known is not None:
            return known.answer, _with(before, key, known.answer, from_cassette=True)
        if self._endpoint is None:
            raise Refused(f"--offline: the cassette has no answer to the prompt {key[:12]}")
        if self._calls_left <= 0:
            raise Refused("the budget of calls is used up (--llm-calls)")
        if self._tokens_left <= 0:
            raise Refused("the budget of tokens is used up (--llm-tokens)")
        reply = self._endpoint.chat(self.model, messages, schema, self.timeout)
        sent, received = sum(len(message["content"]) for message in messages), len(reply.text)
        tokens_in = int(sent * PER_CHARACTER) if reply.tokens_in is None else reply.tokens_in
        tokens_out = int(received * PER_CHARACTER) if reply.tokens_out is None else reply.tokens_out
        self._calls_left -= 1
        self._tokens_left -= tokens_in + tokens_out
        self._cassette.add(Recorded(key, self.model, messages, reply.text, tokens_in, tokens_out))
        usage = msgspec.structs.replace(
            before,
            calls=before.calls + 1,
            tokens_in=before.tokens_in + tokens_in,
            tokens_out=before.tokens_out + tokens_out,
            cost=_added(before, _cost(reply, tokens_in, tokens_out)),
        )
        return reply.text, _with(usage, key, reply.text, from_cassette=before.from_cassette)


def _with(usage: Usage, key: str, answer: str, *, from_cassette: bool) -> Usage:
    digest = sha256(answer.encode()).hexdigest()
    return msgspec.structs.replace(usage, prompt=key, answer=digest, from_cassette=from_cassette)


def _cost(reply: Reply, tokens_in: int, tokens_out: int) -> float | None:
    """Return the cost of a call in US dollars: as reported, or by the price; None if neither is known."""
    if reply.cost is not None:
        return reply.cost
    try:
        dear, dearer = (float(part) for part in os.environ.get(PRICE, "").split(","))
    except ValueError:
        return None
    return (tokens_in * dear + tokens_out * dearer) / 1e6


def _added(before: Usage, cost: float | None) -> float | None:
    if cost is None or (before.calls and before.cost is None):
        return None
    return (before.cost or 0.0) + cost
