"""An exercise that is killed at any instant loses no acknowledged command and can be resumed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import environment
from support.live import resumed, verified
from wargame.journal.command_log import read_commands
from wargame.journal.folder import Folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

SCRIPT = [
    "advance 3d", "hold collision", "release harvest", 'note "one"', "advance 30d", "unhold collision",
    "seat ARD human", "stop at nothing", "advance 20d", "order ARD talk BRL", "postpone 2d", "rewind D+20",
    "advance 12d", "undo",
    'inject news "riots" --now', "adjudicate tension=0.5", "branch second", "advance 40d", "switch main", "advance 9d",
    'message ARD BRL "hello"', "reset", "advance 60d", "endex", 'note "last"',
]  # fmt: skip
COMMAND = "from wargame.cli import main; main()"


def killed(folder: Path, after: float) -> tuple[list[str], bool]:
    """Kills an exercise `after` seconds; the notes that it acknowledged, and whether there is a folder.

    Each command is followed by a note; the response to the note acknowledges both.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "play", "two-rivals", "--seed", "5", "--out", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    end = time.monotonic() + after
    process.stdin.write("".join(f"{line}\nnote ack{n}\n" for n, line in enumerate(SCRIPT)).encode())
    process.stdin.flush()
    output = b""
    while time.monotonic() < end and process.poll() is None:
        output += process.stdout.read() or b""
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    output += process.stdout.read() or b""
    process.stdin.close()
    process.stdout.close()
    answers = output.decode()
    return [f"ack{n}" for n in range(len(SCRIPT)) if f": ack{n}\n" in answers], folder.exists()


def check(folder: Path, after: float, *, torn: bool) -> None:
    """Kills an exercise, optionally truncates its last lines, resumes it, and looks for everything acknowledged."""
    acknowledged, there = killed(folder, after)
    if not there:
        assert not acknowledged
        return
    if torn:
        for name in ("journal.jsonl", "commands.jsonl"):
            with (folder / name).open("ab") as file:
                file.write(b'{"n":99,"par')
    again = resumed(folder)
    on_disk = {str(line.data.get("text")) for line in read_commands(folder / "commands.jsonl") if line.kind == "note"}
    assert set(acknowledged) <= on_disk
    assert again.records
    again.submit("note", text="after", about="", tag="")
    again.close()
    assert verified(folder)
    assert Folder(folder).manifest().ended in ("paused", "endex")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_kill_loses_no_acknowledged_command(tmp_path: Path, share: float) -> None:
    """At three instants over the exercise."""
    check(tmp_path / "run", 0.45 + 0.7 * share, torn=share > 0.5)


@pytest.mark.exhaustive
def test_three_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    """At random instants of the exercise, every second time with truncated last lines."""
    drawn = random.Random(20171129)  # noqa: S311 - instants, no secrets
    for number in range(300):
        check(tmp_path / f"run-{number}", drawn.uniform(0.3, 1.6), torn=number % 2 == 1)
