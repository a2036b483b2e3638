"""What a government wants more or less of, by the titles of indicators: the interests of its leader, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame.journal.sentences import words
from wargame.language.expressions import parse_path

if TYPE_CHECKING:
    from wargame.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Interest:
    """An indicator that matters to a government: it wants a rise if `weight` is positive, a fall if it is negative."""

    name: str
    index: tuple[str, ...]
    title: str
    weight: float


def interests(scenario: Scenario, leader: str) -> tuple[Interest, ...]:
    """The interests of a leader, the strongest first."""
    found = []
    for path, weight in scenario.leaders[leader].interests.items() if leader in scenario.leaders else ():
        read = parse_path(path)
        found.append(Interest(read.name, read.index, indicator_title(scenario, read.name, read.index), weight))
    return tuple(sorted(found, key=lambda each: (-abs(each.weight), each.name, each.index)))


def indicator_title(scenario: Scenario, name: str, index: tuple[str, ...]) -> str:
    """The title of an indicator with the names of its governments: `Economy (South Korea)`."""
    spec = scenario.indicators.get(name)
    title = spec.title if spec else words(name).capitalize()
    names = [scenario.governments[each].name if each in scenario.governments else words(each) for each in index]
    return f"{title} ({' to '.join(names)})" if names else title
