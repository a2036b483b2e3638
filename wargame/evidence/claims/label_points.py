"""The points of a label experiment, and the numbers of the scenario at each point.

Points are drawn from the plausible ranges of the scenario's numbers (`evidence.uncertainty`, a Latin hypercube):

- *ranges*: the numbers are drawn, governments decide as usual;
- *random policy*: in addition, the rationality of every leader is 0, so that all options are chosen equally often;
- *random preferences*: in addition, the interests, leanings and regards of every leader are permuted among the same
  subjects, with random signs: governments pursue goals with full skill, but arbitrary ones;
- *nothing written*: in addition, what the author wrote about the worth of single options is random, too: what
  strategies favour, what options and agreements are worth, the appeal of strategies, what demands put at stake, and how
  much a government has at stake in a dossier (`written_worth`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from wargame.evidence.claims.written_worth import written_formulas, written_numbers
from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.statistics.designs import latin_hypercube
from wargame.statistics.draws import Draws

RANGES, RANDOM_POLICY, RANDOM_PREFERENCES = "ranges", "random_policy", "random_preferences"
NOTHING_WRITTEN = "nothing_written"
RANDOM = (RANDOM_POLICY, RANDOM_PREFERENCES, NOTHING_WRITTEN)
KINDS = (RANGES, *RANDOM)


@dataclass(frozen=True, slots=True)
class LabelPoints:
    """The points of an experiment: `draws` of the kind `ranges`, and half as many of each random kind."""

    draws: int
    each: int
    """Runs of each arm at a point."""
    seed: int

    @property
    def count(self) -> int:
        """Number of all points."""
        return self.draws + len(RANDOM) * ((self.draws + 1) // 2)

    def kind(self, point: int) -> str:
        """Return the kind of a point; the random kinds alternate."""
        return RANGES if point < self.draws else RANDOM[(point - self.draws) % len(RANDOM)]

    def of(self, kind: str) -> list[int]:
        """Return the points of a kind."""
        return [point for point in range(self.count) if self.kind(point) == kind]


@dataclass
class PointNumbers:
    """The numbers of a scenario at each point."""

    loaded: Loaded
    points: LabelPoints
    known: dict[str, ScenarioNumber] = field(init=False)
    """All numbers of the scenario by path."""
    _shares: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = numbers(self.loaded.scenario, self.loaded.injects)
        self._spreads = plausible(self.loaded.scenario.evidence.uncertainty, self.known)
        self._draws = Draws(self.points.seed)

    def at(self, point: int) -> dict[str, float]:
        """Return the numbers at a point that differ from the scenario, by path."""
        row = point % self.points.draws
        values = {
            path: at(self.known[path], spread, self._share(name, row)) for path, (name, spread) in self._spreads.items()
        }
        kind = self.points.kind(point)
        if kind == RANDOM_POLICY:
            values |= {f"leaders.{leader}.rationality": 0.0 for leader in self.loaded.scenario.leaders}
        elif kind in (RANDOM_PREFERENCES, NOTHING_WRITTEN):
            values |= self._permuted(point, values)
        if kind == NOTHING_WRITTEN:
            values |= written_numbers(self.known, values, point, self._draws)
        return {path: value for path, value in values.items() if value != self.known[path].value}

    def rewritten(self, loaded: Loaded, point: int) -> Loaded:
        """Return the scenario with random formulas of worth, at points where nothing written counts; else itself."""
        if self.points.kind(point) != NOTHING_WRITTEN:
            return loaded
        return replace(loaded, scenario=written_formulas(loaded.scenario, point, self._draws))

    def _share(self, name: str, row: int) -> float:
        """Return the position of a number in its range, from 0 to 1."""
        if name not in self._shares:
            self._shares |= latin_hypercube([name], self.points.draws, self._draws, "labels")
        return self._shares[name][row]

    def _permuted(self, point: int, drawn: dict[str, float]) -> dict[str, float]:
        """Return the weights of each leader, permuted among the same subjects and with random signs."""
        weights: dict[str, float] = {}
        for leader, profile in sorted(self.loaded.scenario.leaders.items()):
            for part in ("interests", "leanings", "regard"):
                paths = [f"leaders.{leader}.{part}.{key}" for key in sorted(getattr(profile, part))]
                # "whims" is a key of random draws; such keys never change, so that results stay the same.
                order = sorted(paths, key=lambda path: self._draws.key("whims", path, point))
                for path, source in zip(paths, order, strict=True):
                    weight = drawn.get(source, self.known[source].value)
                    weights[path] = weight if self._draws.uniform("sign", path, point) < 0.5 else -weight
        return weights
