"""What goes wrong with thirty people in the room: slips of the keyboard, second thoughts, curious neighbours."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import environment
from support.live import console, resumed, told, verified
from support.terminals import COMMAND, hub, joined, seat
from wargame.errors import UsageFault
from wargame.language.times import DAY
from wargame.live.console.console import Console
from wargame.live.console.roles import SCRIBE
from wargame.live.console.status_bar import participant_bar

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")


# --- words that were not meant ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('inject intel "a mole" --audience ARD --now', "inject has no option --audience"),
        ('inject intel "a mole" --To ARD --now', "did you mean '--to'"),
        ('action ARD "a theft" --goldstein -3 --to BRL --covret', "did you mean '--covert'"),
        ('order ARD talk BRL --wy "peace"', "did you mean '--why'"),
        ("message ARD BRL Stop --immediately or else", "in quotes"),
        ("note yes --now", "note has no option --now"),
        ("forecast 90d --runs 5", "forecast has no option --runs"),
    ],
)
def test_an_option_that_there_is_not_is_refused_and_nothing_is_done(tmp_path: Path, line: str, hint: str) -> None:
    """A secret must not go to all because a word was misspelt, nor a text lose its middle."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    before = len(there.session.records)
    with pytest.raises(UsageFault, match=hint):
        told(there, line)
    assert len(there.session.records) == before


def test_a_text_in_quotes_is_kept_whole(tmp_path: Path) -> None:
    """Dashes and numbers in it are words like others; so are they in YAML."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    told(there, 'message ARD BRL "Stop --immediately or we go -n 5 times"', "message ARD BRL five -n 5 times")
    sent = [record.data["text"] for record in there.session.records if record.kind == "message"]
    assert sent == ["Stop --immediately or we go -n 5 times", "five -n 5 times"]
    assert told(there, "inject {id: leak, title: A leak, message: they --now know}") == [
        "Added to the MSEL: leak (release ID releases it now)"
    ]


def test_a_seat_is_told_its_own_usage(tmp_path: Path) -> None:
    """It does not name itself; who does so as sender of another is refused."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    mine = seat(there, "BRL")
    for line, usage in (("message", 'usage: message TO "TEXT"'), ("order", "usage: order OPTION [TARGET]")):
        with pytest.raises(UsageFault) as fault:
            told(mine, line)
        assert str(fault.value) == usage
    with pytest.raises(UsageFault, match="this is the seat of BRL"):
        told(mine, "message ARD BRL oops")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("log -1", "where N is a number from 1"),
        ("inbox ARD abc", "where N is a number from 1"),
        ("deadline 0d", "longer than 0"),
        ("until 1", "usage: until DATE|CONDITION, for example"),
        ('standing ARD talk BRL --when "tension > 0.9 and nosuch"', "reads nosuch, which does not exist"),
        ("inject just words", "not a template"),
        ("whatif order ARD blockade BRL", "this leader climbs"),
        ("rate collision met", "has not been released"),
        ("rate harvest met", "has no expected actions"),
        ("rate collision met --who XYZ", "there is no government 'XYZ'"),
    ],
)
def test_a_slip_is_told_with_what_would_be_right(tmp_path: Path, line: str, said: str) -> None:
    """And leaves the exercise as it was."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        told(there, line)
    assert said in str(fault.value)
    assert there.session.head == 0


def test_an_inject_of_a_file_that_holds_none_is_refused(tmp_path: Path) -> None:
    """In words that say what is wanted."""
    (tmp_path / "list.txt").write_text("root:x:0:0\n")
    there = console(tmp_path / "run")
    with pytest.raises(Exception, match="there is no inject in this text"):
        told(there, f"inject {tmp_path / 'list.txt'}")


# --- second thoughts -------------------------------------------------------------------------------


def test_undo_after_a_rewind_goes_back_to_where_one_was(tmp_path: Path) -> None:
    """With everything that was left; a second undo then takes back what came before."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "stops off", "advance 10d", 'message ARD BRL "important"', "advance 10d", 'note "x"')
    records = list(there.session.records)
    told(there, "rewind 2030-01-15")
    assert told(there, "undo")[0].startswith("Undone: rewind")
    assert there.session.branch == "main"
    assert there.session.records == records
    assert told(there, "undo")[0].startswith("Undone: note x.")
    assert there.session.exercise.now == 20 * DAY
    there.session.close()
    assert verified(tmp_path / "run")
    again = resumed(tmp_path / "run")
    assert (again.exercise.now, again.branch) == (20 * DAY, "main")


@pytest.mark.parametrize(("turn", "back"), [("branch aside", "main"), ("switch main", "branch-2")])
def test_undo_after_a_branch_or_a_switch_goes_back_too(tmp_path: Path, turn: str, back: str) -> None:
    """To the branch that was left, where it stood."""
    there = console(tmp_path / "run")
    told(there, "advance 10d", *(["rewind D+5", "advance 1d"] if back != "main" else []))
    now = there.session.exercise.now
    told(there, turn, "undo")
    assert (there.session.branch, there.session.exercise.now) == (back, now)


def test_undo_leaves_alone_what_others_wrote_beside_the_game(tmp_path: Path) -> None:
    """Notes of the scribe and acknowledgements; they are kept, and it says whose command it takes back."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    told(there, "stops off", 'inject news "Riots" --id riots --now', "release harvest")
    told(seat(there, "BRL"), "ack 1")
    scribe = Console(there.session, there.wall, role=SCRIBE)
    told(scribe, 'note "a decisive quarrel" --about harvest', 'note "the release" --about 2')
    (line,) = told(there, "undo")
    assert line.startswith("Undone: release harvest. Kept: 3 notes and acknowledgements")
    notes = [record.data["text"] for record in there.session.records if record.kind == "note"]
    assert notes == ["a decisive quarrel", "the release"]
    assert there.session.exercise.commands.msel.acknowledged == {("riots", 1): ["BRL"]}
    assert there.session.exercise.injector.lines["harvest"].status != "released"


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """An acknowledgement of the very message that is taken back."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    told(there, "stops off", 'inject news "Riots" --id riots', "release riots")
    told(seat(there, "BRL"), "ack")
    (line,) = told(there, "undo")
    assert "Not kept: 1 note or acknowledgement" in line


def test_undo_with_a_running_clock_takes_back_a_command_and_no_tick(tmp_path: Path) -> None:
    """The time that has run since goes with it, and that is said."""
    there = console(tmp_path / "run")
    told(there, "stops off", "pace 1d=1s", "resume")
    there.wall.tick(30.0)
    told(there, "hold coup")
    for _ in range(3):
        there.wall.tick(10.0)
    (line,) = told(there, "undo")
    assert line.startswith("Undone: hold coup. The time that has passed since is undone with it.")
    assert (there.session.exercise.now, there.wall.running) == (30 * DAY, False)
    assert there.session.exercise.injector.lines["coup"].status != "held"


def test_undo_names_whose_command_it_was(tmp_path: Path) -> None:
    """A seat's message is no slip of the facilitator's."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(seat(there, "ARD"), 'message BRL "Let us talk"')
    assert told(there, "undo")[0].startswith("Undone: message Let us talk, by ARD.")


def test_rewind_to_a_record_leaves_what_came_before_it_in_the_same_second(tmp_path: Path) -> None:
    """To a date it goes before all that was commanded then."""
    there = console(tmp_path / "run")
    told(there, "advance 3d", *(f'note "number {n}"' for n in range(6)))
    last = [record.seq for record in there.session.records if record.kind == "note"]
    told(there, f"rewind #{last[4]}")
    kept = [record.data["text"] for record in there.session.records if record.kind == "note"]
    assert kept == ["number 0", "number 1", "number 2", "number 3"]
    told(there, "rewind D+3")
    assert not [record for record in there.session.records if record.kind == "note"]


# --- neighbours ------------------------------------------------------------------------------------


def test_who_watches_a_seat_of_the_model_cannot_act_for_it(tmp_path: Path) -> None:
    """It is told so when it joins; the facilitator may still order for any government."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    mine = seat(there, "ARD")
    for line in (
        "order talk BRL",
        'message BRL "hello"',
        'vote all "x?"',
        "pass",
        "ack",
        'standing talk BRL --when "1"',
    ):
        with pytest.raises(UsageFault, match=r"the model holds the seat of ARD: you watch .* \(seat ARD human\)"):
            told(mine, line)
    assert told(mine, "brief")
    assert told(there, "order ARD talk BRL")


def test_to_leave_while_a_seat_sits_there_is_to_stand_up(tmp_path: Path) -> None:
    """`quit` there would end the exercise for all."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "sit ARD")
    with pytest.raises(UsageFault, match="stand returns it"):
        told(there, "quit")
    assert not there.over
    assert told(there, "stand", "quit") == ["\x1b[2J\x1b[3J\x1b[HEXERCISE EXERCISE EXERCISE", there.leaving()[0]]


def test_what_the_facilitator_misses_while_a_seat_sits_there_is_shown_after(tmp_path: Path) -> None:
    """And nothing of it while it sits: not the clock's notices either."""
    there, screen = hub(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    there.run(there.main, "pace 1d=1s")
    there.run(there.main, "resume")
    there.run(there.main, "sit ARD")
    screen.clear()
    for _ in range(40):
        there.tick(1.0)
    assert "PAUSEX" not in str(screen)
    assert "BRL" not in "".join(line for line in screen if "due" in line)
    shown = "\n".join(there.run(there.main, "stand"))
    assert "a decision is due (resume continues" in shown
    assert "BRL decides on" in shown or "due" in shown


def test_an_acknowledgement_given_twice_names_no_inject(tmp_path: Path) -> None:
    """Its id could tell what is to come."""
    there = console(tmp_path / "run", seats=(("BRL", "human"),))
    told(there, 'inject news "Riots" --id before_the_coup --now')
    mine = seat(there, "BRL")
    told(mine, "ack 1")
    with pytest.raises(UsageFault) as fault:
        told(mine, "ack 1")
    assert str(fault.value) == "Brel has already acknowledged 1"


def test_a_channel_holds_the_answers_too(tmp_path: Path) -> None:
    """What was offered to one alone, and what that one said to it."""
    there = console(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    told(seat(there, "ARD"), 'offer BRL "terms A"')
    told(seat(there, "BRL"), 'answer 1 yes "with my conditions"')
    for name, other in (("ARD", "BRL"), ("BRL", "ARD")):
        shown = "\n".join(told(seat(there, name), f"channel {other}"))
        assert "terms A" in shown
        assert "with my conditions" in shown


def test_a_brief_before_the_first_move_names_no_meeting_that_is_past(tmp_path: Path) -> None:
    """Desks open with the exercise."""
    there = console(tmp_path / "run", scenario="korea-2017", seats=(("PRK", "human"),))
    shown = "\n".join(told(seat(there, "PRK"), "brief"))
    assert "next meeting" not in shown
    assert "meetings begin at STARTEX" in shown


# --- deadlines on the wall -------------------------------------------------------------------------


def test_a_deadline_on_the_wall_runs_while_the_clock_stands_for_the_decision(tmp_path: Path) -> None:
    """That is what it is for; PAUSEX holds it."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "deadline 30s wall model", "pace 1d=1s", "resume")
    while there.wall.running:
        there.wall.tick(1.0)
    told(there, "pause")
    there.wall.tick(1000.0)
    assert not [line for line in there.session.path if line.kind == "decision.missed"]
    told(there, "resume", "next")
    there.wall.tick(1.0)
    assert "s left" in participant_bar(seat(there, "ARD"))
    there.wall.tick(40.0)
    assert [line for line in there.session.path if line.kind == "decision.missed"]


# --- the keyboard ----------------------------------------------------------------------------------


class Watched:
    """What a terminal shows, each part of it looked at once."""

    def __init__(self, terminal: int) -> None:
        self._terminal, self._shown, self._seen = terminal, b"", 0

    def until(self, words: bytes) -> bytes:
        """What is shown from where one has looked to these words; it fails if they do not come."""
        while (found := self._shown.find(words, self._seen)) < 0:
            ready, _, _ = select.select([self._terminal], [], [], 30)
            assert ready, self._shown[self._seen :].decode(errors="replace")
            self._shown += os.read(self._terminal, 1 << 16)
        part, self._seen = self._shown[self._seen : found], found + len(words)
        return part

    def answer(self, prompt: bytes, keys: bytes) -> None:
        """Presses keys once the prompt is there and the terminal takes them one by one."""
        self.until(prompt)
        time.sleep(0.2)
        os.write(self._terminal, keys)


@pytest.mark.slow
@POSIX
def test_ctrl_c_clears_a_line_and_a_seat_that_sits_down_finds_no_lines_of_others(tmp_path: Path) -> None:
    """Ctrl-C ends nothing; the key Up at a seat does not show what the facilitator typed; Ctrl-D says how to go on."""
    ours, theirs = os.openpty()
    terminal = environment(TERM="xterm", PROMPT_TOOLKIT_NO_CPR="1")
    there = subprocess.Popen([*COMMAND, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"], cwd=tmp_path,
                             env=terminal, stdin=theirs, stdout=theirs, stderr=theirs)  # fmt: skip
    os.close(theirs)
    screen = Watched(ours)
    try:
        screen.answer(b"EXCON 2030-01-01 00:00>", b"advance 400d\x03")
        screen.until(b"quit leaves the exercise")
        screen.answer(b"EXCON 2030-01-01 00:00>", b'note "TOPSECRET"\r')
        screen.until(b"Noted")
        screen.answer(b"EXCON 2030-01-01 00:00>", b"sit ARD\r")
        screen.until(b"BRIEF for")
        screen.answer(b"ARD 2030-01-01 00:00>", b"\x1b[A\x1b[A\x15help quit\r")
        assert b"TOPSECRET" not in screen.until(b"others close their terminal")
        screen.answer(b"ARD 2030-01-01 00:00>", b"\x04")
        screen.until(b"stand returns it")
        screen.answer(b"ARD 2030-01-01 00:00>", b"stand\r")
        screen.answer(b"EXCON 2030-01-01 00:00>", b"\x04")
        screen.until(b"wargame resume run")
        assert there.wait(timeout=30) == 0
    finally:
        there.kill()
        there.wait()
        os.close(ours)


@pytest.mark.slow
@POSIX
def test_a_piped_seat_is_told_of_lines_that_cannot_be_sent_and_goes_on(tmp_path: Path) -> None:
    """Bytes that are no text, and a line that is far too long."""
    there = subprocess.Popen([*COMMAND, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"], cwd=tmp_path,
                             env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    try:
        assert there.stdout is not None
        assert there.stdout.readline()
        lines = b"message BRL \xff\xfe\nmessage BRL " + b"x" * 300_000 + b"\nmessage BRL second\nquit\n"
        done = subprocess.run([*COMMAND, "join", "run", "--seat", "ARD"], cwd=tmp_path, env=environment(), input=lines,
                              capture_output=True, timeout=60, check=False)  # fmt: skip
        shown = done.stdout.decode()
        assert "not sent: the line is not UTF-8 text" in shown
        assert "not sent: a line has at most 32,768 bytes" in shown
        assert "Sent to Brel." in shown
        assert "You have left" in shown
    finally:
        there.kill()
        there.communicate()


def test_a_run_that_is_going_on_is_listed_as_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that had been paused and is resumed."""
    from wargame.cli.list import _runs

    there = console(tmp_path / "runs" / "a")
    there.session.close()
    monkeypatch.chdir(tmp_path)
    assert _runs()[0]["ended"] == "paused"
    resumed(tmp_path / "runs" / "a")
    assert _runs()[0]["ended"] == "running"


def test_a_terminal_can_be_closed_by_its_seat_in_any_case(tmp_path: Path) -> None:
    """`kick brl` means BRL."""
    there, _ = hub(tmp_path / "run")
    _, screen = joined(there, "BRL")
    there.run(there.main, "kick brl")
    assert "closed" in screen


# --- and once more -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ack ARD 1 2", "usage: ack GOV [NUMBER]"),
        ("pass ARD economy strait", "usage: pass GOV [DOSSIER]"),
        ("reset harvest broker", "usage: reset [ID]"),
        ('inject news "x" --to ARD --to BRL', "--to is given twice (separate several names with commas: A,B)"),
        ('action ARD "x" --goldstein 3 --why --private', "--why needs a value"),
        ("rule 1 order talk BRL --goldstein 9", "rule 1 order has no option --goldstein"),
        ("note - bullet --tagg improve", "did you mean '--tag'?"),
        ("channel ARD XXX", "there is no government 'XXX'"),
    ],
)
def test_no_word_is_left_out_in_silence(tmp_path: Path, line: str, said: str) -> None:
    """What a command cannot use it refuses, and nothing is done."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    with pytest.raises(UsageFault) as fault:
        told(there, line)
    assert said in str(fault.value)
    assert there.session.head == 0


def test_what_is_typed_as_people_type_it_is_understood(tmp_path: Path) -> None:
    """`-n50`, a condition or a text in quotes of any kind, YAML with `--now`, a bullet in a note."""
    there = console(tmp_path / "run")
    told(there, "forecast 30d -n50", "note - bullet text --tag improve")
    assert there.errands[-1][2] == "50"
    assert there.session.path[-1].data["tag"] == "improve"
    assert told(there, "inject {id: leak, title: A leak} --now") == ["Released: leak"]
    told(there, "edit harvest message “Bad weather”", 'until "tension > 0.31"')
    assert there.session.exercise.injector.lines["harvest"].spec.message == "Bad weather"
    assert there.session.exercise.context.world.get("tension") > 0.31


def test_a_file_of_injects_takes_no_options_of_templates(tmp_path: Path) -> None:
    """They would be lost: what is in the file says it."""
    (tmp_path / "i.yaml").write_text("id: leak\ntitle: A leak\n")
    there = console(tmp_path / "run")
    with pytest.raises(UsageFault, match="--to is not for a file"):
        told(there, f"inject {tmp_path / 'i.yaml'} --to ARD")
    assert told(there, f"inject {tmp_path / 'i.yaml'} --now") == ["Released: leak"]


def test_how_the_console_runs_the_clock_survives_going_back(tmp_path: Path) -> None:
    """Pace and stops are of the console, not of the time that is left."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "advance 5d", "order ARD talk BRL", "stops off", "pace 1d=5s", "undo")
    assert (there.session.last("stops"), there.wall.pace) == ({"due": False}, 86400 / 5)
    told(there, "advance 5d", "rewind D+3")
    assert (there.session.last("stops"), there.wall.pace) == ({"due": False}, 86400 / 5)
    there.session.close()
    assert verified(tmp_path / "run")


def test_ratings_and_notes_of_a_scribe_are_its_own(tmp_path: Path) -> None:
    """Undo passes over them, also when it takes back a rewind."""
    there = console(tmp_path / "run")
    scribe = Console(there.session, there.wall, role=SCRIBE)
    told(there, "order ARD talk BRL")
    told(scribe, "rate signals P")
    assert told(there, "undo")[0].startswith("Undone: order ARD talk. Kept: 1 note or acknowledgement")
    told(there, "advance 10d", "rewind D+3")
    told(scribe, 'note "after the rewind"')
    assert "Kept: 1 note" in told(there, "undo")[0]
    kinds = [r.data.get("text") or r.data.get("rating") for r in there.session.records if r.kind in ("note", "rating")]
    assert kinds == ["P", "after the rewind"]


def test_deadlines_on_the_wall_end_with_what_they_were_given_for(tmp_path: Path) -> None:
    """After a rewind they begin anew; another deadline or none leaves nothing of the old one; nor does a pass."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    told(there, "deadline 20s wall nothing", "next", "next")
    there.wall.tick(15.0)
    assert list(there.wall.remaining().values()) == [5.0]
    told(there, "rewind D+1", "next")
    there.wall.tick(1.0)
    assert list(there.wall.remaining().values()) == [19.0]
    told(there, "deadline off")
    assert "deadline" not in there.wall.status()
    told(there, "deadline 40s wall model")
    there.wall.tick(1.0)
    assert list(there.wall.remaining().values()) == [39.0]
    told(there, "pause", "pass ARD strait")
    assert not there.wall.remaining()
    assert "wall time left" not in "\n".join(told(there, "status"))
    there.wall.save()
    there.session.close()
    assert not Console(resumed(tmp_path / "run")).wall.remaining()


def test_leaving_a_running_exercise_keeps_its_time(tmp_path: Path) -> None:
    """Also time in which nothing happened: seats have seen the clock."""
    import asyncio

    there, _ = hub(tmp_path / "run")
    there.run(there.main, "pace 1h=1s")
    there.run(there.main, "resume")
    there.tick(5.0)
    now = there.session.exercise.now
    asyncio.run(there.close())
    there.session.close()
    assert now == 5 * 3600
    assert resumed(tmp_path / "run").exercise.now == now


def test_the_seat_whose_command_is_taken_back_is_told(tmp_path: Path) -> None:
    """The others only that something was."""
    there, _ = hub(tmp_path / "run", seats=(("ARD", "human"), ("BRL", "human")))
    ard, mine = joined(there, "ARD")
    _, other = joined(there, "BRL")
    there.run(ard, 'message BRL "hello"')
    there.run(there.main, "undo")
    assert "Your command is undone: message hello." in str(mine)
    assert "Your command" not in str(other)
