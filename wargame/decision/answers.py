"""What governments learn about how others answer.

After a deed of government g against b a window opens; b's first unfriendly deed to g in it counts as
`retaliate`, its first friendly one as `comply`, none as `ignore`. Windows without a deed of one's own are
counted apart, so that what would have happened anyway is not taken for an answer:

    p_y = clip(prior_y + rate(y | after such deeds) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed tallies with pseudo-counts. Those behind the rate after deeds are the rate after
waiting, so that few cases of one's own do not look like an effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wargame.scenario.model import Rules

COMPLY, IGNORE, RETALIATE = range(3)
WAIT, KIND, HOSTILE = range(3)
NEUTRAL = (0.1, 0.7, 0.2)
"""What is thought to follow waiting before anything is known. Judgement."""
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
    """One government's tallies over all the others. `version` changes when a rate does."""

    def __init__(self, rules: Rules) -> None:
        self._window_length = rules.answer_window
        self._half_life = rules.answer_half_life
        self._prior = rules.answer_prior
        self._windows: dict[str, _Window] = {}
        self._tallies: dict[tuple[str, int], _Tally] = {}
        self.version = 0

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
        window = self._windows.setdefault(other, _Window(WAIT, now))
        whole, rest = divmod(now - window.opened, self._window_length)
        if whole:
            self._count(other, window.deed, IGNORE, 1.0, now)
            if whole > 1:
                self._count(other, WAIT, IGNORE, float(whole - 1), now)
            self._windows[other] = _Window(WAIT, now - rest)

    def _count(self, other: str, deed: int, answer: int, times: float, now: int) -> None:
        tally = self._tallies.setdefault((other, deed), _Tally(at=now))
        kept = 2.0 ** ((tally.at - now) / self._half_life)
        tally.counts = [count * kept for count in tally.counts]
        tally.counts[answer] += times
        tally.at = now
        self.version += 1

    def _rates(self, other: str, deed: int, before: Sequence[float]) -> list[float]:
        """Rates of the three answers, with those of `before` as what is thought without any case."""
        tally = self._tallies.get((other, deed))
        if tally is None:
            return list(before)
        total = self._prior + tally.counts[0] + tally.counts[1] + tally.counts[2]
        return [(count + self._prior * prior) / total for count, prior in zip(tally.counts, before, strict=True)]

    def learned(self, others: tuple[str, ...]) -> NDArray[np.float64]:
        """rate(y | such deeds) − rate(y | waiting), shape (3, 2·others + 1).

        Columns 2i and 2i + 1 are for kind and hostile deeds to `others[i]`; the last one, of zeros, for no target.
        """
        columns = []
        for other in others:
            waiting = self._rates(other, WAIT, NEUTRAL)
            for deed in (KIND, HOSTILE):
                after = self._rates(other, deed, waiting)
                columns.append([a - w for a, w in zip(after, waiting, strict=True)])
        return np.array([*columns, [0.0, 0.0, 0.0]]).T


def chances(priors: NDArray[np.float64], learned: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of the answers, shape (3, C), from priors and what was learned, both of that shape."""
    raw = np.clip(priors + learned, 0.0, 1.0)
    total = raw[0] + raw[1] + raw[2]
    return np.where(total > 0.0, raw / np.where(total > 0.0, total, 1.0), np.array([[0.0], [1.0], [0.0]]))
