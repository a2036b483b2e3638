"""What `validate` checks beyond syntax: busy leaderships, endless reactions, and options without use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wargame.scenario.loading.load import Loaded, load, load_files

DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = (DATA / "small.yaml").read_text("utf-8")

RIVALS = """
format: wargame-scenario/1
name: duel
title: A duel
calendar: {start: 2030-01-01, end: 2031-01-01}
dossiers: {field: {title: The field}}
governments:
  AAA: {name: A, leader: a, dossiers: {field: {}}}
  BBB: {name: B, leader: b, dossiers: {field: {}}}
leaders:
  a: {government: AAA, title: A's, interests: {}}
  b: {government: BBB, title: B's, interests: {}}
options:
  hit:
    {title: hits, dossier: field, by: [AAA, BBB], to: [AAA, BBB], cameo: "190", goldstein: -9.0, responses: ANSWERS}
"""


def duel(comply: float, ignore: float, retaliate: float, more: str = "") -> Loaded:
    """Two governments that can only strike each other."""
    answers = f"{{comply: {comply}, ignore: {ignore}, retaliate: {retaliate}}}"
    return load_files({"d.yaml": (RIVALS.replace("ANSWERS", answers) + more).encode()})


@pytest.mark.slow
@given(st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.01, 1))
def test_the_radius_of_a_duel_is_the_probability_of_retaliation(comply: float, ignore: float, retaliate: float) -> None:
    """With one hostile option each, an action causes as many responses as the prior of retaliation."""
    expected = retaliate / (comply + ignore + retaliate)
    assert duel(comply, ignore, retaliate).sanity.radius == pytest.approx(expected, abs=1e-4)


def test_an_endless_duel_is_refused_with_the_place_of_its_responses() -> None:
    """At a radius of 1 or more the error names the worst option."""
    refusal = duel(0, 0, 1).sanity.refusal
    assert refusal is not None
    assert "reactions never end" in str(refusal)
    assert refusal.line == RIVALS[: RIVALS.index("responses")].count("\n") + 1
    assert duel(0, 0.1, 0.9).sanity.refusal is None


def test_standing_procedures_add_to_the_responses() -> None:
    """A government that also strikes back without a meeting responds twice as often."""
    both = "\n".join(
        f"  {name}: {{title: T, government: {who}, on: {{options: [hit], by: [{by}]}},"
        " does: hit, to: actor, chance: 0.3}"
        for name, who, by in (("p", "AAA", "BBB"), ("q", "BBB", "AAA"))
    )
    assert duel(0, 0.8, 0.2, f"procedures:\n{both}\n").sanity.radius == pytest.approx(0.5, abs=1e-4)


def test_violence_is_not_a_response_to_an_action_below_the_violent_rung() -> None:
    """A hostile option on a violent rung does not count as a response to an action below."""
    violent = RIVALS.replace("ANSWERS", "{comply: 0, ignore: 0, retaliate: 1}, rung: 1") + (
        '  war: {title: makes war, dossier: field, by: [AAA, BBB], to: [AAA, BBB], cameo: "195", goldstein: -10.0,\n'
        "    rung: 8, responses: {comply: 0, ignore: 1, retaliate: 0}}\n"
    )
    assert load_files({"d.yaml": violent.encode()}).sanity.radius == pytest.approx(1.0, abs=1e-4)


def test_a_busy_leadership_causes_a_warning() -> None:
    """Above 80 % of the time in routine meetings the warning gives the load."""
    busy = SMALL.replace("border: {priority: 0.6}", "border: {every: 1d, work: 20h}")
    loaded = load_files({"s.yaml": busy.encode()})
    assert loaded.sanity.load["BBB"] == pytest.approx(20 / 24)
    warnings = [str(warning) for warning in loaded.warnings]
    assert [each for each in warnings if "routine meetings" in each] == [
        (
            "s.yaml:12:37: routine meetings take 83 % of the leadership's time in BBB "
            "(less work, or more time between meetings)"
        )
    ]


def test_an_option_on_no_menu_causes_a_warning() -> None:
    """No government that could take it has its dossier, and no procedure, inject or row of history uses it."""
    idle = SMALL.replace("{title: The border}", "{title: The border}\n  other: {title: Another}")
    idle = idle.replace("title: gives aid, dossier: border", "title: gives aid, dossier: other")
    idle = idle.replace("title: tests a missile, dossier: border", "title: tests a missile, dossier: other")
    loaded = load_files({"s.yaml": idle.encode()})
    assert loaded.sanity.idle == ("aid",)
    assert any("'aid' can never be chosen" in str(warning) for warning in loaded.warnings)


def test_the_built_in_scenarios_settle() -> None:
    """Their radius is well below 1, and no leadership is overworked."""
    for name in ("two-rivals", "korea-2017"):
        sanity = load(name).sanity
        assert 0 < sanity.radius < 0.9
        assert max(sanity.load.values()) <= 0.8
        assert not sanity.idle
