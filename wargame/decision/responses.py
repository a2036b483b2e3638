"""What governments learn about the responses of others.

An action of government g towards b opens a window. The first unfriendly action of b towards g in it counts as
`retaliate`, the first friendly one as `comply`, none as `ignore`. Windows without an action by g are counted
separately, so that events that would have happened anyway do not count as responses:

    p_y = clip(prior_y + rate(y | after such actions) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed counts with pseudo-counts. The prior of the rate after actions is the rate after waiting, so that
a few cases do not look like an effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wargame.numbers.meetings import Learned
from wargame.numbers.perceiving import Responses

if TYPE_CHECKING:
    from wargame.scenario.model import Rules

PerResponse = tuple[float, float, float]
"""A value for each of the three responses: comply, ignore, retaliate."""


class ResponseBook:
    """One government's counts of responses by all others.

    `learned` holds rate(y | such actions) − rate(y | waiting) in 1 + 2·others columns: column 0, of zeros, is for no
    target, columns 2i + 1 and 2i + 2 for friendly and hostile actions towards `others[i]`.
    """

    def __init__(self, rules: Rules, others: tuple[str, ...]) -> None:
        self.learned = Learned(1 + 2 * len(others))
        self._places = {other: i for i, other in enumerate(others)}
        self._counts = Responses(
            rules.response_window, rules.response_half_life, rules.response_prior, len(others), self.learned
        )

    def did(self, other: str, weight: float, now: int) -> None:
        """Open a window after an action of this government towards `other`."""
        self._counts.did(self._places[other], weight, now)

    def perceived(self, other: str, weight: float, now: int) -> None:
        """Count a perceived action of `other` as the response in the open window."""
        self._counts.perceived(self._places[other], weight, now)


def column_of(others: tuple[str, ...], target: str | None, *, hostile: bool) -> int:
    """Return the column of `ResponseBook.table` for actions of this kind towards this target."""
    return 2 * others.index(target) + 1 + hostile if target else 0
