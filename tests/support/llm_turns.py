"""Messages to the program for language models, and the program in this process."""

from __future__ import annotations

import time
from typing import Any

from wargame.brains.llm.__main__ import LlmProgram
from wargame.brains.llm.asking import Asker, Cassette
from wargame.brains.llm.endpoint import Endpoint, Taken
from wargame.brains.protocol import Hello, Turn
from wargame.brains.specification import LlmOptions


def a_hello(timeout: float = 20.0) -> Hello:
    """The greeting of a seat."""
    return Hello(
        format="wargame-seat/1",
        government="ARD",
        name="Arda",
        purpose="seat",
        exercise="A strait",
        startex="",
        endex="",
        role=(),
        governments={"ARD": "Arda", "BRL": "Brel"},
        options=(),
        seed=1,
        timeout=timeout,
    )


def a_turn(**parts: Any) -> Turn:
    """A turn in which nothing is due, but for these parts."""
    empty = dict.fromkeys(("due", "entries", "choices", "demands", "offers", "votes", "procedures", "under_way"), ())
    return Turn(id="0.1", now="2030-01-01", view={}, **(empty | parts))


def lasting(seconds: float) -> Taken:
    """A turn that begins now."""
    return Taken(time.monotonic() + seconds)


def program(url: str, key: str = "", *, timeout: float = 20.0, samples: int = 1, **sampling: Any) -> LlmProgram:
    """The program, greeted, with an endpoint."""
    options = LlmOptions(samples=samples, **sampling)
    asker = Asker("tiny-1", Endpoint(url, key, options.sampling or None), Cassette(), options)
    greeted = LlmProgram(asker, "calm", samples)
    greeted.receive(a_hello(timeout))
    return greeted
