"""What a screen is rendered from: the viewer, the console, and what this viewer has been sent so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from wargame.futures.lookahead_rows import LookaheadRow

if TYPE_CHECKING:
    from wargame.live.console.console import Console

T = TypeVar("T")
FACILITATOR, DEPUTY, SEAT, EVALUATOR, SCREEN = "facilitator", "deputy", "seat", "evaluator", "screen"
LOBBY = "lobby"
"""The role of a viewer who has not joined (`person` is None) or has not been admitted yet."""
ROLES = (FACILITATOR, DEPUTY, SEAT, EVALUATOR, SCREEN)
CONTROL = frozenset({FACILITATOR, DEPUTY})
"""The roles that use the control room."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry sent to a viewer: `k` counts from 1, `at` is the game time in ISO form, `kind` that of its record."""

    k: int
    at: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Presence:
    """A person of the exercise as others see them.

    `state` is `waiting` (in the lobby), `here` (a page is open) or `away`. `program` marks a client that is not a
    browser.
    """

    id: str
    name: str
    role: str
    seat: str
    state: str
    program: bool = False


@dataclass(frozen=True, slots=True)
class LookaheadAnswer:
    """The latest answer to a question: `n` of the `wanted` futures from the game time `moment`.

    `kind` is `forecast`, `whatif` or `where`; `words` are the command that a `whatif` compares. Questions are numbered
    from 1. A question without an answer yet has `n` 0.
    """

    number: int
    kind: str
    words: tuple[str, ...]
    horizon: str
    moment: str
    n: int
    wanted: int
    seconds: float = 0.0
    lines: tuple[str, ...] = ()
    rows: tuple[LookaheadRow, ...] = ()
    fault: str = ""

    @property
    def done(self) -> bool:
        """Whether all futures are in, or none will come."""
        return bool(self.fault) or self.n >= self.wanted


@dataclass(frozen=True, slots=True)
class Viewer:
    """One viewer of the exercise at one moment.

    The console gives session, wall clock, role, seat and evaluator. `epoch` changes whenever the past of this viewer
    changes; `entries` are those sent so far. `people` are the persons whom this viewer may see: all for the control
    room, those of the same seat for a seat. `join_url` is the address of the join page, `codes` has the join codes by
    (role, seat), for the control room alone. `revealed` is whether the views of all seats are open after ENDEX.

    All viewers of a seat and of the public screen share one rendering, so their parts depend on the seat and never on
    one person, and `person` is None: the page knows who looks (`data-person` of its body). `once` computes what several
    parts need, once for each state of the exercise.

    Control room and evaluators choose what they look at: `look` is the query of their page's address, such as
    `view=why&seq=512`, which the page also sends with `/api/1/parts`. `eyes` gives the parts of the screen of a seat,
    exactly as its people see them; it is for those who may see that seat. `answers` are those of the look-ahead.
    """

    console: Console
    role: str
    epoch: int
    entries: Sequence[Entry] = ()
    people: tuple[Presence, ...] = ()
    person: Presence | None = None
    join_url: str = ""
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    locked: bool = False
    revealed: bool = False
    look: Mapping[str, str] = field(default_factory=dict)
    eyes: Callable[[str], Mapping[str, str]] | None = None
    answers: Sequence[LookaheadAnswer] = ()
    cache: dict[object, object] = field(default_factory=dict)

    @property
    def codes_by_name(self) -> dict[str, str]:
        """The join codes by the code of a government, or the role of those without a seat."""
        return {seat or role: code for (role, seat), code in self.codes.items()}

    def once(self, name: object, compute: Callable[[], T]) -> T:
        """The value of `compute`, which is called once for each state of the exercise and `name`."""
        if name not in self.cache:
            self.cache[name] = compute()
        return self.cache[name]  # type: ignore[return-value]  # stored above under its own name
