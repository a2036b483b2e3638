"""Questions that have been put to the look-ahead, with the latest answer to each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from wargame.futures.lookahead_rows import LookaheadRow

KEPT = 12
"""Questions that are remembered."""


@dataclass(slots=True, eq=False)
class Question:
    """A question and its latest answer: `n` of the `wanted` futures from the game time `moment`.

    `kind` is `forecast`, `whatif` or `where`; `words` are the command that a `whatif` compares. `seconds` is the time
    that the answer took; `fault` says why there is none.
    """

    number: int
    kind: str
    words: tuple[str, ...]
    horizon: str
    moment: str
    wanted: int
    n: int = 0
    seconds: float = 0.0
    lines: tuple[str, ...] = ()
    rows: tuple[LookaheadRow, ...] = ()
    fault: str = ""
    task: asyncio.Task[None] | None = None
    """What waits for the answer."""

    @property
    def done(self) -> bool:
        """Whether the last answer is there, or none will come."""
        return bool(self.fault) or self.n >= self.wanted
