"""An OpenAI-compatible endpoint: one request, one answer, and errors that say what to change.

No error has the key, or more of the address than its host. Redirects are not followed, since they would send the key
elsewhere. The model is given no tools.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from wargame.brains.specification import KEY, URL

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
