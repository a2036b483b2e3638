"""Messages to the program for language models, and the program in this process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from wargame.brains.llm.__main__ import LlmProgram
from wargame.brains.llm.asking import Asker, Cassette
from wargame.brains.llm.endpoint import ModelEndpoint, Taken
from wargame.brains.llm.prompt import Prompts, Templates
from wargame.brains.llm.settings import LlmOptions
from wargame.brains.protocol import Hello, SeatOption, Turn
from wargame.brains.specification import Conditions
from wargame.brains.turn import SeatState, hello, turn
from wargame.journal.records import Record
from wargame.seat.feed import FeedReader
from wargame.simulation.exercise import Exercise


def a_hello(timeout: float = 20.0, options: tuple[SeatOption, ...] = ()) -> Hello:
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
        options=options,
        seed=1,
        timeout=timeout,
    )


def a_turn(**parts: Any) -> Turn:
    """A turn in which nothing is due, but for these parts."""
    empty = dict.fromkeys(("due", "entries", "choices", "demands", "offers", "votes", "procedures", "under_way"), ())
    return Turn(id="0.1", now="2030-01-01", view={}, **(empty | parts))


def prompt_of(exercise: Exercise, records: Sequence[Record], seat: str, templates: str = "") -> list[dict[str, str]]:
    """The messages that a language model in a seat would be sent now, in its first turn."""
    greeting = hello(exercise, records, seat, Conditions(white_cell="people"), "seat")
    prompts = Prompts(greeting, "calm", Templates(templates))
    return prompts.turn(turn(exercise, seat, SeatState(FeedReader(exercise, seat)), 0))


def lasting(seconds: float) -> Taken:
    """A turn that begins now."""
    return Taken(time.monotonic() + seconds)


def program(
    url: str,
    key: str = "",
    *,
    timeout: float = 20.0,
    samples: int = 1,
    options: tuple[SeatOption, ...] = (),
    **sampling: Any,
) -> LlmProgram:
    """The program, greeted, with an endpoint."""
    how = LlmOptions(samples=samples, **sampling)
    asker = Asker("tiny-1", ModelEndpoint(url, key, how.sampling or None), Cassette(), how)
    greeted = LlmProgram(asker, "calm", Templates(), samples)
    greeted.receive(a_hello(timeout, options))
    return greeted
