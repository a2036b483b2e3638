"""What governments learn about how others answer.

After an action of government g against b a window opens; b's first unfriendly action to g in it counts as
`retaliate`, its first friendly one as `comply`, none as `ignore`. Windows without an action of one's own are
counted apart, so that what would have happened anyway is not taken for an answer:

    p_y = clip(prior_y + rate(y | after such actions) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed tallies with pseudo-counts. Those behind the rate after actions are the rate after
waiting, so that few cases of one's own do not look like an effect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wargame.scenario.model import Rules

COMPLY, IGNORE, RETALIATE = range(3)
WAIT, KIND, HOSTILE = range(3)
NEUTRAL = (0.1, 0.7, 0.2)
"""What is thought to follow waiting before anything is known. Judgement."""
PerResponse = tuple[float, float, float]
"""Something for each of the three answers."""
NOTABLE = 1.0
"""Perceived weights nearer to 0 answer nothing. Judgement."""


@dataclass(slots=True)
class _Window:
    action: int
    opened: int


@dataclass(slots=True)
class _Tally:
    counts: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    at: int = 0


class ResponseBook:
    """One government's tallies over all the others.

    `table` holds rate(y | such actions) − rate(y | waiting) in 1 + 2·others columns: column 0, of zeros, is for no
    target, columns 2i + 1 and 2i + 2 for kind and hostile actions to `others[i]`. A column that changes is a new one.
    """

    def __init__(self, rules: Rules, others: tuple[str, ...]) -> None:
        self._window_length = rules.response_window
        self._half_life = rules.response_half_life
        self._prior = rules.response_prior
        self._windows: dict[str, _Window] = {}
        self._tallies: dict[tuple[str, int], _Tally] = {}
        self._columns = {other: column_of(others, other, hostile=False) for other in others}
        self.table: list[PerResponse] = [(0.0, 0.0, 0.0)] * (1 + 2 * len(others))

    def did(self, other: str, weight: float, now: int) -> None:
        """This government did something to `other`: a new window opens."""
        self._settle(other, now)
        self._windows[other] = _Window(KIND if weight >= 0 else HOSTILE, now)

    def perceived(self, other: str, weight: float, now: int) -> None:
        """It perceived an action of `other` to itself, which answers the open window."""
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

    def _count(self, other: str, action: int, answer: int, times: float, now: int) -> None:
        tally = self._tallies.get((other, action))
        if tally is None:
            tally = self._tallies[other, action] = _Tally(at=now)
        kept = 2.0 ** ((tally.at - now) / self._half_life)
        tally.counts = [count * kept for count in tally.counts]
        tally.counts[answer] += times
        tally.at = now
        self._tabulate(other)

    def _tabulate(self, other: str) -> None:
        waiting = self._rates(other, WAIT, NEUTRAL)
        for action in (KIND, HOSTILE):
            after = self._rates(other, action, waiting)
            column = self._columns[other] + (action == HOSTILE)
            self.table[column] = after[0] - waiting[0], after[1] - waiting[1], after[2] - waiting[2]

    def _rates(self, other: str, action: int, before: PerResponse) -> PerResponse:
        """Rates of the three answers, with those of `before` as what is thought without any case."""
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
    """The column of `ResponseBook.table` that tells of such actions to this target."""
    return 2 * others.index(target) + 1 + hostile if target else 0


def shaded(prior: PerResponse, trust: float, by: float) -> PerResponse:
    """A prior as trust has it: comply times 1 + by·T, retaliate times 1 − by·T, normalised."""
    comply = prior[COMPLY] * (1.0 + by * trust)
    retaliate = prior[RETALIATE] * (1.0 - by * trust)
    ignore = max(prior[IGNORE], 1e-9)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total


def chances(prior: PerResponse, learned: PerResponse) -> PerResponse:
    """Chances of the answers, from what was thought before any case and a column of the table.

    Priors sum to 1 and what was learned to 0, so that there is always something left to normalise by.
    """
    comply = min(max(prior[0] + learned[0], 0.0), 1.0)
    ignore = min(max(prior[1] + learned[1], 0.0), 1.0)
    retaliate = min(max(prior[2] + learned[2], 0.0), 1.0)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total
