"""A live exercise on disk: no command is lost, and the same inputs, seed and commands give the same bytes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.engine import loaded
from support.entry_point import wargame
from support.live import console, journal, output_of, played, resumed, session, verified
from wargame.errors import Invalid, NotReproducible, UsageFault, WargameError
from wargame.executor.replay import finish
from wargame.executor.run import Destination, simulate
from wargame.journal.command_log import NotKept, read_commands
from wargame.journal.folder import Folder
from wargame.live.console.console import Console
from wargame.live.session import time_travel
from wargame.live.terminals.shared_session import SharedSession
from wargame.simulation.kernel.settings import Settings

Process = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = (
    "advance 3d",
    "advance 40d",
    "next",
    "until tension > 0.35",
    "hold collision",
    "unhold collision",
    "delay night_drill 3d",
    "postpone 2d",
    "release harvest",
    "skip coup",
    "edit funeral message Nobody came",
    'inject news "Bread riots" --to ARD --at D+15',
    "retract harvest",
    "reset",
    "seat ARD human",
    "seat ARD model",
    "order ARD talk BRL",
    'standing BRL protest ARD --when "tension > 0.2"',
    "deadline 2d model",
    "pass ARD",
    'message ARD BRL "We must talk"',
    'offer ARD BRL "half of the fish"',
    "answer BRL 1 yes",
    'order ARD "invite the neutrals to Geneva"',
    "rule 1 action --goldstein 3 --to BRL",
    "adjudicate tension=0.4",
    'action BRL "closes the harbour" --to ARD --goldstein -4',
    'note "so be it" --tag improve',
    "rate signals S",
    "pause",
    "undo",
    'action BRL "shells a rock" --as strike --severity 12',
    'action ARD "closes a port" --goldstein -3 --effects "tension +0.1, growth[BRL] = 0.2"',
    "order ARD blockade BRL --force",
    'outcome calm occurred --why "so it feels"',
    'outcome calm revoked --why "not yet"',
    "rewind D+2",
    "rewind 3d",
    "branch other",
)
lines = st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=9)


def typed(there: Console, commands: list[str]) -> None:
    """Types commands, of which invalid ones are refused."""
    for line in commands:
        try:
            output_of(there, line)
        except UsageFault:
            continue


def test_an_exercise_without_commands_equals_an_unattended_run(tmp_path: Path) -> None:
    """Byte for byte."""
    run = simulate(loaded(), 5, Settings(), place=Destination(out=tmp_path / "run"))
    assert played(tmp_path / "live", "advance 400d") == run.folder.journal.read_bytes()


@settings(max_examples=6)
@given(cuts=st.lists(st.integers(1, 80), min_size=1, max_size=6))
def test_closing_and_resuming_changes_no_byte(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    """At any moments."""
    top = tmp_path_factory.mktemp("split")
    there = console(top / "split")
    for days in cuts:
        output_of(there, f"advance {days * 17}h")
        there.session.close()
        there = Console(resumed(top / "split"))
    output_of(there, "advance 400d")
    there.session.close()
    assert journal(there) == played(top / "whole", "advance 400d")


@settings(max_examples=25)
@given(commands=lines)
def test_any_commands_verify_and_resume(tmp_path_factory: pytest.TempPathFactory, commands: list[str]) -> None:
    """Resuming changes no byte of the journal."""
    top = tmp_path_factory.mktemp("any")
    there = console(top / "run")
    typed(there, commands)
    there.session.close()
    before = journal(there)
    assert verified(top / "run")
    again = resumed(top / "run")
    again.close()
    assert (top / "run" / "journal.jsonl").read_bytes() == before


ONWARD = [line for line in COMMANDS if not line.startswith(("rewind", "undo"))]
"""Commands that do not change the past."""


@settings(max_examples=8)
@given(commands=st.lists(st.sampled_from(ONWARD), min_size=1, max_size=6), more=lines)
def test_the_same_commands_after_a_rewind_give_the_same_journal(
    tmp_path_factory: pytest.TempPathFactory, commands: list[str], more: list[str]
) -> None:
    """Whatever was tried in between."""
    top = tmp_path_factory.mktemp("back")
    there, straight = console(top / "there"), console(top / "straight")
    for each in (there, straight):
        output_of(each, "advance 10d")
    typed(there, [line for line in more if not line.startswith(("rewind", "undo"))])
    finish(time_travel.rewind(there.session, there.session.exercise.calendar.startex + 10 * 86400))
    for each in (there, straight):
        typed(each, commands)
        each.session.close()
    assert journal(there) == journal(straight)


def test_an_abandoned_branch_is_kept(tmp_path: Path) -> None:
    """Its records are in a file, its commands in the log, and `switch` returns to it."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d", "release harvest", "advance 5d")
    before = journal(there)
    output_of(there, "rewind D+20", "advance 30d")
    (left,) = (tmp_path / "run" / "branches").iterdir()
    assert b'"inject.released"' in left.read_bytes()
    assert [line.kind for line in read_commands(there.session.folder.commands)][1] == "release"
    output_of(there, "switch main")
    assert journal(there) == before


def test_undo_restores_the_state_before_the_last_command(tmp_path: Path) -> None:
    """Journal and clock."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d")
    before = journal(there), there.session.exercise.now
    output_of(there, "release harvest", "undo", "advance 3d", "undo")
    assert (journal(there), there.session.exercise.now) == before


def test_a_refused_command_leaves_no_trace(tmp_path: Path) -> None:
    """Neither in the log nor in the journal nor in later decisions."""
    there, plain = console(tmp_path / "there"), console(tmp_path / "plain")
    for each in (there, plain):
        output_of(each, "seat ARD human", "stop at nothing", "advance 30d")
    for line in (
        "release nothing",
        "order ARD strike BRL",
        "until tension >",
        "delay collision 3d",
        "rule 1 refuse no",
    ):
        with pytest.raises(UsageFault):
            output_of(there, line)
    output_of(there, "brief ARD", "options ARD", "status", "msel", "seats", "log", "why 3")
    for each in (there, plain):
        output_of(each, "advance 100d")
    assert journal(there) == journal(plain)


def test_a_torn_command_is_left_out(tmp_path: Path) -> None:
    """Everything before it is kept."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d", "release harvest")
    there.session.close()
    log = tmp_path / "run" / "commands.jsonl"
    whole = log.read_bytes()
    for cut in range(1, len(whole.splitlines(keepends=True)[1]), 9):
        log.write_bytes(whole[:-cut])
        again = resumed(tmp_path / "run")
        assert [line.kind for line in again.path] == ["advance"]
        again.close()
        log.write_bytes(whole)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.77, 1.0])
def test_a_journal_that_is_cut_short_is_completed(tmp_path: Path, share: float) -> None:
    """At any byte."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d", "release harvest", "advance 3d")
    there.session.close()
    file = tmp_path / "run" / "journal.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    resumed(tmp_path / "run").close()
    assert file.read_bytes() == whole


def test_a_journal_that_differs_is_refused(tmp_path: Path) -> None:
    """Exit 5 with the first difference; the folder is unchanged."""
    there = console(tmp_path / "run")
    output_of(there, "advance 60d")
    there.session.close()
    file = tmp_path / "run" / "journal.jsonl"
    file.write_bytes(re.sub(rb'"perceived":-?[0-9.]+', b'"perceived":7.77', file.read_bytes(), count=1))
    before = file.read_bytes()
    with pytest.raises(NotReproducible, match=r"differs in data\.perceived") as error:
        resumed(tmp_path / "run")
    assert error.value.exit_code == 5
    assert file.read_bytes() == before


def test_a_command_that_can_no_longer_be_applied_is_named(tmp_path: Path) -> None:
    """With its line."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", "release harvest")
    there.session.close()
    log = tmp_path / "run" / "commands.jsonl"
    log.write_bytes(log.read_bytes().replace(b"harvest", b"harvets"))
    with pytest.raises(NotReproducible, match=r"commands\.jsonl:2: 'release' cannot be applied any more"):
        resumed(tmp_path / "run")


def test_a_damaged_log_is_refused_with_its_line(tmp_path: Path) -> None:
    """With the file."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d", "advance 3d")
    there.session.close()
    log = tmp_path / "run" / "commands.jsonl"
    log.write_bytes(b"garbage\n" + log.read_bytes())
    with pytest.raises(Invalid, match=r"commands\.jsonl:1:1: is not a command"):
        resumed(tmp_path / "run")


@pytest.mark.slow
def test_a_second_console_is_refused(tmp_path: Path, process: Process) -> None:
    """Until the first one is closed."""
    there = session(tmp_path / "run")
    done = process("resume", "run")
    assert done.returncode == 2
    assert "another console is running this exercise" in done.stderr
    there.close()
    assert process("resume", "run").returncode == 0


def test_an_unattended_run_cannot_be_resumed(tmp_path: Path) -> None:
    """The error suggests a fork."""
    simulate(loaded(), 5, Settings(until="9d"), place=Destination(out=tmp_path / "run"))
    with pytest.raises(UsageFault, match=r"is an unattended run \(wargame fork .*run'? --at T"):
        resumed(tmp_path / "run")


def test_a_command_that_fails_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on disk."""
    there = console(tmp_path / "run")
    output_of(there, "advance 30d")
    before = journal(there)
    with monkeypatch.context() as patched:
        patched.setattr("wargame.simulation.mechanisms.injector.Injector.skip", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            output_of(there, "skip coup")
    output_of(there, "advance 1d")
    there.session.close()
    assert journal(there).startswith(before)
    assert verified(tmp_path / "run")


def test_manifest_and_list_show_an_exercise_as_paused(tmp_path: Path) -> None:
    """Until ENDEX; then how it ended."""
    there = console(tmp_path / "runs" / "ex")
    output_of(there, "advance 3d")
    there.session.close()
    (row,) = json.loads(wargame("list", "runs", "--json", cwd=tmp_path).stdout)["runs"]
    assert row["ended"] == "paused"
    assert "continue it with: wargame resume ex)" in " ".join(wargame("show", "ex", cwd=tmp_path).stdout.split())
    wargame("resume", "ex", stdin="endex\nnote late\n", cwd=tmp_path)
    assert Folder(tmp_path / "runs" / "ex").manifest().ended == "endex"
    assert wargame("verify", "ex", cwd=tmp_path).returncode == 0


def test_a_command_that_cannot_be_logged_is_not_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a full disk, the exercise continues once there is space."""
    there = console(tmp_path / "run")
    output_of(there, "advance 3d")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("wargame.journal.command_log.os.fsync", full)
        with pytest.raises(NotKept, match="No space left on device; free some space") as refused:
            output_of(there, "release harvest")
    assert refused.value.exit_code == 4
    assert [line.kind for line in read_commands(there.session.folder.commands)] == ["advance"]
    output_of(there, "release harvest")
    there.session.close()
    assert verified(tmp_path / "run")


def test_an_internal_error_does_not_end_the_exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported, and the command is undone."""
    there = console(tmp_path / "run")
    shared = SharedSession(there, lambda _: None)
    with monkeypatch.context() as patched:
        patched.setattr("wargame.simulation.mechanisms.injector.Injector.skip", lambda *_: 1 / 0)
        with pytest.raises(WargameError, match=r"internal error: ZeroDivisionError.*undone"):
            shared.run(there, "skip coup")
    assert shared.run(there, "advance 1d")
