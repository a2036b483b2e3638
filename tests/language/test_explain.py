"""Conditions explained from their syntax tree: what fails, with its present value."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wargame.language.explain import Perspective, asked, text, unmet
from wargame.language.expressions import parse
from wargame.language.tree import Apply, Compare, Conditional, Constant, EventCall, Logic, Node, Read

TITLES = {"war": "War in the strait", "five": "Talks of five", "talk": "offers talks"}
NUMBERS = {"tension": 20.0, "trust[ARD, BRL]": -0.4, "days_since(talk)": 12.0, "days_since(war)": 1e6}


def value(node: Node) -> float:
    """The value of a node in a small world in which everything else is 0."""
    written = text(node)
    for name, number in NUMBERS.items():
        written = written.replace(name, str(number))
    for name in ("convened[five]", "count(war)", "stock", 'yearly("03-01", "04-30")'):
        written = written.replace(name, "0.0")
    return float(eval(compile(ast.parse(written, mode="eval"), "", "eval"), {}))  # noqa: S307 (the test's own text)


def explained(condition: str, **more: bool) -> str:
    """The explanation of a condition that is false in this world."""
    root = parse(condition).root
    assert not value(root)
    return unmet(root, Perspective(value, lambda name: TITLES.get(name, ""), **more))  # type: ignore[arg-type] # one flag


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("tension > 40", "tension > 40 (now 20.00)"),
        ("trust[ARD, BRL] > 0 and tension > 10", "trust[ARD, BRL] > 0 (now −0.40)"),
        ("tension > 40 or stock > 1", "tension > 40 (now 20.00), or stock > 1 (now 0.00)"),
        ("(tension > 40 or stock > 1) and tension > 30",
         "(tension > 40 (now 20.00), or stock > 1 (now 0.00)) and tension > 30 (now 20.00)"),
        ("tension + stock > 30", "tension + stock > 30 (now 20.00: tension 20.00, stock 0.00)"),
        ("count(war) > 0", "that 'War in the strait' has happened"),
        ("count(war) > 3", "count(war) > 3"),
        ("convened[five] > 0", "that 'Talks of five' is in session"),
        ("days_since(talk) > 30", "30 days since 'offers talks' (12 days ago)"),
        ("days_since(war) < 30", "within 30 days of 'War in the strait' (never yet)"),
        ('yearly("03-01", "04-30")', "a date from 03-01 to 04-30"),
        ("not tension > 10", "not tension > 10 (now tension 20.00)"),
    ],
)  # fmt: skip
def test_failing_parts_are_named_with_their_present_values(condition: str, words: str) -> None:
    """Of parts joined by `and` only the failing ones are named; events and states are in words."""
    assert explained(condition) == words


def test_without_values_only_the_requirement_is_left() -> None:
    """Without values the explanation is the same for several targets."""
    assert explained("tension > 40 and days_since(talk) > 30", with_values=False) == (
        "tension > 40 and 30 days since 'offers talks'"
    )


def test_an_event_can_be_required_or_excluded() -> None:
    """The words follow the direction of the comparison."""
    view = Perspective(lambda _: 0.0, lambda name: TITLES.get(name, ""))
    assert unmet(parse("count(war) < 1").root, view) == "that 'War in the strait' has not happened"
    assert unmet(parse("convened[five] < 1").root, view) == "that 'Talks of five' is not in session"


NAMES = st.sampled_from(["tension", "stock", "x"])
LEAVES = st.one_of(
    st.integers(-50, 50).map(lambda n: Constant(n / 4)),
    NAMES.map(Read),
    st.builds(Read, NAMES, st.sampled_from([("ARD",), ("ARD", "BRL"), ("five-party",)])),
    st.sampled_from([EventCall("count", ("war",)), EventCall("day"), EventCall("yearly", ("03-01", "04-30"))]),
)


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Apply, st.sampled_from(["+", "-", "*", "/", "**", "min"]), pairs),
        st.builds(Compare, st.just(("<",)), pairs),
        st.builds(Compare, st.just((">", "<=")), st.tuples(inner, inner, inner)),
        st.builds(Logic, st.sampled_from(["and", "or"]), pairs),
        st.builds(Logic, st.just("not"), st.tuples(inner)),
        st.builds(Conditional, inner, inner, inner),
    )


@given(st.recursive(LEAVES, _nodes, max_leaves=12))
def test_a_tree_as_text_parses_to_an_equal_tree(node: Node) -> None:
    """Brackets are placed where they are needed."""
    once = parse(text(node)).root
    assert text(once) == text(node)
    assert parse(text(once)).root == once


def test_a_limit_can_be_read_by_the_title_of_its_indicator() -> None:
    """For people who do not know the ids; a sum is written with titles."""
    node = parse("heat[a, target] > 0.25 and cold < -2 and wet <= 3 and wind >= 2 and heat[a, b] + cold > 9").root
    titles = Perspective(
        value=lambda _: 0.0,
        title=lambda _: "",
        names={"target": "b"},
        with_values=False,
        indicator=lambda read: f"{read.name.title()} of {' and '.join(read.index)}".removesuffix(" of "),
    )
    assert unmet(node, titles) == (
        "'Heat of a and b' above 0.25 and 'Cold' below −2 and 'Wet' of at most 3 and 'Wind' of at least 2 "
        "and 'Heat of a and b' + 'Cold' > 9"
    )


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("max(heat, cold) > 3", "'Heat' above 3 (now 0.00), or 'Cold' above 3 (now 0.00)"),
        ("min(heat, cold) > 3", "'Heat' above 3 (now 0.00) and 'Cold' above 3 (now 0.00)"),
        ("convened[five] + count(war) > 0",
         "that 'Talks of five' is in session, or that 'War in the strait' has happened"),
        ("min(days_since(war), days_since(talk)) < 3",
         "within 3 days of 'War in the strait' or 'offers talks' (the last 1 day ago)"),
        ("min(days_since(war), days_since(talk)) > 3",
         "3 days since 'War in the strait' and 'offers talks' (the last 1 day ago)"),
        ("days_since(war) < days_since(talk)", "that 'War in the strait' has happened after 'offers talks'"),
        ("heat > 2 + 3 * cold", "'Heat' above 7 (now 0.00)"),
        ("heat > 1 and cold > 1", "'Heat' above 1 (now 0.00) and that it is cold"),
    ],
)  # fmt: skip
def test_people_read_no_formula(condition: str, words: str) -> None:
    """Least and greatest of several, sums of states and times since events are taken apart; sentences say the rest."""
    given = {"2 + 3 * cold": 7.0, "min(days_since(war), days_since(talk))": 1.0}
    view = Perspective(
        value=lambda node: given.get(text(node), 0.0),
        title=lambda name: TITLES.get(name, ""),
        indicator=lambda read: read.name.title(),
        said={"cold > 1": "it is cold"},
    )
    root = parse(condition).root
    assert unmet(root, view) == words
    assert all(plain for _, plain in asked(root, view)) is (condition != "heat > 2 + 3 * cold")
