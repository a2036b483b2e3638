"""The pace of the clock, PAUSEX in every state, and the timer in the room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.live import console, journal, output_of, played, resumed
from support.terminals import joined, seat, shared
from wargame.errors import Invalid, UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.status_bar import facilitator_bar, participant_bar
from wargame.live.session.pace import pace_text, read_pace
from wargame.live.session.wall_time import timer_of

# --- the wall time of an exercise ------------------------------------------------------------------


def test_the_wall_time_computes_the_pace(tmp_path: Path) -> None:
    """From now to ENDEX; what it means for a move is shown."""
    there = console(tmp_path / "run", until="90d")
    (shown,) = output_of(there, "pace --wall 3h")
    assert shown.startswith("90d to ENDEX in 3h of wall time: the pace is 1d=2m, 1h for each of 3 moves of 30d.")
    assert there.wall.pace == pytest.approx(90 * DAY / (3 * 3600))


@pytest.mark.slow
def test_an_exercise_with_a_wall_time_ends_in_time(tmp_path: Path) -> None:
    """Time while the clock is stopped counts, and makes the rest faster; PAUSEX does not count."""
    there = console(tmp_path / "run", until="90d", seats=(("ARD", "human"),))
    output_of(there, "pace --wall 3h")
    spent = 0
    while not there.session.exercise.done:
        output_of(there, "pause")
        there.wall.tick(10_000.0)
        output_of(there, "resume")
        while there.wall.running:
            there.wall.tick(5.0)
            spent += 5
        if not there.session.exercise.done:
            there.wall.tick(1000.0)
            spent += 1000
    assert spent == pytest.approx(3 * 3600, abs=60)


def test_the_wall_time_that_is_left_is_kept(tmp_path: Path) -> None:
    """Over leaving and resuming, and over a rewind; without its file it is in proportion to the game time."""
    there = console(tmp_path / "run", until="90d")
    output_of(there, "pace --wall 3h", "stop at nothing", "resume")
    there.wall.tick(3600.0)
    output_of(there, "pause", "rewind D+10")
    assert there.wall.budget == pytest.approx(2 * 3600)
    there.wall.save()
    there.session.close()
    again = Console(resumed(tmp_path / "run"))
    assert again.wall.budget == pytest.approx(2 * 3600)
    again.session.close()
    (tmp_path / "run" / "left.json").write_text('{"decisions": 3')
    again = Console(resumed(tmp_path / "run"))
    assert again.wall.budget == pytest.approx(3 * 3600 * 80 / 90)
    output_of(again, "resume")
    assert again.wall.pace == pytest.approx(90 * DAY / (3 * 3600))


def test_when_the_wall_time_is_used_up_the_rest_does_not_pass_at_once(tmp_path: Path) -> None:
    """It takes a twentieth of the wall time."""
    there = console(tmp_path / "run", until="90d")
    output_of(there, "pace --wall 3h", "next")
    there.wall.tick(1e6)
    output_of(there, "resume")
    assert there.wall.pace == pytest.approx((there.session.exercise.end - there.session.exercise.now) / 540)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1d=5s", "1d=5s"), ("1h=1s", "1d=24s"), ("1h=1h", "1m=1m"), ("3d=1s", "3d=1s"), ("1h=1m", "1h=1m")],
)
def test_a_pace_is_shown_as_it_is_typed(text: str, shown: str) -> None:
    """With the longest unit of game time that passes within five minutes."""
    assert pace_text(read_pace(text)) == shown


@pytest.mark.parametrize("line", ["pace", "pace --wall 0", "pace --wall soon", "pace --wall", "pace 1d=5s --wall 3h"])
def test_an_invalid_wall_time_is_refused(tmp_path: Path, line: str) -> None:
    """Nothing changes."""
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault):
        output_of(there, line)
    assert there.wall.pace == 0


# --- PAUSEX in every state -------------------------------------------------------------------------

STATES = {
    "at STARTEX": (),
    "with a pace": ("pace 1d=1s",),
    "running": ("pace 1d=1s", "resume"),
    "paused": ("pace 1d=1s", "pause"),
    "paused without a pace": ("advance 3d", "pause"),
    "stopped for a decision": ("stop at decisions", "next", "advance 10d"),
    "at the end of a move": ("move",),
    "NO PLAY": ("pace 1d=1s", "resume", "noplay"),
    "after NO PLAY": ("pace 1d=1s", "noplay", "playon"),
    "after a rewind": ("advance 9d", "rewind D+2"),
    "ENDEX": ("endex",),
}


@pytest.mark.parametrize("state", STATES)
def test_pause_and_resume_work_in_every_state(tmp_path: Path, state: str) -> None:
    """Also when no pace was set: PAUSEX ends, and commands move the clock."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, *STATES[state])
    for line in ("pause", "pause", "resume", "resume", "pause", "resume"):
        assert output_of(there, line)
        if state not in ("NO PLAY", "ENDEX"):
            assert there.wall.running == (line == "resume" and there.wall.pace > 0)
            assert (there.wall.status() == "PAUSEX") == (line == "pause")
    if state == "NO PLAY":
        there.wall.tick(5.0)
        assert (there.wall.status(), there.session.exercise.now) == ("NO PLAY", 0)
        assert output_of(there, "playon") == ["The exercise continues, and the clock runs."]


@pytest.mark.parametrize("state", STATES)
def test_a_pause_fires_nothing_drops_nothing_and_shifts_nothing_in_every_state(tmp_path: Path, state: str) -> None:
    """The journal and the times of the MSEL are as without it; deadlines in wall time stand still."""
    there, plain = (console(tmp_path / name, seats=(("ARD", "human"),)) for name in ("there", "plain"))
    for each in (there, plain):
        output_of(each, "deadline 30s wall", *STATES[state])
    before = {name: item.due for name, item in there.session.exercise.injector.lines.items()}
    left = dict(there.wall.left)
    output_of(there, "pause")
    there.wall.tick(1e7)
    assert {name: item.due for name, item in there.session.exercise.injector.lines.items()} == before
    assert there.wall.left == left
    output_of(there, "resume")
    for each in (there, plain):
        each.wall.stop()
        if state == "NO PLAY":
            output_of(each, "playon")
        if state != "ENDEX":
            output_of(each, "stop at nothing", "advance 400d")
    assert journal(there) == journal(plain)


POOL = (
    *("advance 3d", "advance 12h", "advance 20d", "next", "move", "until 2030-02-01", "noplay", "playon", "rewind D+2"),
    *(
        "hold collision",
        "unhold collision",
        "release collision",
        "release harvest",
        "skip funeral",
        "retract collision",
    ),
    *("delay collision 4d", "postpone 2d", "edit collision title Two boats collide", "reset", "stop at decisions"),
    *('inject news "Snow" --to ARD --at D+15', 'inject news "Rain" --now', "order ARD talk BRL", "pass ARD", "undo"),
)
BREAKS = (("pause",), ("pause", "resume"), ("resume",), ("pause", "pause", "resume", "resume"), ("timer 5m", "pause"))


@pytest.mark.slow
@settings(max_examples=40)
@given(
    lines=st.lists(st.sampled_from(POOL), min_size=3, max_size=12),
    breaks=st.dictionaries(st.integers(0, 11), st.sampled_from(BREAKS), min_size=1),
    seconds=st.floats(0.0, 1e7),
)
def test_pauses_anywhere_in_an_exercise_change_no_byte(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], breaks: dict[int, tuple[str, ...]], seconds: float
) -> None:
    """Whatever is released, held, delayed, postponed, added, reset or taken back around them."""
    top = tmp_path_factory.mktemp("breaks")
    there, plain = (console(top / name, seats=(("ARD", "human"),)) for name in ("there", "plain"))
    for place, line in enumerate(lines):
        for part in breaks.get(place, ()):
            output_of(there, part)
            there.wall.tick(seconds)
        refused = [_refused(each, line) for each in (there, plain)]
        assert refused[0] == refused[1]
    assert journal(there) == journal(plain)


def _refused(there: Console, line: str) -> str:
    """Runs a line; returns why it was refused, or nothing."""
    try:
        output_of(there, line)
    except UsageFault as fault:
        return str(fault)
    return ""


def test_resume_without_a_pace_lets_deadlines_run(tmp_path: Path) -> None:
    """PAUSEX had stopped them."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "deadline 30s wall", "stop at decisions", "advance 10d", "pause")
    there.wall.tick(100.0)
    assert not [entry for entry in there.session.path if entry.kind == "decision.missed"]
    output_of(there, "resume")
    there.wall.tick(40.0)
    assert [entry for entry in there.session.path if entry.kind == "decision.missed"]


def test_the_first_inject_after_a_stop_is_released(tmp_path: Path) -> None:
    """One that is due at the end of the move, at its time."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "skip collision", 'inject news "Snow" --at D+30 --id snow', "resume")
    there.wall.tick(100.0)
    assert not [r for r in there.session.records if r.about == "snow" and r.kind == "inject.released"]
    output_of(there, "pause")
    there.wall.tick(100.0)
    output_of(there, "resume")
    there.wall.tick(1.0)
    (snow,) = (r for r in there.session.records if r.about == "snow" and r.kind == "inject.released")
    assert snow.t == 30 * DAY


def test_release_is_immediate_while_the_clock_is_stopped(tmp_path: Path) -> None:
    """At the end of a move, at PAUSEX and while it runs; the clock stays as it is."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "pace 1d=1s", "skip collision", "resume")
    there.wall.tick(100.0)
    for name, line in (("a", "next"), ("b", "pause"), ("c", "resume")):
        output_of(there, line)
        now, running = there.session.exercise.now, there.wall.running
        output_of(there, f'inject news "{name}" --to ARD --id {name} --now')
        assert there.session.records[-1].t == now
        assert there.wall.running == running


# --- the timer -------------------------------------------------------------------------------------


def test_a_timer_counts_wall_time_in_every_state_and_never_moves_the_game(tmp_path: Path) -> None:
    """At STARTEX, at PAUSEX, at NO PLAY; the journal is as without it."""
    there = console(tmp_path / "run")
    assert output_of(there, "timer") == ["No timer is set."]
    assert output_of(there, 'timer 15m "to the next move"') == ["Timer: 15:00 to the next move"]
    for line, shown in (("pause", "14:00"), ("noplay", "13:00"), ("playon", "12:00"), ("resume", "11:00")):
        output_of(there, line)
        there.wall.tick(60.0)
        assert output_of(there, "timer") == [f"Timer: {shown} to the next move"]
    assert there.session.exercise.now == 0
    output_of(there, "timer off", "advance 400d")
    assert journal(there) == played(tmp_path / "plain", "noplay", "playon", "advance 400d")


def test_a_timer_is_in_every_bar_and_its_end_is_announced(tmp_path: Path) -> None:
    """On all terminals, once."""
    there, screen = shared(tmp_path / "run")
    ard, shown = joined(there, "ARD")
    there.run(there.main, 'timer 90s "to the briefing"')
    there.tick(30.5)
    assert "timer 1:00 to the briefing" in participant_bar(ard)
    assert "timer 1:00 to the briefing" in "\n".join(facilitator_bar(there.main, "14:00"))
    for _ in range(3):
        there.tick(40.0)
    for lines in (screen, shown):
        assert lines.count("TIMER: time is up (to the briefing)") == 1


def test_a_timer_goes_on_after_the_console_is_resumed(tmp_path: Path) -> None:
    """Wall time has passed meanwhile; one that is up is gone. A rewind does not touch it."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", 'timer 1h "lunch"', "rewind D+1")
    assert output_of(there, "timer") == ["Timer: 1:00:00 lunch"]
    there.session.close()
    session = resumed(tmp_path / "run")
    later = timer_of(session, datetime.now(UTC) + timedelta(minutes=30))
    assert later is not None
    assert later.left == pytest.approx(1800, abs=120)
    assert timer_of(session, datetime.now(UTC) + timedelta(hours=2)) is None
    output_of(Console(session), "timer off")
    assert timer_of(session) is None


@pytest.mark.parametrize("line", ["timer 0", "timer soon", "timer 3d", "timer off", "timer -5m"])
def test_an_invalid_timer_is_refused(tmp_path: Path, line: str) -> None:
    """With the reason."""
    with pytest.raises(UsageFault):
        output_of(console(tmp_path / "run"), line)


def test_only_the_facilitator_sets_a_timer(tmp_path: Path) -> None:
    """A seat sees it in its bar."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault, match="not available to a seat"):
        output_of(seat(there, "ARD"), "timer 5m")


@pytest.mark.parametrize(
    ("written", "changed"),
    [('"at":["moves"]', '"at":7'), ('"at":["moves"]', '"at":["movez"]'), ('"seconds":300', '"seconds":"x"'),
     ('"wall":10800', '"wall":"q"'), ('"wall":10800', '"wall":0'), ('"move":1', '"move":"I"')],
)  # fmt: skip
def test_changed_data_of_the_clock_are_reported(tmp_path: Path, written: str, changed: str) -> None:
    """With the line of the command log; nothing is resumed."""
    there = console(tmp_path / "run")
    output_of(there, "stop at moves", "timer 5m tea", "pace --wall 3h", "pace 1d=1s", "skip collision", "resume")
    there.wall.tick(100.0)
    there.session.close()
    log = tmp_path / "run" / "commands.jsonl"
    text = log.read_text("utf-8")
    assert written in text
    log.write_text(text.replace(written, changed), "utf-8")
    with pytest.raises(Invalid, match="is not a command"):
        resumed(tmp_path / "run")
