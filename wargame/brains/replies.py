"""The messages of `wargame-seat/1` that a program sends, and how its lines are read."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from wargame.brains.protocol import FORMAT

LONGEST_LINE = 64 * 1024
"""Bytes of one line of a program, with its newline."""

BoundedName = Annotated[str, Meta(min_length=1, max_length=80)]
BoundedText = Annotated[str, Meta(max_length=4000)]
Positive = Annotated[int, Meta(ge=1)]


class _Received(Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """A message of the program."""


class _Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a message of the program."""


class Ready(_Received, frozen=True, kw_only=True, tag="ready"):
    """The answer to `hello`. `name` is the program with its version; the command log has it with each of its acts."""

    name: BoundedName


class Order(_Given, frozen=True, kw_only=True):
    """An order of the choice `n` of this turn, with the reason for it."""

    n: int
    why: BoundedText = ""


class Message(_Given, frozen=True, kw_only=True):
    """A message to other governments (their codes), or to the white cell (`EXCON`)."""

    to: Annotated[tuple[str, ...], Meta(min_length=1, max_length=40)]
    text: BoundedText
    public: bool = False


class Offer(_Given, frozen=True, kw_only=True):
    """An offer, or a demand, in free text to other governments."""

    to: Annotated[tuple[str, ...], Meta(min_length=1, max_length=40)]
    text: BoundedText
    form: Literal["offer", "demand"] = "offer"


class FreeOrder(_Given, frozen=True, kw_only=True):
    """An order in free text, on which the white cell rules, with the reason for it."""

    text: BoundedText
    why: BoundedText = ""


class Vote(_Given, frozen=True, kw_only=True):
    """A vote that the government calls: a question to at least two governments, with at least two choices."""

    to: Annotated[tuple[str, ...], Meta(min_length=2, max_length=40)]
    question: BoundedText
    choices: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(min_length=2, max_length=20)]


class Answer(_Given, frozen=True, kw_only=True):
    """An answer to one of an offer (`yes`, `no`), a vote (one of its choices), a procedure (`accept`, `refuse`)."""

    answer: Annotated[str, Meta(max_length=200)]
    offer: Positive | None = None
    vote: Positive | None = None
    procedure: Positive | None = None
    text: BoundedText = ""


class Usage(_Given, frozen=True, kw_only=True):
    """The cost of an answer of a language model. `prompt` and `answer` are SHA-256 hashes, `cost` is in US dollars.

    `served` is the model as the endpoint names it, with the `settings` that it took. `samples` counts each set of
    orders, by their numbers, among several answers; of judgements, those that `agree` with the first and that `differ`.
    """

    model: Annotated[str, Meta(max_length=200)] = ""
    prompt: Annotated[str, Meta(max_length=64)] = ""
    answer: Annotated[str, Meta(max_length=64)] = ""
    calls: Annotated[int, Meta(ge=0)] = 0
    tokens_in: Annotated[int, Meta(ge=0)] = 0
    tokens_out: Annotated[int, Meta(ge=0)] = 0
    cost: Annotated[float, Meta(ge=0)] | None = None
    from_cassette: bool = False
    served: Annotated[str, Meta(max_length=200)] = ""
    settings: dict[str, Any] = {}
    samples: dict[str, int] = {}
    note: BoundedText = ""


Cause = Literal["refusal", "nonsense", "timeout", "transport", "budget", "crash"]
"""Why a program has not decided: it refused, answered in another form, got no answer in time or none that can be used,
may not ask any more, or has ended."""


class Act(_Received, frozen=True, kw_only=True, tag="act"):
    """The answer to a turn: everything that the seat does now. `id` is that of the turn.

    `questions` are requests for information to the white cell. `acknowledge` lists the numbers of messages of the
    exercise. With `pass`, which is the default, the decisions that are due and for which no order was given are
    declined; else they remain due, and the seat is asked again when something else calls upon it. `error` says that
    the program could not decide; the turn then counts as failed, for the reason `cause`.
    """

    id: str
    orders: Annotated[tuple[Order, ...], Meta(max_length=50)] = ()
    messages: Annotated[tuple[Message, ...], Meta(max_length=20)] = ()
    offers: Annotated[tuple[Offer, ...], Meta(max_length=20)] = ()
    answers: Annotated[tuple[Answer, ...], Meta(max_length=50)] = ()
    free_orders: Annotated[tuple[FreeOrder, ...], Meta(max_length=20)] = ()
    questions: Annotated[tuple[BoundedText, ...], Meta(max_length=20)] = ()
    votes: Annotated[tuple[Vote, ...], Meta(max_length=20)] = ()
    acknowledge: Annotated[tuple[Positive, ...], Meta(max_length=500)] = ()
    pass_: bool = msgspec.field(name="pass", default=True)
    error: BoundedText = ""
    cause: Cause = "nonsense"
    usage: Usage | None = None


class Judgement(_Given, frozen=True, kw_only=True):
    """A decision of the white cell on an item of its queue.

    On an order in free text `how` is `order` (`option`, `target`), `action` (an improvised action, with a `title` after
    the name of the government, that counts as `option`, or has a weight `goldstein`; `severity`, `rung`, `visibility`
    and `effects`, such as `tension +0.2, growth[KOR] -0.1`, change it) or `refuse`. Anything else is answered with
    `answer`, or declined with `decline`; `choice` is the answer to an offer, a demand or a vote. `text` is the reason,
    or what the sender reads. `inject` is a YAML mapping, without time, effects and actions: the draft that is wanted,
    or what seats read of a ruling, which is released with it.
    """

    how: Literal["action", "order", "refuse", "answer", "decline"]
    option: Annotated[str, Meta(max_length=200)] = ""
    target: Annotated[str, Meta(max_length=80)] = ""
    title: Annotated[str, Meta(max_length=400)] = ""
    goldstein: float | None = None
    severity: float | None = None
    rung: float | None = None
    visibility: Literal["", "public", "private", "covert"] = ""
    effects: Annotated[str, Meta(max_length=1000)] = ""
    choice: Annotated[str, Meta(max_length=200)] = ""
    text: BoundedText = ""
    inject: Annotated[str, Meta(max_length=20_000)] = ""


class Ruling(_Received, frozen=True, kw_only=True, tag="ruling"):
    """The answer to a case. `error` says that there is none, for the reason `cause`."""

    id: str
    judgement: Judgement | None = None
    error: BoundedText = ""
    cause: Cause = "nonsense"
    usage: Usage | None = None


Received = Ready | Act | Ruling


class Nonsense(Exception):
    """A line of a program that is not a message of the protocol; its text says why."""


_decoder: msgspec.json.Decoder[Received] = msgspec.json.Decoder(Received)
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
HALVES = re.compile(rb"%b(?!%b)|(?<!%b)%b" % (_HIGH, _LOW, _HIGH, _LOW))
"""A surrogate in JSON without the other half of its pair."""


def decode(line: bytes) -> Received:
    """Return the message on a line of a program; Nonsense if it is not one."""
    if len(line) > LONGEST_LINE:
        raise Nonsense(f"a line is longer than {LONGEST_LINE:,} bytes")
    try:
        return _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        shown = line[:60].decode("utf-8", "replace").strip()
        why = "it contains half a character (a lone surrogate)" if HALVES.search(line) else error
        raise Nonsense(f"'{shown}' is not a message of {FORMAT}: {why}") from None
