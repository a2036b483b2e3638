"""Questions that have been put to the look-ahead, with the latest answer to each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from wargame.futures.lookahead_rows import LookaheadRow

KEPT = 12
"""Questions that are remembered."""


@dataclass(frozen=True, slots=True)
class LookaheadAnswer:
    """The latest answer to a question: `n` of the `wanted` futures from the game time `moment`."""

    number: Annotated[int, Meta(description="The number of the question, from 1.")]
    kind: Annotated[str, Meta(description="`forecast`, `whatif` or `where`.")]
    words: Annotated[tuple[str, ...], Meta(description="The command that a `whatif` compares.")]
    horizon: Annotated[str, Meta(description="How far the futures go.")]
    moment: Annotated[str, Meta(description="The game time from which they start.")]
    n: Annotated[int, Meta(description="Futures so far; 0 without an answer yet.")]
    wanted: Annotated[int, Meta(description="Futures of the whole answer.")]
    seconds: Annotated[float, Meta(description="Time that the answer has taken.")] = 0.0
    lines: Annotated[tuple[str, ...], Meta(description="The answer as the console prints it.")] = ()
    rows: Annotated[tuple[LookaheadRow, ...], Meta(description="The numbers of the answer.")] = ()
    fault: Annotated[str, Meta(description="Why there is no answer; empty if there is one.")] = ""
    withdrawn: Annotated[bool, Meta(description="Whether somebody has withdrawn it.")] = False

    @property
    def done(self) -> bool:
        """Whether all futures are in, or none will come."""
        return bool(self.fault) or self.n >= self.wanted


@dataclass(slots=True, eq=False)
class Question:
    """A question with its latest answer, and the task that waits for the next one."""

    answer: LookaheadAnswer
    task: asyncio.Task[None] | None = None
