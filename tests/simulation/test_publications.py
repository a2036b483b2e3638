"""How indicators become known: at once, published by a calendar, and estimated from routine reports."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wargame.errors import Invalid
from wargame.journal.records import Stamps
from wargame.journal.visibility import RecordViewer
from wargame.language.times import DAY
from wargame.scenario import model
from wargame.scenario.journal_context import public_facts
from wargame.scenario.loading.load import Loaded, load, load_files
from wargame.seat.brief import brief
from wargame.simulation.exercise import Exercise
from wargame.simulation.kernel.settings import Command, Settings
from wargame.world.layout import Slot

SCENARIO = Path(__file__).parents[1] / "data" / "figures.yaml"


@lru_cache(maxsize=1)
def scenario() -> Loaded:
    """A small scenario in which a government smuggles."""
    return load(str(SCENARIO))


def exercise() -> Exercise:
    """A run in which people hold both seats."""
    return Exercise(scenario(), 1, Settings(seats=(("AAA", "human"), ("BBB", "human"))))


def played(days: float, *, smuggled: int | None = None) -> Exercise:
    """A run of some days; the government AAA smuggles on the day `smuggled`."""
    run = exercise()
    if smuggled is not None:
        run.advance(smuggled * DAY)
        run.apply(Command(kind="order", data={"government": "AAA", "option": "smuggle", "target": None}))
    run.advance(round(days * DAY))
    return run


def values(run: Exercise, seat: str) -> dict[str, float]:
    """What a seat reads now, by path."""
    return {each.path: each.value for each in brief(run, seat).values}


def snapshots(run: Exercise, seat: str) -> list[dict[str, float]]:
    """The values of the monthly snapshots as this viewer is shown them."""
    viewer = RecordViewer(seat, public_facts(run.context.scenario))
    shown = [each for record in Stamps(run.calendar.iso).records(run.records()) for each in viewer.see(record)]
    return [record.data["values"] for record in shown if record.kind == "snapshot" and "values" in record.data]


def test_the_start_value_is_published_until_the_first_date() -> None:
    """Rounded to the step."""
    assert values(played(34.9), "BBB")["output[AAA]"] == 100.0


def test_a_covert_act_changes_nothing_that_another_reads_until_the_next_publication() -> None:
    """Neither a value nor a digit of one; the routine report is due on day 40."""
    assert values(played(39.9, smuggled=31), "BBB") == values(played(39.9), "BBB")


def test_a_publication_shows_the_rounded_value_of_its_date_after_the_delay() -> None:
    """100.4 rises by a fifth of the way to 200 on day 2: 120.32, measured on day 30 and published on day 35."""
    before, after = values(played(34.9, smuggled=2), "BBB"), values(played(35.1, smuggled=2), "BBB")
    assert (before["output[AAA]"], after["output[AAA]"]) == (100.0, 120.0)


@pytest.mark.parametrize(("value", "published"), [(1.0, 1.0), (0.1, 0.1), (0.5, 0.35)])
def test_a_published_value_stays_within_the_range(value: float, published: float) -> None:
    """Also if no multiple of the step is at the end of the range."""
    assert Slot("trade", (), 0.1, 1.0, step=0.35).published(value) == published


def test_a_value_published_is_that_of_the_measurement() -> None:
    """What changes between measurement and publication waits for the next date."""
    run = played(36, smuggled=32)
    assert values(run, "BBB")["output[AAA]"] == 100.0


def test_a_government_reads_its_own_published_indicator_as_it_is_published() -> None:
    """It is measured: what others do to its trade reaches it with the figures."""
    before, after = values(played(34.9, smuggled=2), "AAA"), values(played(35.1, smuggled=2), "AAA")
    assert (before["output[AAA]"], after["output[AAA]"]) == (100.0, 120.0)


@pytest.mark.parametrize(("path", "value"), [("smuggling[AAA]", 0.6), ("stocks[AAA]", 0.25)])
def test_a_government_reads_what_others_estimate_or_do_not_know_as_it_is(path: str, value: float) -> None:
    """At once and with all digits."""
    assert values(played(2.1, smuggled=2), "AAA")[path] == pytest.approx(value)


def following(known: str, baseline: str) -> Loaded:
    """The small scenario with an indicator of BBB that follows others within days."""
    base = scenario()
    worry = model.Indicator(
        title="Worry", scope="government", range=(0, 9), baseline={"default": 0.0, "BBB": baseline},
        half_life=DAY, known=known, publication=model.Publication() if known == "published" else None,
    )  # fmt: skip
    return replace(base, scenario=replace(base.scenario, indicators=base.scenario.indicators | {"worry": worry}))


def worries(loaded: Loaded, day: float, *, smuggled: int | None = 21) -> float:
    """The true worry of BBB on a day; AAA smuggles on the day `smuggled`."""
    run = Exercise(loaded, 1, Settings(seats=(("AAA", "human"), ("BBB", "human"))))
    if smuggled is not None:
        run.advance(smuggled * DAY)
        run.apply(Command(kind="order", data={"government": "AAA", "option": "smuggle", "target": None}))
    run.advance(round(day * DAY))
    return run.context.world.get("worry", "BBB")


@pytest.mark.parametrize("baseline", ["smuggling[AAA]", "pressure", "output[AAA] / 100", "max(pressure, stocks[BBB])"])
@pytest.mark.parametrize("known", ["own", "estimated"])
def test_a_judgement_follows_what_its_government_sees(known: str, baseline: str) -> None:
    """To the last bit, until the routine report of day 30: it knows its own, and so nothing that it does not see."""
    loaded = following(known, baseline)
    assert worries(loaded, 29.9) == worries(loaded, 29.9, smuggled=None)


@pytest.mark.parametrize("reads", ["rung[AAA, BBB]", "count(smuggle)"])
@pytest.mark.parametrize("known", ["known: own", "known: at_once"])
def test_no_baseline_but_a_published_one_tells_of_hidden_acts(known: str, reads: str) -> None:
    """The rung of a pair and a count change with an act that nobody detects."""
    worry = f'  worry: {{title: Worry, scope: government, half_life: 9d, {known}, baseline: "{reads} / 9"}}\noptions:\n'
    text = SCENARIO.read_text("utf-8").replace("options:\n", worry)
    with pytest.raises(Invalid, match=r"baseline of `worry` follows .*, by which a hidden act would show at once"):
        load_files({"s.yaml": text.encode()})
    load_files({"s.yaml": text.replace(f"9d, {known}", "9d, known: published").encode()})


def test_a_judgement_follows_reports() -> None:
    """The routine report of day 30 says that smuggling is at 0.6."""
    loaded = following("own", "smuggling[AAA]")
    assert [worries(loaded, day) for day in (29.9, 45)] == pytest.approx([0.2, 0.6], abs=1e-3)


def test_a_measured_value_follows_the_truth() -> None:
    """What is published is a fact, whether or not its government knows why."""
    assert worries(following("published", "smuggling[AAA]"), 29.9) == pytest.approx(0.6, abs=2e-3)


@pytest.mark.parametrize("known", ["own", "published"])
def test_a_derived_value_in_a_baseline_stays_within_its_range(known: str) -> None:
    """`pressure` goes to 2."""
    base = following(known, "3 * pressure")
    output = replace(base.scenario.indicators["output"], start=5000.0, range=(0, 9000))
    loaded = replace(base, scenario=replace(base.scenario, indicators=base.scenario.indicators | {"output": output}))
    assert worries(loaded, 20, smuggled=None) == pytest.approx(6.0, abs=1e-3)


def test_a_routine_report_moves_the_estimates_of_others() -> None:
    """Without an error its variance is 0 and the estimate is the true value, from the date on."""
    before, after = values(played(9.9, smuggled=2), "BBB"), values(played(10.1, smuggled=2), "BBB")
    assert [before["smuggling[AAA]"], after["smuggling[AAA]"]] == pytest.approx([0.2, 0.6])


@pytest.mark.parametrize("seat", ["AAA", "BBB"])
def test_a_derived_value_is_the_formula_over_what_the_seat_reads(seat: str) -> None:
    """Also between publications, when the two seats differ."""
    known = values(played(31.5, smuggled=31), seat)
    expected = known["tension"] + known["output[AAA]"] / 1000 + known["smuggling[AAA]"]
    assert known["pressure"] == pytest.approx(expected, abs=1e-12)


def test_what_cannot_be_computed_is_not_known() -> None:
    """A sum of what each government alone knows."""
    run = played(31.5)
    assert not any("secret" in values(run, seat) for seat in ("AAA", "BBB"))


@pytest.mark.parametrize("seat", ["BBB", "public"])
def test_a_snapshot_for_a_seat_shows_no_effect_of_a_covert_act(seat: str) -> None:
    """The snapshot of 1 February is of day 31, that of 1 March of day 59: the act of day 58 is not in it."""
    secret = snapshots(played(59.5, smuggled=58), seat)
    assert secret[-1] == snapshots(played(59.5), seat)[-1]


@pytest.mark.parametrize("seat", ["AAA", "BBB"])
def test_a_snapshot_for_a_seat_has_the_values_that_the_seat_reads(seat: str) -> None:
    """Rounded to four digits, at the second of the snapshot; an estimate is marked as one."""
    run = exercise()
    run.advance(2 * DAY)
    run.apply(Command(kind="order", data={"government": "AAA", "option": "smuggle", "target": None}))
    run.advance(59 * DAY)
    read = values(run, seat)
    run.advance(59 * DAY + 1)
    shown = snapshots(run, seat)[-1]
    assert {
        path.removeprefix(f"belief of {seat} in "): value for path, value in shown.items() if "trust" not in path
    } == {path: round(value, 4) for path, value in read.items() if "trust" not in path and "rung" not in path}


def test_the_public_is_shown_what_is_published_and_nothing_that_rests_on_estimates() -> None:
    """The screen in the room has no estimates, so that it cannot compute the pressure."""
    assert snapshots(played(59.5), "public")[-1] == {
        "tension": pytest.approx(0.3), "output[AAA]": 100.0, "output[BBB]": 100.0,
    }  # fmt: skip


def test_conditions_of_the_script_read_the_truth() -> None:
    """An outcome on a published indicator is met when it happens, not when it is published."""
    base = scenario()
    outcome = model.Outcome(title="Boom", when="output[AAA] > 110")
    changed = replace(base, scenario=replace(base.scenario, outcomes={"boom": outcome}))
    run = Exercise(changed, 1, Settings(seats=(("AAA", "human"), ("BBB", "human"))))
    run.advance(2 * DAY)
    run.apply(Command(kind="order", data={"government": "AAA", "option": "smuggle", "target": None}))
    run.advance(3 * DAY)
    assert run.outcomes["boom"] == 2 * DAY


@settings(max_examples=40, deadline=None)
@given(
    interval=st.integers(1, 40),
    delay=st.integers(0, 50),
    step=st.sampled_from([0.5, 1.0, 5.0, 7.0]),
    day=st.integers(1, 90),
)
def test_dates_lie_on_a_grid_that_no_act_moves(interval: int, delay: int, step: float, day: int) -> None:
    """What another reads on any day is the value of the last date of the grid at least `delay` days ago."""
    base = scenario()
    output: Any = base.scenario.indicators["output"]
    dates = replace(output.publication, interval=interval * DAY, delay=delay * DAY, step=step)
    indicators = base.scenario.indicators | {"output": replace(output, publication=dates)}
    run = Exercise(replace(base, scenario=replace(base.scenario, indicators=indicators)), 1, played(0).settings)
    acts = (3, 17, 44)
    for act in (each for each in acts if each < day):
        run.advance(act * DAY + 60)
        run.apply(Command(kind="order", data={"government": "AAA", "option": "smuggle", "target": None}))
    run.advance(day * DAY + 120)
    measured = (day - delay) // interval * interval
    value = 100.4
    for act in acts:
        value += 0.2 * (200 - value) if act < min(measured, day) else 0.0
    assert values(run, "BBB")["output[AAA]"] == pytest.approx(round(value / step) * step)
