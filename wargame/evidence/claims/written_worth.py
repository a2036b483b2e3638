"""Random worth of single options and agreements, where an author wrote one: the strictest null model of a claim.

Interests say what a government wants of the world. Beside them an author writes directly what single options are worth:
strategies favour options, options have a `value`, agreements have `benefits`, strategies have an appeal, demands put
something at stake, and governments have more or less at stake in a dossier. Numbers are permuted among the same kind.
A formula may read only what its government knows, so formulas are permuted among options of the same governments, and
among agreements for the same party. All except stakes in dossiers get random signs.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from wargame.scenario.building.numbers import ScenarioNumber
from wargame.scenario.model import Scenario
from wargame.statistics.draws import Draws

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
    """Other values for the numbers of worth at a point, by path."""
    values: dict[str, float] = {}
    for pattern in (*SIGNED, *UNSIGNED):
        paths = sorted(path for path in known if fnmatchcase(path, pattern))
        for path, source in zip(paths, _order(paths, point, draws), strict=True):
            value = drawn.get(source, known[source].value)
            values[path] = _sign(path, point, draws) * value if pattern in SIGNED else value
    return values


def written_formulas(scenario: Scenario, point: int, draws: Draws) -> Scenario:
    """Return the scenario with other formulas for the worth of options and agreements and the appeal of strategies."""
    options = _formulas(
        {
            name: (each.value, (*sorted(each.by), "target" in each.value))
            for name, each in scenario.options.items()
            if each.value is not None
        },
        point,
        draws,
    )
    appeals = _formulas(
        {name: (each.appeal, name) for name, each in scenario.strategies.items() if each.appeal is not None},
        point,
        draws,
    )
    worth = _formulas(
        {
            f"{name}.{party}": (text, party)
            for name, each in scenario.agreements.items()
            for party, text in each.benefits.items()
            if isinstance(text, str)
        },
        point,
        draws,
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
