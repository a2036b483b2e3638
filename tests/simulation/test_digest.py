"""Digests of a day: two worlds whose numbers differ have different digests, whatever digests were taken before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.engine import loaded, run
from wargame.simulation.kernel.clock import Clock
from wargame.simulation.kernel.snapshot import digest
from wargame.world.layout import layout_of
from wargame.world.state import World

CHANGE = st.tuples(st.integers(0, 2), st.integers(0, 40), st.floats(0, 1), st.booleans())
"""Seconds since the last change, the number of a slot, its share of its range, and whether a digest is taken then."""


def world() -> World:
    """A new world of two-rivals, at the start."""
    return World(layout_of(loaded().scenario), Clock())


def changed(changes: list[tuple[int, int, float, bool]], *, watched: bool) -> str:
    """The digest after these changes, with those between if it is `watched`."""
    made = world()
    bases = [slot for slot in range(len(made.slots)) if slot not in made.derived]
    for seconds, number, share, taken in changes:
        made.clock.instant.now += seconds
        slot = bases[number % len(bases)]
        spec = made.slots[slot]
        made.put(slot, spec.low + share * (spec.high - spec.low))
        if watched and taken:
            digest(made)
    return digest(made)


@given(st.lists(CHANGE, max_size=12))
def test_digests_taken_before_change_nothing(changes: list[tuple[int, int, float, bool]]) -> None:
    """A digest follows from the numbers of the world alone, also if some change within the second of the last one."""
    assert changed(changes, watched=True) == changed(changes, watched=False)


def test_every_number_counts_to_its_ninth_decimal() -> None:
    """Another value of any base slot gives another digest; a difference of one in a trillion does not."""
    seen = {digest(world())}
    for slot, spec in enumerate(world().slots):
        other, almost = world(), world()
        if slot not in other.derived:
            value = other.value(slot)
            nudged = value + (1e-8 if value < spec.high else -1e-8)
            other.put(slot, nudged)
            assert digest(other) not in seen, spec.path
            seen.add(digest(other))
            almost.put(slot, nudged + (1e-12 if value < spec.high else -1e-12))
            assert digest(almost) == digest(other), spec.path


def test_when_a_number_began_to_move_counts() -> None:
    """A moving number that was set an hour later has another digest, one that rests has the same."""
    found = {}
    for name, share in (("trust", 0.9), ("resting", None)):
        for hour in (1, 2):
            made = world()
            made.clock.instant.now = hour * 3600
            slot = made.slot("trust", ("ARD", "BRL"))
            made.put(slot, made.value(slot) if share is None else share)
            made.clock.instant.now = 86400
            found[name, hour] = digest(made)
    assert found["trust", 1] != found["trust", 2]
    assert found["resting", 1] == found["resting", 2] == digest(world())


def test_runs_have_other_digests_from_the_day_they_differ() -> None:
    """Until a number is set, all digests are equal; from then on, none is."""
    days = []
    for changes in ((), ("tension=0.9@2030-03-01T12:00",)):
        records = run(loaded(), days=120, journal="full", set=changes).records()
        days.append([(record[1], record[6]["digest"]) for record in records if record[2] == "snapshot"])
    same = [one == other for one, other in zip(*days, strict=True)]
    first = same.index(False)
    assert first > 30
    assert not any(same[first:])
