"""A run with a program is killed, and goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.bots import ORDERS, bot
from support.command_line import HEARD, ended, environment, wargame
from support.in_process import inside
from support.waiting import PATIENCE, until
from wargame.executor.verify import verify
from wargame.journal.folder import Folder

SLOW = """
seen = 0
for turn in turns():
    seen += 1
    if seen == 6:
        open("HANGS", "w").close()
        time.sleep(60)
    orders = [{"n": turn["choices"][0]["n"], "why": "first"}] if turn["choices"] else []
    send(type="act", id=turn["id"], orders=orders)
"""


@pytest.mark.slow
def test_a_killed_run_loses_nothing_and_is_resumed_with_the_program(tmp_path: Path) -> None:
    """What the program did is on disk; the run that goes on has the journal of one that was never killed."""
    bot(tmp_path, SLOW.replace("HANGS", str(tmp_path / "hangs")))
    words = ("two-rivals", "--seat", "ARD=program:bot.py", "--seed", "5", "--until", "D+90")
    command = [sys.executable, "-m", "wargame", "run", *words, "--out", "run"]
    with ended(subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL)) as child:
        until((tmp_path / "hangs").exists)
        child.send_signal(signal.SIGKILL)
    assert verify(Folder(tmp_path / "run")).same
    bot(tmp_path, ORDERS)
    (tmp_path / "on.txt").write_text("stop at nothing\nadvance 90d\n")
    done = wargame("resume", "run", "--seat", "ARD=program:bot.py", "--script", "on.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert inside("run", *words, "--out", "whole", "-q", "--no-report", cwd=tmp_path).returncode == 0
    assert (tmp_path / "run/journal.jsonl").read_bytes() == (tmp_path / "whole/journal.jsonl").read_bytes()
    assert verify(Folder(tmp_path / "run")).same


@pytest.mark.slow
def test_a_run_that_stops_at_a_failure_says_how_to_continue(tmp_path: Path) -> None:
    """The folder is an exercise that can be resumed."""
    bot(tmp_path, "for turn in turns(): os._exit(1)")
    words = ("run", "two-rivals", "--seat", "ARD=program:bot.py", "--brain-failed", "stop", "--out", "run", "-q")
    done = inside(*words, cwd=tmp_path)
    assert done.returncode == 4
    assert "wargame resume" in done.stderr
    bot(tmp_path, ORDERS)
    (tmp_path / "on.txt").write_text("stop at nothing\nadvance 400d\n")
    done = inside("resume", "run", "--seat", "ARD=program:bot.py", "--script", "on.txt", cwd=tmp_path)
    assert "The exercise is over" in done.stdout
    assert verify(Folder(tmp_path / "run")).same


HANGS = """
for message in messages():
    open("HANGS", "w").close()
    time.sleep(3600)
"""
ASKS = 'for turn in turns(): send(type="act", id=turn["id"], questions=["How far is it?"])'


@pytest.mark.parametrize("white_cell", [False, True], ids=["seat", "white cell"])
def test_ctrl_c_does_not_wait_for_a_program_that_hangs(tmp_path: Path, white_cell: bool) -> None:
    """The run is kept, and the message says how to go on; the program hangs for longer than the test waits."""
    hangs = HANGS.replace("HANGS", str(tmp_path / "hangs"))
    bot(tmp_path, ASKS if white_cell else hangs)
    bot(tmp_path, hangs, "cell.py")
    words = ["run", "two-rivals", "--seat", "ARD=program:bot.py", "--brain-timeout", "2h", "--out", "run"]
    words += ["--white-cell", "program:cell.py"] if white_cell else []
    command = [sys.executable, "-c", f"{HEARD}\nfrom wargame.cli import main; main()", *words]
    pipe = subprocess.PIPE
    with ended(
        subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8")
    ) as child:
        until((tmp_path / "hangs").exists)
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=PATIENCE)
    assert child.returncode == 4
    assert "wargame resume" in error
    assert Folder(tmp_path / "run").manifest().ended == "paused"
