"""Warnings: what is valid in a scenario and probably not meant."""

from __future__ import annotations

from itertools import product

import pytest

from wargame.language.expressions import parse
from wargame.scenario.checks.plausibility import span
from wargame.scenario.loading import catalogue
from wargame.scenario.loading.load import load, load_files

RIVALS = (catalogue.scenario_dir() / "two-rivals.yaml").read_text("utf-8").replace("injects: [two-rivals/msel]\n", "")
CALM = "when: tension < 0.15"
STRIKE = "goldstein: -10.0, severity: 28, rung: 7"


def warnings(written: str, instead: str) -> list[str]:
    """The warnings about two rivals with another text in one place."""
    assert RIVALS.count(written) == 1
    loaded = load_files({"scenario/s.yaml": RIVALS.replace(written, instead).encode()})
    return [f"{each.message} ({each.remedy})" for each in loaded.warnings]


@pytest.mark.parametrize(
    ("written", "instead", "warning"),
    [
        (CALM, "when: tension < -0.15", "a comparison in 'tension < -0.15' is never true (`tension` goes from 0 to 1)"),
        (CALM, "when: tension <= 1", "a comparison in 'tension <= 1' is always true (`tension` goes from 0 to 1)"),
        (CALM, "when: tension < 0.1 or tension > 15", "is never true (`tension` goes from 0 to 1)"),
        (CALM, 'when: "trust[ARD, BRL] < -1"', "is never true (`trust[ARD, BRL]` goes from -1 to 1)"),
        (CALM, 'when: "growth[ARD] + tension > 2"', "is never true (write another threshold)"),
        (CALM, "when: tension", "'tension' is true unless it is 0 (compare it, as in tension > 0.5)"),
        ("baseline: 0.5 - 0.3 * tension", "baseline: 0.5 if tension > 3 else 0.2", "is never true"),
        (
            "  economy: {title: Trade and growth}\n",
            "  economy: {title: Trade and growth}\n  press: {title: The press}\n",
            "no option belongs to this dossier: meetings on it decide nothing (add an option, or remove the dossier)",
        ),
        (STRIKE, "goldstein: -10.0", "'strike' is hostile (goldstein -10) and has no severity and no rung"),
        (STRIKE, "goldstein: -10.0, severity: 28", "'strike' is hostile (goldstein -10) and has no rung"),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_a_warning(written: str, instead: str, warning: str) -> None:
    """With what to change; the scenario can be run."""
    (only,) = warnings(written, instead)
    assert warning in only


@pytest.mark.parametrize(
    "condition", ["tension < 1", "tension > 0", "count(strike) > 100", "day > 400", "not tension > 0.3"]
)
def test_a_condition_that_can_change_has_no_warning(condition: str) -> None:
    """The ends of a range are reached, and counts have no bound."""
    assert warnings(CALM, f"when: {condition}") == []


@pytest.mark.parametrize("name", [entry.name for entry in (*catalogue.scenarios(), *catalogue.exercises())])
def test_the_built_in_scenarios_have_no_warning(name: str) -> None:
    """Their conditions can all become true and false."""
    assert load(name).warnings == ()


@pytest.mark.parametrize(
    "text",
    ["x + y", "x - y", "-x", "x * y", "min(x, y)", "max(x, 0.5)", "sigmoid(x)", "x if y > 0 else 3", "x < y", "x >= y",
     "x == y", "x != y", "-1 < x < 0.5", "x / y", "not x > y", "x > 0.2 and y > 0.2", "abs(x)", "x ** 2"],
)  # fmt: skip
def test_no_value_of_an_expression_is_outside_its_span(text: str) -> None:
    """On a grid of values of two indicators, evaluated by Python."""
    ranges = {"x": (-1.0, 1.0), "y": (0.25, 2.0)}
    low, high = span(parse(text).root, ranges)
    names = {"sigmoid": lambda x: 1 / (1 + 2.718281828459045**-x), "min": min, "max": max, "abs": abs}
    for x, y in product((-1.0, -0.3, 0.0, 0.5, 1.0), (0.25, 0.5, 2.0)):
        assert low <= eval(text, {}, {**names, "x": x, "y": y}) <= high  # noqa: S307 - the texts above


def test_a_condition_that_people_would_read_as_a_formula_needs_a_sentence() -> None:
    """With the place of the condition; a sentence for a part that no condition has is named, too."""
    written = "restraint: tension > 0.5"
    assert RIVALS.count(written) == 1
    formula = "tension + day > 0.5"
    sentence = f'conditions: {{"{formula}": "the strait is tense, or trade grows", tension > 2: it is loud}}\n'
    (warning,) = warnings(written, f"restraint: {formula}")
    assert warning == f"people whose order is refused would read '{formula}' (write a sentence for it in `conditions`)"
    loaded = load_files({"scenario/s.yaml": (RIVALS.replace(written, f"restraint: {formula}") + sentence).encode()})
    assert [f"{each.message} ({each.remedy})" for each in loaded.warnings if "always" not in each.message] == [
        "a comparison in 'tension > 2' is never true (`tension` goes from 0 to 1)",
        "no condition of an option has this part (write it as there)",
    ]


def test_a_condition_has_one_sentence() -> None:
    """However its formula is spaced."""
    sentences = "conditions: {tension > 0.5: the strait is tense, tension>0.5: ships lie close}\n"
    loaded = load_files({"scenario/s.yaml": (RIVALS + sentences).encode()})
    found = [f"{each.line}: {each.message} ({each.remedy})" for each in loaded.warnings]
    assert found == [f"{RIVALS.count(chr(10)) + 1}: 'tension > 0.5' is the same condition (leave one of the two out)"]
