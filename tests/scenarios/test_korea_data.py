"""The data of korea-2017: numbers equal their public tables, every claim is implemented, every element is used."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from wargame.language.expressions import parse, parse_path
from wargame.scenario.loading.load import Loaded, load
from wargame.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parents[1] / "data"
CLAIMS = ROOT / "docs" / "reference" / "korea-2017-claims.md"
SECTION_OF = {
    "strategy": "strategies",
    "option": "options",
    "leader": "leaders",
    "indicator": "indicators",
    "procedure": "procedures",
    "hazard": "hazards",
    "forum": "forums",
    "agreement": "agreements",
    "outcome": "outcomes",
    "dossier": "dossiers",
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The checked scenario with its injects."""
    return load("korea-2017")


@pytest.fixture(scope="module")
def scenario(loaded: Loaded) -> Scenario:
    """The scenario alone."""
    return loaded.scenario


def table(name: str) -> list[dict[str, str]]:
    """The rows of a public table; its source is in the comment at the top."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def claims() -> dict[str, list[str]]:
    """The elements that the page names for each claim."""
    rows = re.findall(r"^\| (C\d\d) \|(.*)$", CLAIMS.read_text(encoding="utf-8"), re.MULTILINE)
    return {claim: re.findall(r"`([a-z]+:[a-z_]+)`", row) for claim, row in rows}


def test_goldstein_weights_equal_the_table(scenario: Scenario) -> None:
    """Each option has the Goldstein weight of its CAMEO code."""
    weights = {row["code"]: float(row["goldstein"]) for row in table("korea_cameo.csv")}
    assert {n: o.goldstein for n, o in scenario.options.items()} == {
        n: weights[o.cameo] for n, o in scenario.options.items()
    }


def test_severities_equal_the_table(scenario: Scenario) -> None:
    """Each option has the severity of the category in its source."""
    severities = {row["category"]: float(row["severity"]) for row in table("korea_severity.csv")}
    for name, option in scenario.options.items():
        named = re.search(r"severity class (.*) \(Rivera", option.source)
        assert named, name
        assert option.severity == severities[named[1]], name


def test_only_violent_options_are_on_violent_rungs(scenario: Scenario) -> None:
    """Attacks and options that follow a collapse are at or above the violent rung, all others are below."""
    violent = {name for name, option in scenario.options.items() if option.rung >= scenario.rules.violent_rung}
    expected = {
        "limited_strike",
        "border_artillery_attack",
        "return_fire",
        "intervene_after_collapse",
        "secure_weapons_after_collapse",
    }
    assert violent == expected


def test_all_thirty_pairs_have_their_own_trust(scenario: Scenario) -> None:
    """Trust is given for each ordered pair of the six governments, without a default."""
    start = scenario.indicators["trust"].start
    assert isinstance(start, dict)
    pairs = {f"{a}, {b}" for a, b in permutations(("PRK", "CHN", "JPN", "RUS", "KOR", "USA"), 2)}
    assert set(start) == pairs


def test_every_claim_is_in_the_table() -> None:
    """The table names C01 to C24, each with the elements that implement it."""
    table_of_claims = claims()
    assert sorted(table_of_claims) == [f"C{i:02}" for i in range(1, 25)]
    assert all(table_of_claims.values())


@pytest.mark.parametrize("claim", [f"C{i:02}" for i in range(1, 25)])
def test_the_elements_of_each_claim_exist(scenario: Scenario, claim: str) -> None:
    """Every element in the table is in the scenario."""
    for element in claims()[claim]:
        kind, name = element.split(":")
        if kind == "rule":
            assert hasattr(scenario.rules, name), element
        else:
            assert name in getattr(scenario, SECTION_OF[kind]), element


def test_every_element_has_a_source(scenario: Scenario) -> None:
    """Each element has a source or the reason of a judgement."""
    for section in (*SECTION_OF.values(), "governments", "objectives"):
        for name, element in getattr(scenario, section).items():
            assert element.source, f"{section}.{name}"


def _effects(scenario: Scenario) -> Iterator[str]:
    for option in scenario.options.values():
        yield from (*option.effects, *option.failure, *option.comply, *option.retaliate, *option.reports)
    for forum in scenario.forums.values():
        yield from (*forum.convened, *forum.round, *forum.agreed, *forum.collapsed, *(forum.statement or ()))
    for agreement in scenario.agreements.values():
        yield from (*agreement.in_force, *agreement.verified, *agreement.broken)
    for hazard in scenario.hazards.values():
        yield from hazard.effects


def _formulas(scenario: Scenario) -> Iterator[object]:
    for option in scenario.options.values():
        yield from (option.requires, option.restraint, option.occasion, option.value, option.chance)
        yield from (e.by if e.by is not None else e.to for e in option.effects.values())
    for indicator in scenario.indicators.values():
        for part in (indicator.formula, indicator.baseline):
            yield from part.values() if isinstance(part, dict) else (part,)
    for forum in scenario.forums.values():
        yield from (forum.needs, forum.offers, forum.strength)
    for agreement in scenario.agreements.values():
        yield from agreement.benefits.values()
    for strategy in scenario.strategies.values():
        yield from (stage.until for stage in strategy.stages)
    for hazard in scenario.hazards.values():
        yield hazard.rate
    for outcome in scenario.outcomes.values():
        yield outcome.when
    for procedure in scenario.procedures.values():
        yield procedure.when


def read_names(scenario: Scenario) -> set[str]:
    """Indicators that a formula, an interest or a rule reads."""
    names = {read.name for text in _formulas(scenario) if isinstance(text, str) for read in parse(text).reads}
    names |= {parse_path(path).name for leader in scenario.leaders.values() for path in leader.interests}
    return names | {scenario.rules.audience or ""}


SHOWN_ONLY = {"trilateral_coordination"}
"""Measured by a proposition (P12) and not read by any government: none knows all the trust that it is computed from."""


def test_each_indicator_is_read(scenario: Scenario) -> None:
    """Each indicator is used by a formula, an interest, a rule of the engine or the measure of a proposition."""
    served = read_names(scenario) | {"trust", "credibility"} | SHOWN_ONLY
    assert set(scenario.indicators) - served == set()


STILL = {"goods_trade", "regime_collapse", "chaos"}
"""Moved by nothing on purpose (goods, which the retaliation leaves alone) or by the collapse alone."""


def test_each_indicator_is_moved(scenario: Scenario) -> None:
    """Each base indicator is changed by some action, forum, agreement or hazard."""
    moved = {parse_path(path).name for path in _effects(scenario)}
    base = {name for name, indicator in scenario.indicators.items() if indicator.formula is None}
    assert base - moved - STILL - {"credibility"} == set()


def test_retaliation_affects_services_and_not_goods(scenario: Scenario) -> None:
    """At full retaliation arrivals are 0.42 of the year before (Korea Tourism Organization), goods unchanged."""
    effects = scenario.options["informal_economic_retaliation"].effects
    assert effects["group_tourism"].to == 0
    assert not any(path.startswith("goods") for path in effects)
    assert "0.42" in str(scenario.indicators["arrivals"].formula)


def test_loads_are_moderate_and_reactions_subcritical(loaded: Loaded) -> None:
    """Every leadership is busy for 0.2 to 0.65 of its time, and the radius is below 1."""
    assert all(0.2 <= load <= 0.65 for load in loaded.sanity.load.values()), loaded.sanity.load
    assert loaded.sanity.radius < 0.8


def test_six_governments_have_three_to_seven_dossiers(scenario: Scenario) -> None:
    """Each of the six governments of the crisis has a desk of its own."""
    assert set(scenario.governments) == {"PRK", "CHN", "JPN", "RUS", "KOR", "USA"}
    assert all(3 <= len(government.dossiers) <= 7 for government in scenario.governments.values())


def test_treatments_of_the_article_are_strategies(scenario: Scenario) -> None:
    """The scenario has the strategies that the propositions compare."""
    strategies = {"china_only", "max_pressure", "five_party", "engagement", "freeze_first", "denuclearise_first"}
    assert strategies <= set(scenario.strategies)
