"""`wargame play` and `join` as commands: scripts, standard input, help, completion, errors, other terminals."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command_line import HEARD, end_of, ended, environment
from support.entry_point import wargame
from support.live import console, output_of, verified
from support.terminals import seat
from support.waiting import PATIENCE, until
from wargame.errors import UsageFault
from wargame.live.console.command_line import split
from wargame.live.console.completion import complete, table
from wargame.live.console.dispatch import COMMANDS
from wargame.live.console.status_bar import facilitator_bar
from wargame.live.terminals.socket import NAME

Process = Callable[..., subprocess.CompletedProcess[str]]


# --- the command ---------------------------------------------------------------------------------


def test_play_reads_commands_from_standard_input(tmp_path: Path) -> None:
    """The end of input leaves an exercise that verifies and can be resumed, exit 0."""
    done = wargame(
        "play", "two-rivals", "--seed", "5", "--out", "run", stdin="advance 30d\nrelease harvest\n", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "EXERCISE EXERCISE EXERCISE" in done.stdout
    assert "harvest: released" in done.stdout
    assert wargame("verify", "run", cwd=tmp_path).stdout.splitlines()[0].endswith("identical byte for byte")
    assert wargame("resume", "run", stdin="endex\n", cwd=tmp_path).returncode == 0


def test_an_exercise_that_is_over_says_so_when_it_is_opened_again(tmp_path: Path) -> None:
    """It does not offer to advance the clock."""
    wargame("play", "two-rivals", "--seat", "ARD=human", "--out", "r", cwd=tmp_path, stdin="next\nendex\nquit\n")
    opened = wargame("resume", "r", cwd=tmp_path, stdin="quit\n").stdout
    assert "The exercise is over; hotwash, judge, rate and note still work" in opened
    assert "next advances" not in opened


def test_an_error_in_a_script_is_reported_with_its_line(tmp_path: Path) -> None:
    """Exit 2; the lines before it are kept, those after it are not run."""
    lines = ["advance 1d"] * 39 + ["relaese harvest", "release harvest"]
    (tmp_path / "commands.txt").write_text("\n".join(lines))
    done = wargame("play", "two-rivals", "--script", "commands.txt", "--out", "run", cwd=tmp_path)
    assert done.returncode == 2
    assert "commands.txt:40: there is no command 'relaese' (did you mean 'release'?)" in done.stderr
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "run" / "commands.jsonl").read_text("utf-8").splitlines()]
    assert kinds == ["advance"] * 39
    assert wargame("resume", "run", stdin="advance 1d\n", cwd=tmp_path).returncode == 0


def test_an_error_on_standard_input_does_not_end_the_exercise(tmp_path: Path) -> None:
    """It is reported with its number on standard error, and the next line is run."""
    done = wargame(
        "play", "two-rivals", "--out", "run", stdin='bogus\nnote "open\n# a remark\n\nadvance 2d\n', cwd=tmp_path
    )
    assert done.returncode == 0
    assert "line 1: there is no command 'bogus'" in done.stderr
    assert "line 2: a closing quotation mark is missing" in done.stderr
    assert "2030-01-03 00:00 (D+2)" in done.stdout


def test_json_is_one_document_on_standard_output(tmp_path: Path) -> None:
    """Everything else goes to standard error."""
    done = wargame(
        "play", "two-rivals", "--out", "run", "--json", "--pace", "1d=5s", stdin="advance 400d\n", cwd=tmp_path
    )
    document = json.loads(done.stdout)
    assert (document["run_dir"], document["ended"]) == ("run", "endex")


@pytest.mark.parametrize(
    ("words", "told_so"),
    [
        (("play", "two-rivals", "--seat", "ARD"), "write GOV=KIND"),
        (("play", "two-rivals", "--seat", "XYZ=human"), "there is no government 'XYZ'"),
        (("play", "two-rivals", "--pace", "fast"), "a pace is written"),
        (("join", "nothing", "--seat", "ARD"), "there is no run 'nothing'"),
    ],
)
def test_an_invalid_command_line_is_refused(tmp_path: Path, words: tuple[str, ...], told_so: str) -> None:
    """Exit 2, and no folder is created."""
    done = wargame(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert told_so in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("manifest.json"))


def test_every_command_has_help(tmp_path: Path) -> None:
    """`help` lists the commands of the facilitator; `help COMMAND` explains each."""
    there = console(tmp_path / "run")
    listed, whole = "\n".join(output_of(there, "help")), "\n".join(output_of(there, "help all"))
    for name, command in COMMANDS.items():
        if "facilitator" in command.roles:
            assert name in listed
            assert command.usage in whole
            assert command.usage in "\n".join(output_of(there, f"help {name}"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('order ARD talk BRL --why "to calm them"', ["ARD", "talk", "BRL"]),
        ("note “smart quotes”", ["smart quotes"]),
        ("note „deutsche Zeichen“", ["deutsche Zeichen"]),
        ("note «deux mots»", ["deux mots"]),
        ("note don't", ["don't"]),
        ("note 'we don't wait' --tag improve", ["we don't wait"]),
        ("order ARD talk BRL --why 'to calm them'", ["ARD", "talk", "BRL"]),
        ("message ARD all \"they said 'no' twice\"", ["ARD", "all", "they said 'no' twice"]),
        ("note the crews' boats don't move", ["the", "crews'", "boats", "don't", "move"]),
        ("note 'tis late", ["'tis", "late"]),
        ("delay x -2d", ["x", "-2d"]),
    ],
)
def test_quotes_and_apostrophes_are_read_as_people_type_them(line: str, words: list[str]) -> None:
    """Quotation marks of any kind group words, single ones too; an apostrophe is a letter."""
    parsed = split(line)
    parsed.take_options(COMMANDS[parsed.command].options)
    assert parsed.args == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rel", ["release"]),
        ("release ha", ["harvest"]),
        ("order A", ["ARD"]),
        ("order ARD t", ["talk", "trade"]),
        ("order ARD talk ", ["BRL"]),
        ("ORDER ard TALK b", ["BRL"]),
        ("release HA", ["harvest"]),
        ("seat ARD h", ["human"]),
        ("edit collision mess", ["message"]),
        ("rate sig", ["signals"]),
        ("msel x y ", []),
    ],
)
def test_completion_knows_commands_governments_options_targets_injects_and_fields(
    tmp_path: Path, line: str, words: list[str]
) -> None:
    """Only words that can come next."""
    assert complete(table(console(tmp_path / "run")), line) == words


def test_completion_knows_the_questionnaires_that_a_seat_has(tmp_path: Path) -> None:
    """By the number under which the seat answers."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    poll = "{id: poll, title: Poll, questionnaire: {questions: [{id: how, text: How, scale: [1, 5]}]}}"
    output_of(there, f"inject {poll} --now")
    assert complete(table(seat(there, "ARD")), "respond ") == ["1"]


def test_the_bar_shows_both_clocks_and_what_waits(tmp_path: Path) -> None:
    """Also why the clock is stopped, the next inject, due decisions and the queue."""
    there = console(tmp_path / "run", seats=(("ARD", "human"),))
    output_of(there, "stop at decisions", "advance 10d", 'order ARD "ask the neutral powers"')
    shown = "\n".join(facilitator_bar(there, "14:05:00"))
    for part in ("EXERCISE", "2030-01-06 00:00 (D+5)", "14:05:00", "stopped: a decision is due (Arda: 'The strait')"):
        assert part in shown
    assert "collision in 15d 6h" in shown
    assert "DUE: ARD strait" in shown
    assert "queue: 1" in shown


def test_move_and_until_stop_at_the_move_and_the_condition(tmp_path: Path) -> None:
    """`until` reports a condition that was never true."""
    there = console(tmp_path / "run")
    output_of(there, "move")
    assert there.session.exercise.now == 30 * 86400
    output_of(there, "until tension < 0.25")
    assert there.session.exercise.context.world.get("tension") < 0.25
    with pytest.raises(UsageFault, match="already holds"):
        output_of(there, "until tension < 0.25")
    assert "tension > 5 was never true." in output_of(there, "until tension > 5")


def test_the_hot_wash_has_questions_actions_notes_and_unrated_objectives(tmp_path: Path) -> None:
    """A rated objective is no longer listed."""
    there = console(tmp_path / "run")
    output_of(there, "advance 60d", 'note "slow" --tag improve', "rate collision late --who ARD", "endex")
    shown = "\n".join(output_of(there, "hotwash"))
    for part in ("What should we sustain?", "missed: 1", "late [#", "Note: slow", "signals: Respond to an", "EXERCISE"):
        assert part in shown
    output_of(there, 'rate signals S "slowly"')
    assert "Objectives without a rating" not in "\n".join(output_of(there, "hotwash"))


def test_the_hot_wash_says_which_judgement_was_replaced(tmp_path: Path) -> None:
    """The last one is with the expected action; the one before it must not read as if it still held."""
    there = console(tmp_path / "run")
    output_of(there, "advance 60d", "rate collision late --who ARD", 'rate collision met --who ARD --why "by phone"')
    (rating,) = (line for line in output_of(there, "hotwash") if "Rating of" in line)
    assert rating.endswith("late (replaced by a later judgement)")


# --- other terminals -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sockets of POSIX")
def test_terminals_join_through_a_socket_that_only_the_owner_can_open(tmp_path: Path, process: Process) -> None:
    """A seat orders, a scribe writes notes, a second facilitator is refused; the socket is removed at the end."""
    command = [sys.executable, "-c", "from wargame.cli import main; main()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with ended(subprocess.Popen(
        [*command, "play", "two-rivals", "--out", "run", "--seat", "ARD=human"],
        cwd=tmp_path, env=environment(), encoding="utf-8", **pipes,  # type: ignore[call-overload]  # of a mapping
    )) as main:  # fmt: skip
        socket = tmp_path / "run" / NAME
        until(socket.exists)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        seat = process(
            "join", "run", "--seat", "ARD", stdin="order talk BRL --why peace\norder strike BRL\nadvance 3d\n"
        )
        scribe = process("join", "run", "--notes", stdin='note "seen" --tag sustain\nrelease harvest\n')
        second = process("join", "run")
        wrong = process("join", "run", "--seat", "XYZ")
        out, _ = main.communicate("advance 3d\nquit\n", timeout=PATIENCE)
    assert "Arda offers talks (Brel)" in seat.stdout
    assert "violence requires a previous attack" in seat.stdout
    assert "'advance' is not available to a seat" in seat.stdout
    assert "Noted" in scribe.stdout
    assert "'release' is not available to a scribe" in scribe.stdout
    assert (second.returncode, wrong.returncode) == (2, 2)
    assert 'join with one of --seat GOV, --evaluator "NAME", --notes and --screen' in second.stderr
    assert "Arda orders: offers talks (Brel)" in out
    assert not socket.exists()
    assert process("join", "run", "--seat", "ARD").returncode == 2
    assert verified(tmp_path / "run")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "typed"), [("SIGTERM", True), ("SIGINT", False), ("SIGHUP", False)])
def test_a_signal_leaves_an_exercise_that_can_be_resumed(tmp_path: Path, name: str, typed: bool) -> None:
    """Exit 4, and the manifest says paused; also at a terminal where a line could still be typed."""
    keyboard, stdin = os.openpty() if typed else os.pipe()[::-1]
    start = f"{HEARD}\nfrom wargame.cli import main; main()"
    command = [sys.executable, "-c", start, "play", "two-rivals", "--out", "run"]
    with ended(subprocess.Popen(command, cwd=tmp_path, env=environment(), stdin=stdin, stdout=subprocess.PIPE)) as main:
        assert main.stdout is not None
        os.write(keyboard, b"advance 3d\n")
        assert any(b"D+3" in line for line in iter(main.stdout.readline, b""))
        main.send_signal(getattr(signal, name))
        assert end_of(main) == 4
    assert '"ended": "paused"' in (tmp_path / "run" / "manifest.json").read_text("utf-8")
    assert verified(tmp_path / "run")
