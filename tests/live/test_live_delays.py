"""Injects that wait for a condition, an action or chance, put off: not before a time, and then what they wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, session, told
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console


def released(there: Console, name: str) -> list[float]:
    """The days on which an inject was released."""
    return [r.t / DAY for r in there.session.records if r.kind == "inject.released" and r.about == name]


WAITING = "{id: w, title: W, message: m, when: tension > 0.2, enabled: true}"


def test_what_waits_for_a_condition_can_be_put_off(tmp_path: Path) -> None:
    """It does not come before the time is over, and then at once if its condition holds."""
    there, plain = console(tmp_path / "there"), console(tmp_path / "plain")
    for each in (there, plain):
        told(each, "stops off", "advance 1d", f"inject {WAITING}")
    shown = told(there, "delay w 9d")
    told(there, "advance 30d")
    told(plain, "advance 30d")
    assert released(plain, "w") == [1.0]
    assert released(there, "w") == [10.0]
    assert shown == ["w: from 2030-01-11 00:00 (D+10) on, when tension > 0.2"]


def test_a_action_in_the_meantime_counts_when_the_time_is_over(tmp_path: Path) -> None:
    """So does one that comes after it."""
    there = console(tmp_path / "run")
    written = "{id: w, title: W, message: m, after: {action: {options: [talk], by: [ARD]}}}"
    told(there, "stops off", "seat ARD human", f"inject {written}", "delay w 10d", "order ARD talk BRL", "advance 30d")
    assert released(there, "w") == [10.0]


def test_a_condition_that_no_longer_holds_does_not_fire(tmp_path: Path) -> None:
    """It goes on waiting."""
    there = console(tmp_path / "run")
    told(there, "stops off", "inject {id: w, title: W, message: m, when: tension > 0.9}", "delay w 10d", "advance 2d")
    told(there, "adjudicate tension=1", "advance 1d", "adjudicate tension=0.1", "advance 30d")
    assert released(there, "w") == []
    told(there, "adjudicate tension=1", "advance 1d")
    assert len(released(there, "w")) == 1


def test_put_off_and_back_again_is_nothing(tmp_path: Path) -> None:
    """Before time has passed."""
    there = console(tmp_path / "run")
    told(there, "advance 3d", "delay broker 3d", "delay broker -3d", "advance 400d")
    plain = Console(session(tmp_path / "other"))
    told(plain, "advance 3d", "advance 400d")
    kept = [(r.t, r.kind, r.who, r.about) for r in there.session.records if r.kind != "command"]
    assert kept == [(r.t, r.kind, r.who, r.about) for r in plain.session.records]


def test_what_cannot_come_earlier_says_how_it_can(tmp_path: Path) -> None:
    """Release it."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match=r"cannot be brought forward"):
        there.run("delay broker -3d")


def test_what_went_by_does_not_stand_in_the_way_of_postponing(tmp_path: Path) -> None:
    """An inject that was due and did not come has no time that could be past."""
    there = console(tmp_path / "run")
    written = "{id: w, title: W, message: m, after: {action: {options: [talk], by: [ARD]}}, provided: tension > 5}"
    told(there, "stops off", "seat ARD human", f"inject {written}", "order ARD talk BRL", "advance 10d")
    assert told(there, "postpone 3d") == ["All that has a date is 3d later."]
    told(there, "advance 30d")
    assert released(there, "w") == []
