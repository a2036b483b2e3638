"""Demands, offers, answers and votes of one seat as actions, from a fixed list of terms; nothing else is said."""

from collections.abc import Iterator
from typing import Any

from wargame.decision.menu import WAIT, Candidate
from wargame.simulation.control.correspondence import Offer
from wargame.simulation.exercise import Exercise

MOST_CHOICES = 4
"""Choices of a vote that are actions."""
Words = tuple[str, str, str]
"""Sender, form (`offer` or `demand`) and text of an offer or demand that an agent can make."""


def _terms(exercise: Exercise, actor: str, other: str) -> list[str]:
    """Return what a government can do towards another one, or without a target, as `option target`, sorted."""
    menus = exercise.governments[actor].menus.values()
    found = {each for menu in menus for each in menu.candidates if each.target in (other, None)}
    return sorted(map(str, found - {Candidate(WAIT)}))


class Talk:
    """The correspondence of a seat as numbers.

    `actions` are `yes` and `no` to the oldest open offer or demand, `ballot 1` to `ballot 4` in the oldest open vote,
    and for each other government what can be demanded of it or offered to it. `observations` are flags: for each option
    of the seat, whether an open demand of the model wants it; for each thing that another government can offer or
    demand, whether it waits for an answer; the last answer of each government (1 yes, -1 no); whether a vote is open.
    """

    def __init__(self, exercise: Exercise, seat: str) -> None:
        self.seat = seat
        self.others = tuple(name for name in exercise.governments if name != seat)
        made = [
            (other, form, f"{actor}: {term}")
            for other in self.others
            for form, actor, towards in (("demand", other, seat), ("offer", seat, other))
            for term in _terms(exercise, actor, towards)
        ]
        ballots = [("ballot", n) for n in range(MOST_CHOICES)]
        self._acts: list[tuple[Any, ...]] = [("answer", "yes"), ("answer", "no"), *ballots]
        self._acts += [("offer", *each) for each in made]
        self._received: list[Words] = [
            (other, form, f"{actor}: {term}")
            for other in self.others
            for form, actor, towards in (("demand", seat, other), ("offer", other, seat))
            for term in _terms(exercise, actor, towards)
        ]
        menus = exercise.governments[seat].menus.values()
        self._options = sorted({each.option for menu in menus for each in menu.candidates} - {WAIT})
        self.actions = (
            *("yes", "no", *(f"ballot {n}" for n in range(1, MOST_CHOICES + 1))),
            *(f"{form} {other}, {text}" for other, form, text in made),
        )
        self.observations = (
            *(f"demanded {option}" for option in self._options),
            *(f"{form} of {other}, {text}" for other, form, text in self._received),
            *(f"answer of {other}" for other in self.others),
            "vote",
        )

    def _offers(self, exercise: Exercise) -> dict[int, Offer]:
        return exercise.commands.correspondence.offers_of(self.seat)

    def _to_answer(self, exercise: Exercise) -> dict[int, Offer]:
        return {number: each for number, each in self._offers(exercise).items() if self.seat in each.open_to}

    def _to_vote(self, exercise: Exercise) -> dict[int, tuple[str, ...]]:
        votes = exercise.commands.correspondence.votes_of(self.seat)
        return {
            number: vote.choices
            for number, vote in votes.items()
            if self.seat in vote.voters and self.seat not in vote.ballots and not vote.closed
        }

    def possible(self, exercise: Exercise) -> Iterator[int]:
        """Yield the places of the actions that are possible now; what waits for an answer is not said twice."""
        if self._to_answer(exercise):
            yield from (0, 1)
        for choices in list(self._to_vote(exercise).values())[:1]:
            yield from range(2, 2 + min(len(choices), MOST_CHOICES))
        said = {(to, each.form, each.text) for each in self._offers(exercise).values() for to in each.open_to}
        first = 2 + MOST_CHOICES
        yield from (place for place, act in enumerate(self._acts[first:], start=first) if act[1:] not in said)

    def command(self, exercise: Exercise, place: int) -> tuple[str, dict[str, Any]] | None:
        """Return the kind and data of the command of an action; None if it is not possible now."""
        if place not in self.possible(exercise):
            return None
        kind, *rest = self._acts[place]
        data: dict[str, Any] = {"who": self.seat}
        if kind == "answer":
            return kind, data | {"offer": next(iter(self._to_answer(exercise))), "answer": rest[0]}
        if kind == "ballot":
            number, choices = next(iter(self._to_vote(exercise).items()))
            return kind, data | {"vote": number, "choice": choices[rest[0]]}
        return kind, data | dict(zip(("to", "form", "text"), ([rest[0]], *rest[1:]), strict=True))

    def observe(self, exercise: Exercise) -> list[float]:
        """Return the values of `observations` at this moment."""
        wanted = {option for demand in exercise.demands.put_to(self.seat) for option in demand.spec.wants}
        waiting = {(each.sender, each.form, each.text) for each in self._to_answer(exercise).values()}
        answers: dict[str, float] = {}
        for offer in self._offers(exercise).values():
            if offer.sender == self.seat:
                answers |= {other: 1.0 if answer == "yes" else -1.0 for other, answer in offer.answers.items()}
        return [
            *(float(option in wanted) for option in self._options),
            *(float(words in waiting) for words in self._received),
            *(answers.get(other, 0.0) for other in self.others),
            float(bool(self._to_vote(exercise))),
        ]
