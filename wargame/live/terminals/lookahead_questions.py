"""Questions that have been put to the look-ahead, with the latest answer to each."""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from wargame.dataclasses import dataclass, replace
from wargame.errors import UsageFault, WargameError
from wargame.futures.lookahead_process import LookaheadProcess
from wargame.futures.lookahead_rows import LookaheadRow
from wargame.live.console.participants import Show
from wargame.live.console.reply import Reply
from wargame.live.session.session import Session

KEPT = 12
"""Questions that are remembered."""


@dataclass(frozen=True, slots=True)
class LookaheadAnswer:
    """The latest answer to a question: `n` of the `wanted` futures from the game time `moment`."""

    number: Annotated[int, Meta(description="The number of the question, from 1.")]
    kind: Annotated[str, Meta(description="`forecast`, `whatif` or `where`.")]
    words: Annotated[tuple[str, ...], Meta(description="The command that a `whatif` compares.")]
    horizon: Annotated[str, Meta(description="The time until which the futures run.")]
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


def position(session: Session) -> list[str]:
    """Return where an exercise is: a line of the command log and a second."""
    return [str(session.head), str(session.exercise.now)]


class LookaheadQuestions:
    """The questions of one exercise, which its look-ahead works on in the background.

    `latest` has the latest answer to each of the last questions, by their numbers; `changed` is called when a question
    is asked or answered; `last` is the number of the latest.
    """

    def __init__(self, session: Session, lookahead: LookaheadProcess) -> None:
        self._session, self._lookahead = session, lookahead
        self.changed: Callable[[], None] = lambda: None
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self.last = 0
        self.latest: dict[int, LookaheadAnswer] = {}

    def put(self, kind: str, words: list[str], show: Show, *, early: bool) -> asyncio.Task[None]:
        """Put a question to the look-ahead in the background; `early` also shows the first answer."""
        horizon, n, *rest = words
        self.last = number = self.last + 1
        moment = self._session.instant(self._session.clock)
        asked = LookaheadAnswer(number, kind, tuple(rest), horizon, moment, 0, int(n))
        self.latest = {**dict(list(self.latest.items())[1 - KEPT :]), number: asked}
        self._tasks[number] = task = asyncio.create_task(self._ask(asked, show, early=early))
        task.add_done_callback(lambda _: self._tasks.pop(number))
        self.changed()
        return task

    async def _ask(self, asked: LookaheadAnswer, show: Show, *, early: bool) -> None:
        """Ask the look-ahead process a question and show the answer; `early` also shows the first answer."""
        began, found = time.monotonic(), asked
        kind, horizon, n, rest = asked.kind, asked.horizon, str(asked.wanted), asked.words
        title = " ".join([kind, *rest, "" if kind == "where" else f"over {horizon}"]).rstrip()
        try:
            async for answer in self._lookahead.ask([*position(self._session), kind, horizon, n, *rest]):
                complete, seconds = answer.n == asked.wanted, time.monotonic() - began
                found = replace(asked, n=answer.n, seconds=seconds, lines=tuple(answer.lines), rows=tuple(answer.rows))
                self._answer(found)
                if complete or early:
                    number = n if complete else f"the first {answer.n} of {n}"
                    head = f"{title}, {number} futures from {asked.moment} ({seconds:.1f} s):"
                    show(Reply([head, *(f"  {line}" for line in answer.lines)]))
        except (WargameError, OSError) as error:
            self._answer(replace(found, fault=str(error)))
            show(Reply([f"! {kind} has failed: {error}"]))
        except asyncio.CancelledError:
            self._answer(replace(found, fault="it was withdrawn", withdrawn=True))
            raise

    def cancel(self, number: int) -> None:
        """Withdraw a question to the look-ahead; UsageFault if there is none of this number, or it is answered."""
        if number not in self._tasks or number not in self.latest or self.latest[number].done:
            raise UsageFault(f"there is no open question {number}")
        self._tasks[number].cancel()

    def _answer(self, answer: LookaheadAnswer) -> None:
        """Keep the latest answer to a question, and call those who show it."""
        if answer.number in self.latest:
            self.latest[answer.number] = answer
        self.changed()

    async def close(self) -> None:
        """Withdraw all open questions."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
