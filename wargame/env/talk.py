"""Demands, offers, answers and votes of one seat as actions, from a fixed list of terms; nothing else is said."""

from collections.abc import Iterator
from typing import Any

from wargame.decision.menu import WAIT, Candidate
from wargame.simulation.exercise import Exercise

CHOICES = 4
"""Choices of a vote that are actions."""


def _terms(exercise: Exercise, speaker: str, to: str) -> Iterator[tuple[str, str]]:
    """Yield what a government can demand of another one, and offer to it, as form and text, sorted."""
    for form, actor, towards in (("demand", to, speaker), ("offer", speaker, to)):
        menus = exercise.governments[actor].menus.values()
        found = {each for menu in menus for each in menu.candidates if each.target in (towards, None)}
        yield from ((form, f"{actor}: {term}") for term in sorted(map(str, found - {Candidate(WAIT)})))


class Talk:
    """The correspondence of a seat as numbers.

    `actions` are `yes` and `no` to the oldest open offer or demand, `ballot 1` to `ballot 4` in the oldest open vote,
    and for each other government what can be demanded of it or offered to it. `observations` are flags: for each option
    of the seat, whether an open demand of the model wants it; for each thing that another government can offer or
    demand, whether it waits for an answer; the last answer of each government (1 yes, -1 no); whether a vote is open.
    """

    def __init__(self, exercise: Exercise, seat: str) -> None:
        self.seat = seat
        self._others = tuple(name for name in exercise.governments if name != seat)
        self._made = [(other, *words) for other in self._others for words in _terms(exercise, seat, other)]
        self._received = [(other, *words) for other in self._others for words in _terms(exercise, other, seat)]
        menus = exercise.governments[seat].menus.values()
        self._options = sorted({each.option for menu in menus for each in menu.candidates} - {WAIT})
        answers = ("yes", "no", *(f"ballot {n}" for n in range(1, CHOICES + 1)))
        self.actions = (*answers, *(f"{form} {other}, {text}" for other, form, text in self._made))
        self.observations = (
            *(f"demanded {option}" for option in self._options),
            *(f"{form} of {other}, {text}" for other, form, text in self._received),
            *(f"answer of {other}" for other in self._others),
            "vote",
        )

    def commands(self, exercise: Exercise) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Yield the place of each action that is possible now, with the kind and the data of its command.

        What waits for an answer is not said twice.
        """
        seat, who = self.seat, dict[str, Any](who=self.seat)
        offers = exercise.commands.correspondence.offers_of(seat)
        for number in [n for n, offer in offers.items() if seat in offer.open_to][:1]:
            yield from ((n, "answer", who | {"offer": number, "answer": ("yes", "no")[n]}) for n in range(2))
        for number, choices in self._votes(exercise)[:1]:
            data = who | {"vote": number}
            yield from ((2 + n, "ballot", data | {"choice": each}) for n, each in enumerate(choices[:CHOICES]))
        said = {(to, each.form, each.text) for each in offers.values() for to in each.open_to if each.sender == seat}
        for place, (to, form, text) in enumerate(self._made, start=2 + CHOICES):
            if (to, form, text) not in said:
                yield place, "offer", who | {"to": [to], "form": form, "text": text}

    def _votes(self, exercise: Exercise) -> list[tuple[int, tuple[str, ...]]]:
        votes = exercise.commands.correspondence.votes_of(self.seat).items()
        waiting = [(n, each) for n, each in votes if self.seat in each.voters and not each.closed]
        return [(n, each.choices) for n, each in waiting if self.seat not in each.ballots]

    def observe(self, exercise: Exercise) -> list[float]:
        """Return the values of `observations` at this moment."""
        offers = exercise.commands.correspondence.offers_of(self.seat).values()
        wanted = {option for demand in exercise.demands.put_to(self.seat) for option in demand.spec.wants}
        waiting = {(each.sender, each.form, each.text) for each in offers if self.seat in each.open_to}
        own = [each.answers for each in offers if each.sender == self.seat]
        answers = {other: 1.0 if answer == "yes" else -1.0 for given in own for other, answer in given.items()}
        return [
            *(float(option in wanted) for option in self._options),
            *(float(words in waiting) for words in self._received),
            *(answers.get(other, 0.0) for other in self._others),
            float(bool(self._votes(exercise))),
        ]
