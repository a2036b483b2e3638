"""Delaying injects that wait for a condition, an action or chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.live import console, output_of, session
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console


def released(there: Console, name: str) -> list[float]:
    """The days on which an inject was released."""
    return [r.t / DAY for r in there.session.records if r.kind == "inject.released" and r.about == name]


WAITING = "{id: w, title: W, message: m, when: tension > 0.2, enabled: true}"


def test_an_inject_with_a_condition_can_be_delayed(tmp_path: Path) -> None:
    """It is released when the delay is over, if its condition is then true."""
    there, plain = console(tmp_path / "there"), console(tmp_path / "plain")
    for each in (there, plain):
        output_of(each, "stop at nothing", "advance 1d", f"inject {WAITING}")
    shown = output_of(there, "delay w 9d")
    output_of(there, "advance 30d")
    output_of(plain, "advance 30d")
    assert released(plain, "w") == [1.0]
    assert released(there, "w") == [10.0]
    assert shown == ["w: not before 2030-01-11 00:00 (D+10), when tension > 0.2"]


def test_an_action_during_the_delay_triggers_its_inject_afterwards(tmp_path: Path) -> None:
    """The trigger is not lost."""
    there = console(tmp_path / "run")
    written = "{id: w, title: W, message: m, after: {action: {options: [talk], by: [ARD]}}}"
    output_of(
        there,
        "stop at nothing",
        "seat ARD human",
        f"inject {written}",
        "delay w 10d",
        "order ARD talk BRL",
        "advance 30d",
    )
    assert released(there, "w") == [10.0]


def test_a_condition_that_is_false_after_the_delay_does_not_trigger(tmp_path: Path) -> None:
    """The inject continues to wait."""
    there = console(tmp_path / "run")
    output_of(
        there,
        "stop at nothing",
        "inject {id: w, title: W, message: m, when: tension > 0.9}",
        "delay w 10d",
        "advance 2d",
    )
    output_of(there, "adjudicate tension=1", "advance 1d", "adjudicate tension=0.1", "advance 30d")
    assert released(there, "w") == []
    output_of(there, "adjudicate tension=1", "advance 1d")
    assert len(released(there, "w")) == 1


def test_delaying_there_and_back_changes_nothing(tmp_path: Path) -> None:
    """If no time has passed in between."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", "delay broker 3d", "delay broker -3d", "advance 400d")
    plain = Console(session(tmp_path / "other"))
    output_of(plain, "advance 3d", "advance 400d")
    before = [(r.t, r.kind, r.who, r.about) for r in there.session.records if r.kind != "command"]
    assert before == [(r.t, r.kind, r.who, r.about) for r in plain.session.records]


def test_an_inject_with_a_trigger_cannot_be_moved_earlier(tmp_path: Path) -> None:
    """The error suggests to release it."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match=r"cannot be brought forward"):
        output_of(there, "delay broker -3d")


def test_an_inject_that_was_not_released_does_not_prevent_postponing(tmp_path: Path) -> None:
    """Its time has passed already."""
    there = console(tmp_path / "run")
    written = "{id: w, title: W, message: m, after: {action: {options: [talk], by: [ARD]}}, provided: tension > 5}"
    output_of(there, "stop at nothing", "seat ARD human", f"inject {written}", "order ARD talk BRL", "advance 10d")
    assert output_of(there, "postpone 3d") == ["All injects with a date are moved by 3d."]
    output_of(there, "advance 30d")
    assert released(there, "w") == []
