"""Perception: hidden values, estimates, trust, and learned responses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded, run
from wargame.decision.responses import ResponseBook, channels, rates_of
from wargame.journal.records import RawRecord
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.loading.load import Loaded
from wargame.scenario.model import Rules
from wargame.simulation.exercise import Exercise
from wargame.world.state import World, estimate, report


def with_fleet(strength: float, *, reported: bool) -> Loaded:
    """Two rivals; ARD has a fleet whose strength matters to BRL but is hidden from it: its estimate is 0.5."""
    base = loaded()
    fleet = model.Indicator(
        title="Fleet", scope="government", start={"ARD": strength, "BRL": 0.5}, known="estimated", bias=0.5 - strength
    )
    premier = base.scenario.leaders["brel_premier"]
    options = dict(base.scenario.options)
    options["sabotage"] = replace(
        options["protest"], by=("BRL",), effects={"fleet[ARD]": model.Effect(by=-0.4)}, cost=0.0, title="sabotages"
    )
    if reported:
        options["patrol"] = replace(options["patrol"], reports={"fleet[actor]": 0.001})
    return changed(
        base,
        indicators={**base.scenario.indicators, "fleet": fleet},
        options=options,
        leaders={
            **base.scenario.leaders,
            "brel_premier": replace(premier, interests={**premier.interests, "fleet[ARD]": -3.0}),
        },
    )


def decisions(exercise: Exercise, before: int) -> list[RawRecord]:
    """The decisions of BRL before a moment."""
    return [r for r in exercise.records() if r[2] == "decision" and r[3] == "BRL" and r[1] < before]


def perceive(world: World, rules: Rules, weight: float, k: float = 1.0) -> tuple[float, float, float]:
    """ARD perceives an action of BRL; returns the surprise, and trust before and after."""
    return world.curves.perceive(world.layout.regard_slots["ARD", "BRL"], weight, k, rates_of(rules))


@pytest.mark.parametrize("seed", range(4))
def test_a_hidden_value_changes_no_decision(seed: int) -> None:
    """Two worlds differ only in a hidden value: BRL decides alike, with the same scores."""
    weak, strong = (run(with_fleet(x, reported=False), seed) for x in (0.1, 0.9))
    assert decisions(weak, weak.end) == decisions(strong, strong.end)
    assert weak.context.world.get("fleet", "ARD") < strong.context.world.get("fleet", "ARD")


def test_a_report_on_a_hidden_value_changes_decisions() -> None:
    """Decisions are equal until the first report arrives, and differ after it."""
    weak, strong = (run(with_fleet(x, reported=True), 1) for x in (0.1, 0.9))
    reported_at = next(r[1] for r in weak.records() if r[2] == "signal" and r[3] == "BRL" and r[4] == "patrol")
    assert decisions(weak, reported_at) == decisions(strong, reported_at)
    assert decisions(weak, weak.end) != decisions(strong, strong.end)


def test_reports_narrow_an_estimate() -> None:
    """A good report narrows an estimate; without more reports it becomes uncertain again."""
    exercise = Exercise(with_fleet(0.9, reported=False), 1)
    world, slot = exercise.context.world, exercise.context.world.slot("fleet", ("ARD",))
    report(world, "BRL", slot, 0.9, 0.002)
    mean, variance = estimate(world, "BRL", slot)
    assert 0.8 < mean <= 0.9
    assert variance < 0.005
    exercise.advance(350 * DAY)
    assert estimate(world, "BRL", slot)[1] > 2 * variance


@given(
    st.lists(st.tuples(st.floats(-10, 10), st.floats(-1, 1)), min_size=1, max_size=60),
    st.floats(-1, 1),
)
def test_trust_stays_in_its_range_and_does_not_drift(actions: list[tuple[float, float]], start: float) -> None:
    """Trust stays in [−1, 1]; after mild actions only, it is not at an end of the range."""
    exercise = Exercise(loaded(), 1)
    world, rules = exercise.context.world, exercise.context.rules
    world.put(world.slot("trust", ("ARD", "BRL")), start)
    for weight, k in actions:
        perceive(world, rules, weight, k)
    assert -1.0 <= world.get("trust", "ARD", "BRL") <= 1.0


def test_repeated_actions_move_trust_to_a_fixed_point() -> None:
    """A thousand actions of weight w drive trust to w/10/(1 − β), not to an end of the range."""
    exercise = Exercise(loaded(), 1)
    world, rules = exercise.context.world, exercise.context.rules
    for _ in range(1000):
        perceive(world, rules, -3.0)
    assert world.get("trust", "ARD", "BRL") == pytest.approx(-0.3 / (1 - rules.attribution), abs=0.01)


def test_distrust_lowers_the_assessment_of_an_action() -> None:
    """The same kind action raises trust less where there is distrust: attribution."""
    gains = []
    for start in (-0.6, 0.0):
        exercise = Exercise(loaded(), 1)
        world = exercise.context.world
        world.put(world.slot("trust", ("ARD", "BRL")), start)
        _, before, after = perceive(world, exercise.context.rules, 2.0)
        reading = (after - before) / (exercise.context.rules.trust_rate * 0.2) + start
        gains.append(reading)
    assert gains[0] < gains[1]


def test_an_action_against_a_friend_lowers_trust_and_one_against_a_rival_raises_it() -> None:
    """k is c·T towards the target: its sign is that of the trust in the target."""
    exercise = Exercise(loaded("korea-2017"), 1)
    world, scenario = exercise.context.world, exercise.context.scenario
    name, option = next((name, each) for name, each in scenario.options.items() if "CHN" in each.by)
    route = next(each for each in channels(world.layout, "CHN", name, option) if each.listener.receiver == "USA")

    def k(target: str | None) -> float:
        return float(route.meaning(world.curves, -1 if target is None else world.layout.governments.index(target)))

    assert k("KOR") > 0 > k("PRK")
    assert k("KOR") == scenario.rules.triangle * world.get("trust", "USA", "KOR")
    assert k("USA") == 1.0
    assert k(None) == scenario.governments["USA"].dossiers[option.dossier].stake


def test_a_repeated_action_causes_less_and_less_surprise() -> None:
    """Surprise fades as the flow of actions becomes the expectation."""
    exercise = Exercise(loaded(), 1)
    world, rules = exercise.context.world, exercise.context.rules
    surprises = [abs(perceive(world, rules, -6.0)[0]) for _ in range(20)]
    assert surprises == sorted(surprises, reverse=True)
    assert surprises[-1] < 0.1


# --- answers -----------------------------------------------------------------------------------


def test_actions_that_would_have_happened_anyway_are_not_responses() -> None:
    """A government that strikes every ten days in any case does not teach others about their own actions."""
    book = ResponseBook(model.Rules(), ("X",))
    for day in range(0, 2000, 10):
        if day % 100 == 0:
            book.did("X", -5.0, day * DAY)
        book.perceived("X", -5.0, (day + 5) * DAY)
    none, kind, hostile = map(book.learned.column, range(3))
    assert hostile == pytest.approx([0.0, 0.0, 0.0], abs=0.15)
    assert none == (0.0, 0.0, 0.0)
    assert sum(kind) == pytest.approx(0.0, abs=1e-12)


def test_retaliation_is_learned() -> None:
    """If a quiet government responds to each strike with one, retaliation after strikes becomes expected."""
    book = ResponseBook(model.Rules(), ("X",))
    for day in range(0, 3000, 100):
        book.did("X", -5.0, day * DAY)
        book.perceived("X", -5.0, (day + 3) * DAY)
    hostile = book.learned.column(2)
    assert hostile[2] > 0.4
    assert hostile[1] < -0.3


def test_answers_to_proposals_in_a_forum_are_learned_by_member() -> None:
    """One of two invited members accepts and one does not; after a half-life the answers count half."""
    rules = model.Rules()
    book = ResponseBook(rules, ("X", "Y"), 1, {"table": (5, 0.36)})  # 1 - 0.8^2
    pseudo = rules.response_prior / 2
    for day, (accepted, refused) in enumerate([(1.0, 1.0), (1.5, 1.5)]):
        book.answered("table", ["X", "Y"], {"X": True, "Y": False}, day * rules.response_half_life)
        x, y = (0.2 * pseudo + accepted) / (pseudo + accepted), 0.2 * pseudo / (pseudo + refused)
        gained = 1 - (1 - x) * (1 - y) - 0.36
        assert book.learned.column(5) == pytest.approx((gained, -gained, 0.0))
    assert all(book.learned.column(column) == (0.0, 0.0, 0.0) for column in range(5))


def test_without_pseudo_counts_the_prior_holds_until_somebody_answers() -> None:
    """Of two invited members one has always accepted, and the other has never answered."""
    book = ResponseBook(model.Rules(response_prior=0.0), ("X", "Y"), 1, {"table": (5, 0.36)})
    book.answered("table", ["X", "Y"], {}, 0)
    assert book.learned.column(5) == pytest.approx((0.0, 0.0, 0.0))
    book.answered("table", ["X", "Y"], {"X": True}, 0)
    assert book.learned.column(5) == pytest.approx((0.64, -0.64, 0.0))


def test_who_cannot_propose_learns_nothing_about_a_forum() -> None:
    """Such a government has no column for it."""
    book = ResponseBook(model.Rules(), ("X",), 1)
    book.answered("table", ["X"], {"X": False}, 0)
    assert book.learned.column(3) == (0.0, 0.0, 0.0)
