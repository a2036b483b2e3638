"""The interests of leaders: their indicators, what a government knew of them by month, and the welfare they give."""

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

from wargame.dataclasses import dataclass
from wargame.decision.pricing import Interests
from wargame.journal.records import Record, record_of
from wargame.journal.records.run import SnapshotRecord
from wargame.journal.viewer_memory import BELIEF
from wargame.journal.wording import phrase, words
from wargame.language.expressions import parse_path
from wargame.numbers.totals import total
from wargame.scenario.model import Scenario, Stage
from wargame.seat.feed import feed
from wargame.simulation.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Interest:
    """An indicator that matters to a government: it wants a rise if `weight` is positive, a fall if it is negative."""

    name: str
    index: tuple[str, ...]
    title: str
    weight: float


def interests(scenario: Scenario, leader: str, stage: Stage | None = None) -> tuple[Interest, ...]:
    """Return the interests of a leader in a stage of its strategy, the strongest first."""
    written = scenario.leaders[leader].interests if leader in scenario.leaders else {}
    found = []
    for path, weight in {**written, **(stage.interests if stage and written else {})}.items():
        if not weight:
            continue  # written for a stage that gives it a weight
        read = parse_path(path)
        found.append(Interest(read.name, read.index, indicator_title(scenario, read.name, read.index), weight))
    return tuple(sorted(found, key=lambda each: (-abs(each.weight), each.name, each.index)))


def _name(scenario: Scenario, index: str) -> str:
    """Return the name of a government, or the title of talks or an agreement."""
    if index in scenario.governments:
        return scenario.governments[index].name
    titled = scenario.forums.get(index) or scenario.agreements.get(index)
    return titled.title if titled else {"target": "the target"}.get(index) or words(index)


def indicator_title(scenario: Scenario, name: str, index: tuple[str, ...]) -> str:
    """Return the title of an indicator with the names of its governments: `Economy (South Korea)`."""
    spec = scenario.indicators.get(name)
    title = spec.title if spec else phrase("engine", name, words(name).capitalize())
    names = [_name(scenario, each) for each in index]
    return f"{title} ({' to '.join(names)})" if names else title


TRUST = ((0.4, "trust", ""), (0.1, "trust", "to some degree"), (-0.1, "neither trust nor distrust", ""),
         (-0.4, "distrust", "to some degree"), (-2.0, "distrust", ""))  # fmt: skip
"""Least trust, from -1 to 1, its verb and its degree. Judgement."""
TRUST_IT = {f"{verb} {degree}".rstrip(): f"{verb} it {degree}".rstrip() for _, verb, degree in TRUST}
"""Words for trust -> the same with an object."""
LEVELS = ((0.8, "very high"), (0.6, "high"), (0.4, "moderate"), (0.2, "low"), (-1.0, "very low"))
"""Least share of the range of an indicator, and its word. Judgement."""


def value_range(scenario: Scenario, name: str) -> tuple[float, float]:
    """Return the range of an indicator; from 0 to 1 for numbers of the engine."""
    spec = scenario.indicators.get(name)
    return (float(spec.range[0]), float(spec.range[1])) if spec else (0.0, 1.0)


def level(scenario: Scenario, name: str, value: float) -> str:
    """Return a value in a word: where it is in the range of its indicator."""
    low, high = value_range(scenario, name)
    share = (value - low) / (high - low) if high > low else 0.0
    return next(word for least, word in LEVELS if share >= least)


def trust_words(value: float) -> str:
    """Return trust in another government as a verb: `distrust to some degree`."""
    return next(f"{verb} {degree}".rstrip() for least, verb, degree in TRUST if value >= least)


@dataclass(frozen=True, slots=True)
class KnownValue:
    """An indicator as the government knows it; `deviation` is the standard deviation of an estimate, 0 if unknown.

    `estimated` says that it is an estimate or computed from one, `published` that it is the value last published.
    `title` is that of the indicator, with the names of its governments; `level` is the value in a word. The range of
    the indicator is from `low` to `high`.
    """

    name: str
    index: tuple[str, ...]
    value: float
    estimated: bool
    deviation: float
    title: str = ""
    level: str = ""
    low: float = 0.0
    high: float = 1.0
    published: bool = False

    @property
    def path(self) -> str:
        """Return its path in conditions and snapshots: `nuclear_capability[PRK]`."""
        return f"{self.name}[{', '.join(self.index)}]" if self.index else self.name


@dataclass(frozen=True, slots=True)
class MonthlyValues:
    """The values, by path, that a government knew or estimated at second `t`; those that were 0 are left out."""

    government: str
    t: int
    values: dict[str, float]

    def of(self, known: KnownValue) -> float:
        """Return the value of an indicator at that time: the estimate, where the government only estimates it."""
        return self.values.get(f"{BELIEF}{self.government} in {known.path}", self.values.get(known.path, 0.0))


def monthly_values(exercise: Exercise, seat: str, records: Sequence[Record]) -> tuple[MonthlyValues, ...]:
    """Return the values of all months so far, oldest first."""
    snapshots = [record for record in records if isinstance(record, SnapshotRecord) and record.values]
    seen = (item.record for item in feed(exercise, seat, snapshots))
    return tuple(MonthlyValues(seat, r.t, r.values) for r in seen if isinstance(r, SnapshotRecord) and r.values)


def values_before(exercise: Exercise, seat: str, t: int) -> MonthlyValues | None:
    """Return the last monthly values of a seat at or before second `t`; None if there are none."""
    for raw in reversed(exercise.records()):
        if raw[1] <= t and raw[2] == "snapshot" and (found := monthly_values(exercise, seat, [record_of(raw, "")])):
            return found[0]
    return None


LevelArray: TypeAlias = "array[float]"
"""The levels of the indicators that matter to a leader of one government, by the place that `Welfare` gives them."""


class Welfare:
    """The welfare of one government in any run of a scenario, in units of score.

    Welfare is the sum of weight times level over the interests of the leader in office, with each weight divided by the
    range of its indicator. It is the sum that the model of a government uses (`docs/explanation/model.md`).
    """

    def __init__(self, exercise: Exercise, government: str) -> None:
        self.government = government
        observability = exercise.context.views[government].observability
        of_slots: dict[str, tuple[tuple[int, float], ...]] = {}
        for name, leader in exercise.context.scenario.leaders.items():
            if leader.government == government:
                interests = observability.layout.memo(("interests", name), partial(Interests, observability, leader))
                of_slots[name] = (*interests.direct, *interests.derived)
        self._slots = array("q", sorted({slot for weights in of_slots.values() for slot, _ in weights}))
        places = {slot: place for place, slot in enumerate(self._slots)}
        self._weights = {
            name: tuple((places[slot], unit) for slot, unit in weights) for name, weights in of_slots.items()
        }
        """Leader -> (place, weight per unit) of the interests."""

    def levels(self, exercise: Exercise) -> LevelArray:
        """Return what the seat knows now of all indicators that matter to a leader of this government."""
        levels = array("d", bytes(8 * len(self._slots)))
        exercise.context.views[self.government].seen.take(self._slots, levels)
        return levels

    def of(self, levels: LevelArray, exercise: Exercise, leader: str = "") -> float:
        """Return the welfare at these levels, with the interests of a leader, by default the one in office."""
        weights = self._weights[leader or exercise.context.offices.leader[self.government]]
        return total(per_unit * levels[place] for place, per_unit in weights)

    def now(self, exercise: Exercise, leader: str = "") -> float:
        """Return the present welfare, with the interests of a leader, by default the one in office."""
        return self.of(self.levels(exercise), exercise, leader)
