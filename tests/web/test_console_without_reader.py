"""The reader of what the console prints ends, as in `wargame play ... --serve | head -1`: the exercise goes on."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from support.command_line import HEARD
from support.live import verified
from support.waiting import SOON
from support.web import Client, run
from wargame.journal.command_log import read_commands

COMMAND = [sys.executable, "-c", f"{HEARD}from wargame.cli import main; main()"]
OPTIONS = ("play", "two-rivals", "--seat", "ARD=human", "--serve", "127.0.0.1:0", "--no-lobby", "--out")


async def address(process: asyncio.subprocess.Process) -> str:
    """The address at which an exercise is served; nobody reads what comes after it."""
    assert process.stdout is not None
    line = ""
    while "served at" not in line:
        line = (await process.stdout.readline()).decode()
    process.stdout._transport.close()  # type: ignore[attr-defined]  # as the end of its reader does
    return line.split()[-1]


async def play(folder: Path, url: str) -> None:
    """A message is sent three times, a day twice, each with its key."""
    lines = map(json.loads, (folder / "access.jsonl").read_text("utf-8").splitlines())
    codes = {each["seat"] or each["role"]: each["code"] for each in lines if each["kind"] == "code"}
    sam, kim = Client(url), Client(url)
    assert (await sam.join(codes["ARD"], "Sam")).status_code == 201
    assert (await kim.join(codes["facilitator"], "Kim")).status_code == 201
    for _ in range(3):
        assert (await sam.command("message", "BRL", "hello", key="one")).status_code == 200
    for _ in range(2):
        assert (await kim.command("advance", "1d", key="two")).status_code == 200
    assert "The console cannot be written to" in (await kim.http.get("/")).text
    for client in (sam, kim):
        await client.http.aclose()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_commands_act_once_after_the_reader_of_the_console_has_ended(tmp_path: Path) -> None:
    """Three messages with one key are one message, a day is one day, and what the facilitator sees says why."""
    folder = tmp_path / "run"

    async def steps() -> None:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*COMMAND, *OPTIONS, str(folder), stdin=pipe, stdout=pipe)
        try:
            url = await address(process)
            await play(folder, url)
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), SOON) == 4
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGABRT)  # with `HEARD`, it writes a traceback of each thread

    run(steps())
    assert [line.kind for line in read_commands(folder / "commands.jsonl")] == ["message", "advance"]
    assert verified(folder)
