"""Asks the model, or the cassette, within a budget, keeps what it answers, and reads it.

An answer has exactly one JSON object of the form asked for, whatever stands around it.
"""

import re
import time
from collections.abc import Iterator
from hashlib import sha256
from json import JSONDecoder
from math import inf
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from wargame.brains import replies
from wargame.brains.llm.endpoint import EndpointError, Messages, ModelEndpoint, Schema, Taken
from wargame.brains.llm.settings import LlmOptions, without_key
from wargame.brains.replies import Usage
from wargame.journal.decoding import Undecodable, decode


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer, with its prompt as it was sent. `prompt_sha256` is the hash of the model and the messages."""

    prompt_sha256: str
    model: str
    messages: Messages
    answer: str
    tokens_in: int = 0
    tokens_out: int = 0
    served: str = ""
    settings: dict[str, Any] = {}


class Cassette:
    """The answers in a file, or only of this process. The first to a prompt counts; `known` has them by its hash."""

    def __init__(self, path: str = "") -> None:
        self._path = Path(path) if path else None
        self.known: dict[str, Recorded] = {}
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
                self.known.setdefault(each.prompt_sha256, each)

    def add(self, recorded: Recorded) -> None:
        """Keep an answer, in one write, so that several processes can share a file."""
        self.known[recorded.prompt_sha256] = recorded
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            line = without_key(msgspec.json.encode(recorded).decode()).encode() + b"\n"
            with self._path.open("ab", buffering=0) as file:
                file.write(line)


class Refused(EndpointError):
    """The model is not asked: the budget is used up, or an answer is not in the cassette."""


class Asker:
    """One model with its budget; request parameters that differ are part of prompts. `timeout` is for each turn."""

    def __init__(self, model: str, endpoint: ModelEndpoint | None, cassette: Cassette, options: LlmOptions) -> None:
        self.model, self._endpoint, self._cassette = model, endpoint, cassette
        self._tokens_left, self._calls_left = options.tokens or inf, options.calls or inf
        self._sampling = {"sampling": options.sampling} if options.sampling else {}
        self.timeout = 60.0

    def begin(self) -> Taken:
        """Return what a turn that begins now has taken."""
        return Taken(time.monotonic() + 0.9 * self.timeout, Usage(model=self.model))

    def ask(self, messages: Messages, schema: Schema | None, taken: Taken, sample: int = 0) -> str:
        """Return the answer of the model to a prompt, and add to the turn what it took, also if it fails.

        `sample` numbers the answers to one prompt from 0. Raises Refused, or EndpointError.
        """
        prompt = {"messages": messages, "model": self.model, **self._sampling, **({"sample": sample} if sample else {})}
        key = sha256(msgspec.json.encode(prompt, order="sorted")).hexdigest()
        known = self._cassette.known.get(key)
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


THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
AROUND = "[the text around the JSON was left out] "


class NotAnAnswer(Exception):
    """A text that is not an answer in the required form."""


class ModelDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer of a model: its assessment in a few sentences, and what it does.

    `details` are the numbers of choices that it wants to know more of before it decides.
    """

    assessment: str = ""
    orders: tuple[replies.Order, ...] = ()
    messages: tuple[replies.Message, ...] = ()
    offers: tuple[replies.Offer, ...] = ()
    answers: tuple[replies.Answer, ...] = ()
    free_orders: tuple[replies.FreeOrder, ...] = ()
    questions: tuple[replies.BoundedText, ...] = ()
    votes: tuple[replies.Vote, ...] = ()
    details: tuple[int, ...] = ()

    def act(self, turn: str) -> replies.Act:
        """Return the act of a turn."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("assessment", "details")}
        return replies.Act(id=turn, **given)

    def numbers(self) -> str:
        """Return its orders by their numbers, as `3, 5`."""
        return ", ".join(str(order.n) for order in self.orders) or "no order"


AnswerT = TypeVar("AnswerT", ModelDecision, replies.Judgement)


def answer_in(text: str, kind: type[AnswerT]) -> tuple[AnswerT, str]:
    """Return the one answer of a kind in a text, and a note if something else is around it; NotAnAnswer without one."""
    parts, found = list(_objects(THOUGHT.sub("", text))), list[AnswerT]()
    fault = "it has no JSON object" if text.strip() else "it is empty"
    for part in parts:
        try:
            found.append(msgspec.json.decode(part, type=kind, strict=False))
        except msgspec.MsgspecError as error:
            fault = str(error)
    if not found or any(each != found[0] for each in found):
        raise NotAnAnswer("it has several different JSON objects" if found else fault)
    return found[0], "" if parts == [text.strip()] else AROUND


ALIKE = {"severity": 10.0, "rung": 1.0, "goldstein": 2.0}
"""The largest difference of the numbers of two judgements that agree. Judgement."""


def agree(one: replies.Judgement, other: replies.Judgement) -> bool:
    """Return whether two judgements on a case come to the same: what is done to whom, and about how grave it is."""
    same = all(getattr(one, name) == getattr(other, name) for name in ("how", "option", "target", "choice"))
    return same and all(
        abs((getattr(one, name) or 0.0) - (getattr(other, name) or 0.0)) <= most for name, most in ALIKE.items()
    )


def _objects(text: str) -> Iterator[str]:
    """Yield the outermost JSON objects in a text."""
    start, decoder = text.find("{"), JSONDecoder()
    while start >= 0:
        try:
            stop = decoder.raw_decode(text, start)[1]
        except (ValueError, RecursionError):
            stop = start + 1
        else:
            yield text[start:stop]
        start = text.find("{", stop)
