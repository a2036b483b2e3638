"""The escalation ladder of each pair of governments over time, from the actions that a viewer knows."""

from collections.abc import Iterable

from wargame.dataclasses import dataclass
from wargame.journal.records import Record
from wargame.journal.records.governments import ActionRecord, SignalRecord
from wargame.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Ladder:
    """The actions of a pair of governments (one, if they have no target): time, rung and record, oldest first."""

    pair: tuple[str, ...]
    steps: list[tuple[int, int, ActionRecord | SignalRecord]]
    half_life: int

    def level(self, t: int) -> float:
        """Return the rung that the pair is on at second `t`: each rung fades with the half-life of the scenario."""
        return max((rung * 0.5 ** ((t - at) / self.half_life) for at, rung, _ in self.steps if at <= t), default=0.0)

    @property
    def top(self) -> tuple[int, int, ActionRecord | SignalRecord]:
        """The latest action on the highest rung."""
        return max(self.steps, key=lambda step: (step[1], step[0]))


def ladders(records: Iterable[Record], scenario: Scenario) -> list[Ladder]:
    """Return the ladders of the actions, or signals of actions, among the records: pairs first, highest first."""
    found: dict[tuple[str, ...], Ladder] = {}
    for record in records:
        if isinstance(record, ActionRecord | SignalRecord):
            option, half_life = scenario.options.get(record.option), scenario.rules.rung_half_life
            actor, rung = getattr(record, "actor", record.who), getattr(record, "rung", option.rung if option else 0)
            pair = tuple(sorted({actor, record.target or actor}))
            if rung > 0:
                found.setdefault(pair, Ladder(pair, [], half_life)).steps.append((record.t, rung, record))
    return sorted(found.values(), key=lambda each: (len(each.pair) == 1, -each.top[1], -each.top[0], each.pair))
