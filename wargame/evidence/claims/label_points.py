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

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial

from wargame.scenario.building.numbers import ScenarioNumber, at, numbers, plausible
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Scenario
from wargame.statistics.draws import Draws, latin_hypercube

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


SIGNED = (
    "strategies.*.stages.*.favours.*",
    "strategies.*.stages.*.interests.*",
    "strategies.*.stages.*.demands.*.stakes.*.by",
    "agreements.*.benefits.*",
)
UNSIGNED = ("governments.*.dossiers.*.stake",)
"""Numbers of worth by the patterns of their paths."""


def written_numbers(
    known: Mapping[str, ScenarioNumber], drawn: Mapping[str, float], point: int, draws: Draws
) -> dict[str, float]:
    """Other values for the numbers of worth at a point, by path: permuted among the same kind."""
    values: dict[str, float] = {}
    for pattern in (*SIGNED, *UNSIGNED):
        paths = sorted(path for path in known if fnmatchcase(path, pattern))
        for path, source in zip(paths, _order(paths, point, draws), strict=True):
            value = drawn.get(source, known[source].value)
            values[path] = _sign(path, point, draws) * value if pattern in SIGNED else value
    return values


def written_formulas(scenario: Scenario, point: int, draws: Draws) -> Scenario:
    """Return the scenario with other formulas for the worth of options and agreements and the appeal of strategies.

    A formula may read only what its government knows, so formulas are permuted among options of the same governments,
    and among agreements for the same party. All except stakes in dossiers get random signs.
    """
    formulas = partial(_formulas, point=point, draws=draws)
    options = formulas(
        {
            name: (each.value, (*sorted(each.by), "target" in each.value))
            for name, each in scenario.options.items()
            if each.value is not None
        }
    )
    appeals = formulas({k: (each.appeal, k) for k, each in scenario.strategies.items() if each.appeal is not None})
    worth = formulas(
        {
            f"{name}.{party}": (text, party)
            for name, each in scenario.agreements.items()
            for party, text in each.benefits.items()
            if isinstance(text, str)
        }
    )
    return replace(
        scenario,
        options={k: replace(each, value=options.get(k, each.value)) for k, each in scenario.options.items()},
        strategies={k: replace(each, appeal=appeals.get(k, each.appeal)) for k, each in scenario.strategies.items()},
        agreements={
            k: replace(each, benefits={party: worth.get(f"{k}.{party}", text) for party, text in each.benefits.items()})
            for k, each in scenario.agreements.items()
        },
    )


def _formulas(written: Mapping[str, tuple[str, Hashable]], point: int, draws: Draws) -> dict[str, str]:
    """Formulas by name, each with its group: permuted within groups, with random signs."""
    found: dict[str, str] = {}
    for group in dict.fromkeys(group for _, group in written.values()):
        names = sorted(name for name, (_, its) in written.items() if its == group)
        for name, source in zip(names, _order(names, point, draws), strict=True):
            text = written[source][0]
            found[name] = text if _sign(name, point, draws) > 0 else f"-({text})"
    return found


def _order(names: Sequence[str], point: int, draws: Draws) -> list[str]:
    return sorted(names, key=lambda name: draws.key("worth", name, point))


def _sign(name: str, point: int, draws: Draws) -> float:
    return 1.0 if draws.uniform("sign of worth", name, point) < 0.5 else -1.0
