"""The world: decay, couplings, crossings, calendar and draws."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.engine import changed, loaded
from wargame.language.times import DAY, parse_time
from wargame.numbers.curves import Instant
from wargame.numbers.draws import gumbel, normal_quantile
from wargame.scenario import model
from wargame.simulation.exercise import Exercise
from wargame.statistics.draws import Draws
from wargame.world.calendar import RunCalendar
from wargame.world.layout import Layout
from wargame.world.state import World, condition_of, next_crossing, report


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.instant = Instant()

    @property
    def now(self) -> int:
        """The present second."""
        return self.instant.now

    @now.setter
    def now(self, second: int) -> None:
        self.instant.now = second


def world_at(clock: Clock) -> World:
    """The world of two rivals at this clock."""
    return World(Layout(loaded().scenario), clock)


@given(st.floats(0, 1), st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_decay_does_not_depend_on_how_often_it_is_read(start: float, first: int, second: int) -> None:
    """Half of the distance to the baseline is left after a half-life, in one step or in two."""
    clock = Clock()
    world = world_at(clock)
    slot = world.slot("tension")
    world.put(slot, start)
    clock.now = first
    world.put(slot, world.value(slot))
    clock.now = first + second
    expected = 0.1 + (start - 0.1) * 0.5 ** ((first + second) / (45 * DAY))
    assert world.value(slot) == pytest.approx(expected, abs=1e-9)


def test_the_array_equals_the_single_values() -> None:
    """`levels` has the same number as `value` for every slot."""
    clock = Clock()
    world = world_at(clock)
    clock.now = 100 * DAY
    levels = world.levels()
    assert [*levels] == pytest.approx([world.value(slot) for slot in range(len(world.slots))], abs=1e-11)
    assert levels[world.slot("tension")] == pytest.approx(world.get("tension"))


@given(st.floats(0, 1), st.floats(-1, 1))
def test_effects_saturate(start: float, share: float) -> None:
    """A nudge stays in the range, and is smaller the nearer the end of the range is."""
    world = world_at(Clock())
    slot = world.slot("tension")
    world.put(slot, start)
    world.nudge(slot, share)
    moved = world.value(slot) - start
    assert moved == pytest.approx(share * ((1 - start) if share > 0 else start))
    assert 0.0 <= world.value(slot) <= 1.0


def test_a_held_value_stays() -> None:
    """`hold` sets value and baseline, so that the value does not decay."""
    clock = Clock()
    world = world_at(clock)
    slot = world.slot("growth", ("ARD",))
    world.hold(slot, 0.9)
    clock.now = 3000 * DAY
    world.settle()
    assert world.value(slot) == 0.9


def test_trust_exists_without_a_declaration() -> None:
    """Undeclared trust starts at 0 and decays with the half-life of the rules."""
    indicators = {name: spec for name, spec in loaded().scenario.indicators.items() if name != "trust"}
    world = World(Layout(changed(loaded(), indicators=indicators).scenario), Clock())
    slot = world.slots[world.slot("trust", ("ARD", "BRL"))]
    assert (slot.low, slot.high, slot.start, slot.half_life) == (
        -1.0,
        1.0,
        0.0,
        loaded().scenario.rules.trust_half_life,
    )


def test_a_report_does_not_change_an_exact_estimate() -> None:
    """An exact report on an exact estimate leaves mean and variance unchanged."""
    world = World(Layout(loaded("korea-2017").scenario), Clock())
    (government, slot), (mean, variance) = next(iter(world.beliefs.items()))
    world.put(variance, 0.0)
    before = world.value(mean)
    report(world, government, slot, before + 0.1, 0.0)
    assert (world.value(mean), world.value(variance)) == (before, 0.0)


def test_a_slow_coupling_follows_its_input() -> None:
    """Growth depends on tension: it falls slowly after tension has jumped, not at once."""
    clock = Clock()
    world = world_at(clock)
    tension, growth = world.slot("tension"), world.slot("growth", ("ARD",))
    before = world.value(growth)
    world.hold(tension, 1.0)
    world.settle()
    assert world.value(growth) == pytest.approx(before)
    clock.now = 180 * DAY
    assert world.value(growth) == pytest.approx(0.2 + (before - 0.2) / 2, abs=1e-6)


@given(st.floats(0.11, 1), st.floats(0.105, 1), st.sampled_from(["<", "<="]))
def test_a_crossing_is_the_first_second_at_which_the_condition_is_true(start: float, level: float, op: str) -> None:
    """The condition is false one second before."""
    clock = Clock()
    world = world_at(clock)
    slot = world.slot("tension")
    world.put(slot, start)
    condition = condition_of(world.layout, f"tension {op} {level!r}")
    if condition.holds(world):
        return
    assert condition.crossing is not None
    at = next_crossing(world, 0, condition.crossing)
    assert at is not None
    clock.now = at
    assert condition.holds(world)
    clock.now = at - 1
    assert not condition.holds(world)


def test_a_level_that_is_never_reached_has_no_crossing() -> None:
    """A value does not decay below its baseline."""
    world = world_at(Clock())
    condition = condition_of(world.layout, "tension < 0.05")
    assert condition.crossing is not None
    assert next_crossing(world, 0, condition.crossing) is None


def test_conditions_list_what_they_read() -> None:
    """Also through derived indicators, and whether time alone can change the condition."""
    exercise = Exercise(loaded("korea-2017"), 1)
    world = exercise.context.world
    assert condition_of(world.layout, "count(nuclear_test) > 1").events == {"nuclear_test"}
    assert condition_of(world.layout, "day > 100").polled
    assert not condition_of(world.layout, "in_force[freeze] > 0").polled
    derived = next(s for s in world.slots if s.formula is not None)
    assert condition_of(world.layout, f"{derived.path} > 0.5").reads


# --- calendar ----------------------------------------------------------------------------------


def calendar(zone: str, start: str = "2017-01-01") -> RunCalendar:
    """A calendar with this start."""
    return RunCalendar(model.Calendar(zone=zone, start=parse_time(start), end=parse_time("2019-01-01")))


CHANGING = ["Asia/Seoul", "America/New_York", "America/Sao_Paulo", "Asia/Pyongyang", "Australia/Lord_Howe"]


@given(st.integers(0, 2 * 365 * DAY), st.sampled_from(["UTC", "Asia/Seoul", "America/New_York"]))
def test_seconds_and_dates_are_inverse(t: int, zone: str) -> None:
    """Seconds become a date and back, except in the hour that occurs twice."""
    cal = calendar(zone)
    at = cal.at(t)
    if at.replace(fold=1).utcoffset() == at.utcoffset():
        assert cal.seconds(parse_time(at.strftime("%Y-%m-%d %H:%M:%S"))) == t


def test_the_day_of_summer_time_has_23_hours() -> None:
    """The day on which clocks go forward is one hour shorter."""
    cal = calendar("America/New_York")
    first, second = (cal.seconds(parse_time(f"2017-03-{d}")) for d in (12, 13))
    assert second - first == 23 * 3600
    assert cal.next_midnight(first) == second


def test_each_midnight_is_later_than_the_one_before() -> None:
    """Also where clocks go back at midnight, so that it occurs twice."""
    cal = calendar("America/Sao_Paulo")
    midnights = [cal.next_midnight(0)]
    while len(midnights) < 500:
        midnights.append(cal.next_midnight(midnights[-1]))
    assert all(0 < b - a <= 25 * 3600 for a, b in pairwise(midnights))
    assert [cal.month_day(t) for t in midnights] == [cal.at(t).strftime("%m-%d") for t in midnights]


@given(
    st.integers(0, 2 * 365 * DAY), st.sampled_from([-3601, -1, 0, 1, 3600]), st.booleans(), st.sampled_from(CHANGING)
)
def test_iso_times_are_those_of_python(t: int, beside: int, at_midnight: bool, zone: str) -> None:
    """Also on days on which the offset changes, and around midnight."""
    cal = calendar(zone, "2017-01-01T05:30")
    if at_midnight:
        t = cal.next_midnight(t) + beside
    assert cal.iso(t) == cal.at(t).isoformat()


@given(st.integers(0, 2 * 365 * DAY), st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "America/Sao_Paulo"]))
def test_a_wait_for_a_working_day_is_in_whole_days_unless_a_clock_is_changed(t: int, zone: str) -> None:
    """So that it is the same at every hour of a steady day; local days are numbered as their dates."""
    cal = calendar(zone)
    later = cal.working_time(t, ("sat", "sun"), ())
    assert cal.day_number(later) - cal.day_number(t) == (cal.at(later).date() - cal.at(t).date()).days
    assert cal.month_day(t) == f"{cal.at(t):%m-%d}"
    if cal.is_steady(t, later):
        assert (later - t) % DAY == 0
    elif cal.day_number(t):
        hours = {cal.at(at).utcoffset() for at in range(cal.next_midnight(t) - DAY, cal.next_midnight(later) + 1, 1800)}
        assert len(hours) > 1


def test_a_time_with_a_zone_is_in_that_zone() -> None:
    """The same time in another zone is another second."""
    exercise = Exercise(loaded(), 1)
    calendar = exercise.context.calendar
    here, there = (calendar.seconds(parse_time(f"2030-02-01T12:00{zone}")) for zone in ("Z", "+09:00"))
    assert here - there == 9 * 3600


def test_day_in_a_formula_counts_from_startex() -> None:
    """`day` is the number of days from STARTEX, with a fraction."""
    exercise = Exercise(loaded(), 1)
    exercise.advance(3 * DAY + DAY // 2)
    world = exercise.context.world
    assert world.compile("day")(world, world.events) == 3.5


def test_d_days_count_from_the_startex_of_the_scenario() -> None:
    """`D+2` does not move when the user sets another STARTEX."""
    spec = model.Calendar(
        zone="UTC", start=parse_time("2017-01-01"), startex=parse_time("2017-06-01"), end=parse_time("2018-01-01")
    )
    cal = RunCalendar(spec)
    before = cal.seconds(parse_time("D+2"))
    cal.startex = cal.seconds(parse_time("2017-02-01"))
    assert cal.seconds(parse_time("D+2")) == before == cal.seconds(parse_time("2017-06-03"))
    assert cal.at(before).isoformat() == "2017-06-03T00:00:00+00:00"


# --- draws -------------------------------------------------------------------------------------


def test_every_part_of_a_key_changes_the_draw() -> None:
    """Another seed, replication, epoch, purpose, government or number gives another draw; equal keys the same."""
    base = Draws(1).uniform("act", "X", 1)
    assert Draws(1).uniform("act", "X", 1) == base
    forked = Draws(1)
    forked.epoch = 1
    others = [
        Draws(2).uniform("act", "X", 1),
        Draws(1, 1).uniform("act", "X", 1),
        forked.uniform("act", "X", 1),
        Draws(1).uniform("noise", "X", 1),
        Draws(1).uniform("act", "Y", 1),
        Draws(1).uniform("act", "X", 2),
        Draws(1).uniform("act", "X", 1, 0),
    ]
    assert len({base, *others}) == len(others) + 1


def test_draws_have_the_moments_of_their_distribution() -> None:
    """Means, variances and neighbours of 20,000 draws agree with the distribution."""
    draws = Draws(5)
    u = np.array([draws.uniform("u", "X", i) for i in range(20_000)])
    assert u.mean() == pytest.approx(0.5, abs=0.01)
    assert u.var() == pytest.approx(1 / 12, rel=0.03)
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.02
    assert u.min() > 0
    assert u.max() < 1
    normal = np.array([normal_quantile(draws.uniform("n", "X", i)) for i in range(20_000)])
    assert (normal.mean(), normal.std()) == (pytest.approx(0, abs=0.03), pytest.approx(1, abs=0.02))
    exponential = np.array([draws.exponential("e", "X", i) for i in range(20_000)])
    assert exponential.mean() == pytest.approx(1, abs=0.03)
    triangular = np.array([draws.triangular(1, 2, 6, "t", "X", i) for i in range(20_000)])
    assert triangular.mean() == pytest.approx(3, abs=0.03)
    assert triangular.min() >= 1
    assert triangular.max() <= 6


def test_a_flat_triangle_is_a_point() -> None:
    """A triangle with equal ends always gives that value."""
    assert Draws(1).triangular(4, 4, 4, "t", "X") == 4


def test_gumbel_noise_is_gumbel() -> None:
    """Gumbel noise has the mean γ and the variance π²/6."""
    noise = np.array([gumbel(Draws(1).key("g", "X"), name) for name in range(20_000)])
    assert noise.mean() == pytest.approx(0.5772, abs=0.03)
    assert noise.var() == pytest.approx(np.pi**2 / 6, rel=0.05)


def test_neighbouring_epochs_are_not_correlated() -> None:
    """Draws of neighbouring ordinals and epochs are not correlated."""
    draws = [Draws(1).uniform("act", "X", i) for i in range(1000)]
    steps = [b - a for a, b in pairwise(draws)]
    assert -0.05 < float(np.mean(steps)) < 0.05
