"""Responses of a government to others: its perception and learning, and the loss with an agreement.

Perception changes expectation, surprise and trust. Government g perceives weight w′ from a. With f the expected flow
and k the meaning of the action for g,

    surprise   x = k·w′ − f[g,a] is added to surprise[g,a], the sum that drives reciprocity;
    flow       f ← f + rate·(k·w′ − f);
    trust      T ← T + α·|k·w′|/10·(clip(sgn(k)·w′/10 + β·T, −1, 1) − T).

k is the relevance of the action to g, with a sign: an action of little relevance moves trust little, at any level of
trust. k is 1 for actions against g, c·T[g,b] for actions against b (triangular), and the stake of g in the dossier for
actions without a target. β·T is attribution: actions of distrusted governments appear more hostile.

Responses. An action of government g towards b opens a window. The first unfriendly action of b towards g in it counts
as `retaliate`, the first friendly one as `comply`, none as `ignore`. Windows without an action by g are counted
separately, so that events that would have happened anyway do not count as responses:

    p_y = clip(prior_y + rate(y | after such actions) − rate(y | after waiting), 0, 1), normalised.

Both rates are decayed counts with pseudo-counts. The prior of the rate after actions is the rate after waiting, so that
a few cases do not look like an effect.

For a proposal of talks in a forum, p_comply is the chance that one of the k invited members accepts, 1 − Π(1 − q_m):

    q_m = (n/k·q + accepted_m)/(n/k + accepted_m + refused_m),   q = 1 − (1 − prior_comply)^(1/k),

with n pseudo-counts and the decayed counts of the answers of m to all proposals in the forum.
"""

from collections.abc import Iterable, Mapping
from math import exp2, log, prod

from wargame.numbers.arrays import longs
from wargame.numbers.prospects import Learned
from wargame.numbers.signals import Channel, ResponseCounts, SignalReceiver
from wargame.numbers.totals import total
from wargame.scenario.model import Option, Rules
from wargame.statistics.draws import hashed
from wargame.world.layout import Layout

QUIET = 3
"""Factor on the delay of private and covert actions. Judgement."""


def channels(layout: Layout, actor: str, what: str, option: Option) -> tuple[Channel, ...]:
    """Return how all others perceive an option of `actor`, whatever its target; `what` is the id that it counts as."""
    rules, regard, names = layout.scenario.rules, layout.regard_slots, layout.governments
    factor, event, words = 1 if option.visibility == "public" else QUIET, layout.event_number(what), f"{actor} {what} "

    def listener(number: int, receiver: str) -> SignalReceiver:
        spec = layout.scenario.governments[receiver]
        dossier, delay = spec.dossiers.get(option.dossier), spec.perception.delay * factor
        trust = longs([regard[receiver, other][2] if other != receiver else -1 for other in names])
        stake = dossier.stake if dossier else 0.0
        return SignalReceiver(
            receiver, number, delay, spec.perception.noise, stake, rates_of(rules), rules.triangle, others=trust
        )

    listeners = layout.memo(
        ("listeners", option.dossier, factor), lambda: [listener(number, name) for number, name in enumerate(names)]
    )
    return tuple(
        [
            Channel(each, hashed("delay", who := words + name), hashed("noise", who), event, regard[name, actor])
            for each, name in zip(listeners, names, strict=True)
            if name != actor
        ]
    )


def rates_of(rules: Rules) -> tuple[float, float, float]:
    """Return the rates of the expected flow and of trust, and the share of trust in the reading of an action (β)."""
    return rules.flow_rate, rules.trust_rate, rules.attribution


PerResponse = tuple[float, float, float]
"""A value for each of the three responses: comply, ignore, retaliate."""


class ResponseBook:
    """One government's counts of responses by all others.

    `learned` holds rate(y | such actions) − rate(y | waiting) in columns: column 0, of zeros, is for no target, columns
    2i + 1 and 2i + 2 for friendly and hostile actions towards `others[i]`, the following for proposals in forums.
    `proposals` has the column and the prior chance that somebody accepts, by forum.
    """

    def __init__(
        self, rules: Rules, others: tuple[str, ...], forums: int = 0, proposals: Mapping[str, tuple[int, float]] = {}
    ) -> None:
        self.learned = Learned(1 + 2 * len(others) + forums)
        self._proposals, self._prior, self._answers = proposals, rules.response_prior, Habits(rules.response_half_life)
        self._places = {other: i for i, other in enumerate(others)}
        self._counts = ResponseCounts(
            rules.response_window, rules.response_half_life, rules.response_prior, len(others), self.learned
        )

    def did(self, other: str, weight: float, now: int) -> None:
        """Open a window after an action of this government towards `other`."""
        self._counts.did(self._places[other], weight, now)

    def perceived(self, other: str, weight: float, now: int) -> None:
        """Count a perceived action of `other` as the response in the open window."""
        self._counts.perceived(self._places[other], weight, now)

    def answered(self, forum: str, invited: list[str], answers: Mapping[str, bool], now: int) -> None:
        """Count which members have accepted a proposal in a forum, and learn what a proposal there may expect."""
        for member, accepts in answers.items():
            self._answers.did(f"{forum} {member} {accepts}", now)
        if forum in self._proposals:
            (column, prior), n = self._proposals[forum], self._prior / len(invited)
            each, chances = 1.0 - (1.0 - prior) ** (1.0 / len(invited)), []
            for member in invited:
                yes, no = (self._answers.count(f"{forum} {member} {accepts}", now) for accepts in (True, False))
                chances.append((n * each + yes) / (n + yes + no) if n + yes + no else each)
            gained = 1.0 - prod(1.0 - chance for chance in chances) - prior
            self.learned.learn(column, gained, -gained, 0.0)


class Habits:
    """One government's decayed counts of its own actions, and the last score of each option above waiting.

    From these follows what it gives up with an agreement: its own recent rate of the options that are ruled out. The
    value of accepting is benefits − Σ ρ·H·gain over them, with ρ the government's own rate of the option (decayed
    count) and gain its last score above waiting. Breaking has the opposite value, at the remembered rate. Without this
    cost, freezes would be free and short-lived.
    """

    def __init__(self, half_life: int) -> None:
        self._half_life = half_life
        self._tally: dict[str, tuple[float, int]] = {}
        self.gains: dict[str, float] = {}

    def did(self, option: str, now: int) -> None:
        """Count an action of the government."""
        self._tally[option] = (self.count(option, now) + 1.0, now)

    def count(self, option: str, now: int) -> float:
        """Return the decayed count."""
        count, at = self._tally.get(option, (0.0, now))
        return count * exp2((at - now) / self._half_life)

    def rate(self, option: str, now: int) -> float:
        """Return own actions with this option per second, over about the last half-life."""
        return self.count(option, now) * log(2.0) / self._half_life

    def given_up(self, options: Iterable[str], horizon: int, now: int) -> float:
        """Return Σ ρ·H·gain over these options, in units of score, at least 0."""
        wanted = [o for o in options if o in self._tally and self.gains.get(o, 0.0) > 0.0]
        return total([self.rate(o, now) * horizon * self.gains[o] for o in wanted])
