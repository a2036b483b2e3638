"""Where the clock stops by itself, what is due then, and the summary of what has passed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.live import console, journal, output_of, resumed, verified
from support.terminals import joined, seat, shared
from wargame.errors import UsageFault
from wargame.journal.command_log import ADVANCE
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.session.pace import STOPS

ARD = (("ARD", "human"),)


def run_on(there: Console, seconds: float = 500.0) -> None:
    """Resumes the clock, and lets it run until it stops by itself or the wall time has passed."""
    output_of(there, "resume")
    while there.wall.running and seconds > 0:
        there.wall.tick(1.0)
        seconds -= 1


# --- where it stops --------------------------------------------------------------------------------


def test_the_clock_stops_at_the_end_of_a_move(tmp_path: Path) -> None:
    """Before the events of that moment; `resume` continues to the end of the next one."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "skip collision")
    for move in (1, 2):
        run_on(there)
        assert there.session.exercise.now == move * 30 * DAY
        assert there.wall.status() == f"stopped: move {move} has ended"
        assert there.wall.ended_move == move


def test_a_stop_at_the_end_of_a_move_is_kept(tmp_path: Path) -> None:
    """Also if nothing happened shortly before: after resuming, the clock is at the end of the move."""
    there = console(tmp_path / "run")
    output_of(there, "pace 1d=1s", "skip collision")
    run_on(there)
    there.session.close()
    again = resumed(tmp_path / "run")
    assert again.exercise.now == 30 * DAY
    assert verified(tmp_path / "run")


def test_the_clock_stops_at_an_inject_for_a_human_seat(tmp_path: Path) -> None:
    """At its time, with all that happens then. It goes on from there, and not at injects for others."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "pace 1d=1s", 'inject news "For Brel" --to BRL --at D+9 --id other')
    run_on(there)
    assert there.session.instant(there.session.clock) == "2030-01-21 06:00 (D+20)"
    assert there.wall.status() == "stopped: inject 'A patrol boat and a trawler collide' for Arda"
    run_on(there)
    assert there.session.exercise.now == 30 * DAY


def test_a_message_to_all_does_not_stop_the_clock_unless_an_action_of_a_human_seat_is_expected(tmp_path: Path) -> None:
    """It is addressed to nobody in particular."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "pace 1d=1s", "skip collision", 'inject news "Snow" --at D+9 --id snow')
    expected = "expected: [{who: ARD, any_of: [talk], within: 3d}]"
    output_of(there, f"inject {{id: call, title: A call, at: D+12, {expected}}}")
    run_on(there)
    assert there.wall.status() == "stopped: inject 'A call' for Arda"


QUESTIONS = "inject {id: asked, title: Asked, at: D+9, questionnaire: {questions: [{id: calm, text: All calm?}]}}"


def test_questions_to_all_stop_the_clock_for_each_human_seat(tmp_path: Path) -> None:
    """People are asked to answer; the run verifies."""
    there = console(tmp_path / "run", seats=(*ARD, ("BRL", "human")))
    output_of(there, "pace 1d=1s", "skip collision", QUESTIONS)
    run_on(there)
    assert there.session.instant(there.session.clock) == "2030-01-10 00:00 (D+9)"
    assert there.wall.status() == "stopped: inject 'Asked' for Arda, Brel"
    there.session.close()
    assert verified(tmp_path / "run")


def test_a_run_from_before_questions_stopped_the_clock_verifies(tmp_path: Path) -> None:
    """Its command log does not name them, so its clock goes on."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "skip collision", QUESTIONS)
    there.session.submit(ADVANCE, to=12 * DAY, injects=True)
    assert there.session.exercise.now == 12 * DAY
    there.session.close()
    assert verified(tmp_path / "run")


@pytest.mark.parametrize("stop", ["decisions", "injects", "moves"])
def test_the_clock_stops_only_where_it_is_to_stop(tmp_path: Path, stop: str) -> None:
    """The three kinds are chosen independently."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "pace 1d=1s", f"stop at {stop}")
    run_on(there)
    first = {"decisions": 5, "injects": 20, "moves": 30}[stop]
    assert there.session.clock // DAY == first


def test_an_advance_does_not_stop_at_the_end_of_a_move(tmp_path: Path) -> None:
    """The facilitator has said how far to go; an inject for a human seat stops it."""
    there = console(tmp_path / "run", seats=ARD)
    assert output_of(there, "advance 40d")[-1].endswith(
        ", stopped: inject 'A patrol boat and a trawler collide' for Arda"
    )
    output_of(there, "advance 40d")
    assert there.session.exercise.now // DAY == 60


def test_the_clock_can_stop_at_nothing(tmp_path: Path) -> None:
    """It runs to ENDEX."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "pace 1d=1s", "stop at nothing")
    run_on(there)
    assert there.wall.status() == "ENDEX"


@pytest.mark.parametrize("line", ["stop at", "stop at move", "stop at nothing moves", "stop moves", "stop off"])
def test_an_unknown_stop_is_refused(tmp_path: Path, line: str) -> None:
    """With the choices."""
    with pytest.raises(UsageFault, match="moves"):
        output_of(console(tmp_path / "run"), line)


def test_stop_alone_shows_where_the_clock_stops(tmp_path: Path) -> None:
    """And how to stop it now, which someone may have meant."""
    (line,) = output_of(console(tmp_path / "run"), "stop")
    assert line.startswith(
        "The clock stops at the end of each move and at injects that name a human seat, ask it questions or expect "
        "an action of it, or when a standing procedure is proposed to it. pause stops it now;"
    )


def test_the_case_of_a_stop_does_not_matter_and_commas_separate(tmp_path: Path) -> None:
    """`stop at Moves,decisions` is understood."""
    there = console(tmp_path / "run")
    assert output_of(there, "stop AT Moves,decisions") == [
        "The clock stops at the end of each move and when a decision of a human seat falls due."
    ]
    assert there.wall.stops == {"moves", "decisions"}


@settings(max_examples=12)
@given(
    stops=st.sets(st.sampled_from(STOPS)),
    ticks=st.lists(st.floats(0.01, 90.0), min_size=1, max_size=60),
    pauses=st.lists(st.booleans(), min_size=1, max_size=8),
)
def test_stops_change_no_byte_of_the_journal(
    tmp_path_factory: pytest.TempPathFactory, stops: set[str], ticks: list[float], pauses: list[bool]
) -> None:
    """Wherever the clock stops, however long it stands, whether it is PAUSEX or not."""
    top = tmp_path_factory.mktemp("stops")
    there, plain = (console(top / name, seats=ARD) for name in ("there", "plain"))
    output_of(there, "pace 1d=1s", f"stop at {' '.join(sorted(stops)) or 'nothing'}", "timer 5m")
    for place, seconds in enumerate(ticks):
        if not there.wall.running and not there.session.exercise.done:
            if pauses[place % len(pauses)]:
                output_of(there, "pause")
            there.wall.tick(1e4)
            output_of(there, "resume")
        there.wall.tick(seconds)
    to = there.session.exercise.now
    if to and not there.session.exercise.done:
        plain.session.submit("advance", to=to)
    elif to:
        output_of(plain, "stop at nothing", "advance 400d")
    assert journal(there) == journal(plain)


# --- what is due ---------------------------------------------------------------------------------


def test_later_meetings_join_a_decision_that_is_due(tmp_path: Path) -> None:
    """One record and one deadline for each seat and dossier, however many meetings ask for it."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "stop at nothing", "deadline 90d game", "advance 40d")
    due = [record for record in there.session.records if record.kind == "decision.due"]
    assert [record.about for record in due] == ["strait", "economy"]
    open_ones = there.session.exercise.commands.seats.dues
    assert {key: (due.since, due.until) for key, due in open_ones.items()} == {
        ("ARD", record.about): (record.t, record.t + 90 * DAY) for record in due
    }
    assert all(due.meetings > 1 for due in open_ones.values())


def test_after_a_decision_the_next_meeting_is_due_again(tmp_path: Path) -> None:
    """With a deadline of its own."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "stop at nothing", "deadline 90d game", "advance 10d", "pass ARD strait", "advance 20d")
    due = [record for record in there.session.records if record.kind == "decision.due" and record.about == "strait"]
    assert len(due) == 2


def test_a_new_deadline_counts_from_now_for_open_decisions(tmp_path: Path) -> None:
    """It replaces an older one, which no longer ends the decision; `deadline off` leaves it open."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "stop at nothing", "advance 10d", "deadline 3d game", "advance 1d", "deadline 9d game")
    dues = there.session.exercise.commands.seats.dues
    assert {due.until for due in dues.values()} == {20 * DAY}
    output_of(there, "advance 8d")
    assert not [record for record in there.session.records if record.kind == "decision.missed"]
    output_of(there, "advance 2d")
    missed = [(r.about, r.t) for r in there.session.records if r.kind == "decision.missed"]
    assert sorted(missed) == [("economy", 20 * DAY), ("strait", 20 * DAY)]
    output_of(there, "deadline off", "advance 60d")
    assert len([r for r in there.session.records if r.kind == "decision.missed"]) == 2
    assert dues


def test_decisions_that_are_due_are_listed_by_seat(tmp_path: Path) -> None:
    """In the status of the facilitator."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    output_of(there, "stop at nothing", "advance 10d")
    assert "due: ARD strait, economy; BRL strait, economy; queue: empty" in "\n".join(output_of(there, "status"))


@pytest.mark.slow
def test_two_seats_over_101_days_of_korea_cause_few_stops(tmp_path: Path) -> None:
    """The number in the facilitator's guide; one inject proposes an action, like a procedure, at the same stop."""
    human = (("KOR", "human"), ("USA", "human"))
    there = console(tmp_path / "run", 1, scenario="korea-2017", seats=human, until="101d")
    output_of(there, "pace 1d=1s")
    stops = []
    while not there.session.exercise.done:
        run_on(there)
        stops.append(there.wall.status())
    kinds = [sum(word in stop for stop in stops) for word in ("move", "inject", "procedure")]
    assert (len(stops) - 1, kinds) == (19, [3, 10, 7])
    guide = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-the-clock.md"
    assert "19 stops" in " ".join(guide.read_text("utf-8").split())


# --- the summary ---------------------------------------------------------------------------------


def test_at_a_stop_everyone_is_shown_a_summary_of_what_has_passed(tmp_path: Path) -> None:
    """A seat of what has reached it; only the white cell why the clock has stopped."""
    there, screen = shared(tmp_path / "run", seats=ARD)
    _, ard = joined(there, "ARD")
    _, brl = joined(there, "BRL")
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "resume")
    there.tick(30.0)
    assert (
        "Stopped: inject 'A patrol boat and a trawler collide' for Arda, 2030-01-21 06:00 (D+20) (resume continues"
        in str(screen)
    )
    assert "Summary, 2030-01-01 00:00 (D+0) to 2030-01-21 06:00 (D+20):" in screen
    assert "  to decide: ARD strait, economy" in screen
    assert "Stopped, 2030-01-21 06:00 (D+20)." in ard
    assert "  Messages of the exercise: [1] (inbox shows them)" in ard
    assert any(line.startswith("    The strait (strait), since 2030-01-06, ") for line in ard)
    assert "For you to decide" not in str(brl)
    assert "collision for ARD" not in str(brl) + str(ard)


def test_a_summary_can_be_shown_again(tmp_path: Path) -> None:
    """Of what has passed since the clock was last started."""
    there = console(tmp_path / "run", seats=ARD)
    assert output_of(seat(there, "ARD"), "summary")[-1] == "  Nothing new."
    output_of(there, "pace 1d=1s")
    run_on(there)
    assert "injects: collision" in "\n".join(output_of(there, "summary"))
    run_on(there)
    assert "injects: funeral" in "\n".join(output_of(there, "summary"))
    assert "Summary for Arda" in output_of(seat(there, "ARD"), "summary")[0]


def test_the_summary_of_the_facilitator_counts_what_seats_wrote(tmp_path: Path) -> None:
    """Messages of seats since the clock was last started; no line if there was none."""
    there = console(tmp_path / "run", seats=ARD)
    output_of(there, "pace 1d=1s")
    run_on(there)
    assert not [line for line in output_of(there, "summary") if "messages, offers and votes" in line]
    output_of(seat(there, "ARD"), 'message BRL "We want talks"', 'message BRL "Tomorrow"')
    assert "  messages, offers and votes of seats: 2" in output_of(there, "summary")
