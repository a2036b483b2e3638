"""The actions and the observation of one seat, as a list of names and a vector: the same in all episodes.

With `talk`, demands, offers, answers and votes are actions, from a fixed list of terms; nothing else is said.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from wargame.decision.menu import WAIT, Candidate
from wargame.seat.brief import HIDDEN
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
        """Yield each action that is possible now: place, kind and data. What waits for an answer is not repeated."""
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


ObservationDict = dict[str, Any]
"""`observation`: the vector, float32; `action_mask`: 1 for each action that is possible now, int8."""
ELAPSED = "share of the exercise that is over"


class SeatSpace:
    """The choices and observations of one seat.

    `actions` are names: number 0 is to wait, the others are options with their targets, sorted. `observations` names
    the entries of the vector, in four parts: the share of the exercise that is over, a flag for each dossier on which a
    decision is due, the values of all indicators that the seat knows or estimates, and the standard deviations of its
    estimates. With `talk`, the actions and flags of `Talk` follow. `action_space` and `observation_space` are those of
    gymnasium.
    """

    def __init__(self, exercise: Exercise, government: str, *, talk: bool = False) -> None:
        self.government = government
        self.talk = Talk(exercise, government) if talk else None
        menus = exercise.governments[government].menus
        self.dossiers = tuple(menus)
        every = {candidate for menu in menus.values() for candidate in menu.candidates} - {Candidate(WAIT)}
        self.candidates = tuple(sorted(every, key=lambda each: (each.option, each.target or "")))
        self.actions = (WAIT, *map(str, self.candidates), *(self.talk.actions if self.talk else ()))
        number = {candidate: n for n, candidate in enumerate(self.candidates, start=1)}
        self._numbers = {
            dossier: [number.get(candidate, 0) for candidate in menu.candidates] for dossier, menu in menus.items()
        }
        self._places = {
            candidate: (dossier, number[candidate])
            for dossier, menu in menus.items()
            for candidate in menu.candidates
            if candidate in number
        }
        """Candidate -> its dossier and its action."""
        self._set_observations(exercise)
        self.set_sizes(len(self.actions), len(self.observations))

    def _set_observations(self, exercise: Exercise) -> None:
        world, observability = exercise.context.world, exercise.context.views[self.government].observability
        layout = world.layout
        named = (slot for slot, spec in enumerate(layout.slots) if spec.name not in HIDDEN and spec.is_named)
        known = [slot for slot in named if observability.knows(slot)]
        estimated = [slot for slot in known if (self.government, slot) in layout.beliefs]
        self._known = array("q", known)
        self._variances = array("q", [layout.beliefs[self.government, slot][1] for slot in estimated])
        """The slots whose values the seat knows or estimates, and the slots of the variances of its estimates."""
        specs = [layout.slots[slot] for slot in known]
        widths = [layout.slots[slot].high - layout.slots[slot].low for slot in estimated]
        self._low = array("d", [*(spec.low for spec in specs), *(0.0 for _ in widths)])
        self._high = array("d", [*(spec.high for spec in specs), *widths])
        """The bounds of these values and of the deviations."""
        self._values = array("d", bytes(8 * len(self._low)))
        self._as_shown = np.asarray(self._values)
        """A buffer for them, as an array for the engine and for NumPy."""
        self.observations: tuple[str, ...] = (
            ELAPSED,
            *(f"due {dossier}" for dossier in self.dossiers),
            *(spec.path for spec in specs),
            *(f"deviation of {layout.slots[slot].path}" for slot in estimated),
            *(self.talk.observations if self.talk else ()),
        )
        self._flags = {dossier: place for place, dossier in enumerate(self.dossiers, start=1)}
        first = 1 + len(self.dossiers)
        self._known_part = slice(first, first + len(self._low))
        self._talk_part = slice(first + len(self._low), len(self.observations))

    def set_sizes(self, actions: int, observations: int) -> None:
        """Set the sizes of the spaces; entries beyond the seat's own are never possible, and 0."""
        self._most = actions
        self._zeros = np.zeros(observations, np.float32)
        low, high = self._zeros.copy(), np.ones(observations, np.float32)
        low[self._known_part], high[self._known_part] = self._low, self._high
        low[self._talk_part] = -1.0
        self.action_space = spaces.Discrete(actions)
        mask = spaces.Box(0, 1, (actions,), dtype=np.int8)
        vector = spaces.Box(low, high, dtype=np.float32)
        self.observation_space = spaces.Dict({"observation": vector, "action_mask": mask})

    def candidate(self, action: int) -> Candidate | None:
        """Return the option and target of an action; None for to wait, and to talk."""
        return self.candidates[action - 1] if 0 < action <= len(self.candidates) else None

    def said(self, exercise: Exercise, action: int) -> list[Any] | None:
        """Return the kind and data of the command with which an action talks; None if it does not, or cannot now."""
        found = self.talk.commands(exercise) if self.talk else ()
        return next((command for place, *command in found if 1 + len(self.candidates) + place == action), None)

    def mask(self, exercise: Exercise, dossiers: Collection[str]) -> NDArray[np.int8]:
        """Return the mask of the actions that the seat can take on these dossiers, as far as it knows, and to wait."""
        government = exercise.governments[self.government]
        menus, feasibility, mask = government.menus, exercise.feasibility, bytearray(self._most)
        mask[0] = 1
        for dossier in dossiers:
            numbers = self._numbers[dossier]
            for i in feasibility.feasible(government, menus[dossier], None):
                mask[numbers[i]] = 1
        for candidate, until in government.dropped.items():
            dossier, number = self._places[candidate]
            if until > exercise.now and dossier in dossiers:
                mask[number] = exercise.commands.seats.blocker(government, candidate, person=True) is None
        for place, *_ in self.talk.commands(exercise) if self.talk and dossiers else ():
            mask[1 + len(self.candidates) + place] = 1
        return np.frombuffer(mask, np.int8)

    def observe(self, exercise: Exercise, due: Iterable[str]) -> NDArray[np.float32]:
        """Return the vector at this moment; `due` are the dossiers on which a decision is due."""
        context, calendar = exercise.context, exercise.calendar
        vector = self._zeros.copy()
        vector[0] = (exercise.now - calendar.startex) / (calendar.end - calendar.startex)
        for dossier in due:
            vector[self._flags[dossier]] = 1.0
        seen = context.views[self.government].seen
        seen.observe(self._known, self._variances, self._low, self._high, self._values)
        vector[self._known_part] = self._as_shown
        if self.talk is not None:
            vector[self._talk_part] = self.talk.observe(exercise)
        return vector
