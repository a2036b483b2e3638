"""`wargame plan`: what it proposes, and that the file can be played."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.in_process import inside, inside_json
from wargame.errors import UsageFault
from wargame.language.times import DAY, HOUR, MINUTE, parse_time
from wargame.live.planning import propose
from wargame.scenario.loading.load import load

RIVALS = load("two-rivals")


def test_a_plan_is_an_exercise_that_can_be_played(tmp_path: Path) -> None:
    """With moves in both clocks, a break, seats with roles, and objectives with measures."""
    words = ("--wall", "3h", "--moves", "6", "--seats", "ard")
    shown = inside("plan", "two-rivals", *words, cwd=tmp_path)
    assert shown.returncode == 0
    assert "0:00-0:15" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "exercise.yaml"
    assert shown.stderr == "next: wargame play exercise.yaml\n"
    plan = load(str(tmp_path / "exercise.yaml")).exercise
    assert plan is not None
    assert (len(plan.moves), [pause.after for pause in plan.breaks], list(plan.seats)) == (6, [3], ["ARD"])
    assert all(post.role for post in plan.seats["ARD"].persons)
    parts = [move.wall for move in plan.moves] + [pause.wall for pause in plan.breaks]
    assert sum(parts) + (plan.briefing or 0) + (plan.hot_wash or 0) == plan.wall == 3 * HOUR
    assert inside_json("validate", "exercise.yaml", cwd=tmp_path)["targets"][0]["ok"]


def test_moves_are_shorter_where_more_is_due(tmp_path: Path) -> None:
    """Each move has about the same work."""
    (tmp_path / "busy.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects:\n"
        + "".join(f"  - {{id: i{n}, title: News, at: D+{n}}}\n" for n in range(1, 10)),
        "utf-8",
    )
    plan = propose(load("two-rivals", [str(tmp_path / "busy.yaml")]), wall=HOUR, moves=3, seats=["ARD"])
    lengths = [move.game for move in plan.moves]
    assert lengths[0] < 10 * DAY < lengths[1]


def test_a_script_of_ones_own_is_named_by_the_file(tmp_path: Path) -> None:
    """Relative to the exercise; `--only-injects` leaves out the scenario's script."""
    (tmp_path / "mine.yaml").write_text(
        "format: wargame-injects/1\nscenario: two-rivals\ninjects: [{id: fog, title: Fog, at: D+1}]\n", "utf-8"
    )
    words = ("--injects", "mine.yaml", "--only-injects", "--wall", "1h", "--moves", "2", "--until", "D+10")
    assert inside("plan", "two-rivals", *words, cwd=tmp_path).returncode == 0
    loaded = load(str(tmp_path / "exercise.yaml"))
    assert [inject.id for inject in loaded.injects] == ["fog"]
    assert loaded.exercise is not None
    assert sum(move.game for move in loaded.exercise.moves) == 10 * DAY


def test_a_sheet_of_one_morning_is_played_in_its_hours(tmp_path: Path) -> None:
    """From the time of day of `--startex` to the hour after its last inject; the scenario's injects do not count."""
    rows = "".join(f"  - {{id: i{n}, title: News, at: D+0 H+{n}}}\n" for n in range(24))
    (tmp_path / "mine.yaml").write_text(f"format: wargame-injects/1\nscenario: two-rivals\ninjects:\n{rows}", "utf-8")
    words = ("--injects", "mine.yaml", "--only-injects", "--wall", "1h", "--moves", "2")
    shown = inside("plan", "two-rivals", *words, "--startex", "2030-01-20 08:00", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "2030-01-20 08:00 to 20:00" in shown.stdout
    assert "2030-01-20 20:00 to 2030-01-21 08:00" in shown.stdout
    assert [line.split()[-1] for line in shown.stdout.splitlines() if "Move" in line] == ["12", "12"]
    loaded = load(str(tmp_path / "exercise.yaml"))
    assert loaded.exercise is not None
    assert loaded.scenario.calendar.startex == parse_time("2030-01-20 08:00")
    assert sum(move.game for move in loaded.exercise.moves) == 24 * HOUR


def test_a_startex_outside_the_scenario_is_refused(tmp_path: Path) -> None:
    """With the dates of the scenario."""
    done = inside("plan", "two-rivals", "--startex", "2027-03-09", cwd=tmp_path)
    assert (done.returncode, "--startex 2027-03-09: give a date of the scenario, 2030-01-01" in done.stderr) == (
        2,
        True,
    )


@settings(max_examples=40, deadline=None)
@given(wall=st.integers(5, 600), moves=st.integers(1, 20), days=st.integers(1, 364))
def test_a_plan_always_fits(wall: int, moves: int, days: int) -> None:
    """The moves fill the game time, the parts fill the time in the room; what cannot fit is refused."""
    try:
        plan = propose(RIVALS, wall=wall * MINUTE, moves=moves, seats=["ARD"], until=parse_time(f"D+{days}"))
    except UsageFault:  # the moves do not fit
        assert wall < moves * 10 + 20 or days < moves
        return
    assert sum(move.game for move in plan.moves) == days * DAY
    assert min(move.game for move in plan.moves) > 0
    parts = [move.wall for move in plan.moves] + [pause.wall for pause in plan.breaks]
    assert sum(parts) + (plan.briefing or 0) + (plan.hot_wash or 0) == plan.wall
    assert len({move.wall for move in plan.moves}) == 1
    assert all(0 < pause.after < moves for pause in plan.breaks)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("two-rivals", "--wall", "20m", "--moves", "6"), "6 moves do not fit into 20m"),
        (("two-rivals", "--until", "D+999"), "ENDEX must be after STARTEX"),
        (("two-rivals", "--until", "soon"), "'soon' is not a time"),
        (("two-rivals", "--only-injects"), "--only-injects needs --injects FILE"),
        (("two-rivals", "--out", "plan.txt"), "choose a name that ends in .yaml"),
        (("two-rivals", "--seats", "ARX"), "did you mean 'ARD'?"),
        (("strait-lesson",), "is an exercise already"),
    ],
)
def test_mistakes_write_nothing(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    """One message each."""
    done = inside("plan", *words, cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    """Not even with the same plan."""
    (tmp_path / "exercise.yaml").write_text("mine", "utf-8")
    assert "exists already" in inside("plan", "two-rivals", cwd=tmp_path).stderr
    assert (tmp_path / "exercise.yaml").read_text("utf-8") == "mine"
