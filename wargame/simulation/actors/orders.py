"""Orders that are being carried out, and their reviews at milestones.

`docs/explanation/optional-mechanisms.md` has the equations.
"""

from dataclasses import dataclass
from typing import Protocol

from wargame.decision.menu import Candidate
from wargame.numbers.arithmetic import rounded
from wargame.scenario.model import Reviews
from wargame.simulation.actors.extra_terms import ExtraTerms
from wargame.simulation.actors.feasibility import Feasibility
from wargame.simulation.actors.leader import Leadership
from wargame.simulation.kernel.clock import EFFECT
from wargame.simulation.kernel.context import Actor, RunContext

BY_MODEL = "decision"
"""The source of an order that the model gives."""
TALKS = "talks"
"""The term of the score that says what an action would cost the talks that it offends."""


@dataclass(slots=True, eq=False)
class PendingOrder:
    """An order that is being carried out until second `until`; `cause` is the record that gave it.

    `number` is the one by which a person in the seat can cancel an order that the model gave before, else 0. `given` is
    the second of the decision and `gain` the score above waiting at that time, in units of score. `seated` says whether
    a person in the seat gave it: what binds the model alone does not count, whoever has the seat by then.
    """

    candidate: Candidate
    until: int
    cause: int
    source: str
    why: str
    given: int
    gain: float
    seated: bool
    number: int = 0
    cancelled: bool = False


def milestones(written: tuple[int, ...], rules: Reviews, lead: int) -> list[int]:
    """Return the seconds after the decision at which an order with this lead time is reviewed, ascending.

    The milestones of the option, as far as they come before the action, else parts of the lead time, at most `every`
    apart. None for orders shorter than `shortest`.
    """
    if lead < rules.shortest:
        return []
    if written:
        return [time for time in written if time < lead]
    step = min(lead // max(rules.parts, 1), rules.every)
    return list(range(step, lead, step)) if step else []


class OrderingActor(Actor, Protocol):
    """The part of a government that a review of its orders needs."""

    leadership: Leadership | None
    extra_terms: ExtraTerms

    def cancel(self, order: PendingOrder, reason: str, *command: int) -> None:
        """Cancel an order after a review."""

    def carry_out_later(self, order: PendingOrder) -> None:
        """Put the end of an order's lead time on the clock."""


class OrderReviews:
    """Reviews the orders that the model gave for one government, while the model decides for it."""

    def __init__(
        self, context: RunContext, government: OrderingActor, feasibility: Feasibility, rules: Reviews
    ) -> None:
        self._context, self._government, self._feasibility, self._rules = context, government, feasibility, rules

    def schedule(self, order: PendingOrder) -> None:
        """Put the milestones of a new order on the clock."""
        if order.source == BY_MODEL:
            written = self._context.scenario.options[order.candidate.option].milestones
            for time in milestones(written, self._rules, order.until - order.given):
                self._context.clock.at(order.given + time, EFFECT, self._milestone, order)

    def _milestone(self, order: PendingOrder) -> None:
        if not order.cancelled and self._context.clock.now < order.until:
            self.review(order, "milestone")

    def review(self, order: PendingOrder, occasion: str) -> None:
        """Appraise an order again: it continues, is postponed or is cancelled, with a record."""
        government, now = self._government, self._context.clock.now
        if order.source != BY_MODEL or order.cancelled or order.until < now or government.seat != "model":
            return  # also of an order that is due already and waits for a sitting
        if obstacle := self._feasibility.obstacle(government, order.candidate, cooling=False):
            government.cancel(order, f"review: {obstacle}")
            return
        gain, talks = self._gain(order)
        if talks < 0.0 and gain < 0.0 <= gain - talks:
            self._postpone(order, occasion, gain)
        elif gain < min(0.0, order.gain) - self._rules.margin:
            government.cancel(order, f"review: its score is {gain:+.2f} above waiting, {order.gain:+.2f} when decided")
        else:
            self._record(order, "continued", occasion, gain)

    def postponed_when_due(self, order: PendingOrder) -> bool:
        """Return whether an order that is due now is postponed, since it would offend talks that are in session."""
        government = self._government
        if order.source != BY_MODEL or government.seat != "model":
            return False
        if not government.extra_terms.offends(government.name, order.candidate):
            return False
        gain, talks = self._gain(order)
        if not (talks < 0.0 and gain < 0.0):
            return False
        self._postpone(order, "due", gain)
        return True

    def _gain(self, order: PendingOrder) -> tuple[float, float]:
        """Return the score above waiting now, and the part of it that is the cost to talks."""
        government = self._government
        menu, i = government.places[order.candidate]
        assert government.leadership is not None
        appraiser = government.leadership.appraise(menu.dossier, [i])
        return appraiser.scores[i] - appraiser.scores[0], appraiser.extras.get(TALKS, {}).get(i, 0.0)

    def _postpone(self, order: PendingOrder, occasion: str, gain: float) -> None:
        order.until = max(order.until, self._context.clock.now) + self._rules.postpone
        self._government.carry_out_later(order)
        self._record(order, "postponed", occasion, gain)

    def _record(self, order: PendingOrder, how: str, occasion: str, gain: float) -> None:
        if not self._context.open:
            return  # the order is not part of the journal yet
        candidate, data = order.candidate, None
        if self._context.log.keeps_any:
            gains = {"gain": rounded(gain), "when_decided": rounded(order.gain)}
            data = {**candidate._asdict(), "how": how, "occasion": occasion, **gains, "until": order.until}
        self._context.log.write("order.reviewed", self._government.name, candidate.option, (order.cause,), data)
