"""Asks the model, or the cassette, within a budget, and counts what it takes."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from wargame.brains.llm.endpoint import Endpoint, EndpointError, Reply
from wargame.brains.protocol import Usage
from wargame.brains.specification import without_key
from wargame.journal.decoding import Undecodable, decode


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
        self._tokens_left, self._calls_left = tokens or None, calls or None
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
        self._check_budget()
        reply = self._endpoint.chat(self.model, messages, schema, self.timeout)
        tokens_in = reply.tokens_in
        if tokens_in is None:
            tokens_in = int(sum(len(message["content"]) for message in messages) * PER_CHARACTER)
        tokens_out = reply.tokens_out if reply.tokens_out is not None else int(len(reply.text) * PER_CHARACTER)
        self._spend(tokens_in + tokens_out)
        self._cassette.add(Recorded(key, self.model, messages, reply.text, tokens_in, tokens_out))
        usage = msgspec.structs.replace(
            before,
            calls=before.calls + 1,
            tokens_in=before.tokens_in + tokens_in,
            tokens_out=before.tokens_out + tokens_out,
            cost=_added(before, _cost(reply, tokens_in, tokens_out)),
        )
        return reply.text, _with(usage, key, reply.text, from_cassette=before.from_cassette)

    def _check_budget(self) -> None:
        if self._calls_left == 0:
            raise Refused("the budget of calls is used up (--llm-calls)")
        if self._tokens_left is not None and self._tokens_left <= 0:
            raise Refused("the budget of tokens is used up (--llm-tokens)")

    def _spend(self, tokens: int) -> None:
        if self._calls_left is not None:
            self._calls_left -= 1
        if self._tokens_left is not None:
            self._tokens_left -= tokens


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
