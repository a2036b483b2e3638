"""An OpenAI-compatible endpoint: requests, what it does not offer, busy times, and what requests take.

No error has the key, or more of the address than its host. Redirects are not followed, since they would send the key
elsewhere. The model is given no tools.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from math import inf
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from wargame.brains.llm.settings import KEY, URL, without_key
from wargame.brains.replies import Cause, Usage

LARGEST = 1 << 20
"""Bytes of an answer."""
MOST_TOKENS = 2000
"""Tokens of one answer."""
REASONING_TOKENS = 16_000
"""Tokens of one answer of a model that reasons with a given effort."""
BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses after which a call is tried again."""
Messages = list[dict[str, str]]
"""A prompt: the role and the content of each message."""
Schema = dict[str, Any]
UNWANTED = frozenset({400, 422})
"""Statuses by which an endpoint refuses a parameter."""
WAITS = (1.0, 4.0)
"""Seconds before the second and the third try, if the endpoint asks for no other time."""


class EndpointError(Exception):
    """The endpoint, or the cassette, cannot be used; the text says why and what to do, `cause` is its kind."""

    def __init__(self, text: str, cause: Cause = "transport") -> None:
        super().__init__(text)
        self.cause = cause


PRICE = "WARGAME_LLM_PRICE"
"""US dollars for a million tokens in and out, such as `0.15,0.60`, for endpoints that do not report their cost."""
PER_CHARACTER = 0.25
"""Tokens of a character, where an endpoint does not count them. Judgement."""


def _price(tokens_in: int, tokens_out: int) -> float | None:
    """Return the cost of a call in US dollars by the price, None if that is not known."""
    try:
        dear, dearer = (float(part) for part in os.environ.get(PRICE, "").split(","))
    except ValueError:
        return None
    return (tokens_in * dear + tokens_out * dearer) / 1e6


@dataclass(slots=True)
class Taken:
    """The cost of a turn so far; a time of `time.monotonic`, in seconds, or a number of requests ends it."""

    until: float
    usage: Usage = field(default_factory=Usage)
    most: float = inf

    def add(self, sent: int, received: int, counted: dict[str, Any], *, answered: bool) -> None:
        """Add a request with the usage that the endpoint reports; else tokens by characters, if it was answered."""
        valid = {name: value for name, value in counted.items() if isinstance(value, int | float) and value >= 0}
        share, before = PER_CHARACTER if answered else 0.0, self.usage
        tokens_in = int(valid.get("prompt_tokens", sent * share))
        tokens_out = int(valid.get("completion_tokens", received * share))
        cost = valid.get("cost", _price(tokens_in, tokens_out) if tokens_in + tokens_out else 0.0)
        known = cost is not None and (before.cost is not None or not before.calls)
        self.usage = msgspec.structs.replace(
            before,
            calls=before.calls + 1,
            tokens_in=before.tokens_in + tokens_in,
            tokens_out=before.tokens_out + tokens_out,
            cost=(before.cost or 0.0) + (cost or 0.0) if known else None,
        )


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


class ModelEndpoint:
    """An endpoint at a base address. `sampling` are the parameters of requests, by default temperature 0.

    What the endpoint refuses is left out from then on: `settings` are those that it took.
    """

    def __init__(self, address: str, key: str = "", sampling: dict[str, Any] | None = None) -> None:
        self._url, self._host = f"{address}/chat/completions", urlsplit(address).hostname or ""
        self._has_key = bool(key := key.strip())
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise EndpointError(f"{KEY} has characters that a key does not have (blanks, line ends, not ASCII)")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, follow_redirects=False, trust_env=not _is_local(self._host))
        sampling = {"temperature": 0} if sampling is None else sampling
        tokens = REASONING_TOKENS if "reasoning_effort" in sampling else MOST_TOKENS
        self.settings: dict[str, Any] = {"response_format": "json_schema", "max_tokens": tokens, **sampling}

    def chat(self, model: str, messages: Messages, schema: Schema | None, taken: Taken) -> tuple[str, str]:
        """Return the answer to a prompt, and the model that gave it as the endpoint names it. Raises EndpointError.

        With a schema, in the best form that the endpoint offers. `taken` counts all requests.
        """
        settings = dict(self.settings)
        if schema is None:
            settings.pop("response_format", None)
        while True:
            answer = self._post(_body(model, messages, schema, settings), taken)
            error = answer.text.lower()
            fewer = [*(each for each in _fewer(settings) if each[0] in error), *_fewer(settings)]
            if answer.status_code not in UNWANTED or not fewer or taken.usage.calls >= taken.most:
                break
            settings = fewer[0][1]
        said = self._said(answer, model)
        self.settings = settings | ({} if schema else {"response_format": self.settings.get("response_format", "text")})
        return said

    def _post(self, body: dict[str, Any], taken: Taken) -> httpx.Response:
        """Return the response; tries again while the endpoint is busy, when it asks for that."""
        for wait in (*WAITS, None):
            answer = self._once(body, taken)
            if answer.status_code not in BUSY or wait is None or taken.usage.calls >= taken.most:
                break
            seconds = _seconds(answer.headers.get("retry-after", ""), wait)
            if taken.until - time.monotonic() <= seconds:
                busy = f"{self._host} is busy (status {answer.status_code}): a turn cannot wait {seconds:g} s"
                raise EndpointError(f"{busy} (--brain-timeout)")
            time.sleep(seconds)
        return answer

    def _once(self, body: dict[str, Any], taken: Taken) -> httpx.Response:
        content, left = b"", taken.until - time.monotonic()
        sent = sum(len(message["content"]) for message in body["messages"])
        late = EndpointError(f"{self._host} did not answer in time (--brain-timeout)", "timeout")
        if left <= 0:
            raise late
        try:
            with self._client.stream("POST", self._url, json=body, timeout=left) as answer:
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST or time.monotonic() > taken.until:
                        break
        except httpx.HTTPError as error:
            if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                taken.add(sent, 0, {}, answered=False)
            named = EndpointError(f"{self._host} cannot be reached: {type(error).__name__}")
            raise (late if isinstance(error, httpx.TimeoutException) else named) from None
        data, status = _object(content) or {}, answer.status_code
        usage, text = data.get("usage"), str(data.get("choices") or "")
        taken.add(sent, len(text), usage if isinstance(usage, dict) else {}, answered=status == 200)
        if len(content) > LARGEST:
            raise EndpointError(f"{self._host} answered more than {LARGEST:,} bytes")
        if time.monotonic() > taken.until:
            raise late
        kept = {name: answer.headers[name] for name in ("content-type", "retry-after") if name in answer.headers}
        return httpx.Response(status, headers=kept, content=content)

    def _said(self, answer: httpx.Response, model: str) -> tuple[str, str]:
        """Return the text of a response and its model; EndpointError, with what to do, if it has no answer."""
        host, status, kind = self._host, answer.status_code, answer.headers.get("content-type", "")
        if 300 <= status < 400:
            raise EndpointError(f"{host} redirects (status {status}): write the final address in {URL}")
        if status in (401, 403):
            remedy = f"check {KEY}" if self._has_key else f"it wants one, and {KEY} is not set"
            raise EndpointError(f"{host} refuses the key (status {status}): {remedy}")
        data = _object(answer.content)
        if data is None:
            shown = "damaged JSON" if "json" in kind else f"{kind.partition(';')[0] or 'no content type'}, not JSON"
            raise EndpointError(f"{host} answered {shown} (status {status}): {URL} is the address that ends in /v1")
        if status != 200 or data.get("error"):
            error = data.get("error", "")
            message = error.get("message", "") if isinstance(error, dict) else error
            named = f"has no model '{model}' or " if status == 404 else ""
            raise EndpointError(f"{host} {named}answered status {status}: {without_key(str(message))[:300]}")
        return _text(host, data, self.settings), str(data.get("model") or "")[:200]


def _fewer(settings: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each parameter that can be given up, with the settings that are left then."""
    form = {"json_schema": "json_object", "json_object": "text"}.get(settings.get("response_format", "text"))
    for name in ("response_format", "json") if form else ():
        yield name, settings | {"response_format": form}
    for name in ("max_tokens", "max_completion_tokens", "temperature", "top_p", "reasoning_effort"):
        if name in settings:
            left = {each: value for each, value in settings.items() if each != name}
            yield name, left | ({"max_completion_tokens": settings[name]} if name == "max_tokens" else {})


def _body(model: str, messages: Messages, schema: Schema | None, settings: dict[str, Any]) -> dict[str, Any]:
    body = {"model": model, "messages": messages, **settings}
    form = body.pop("response_format", "text")
    if schema is not None and form == "json_schema":
        return body | {"response_format": {"type": form, form: {"name": "act", "strict": True, "schema": schema}}}
    return body | {"response_format": {"type": form}} if schema is not None and form == "json_object" else body


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(text: str, default: float) -> float:
    """Return the seconds of a header `Retry-After`, which has a number or a date; the default for anything else."""
    with suppress(ValueError, TypeError):
        return float(text) if text.isdecimal() else max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    return default


def _object(content: bytes) -> dict[str, Any] | None:
    """Return a JSON object; None if the content is damaged, and an empty one if it is something else."""
    try:
        data = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        return None
    return data if isinstance(data, dict) else {}


def _text(host: str, data: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return the text of an answer, or the arguments of its call of a tool; EndpointError for a refusal."""
    try:
        choice = data["choices"][0]
        message = choice["message"]
        content, calls = message.get("content"), message.get("tool_calls") or ()
        called = [call["function"]["arguments"] for call in calls]
    except (KeyError, IndexError, TypeError, AttributeError):
        raise EndpointError(f"{host} answered JSON without choices[0].message") from None
    if isinstance(content, list):  # parts, as some endpoints give them
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    reason = choice.get("finish_reason")
    if message.get("refusal") or reason == "content_filter":
        raise EndpointError(f"the model refuses: {str(message.get('refusal') or reason)[:300]}", "refusal")
    text = str(content or "").strip() or (called[0] if len(called) == 1 and isinstance(called[0], str) else "")
    if not text and reason == "length":
        most = settings.get("max_tokens", settings.get("max_completion_tokens", "its own number of"))
        raise EndpointError(f"the answer was cut off at {most} tokens, before any text", "nonsense")
    return text
