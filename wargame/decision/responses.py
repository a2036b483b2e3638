"""What governments learn about how others answer.

After a deed of government g against b a window opens; b's first unfriendly deed to g in it counts as
`retaliate`, its first friendly one as `comply`, none as `ignore`. Windows without a deed of one's own are
counted apart, so that what would have happened anyway is not taken for an answer:

    p_y = clip(prior_y + rate(y | after such deeds) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed tallies with pseudo-counts. Those behind the rate after deeds are the rate after
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
PerAnswer = tuple[float, float, float]
"""Something for each of the three answers."""
NOTABLE = 1.0
"""Perceived weights nearer to 0 answer nothing. Judgement."""


@dataclass(slots=True)
class _Window:
    deed: int
    opened: int


@dataclass(slots=True)
class _Tally:
    counts: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    at: int = 0


class AnswerBook:
    """One government's tallies over all the others.

    `table` holds rate(y | such deeds) − rate(y | waiting) in 1 + 2·others columns: column 0, of zeros, is for no
    target, columns 2i + 1 and 2i + 2 for kind and hostile deeds to `others[i]`. A column that changes is a new one.
    """

    def __init__(self, rules: Rules, others: tuple[str, ...]) -> None:
        self._window_length = rules.answer_window
        self._half_life = rules.answer_half_life
        self._prior = rules.answer_prior
        self._windows: dict[str, _Window] = {}
        self._tallies: dict[tuple[str, int], _Tally] = {}
        self._columns = {other: column_of(others, other, hostile=False) for other in others}
        self.table: list[PerAnswer] = [(0.0, 0.0, 0.0)] * (1 + 2 * len(others))

    def did(self, other: str, weight: float, now: int) -> None:
        """This government did something to `other`: a new window opens."""
        self._settle(other, now)
        self._windows[other] = _Window(KIND if weight >= 0 else HOSTILE, now)

    def perceived(self, other: str, weight: float, now: int) -> None:
        """It perceived a deed of `other` to itself, which answers the open window."""
        self._settle(other, now)
        if abs(weight) < NOTABLE:
            return
        self._count(other, self._windows[other].deed, COMPLY if weight > 0 else RETALIATE, 1.0, now)
        self._windows[other] = _Window(WAIT, now)

    def _settle(self, other: str, now: int) -> None:
        window = self._windows.get(other)
        if window is None:
            window = self._windows[other] = _Window(WAIT, now)
        if now - window.opened >= self._window_length:
            whole, rest = divmod(now - window.opened, self._window_length)
            self._count(other, window.deed, IGNORE, 1.0, now)
            if whole > 1:
                self._count(other, WAIT, IGNORE, float(whole - 1), now)
            self._windows[other] = _Window(WAIT, now - rest)

    def _count(self, other: str, deed: int, answer: int, times: float, now: int) -> None:
        tally = self._tallies.get((other, deed))
        if tally is None:
            tally = self._tallies[other, deed] = _Tally(at=now)
        kept = 2.0 ** ((tally.at - now) / self._half_life)
        tally.counts = [count * kept for count in tally.counts]
        tally.counts[answer] += times
        tally.at = now
        self._tabulate(other)

    def _tabulate(self, other: str) -> None:
        waiting = self._rates(other, WAIT, NEUTRAL)
        for deed in (KIND, HOSTILE):
            after = self._rates(other, deed, waiting)
            column = self._columns[other] + (deed == HOSTILE)
            self.table[column] = after[0] - waiting[0], after[1] - waiting[1], after[2] - waiting[2]

    def _rates(self, other: str, deed: int, before: PerAnswer) -> PerAnswer:
        """Rates of the three answers, with those of `before` as what is thought without any case."""
        tally = self._tallies.get((other, deed))
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
    """The column of `AnswerBook.table` that tells of such deeds to this target."""
    return 2 * others.index(target) + 1 + hostile if target else 0


def shaded(prior: PerAnswer, trust: float, by: float) -> PerAnswer:
    """A prior as trust has it: comply times 1 + by·T, retaliate times 1 − by·T, normalised."""
    comply = prior[COMPLY] * (1.0 + by * trust)
    retaliate = prior[RETALIATE] * (1.0 - by * trust)
    ignore = max(prior[IGNORE], 1e-9)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total


def chances(prior: PerAnswer, learned: PerAnswer) -> PerAnswer:
    """Chances of the answers, from what was thought before any case and a column of the table.

    Priors sum to 1 and what was learned to 0, so that there is always something left to normalise by.
    """
    comply = min(max(prior[0] + learned[0], 0.0), 1.0)
    ignore = min(max(prior[1] + learned[1], 0.0), 1.0)
    retaliate = min(max(prior[2] + learned[2], 0.0), 1.0)
    total = comply + ignore + retaliate
    return comply / total, ignore / total, retaliate / total
