"""What governments learn about the responses of others.

An action of government g towards b opens a window. The first unfriendly action of b towards g in it counts as
`retaliate`, the first friendly one as `comply`, none as `ignore`. Windows without an action by g are counted
separately, so that events that would have happened anyway do not count as responses:

    p_y = clip(prior_y + rate(y | after such actions) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed counts with pseudo-counts. The prior of the rate after actions is the rate after waiting, so that
a few cases do not look like an effect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wargame.numbers.meetings import Learned

if TYPE_CHECKING:
    from wargame.scenario.model import Rules

COMPLY, IGNORE, RETALIATE = range(3)
WAIT, KIND, HOSTILE = range(3)
NEUTRAL = (0.1, 0.7, 0.2)
"""Prior rates after waiting. Judgement."""
PerResponse = tuple[float, float, float]
"""A value for each of the three responses: comply, ignore, retaliate."""
NOTABLE = 1.0
"""Perceived weights closer to 0 do not count as responses. Judgement."""


@dataclass(slots=True)
class _Window:
    action: int
    opened: int


@dataclass(slots=True)
class _Tally:
    counts: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    at: int = 0


class ResponseBook:
    """One government's counts of responses by all others.

    `learned` holds rate(y | such actions) − rate(y | waiting) in 1 + 2·others columns: column 0, of zeros, is for no
    target, columns 2i + 1 and 2i + 2 for friendly and hostile actions towards `others[i]`.
    """

    def __init__(self, rules: Rules, others: tuple[str, ...]) -> None:
        self._window_length = rules.response_window
        self._half_life = rules.response_half_life
        self._prior = rules.response_prior
        self._windows: dict[str, _Window] = {}
        self._tallies: dict[tuple[str, int], _Tally] = {}
        self._columns = {other: column_of(others, other, hostile=False) for other in others}
        self.learned = Learned(1 + 2 * len(others))

    def did(self, other: str, weight: float, now: int) -> None:
        """Opens a window after an action of this government towards `other`."""
        self._settle(other, now)
        self._windows[other] = _Window(KIND if weight >= 0 else HOSTILE, now)

    def perceived(self, other: str, weight: float, now: int) -> None:
        """Counts a perceived action of `other` as the response in the open window."""
        self._settle(other, now)
        if abs(weight) < NOTABLE:
            return
        self._count(other, self._windows[other].action, COMPLY if weight > 0 else RETALIATE, 1.0, now)
        self._windows[other] = _Window(WAIT, now)

    def _settle(self, other: str, now: int) -> None:
        window = self._windows.get(other)
        if window is None:
            window = self._windows[other] = _Window(WAIT, now)
        if now - window.opened >= self._window_length:
            whole, rest = divmod(now - window.opened, self._window_length)
            self._count(other, window.action, IGNORE, 1.0, now)
            if whole > 1:
                self._count(other, WAIT, IGNORE, float(whole - 1), now)
            self._windows[other] = _Window(WAIT, now - rest)

    def _count(self, other: str, action: int, response: int, times: float, now: int) -> None:
        tally = self._tallies.get((other, action))
        if tally is None:
            tally = self._tallies[other, action] = _Tally(at=now)
        decay = 2.0 ** ((tally.at - now) / self._half_life)
        tally.counts = [count * decay for count in tally.counts]
        tally.counts[response] += times
        tally.at = now
        self._tabulate(other)

    def _tabulate(self, other: str) -> None:
        waiting = self._rates(other, WAIT, NEUTRAL)
        for action in (KIND, HOSTILE):
            after = self._rates(other, action, waiting)
            column = self._columns[other] + (action == HOSTILE)
            self.learned.learn(column, after[0] - waiting[0], after[1] - waiting[1], after[2] - waiting[2])

    def _rates(self, other: str, action: int, before: PerResponse) -> PerResponse:
        """Rates of the three responses, with `before` as the prior."""
        tally = self._tallies.get((other, action))
        if tally is None:
            return before
        prior, (comply, ignore, retaliate) = self._prior, tally.counts
        total = prior + comply + ignore + retaliate
        return (
            (comply + prior * before[0]) / total,
            (ignore + prior * before[1]) / total,
            (retaliate + prior * before[2]) / total,
        )


def column_of(others: tuple[str, ...], target: str | None, *, hostile: bool) -> int:
    """The column of `ResponseBook.table` for actions of this kind towards this target."""
    return 2 * others.index(target) + 1 + hostile if target else 0
