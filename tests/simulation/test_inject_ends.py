"""Why an inject is not released any more."""

from __future__ import annotations

from support.injects import inject, play
from wargame.language.times import parse_time
from wargame.scenario.model import RandomTime


def test_a_repeat_ends_with_its_time_and_is_not_excluded_by_its_own_group() -> None:
    """A group excludes other injects, not the repetitions of the same one."""
    every = {"at": parse_time("D+5"), "repeat": 10, "every": 86400}
    exercise = play(
        inject("timed", until=parse_time("D+7"), **every),
        inject("own", group="g", **every),
        inject("other", group="g", at=parse_time("D+6")),
        until="60d",
    )
    entries = [
        (record[2], record[4], record[6].get("reason")) for record in exercise.records() if "inject." in record[2]
    ]
    of = {name: [(kind, why) for kind, about, why in entries if about == name] for name in ("timed", "own", "other")}
    assert of["timed"] == [("inject.released", None)] * 2 + [("inject.skipped", "its time is over")]
    assert of["own"] == [("inject.released", None)] * 10
    assert of["other"] == [("inject.skipped", "another inject of 'g' was released")]


def test_an_inject_after_the_end_is_not_skipped_by_chance() -> None:
    """The journal gives the reason that applies."""
    window = (parse_time("D+90"), parse_time("D+120"))
    exercise = play(inject("later", random=RandomTime(between=window)), until="60d")
    (reason,) = (r[6]["reason"] for r in exercise.records() if r[2] == "inject.skipped" and r[4] == "later")
    assert reason == "its time was after ENDEX"
