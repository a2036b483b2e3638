"""Asks the model, or the cassette, within a budget, and keeps what it answers."""

import time
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

import msgspec

from wargame.brains.llm.endpoint import Endpoint, EndpointError, Taken
from wargame.brains.protocol import Usage
from wargame.brains.specification import LlmOptions, without_key
from wargame.journal.decoding import Undecodable, decode


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer, with its prompt as it was sent. `prompt_sha256` is the hash of the model and the messages."""

    prompt_sha256: str
    model: str
    messages: list[dict[str, str]]
    answer: str
    tokens_in: int = 0
    tokens_out: int = 0
    served: str = ""
    settings: dict[str, Any] = {}


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


class Refused(EndpointError):
    """The model is not asked: the budget is used up, or an answer is not in the cassette."""


class Asker:
    """One model, with its budget and the parameters of its requests, which are part of a prompt where they differ.

    `timeout` is in seconds for each turn.
    """

    def __init__(self, model: str, endpoint: Endpoint | None, cassette: Cassette, options: LlmOptions) -> None:
        self.model, self._endpoint, self._cassette = model, endpoint, cassette
        self._tokens_left, self._calls_left = options.tokens or inf, options.calls or inf
        self._sampling = {"sampling": options.sampling} if options.sampling else {}
        self.timeout = 60.0

    def begin(self) -> Taken:
        """Return what a turn that begins now has taken."""
        return Taken(time.monotonic() + 0.9 * self.timeout, Usage(model=self.model))

    def ask(self, messages: list[dict[str, str]], schema: dict[str, Any] | None, taken: Taken, sample: int = 0) -> str:
        """Return the answer of the model to a prompt, and add to the turn what it took, also if it fails.

        `sample` numbers the answers to one prompt from 0. Raises Refused, or EndpointError.
        """
        numbered = {"sample": sample} if sample else {}
        prompt = {"messages": messages, "model": self.model, **self._sampling, **numbered}
        key = sha256(msgspec.json.encode(prompt, order="sorted")).hexdigest()
        known = self._cassette.find(key)
        if known is not None:
            _note(taken, key, known, from_cassette=True)
            return known.answer
        if self._endpoint is None:
            raise Refused(f"--offline: the cassette has no answer to the prompt {key[:12]}")
        for left, what in ((self._calls_left, "calls"), (self._tokens_left, "tokens")):
            if left <= 0:
                raise Refused(f"the budget of {what} is used up (--llm-{what})", "budget")
        before = taken.usage
        taken.most = before.calls + self._calls_left
        try:
            text, served = self._endpoint.chat(self.model, messages, schema, taken)
        finally:
            tokens = taken.usage.tokens_in - before.tokens_in, taken.usage.tokens_out - before.tokens_out
            self._calls_left -= taken.usage.calls - before.calls
            self._tokens_left -= sum(tokens)
        recorded = Recorded(key, self.model, messages, text, *tokens, served, self._endpoint.settings)
        self._cassette.add(recorded)
        _note(taken, key, recorded, from_cassette=taken.usage.from_cassette)
        return text


def _note(taken: Taken, key: str, recorded: Recorded, *, from_cassette: bool) -> None:
    digest = sha256(recorded.answer.encode()).hexdigest()
    served = {"served": recorded.served, "settings": recorded.settings}
    taken.usage = msgspec.structs.replace(taken.usage, prompt=key, answer=digest, from_cassette=from_cassette, **served)
