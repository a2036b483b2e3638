"""Several exercises behind one lobby: each is a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from support.live import console, output_of, session
from support.waiting import until
from wargame.errors import UsageFault
from wargame.live.console.command_line import split
from wargame.live.terminals.shared_session import SharedSession
from wargame.web import rooms as web_rooms
from wargame.web.access_desk import KEY, MARK, AccessDesk
from wargame.web.address import Address, listen
from wargame.web.rooms import Lobby, listen_beside
from wargame.web.server import carry_out


class Rooms:
    """Two rooms and their lobby."""

    def __init__(self, folder: Path) -> None:
        for name in ("a", "b"):
            session(folder / name, seats=(("ARD", "human"),)).close()
        self.folder, self._said = folder, folder / "said.txt"
        command = [sys.executable, "-m", "wargame", "serve", "a", "b", "--address", "127.0.0.1:0", "--no-lobby"]
        with self._said.open("w") as said:
            self.process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        until(lambda: self.said.count("facilitator's page") == 2, lambda: self.said)
        self.clients: list[httpx.Client] = []
        self.lobby = re.findall(r"rooms: (\S+)", self.said)[0]

    @property
    def said(self) -> str:
        """What the terminal has shown."""
        return self._said.read_text("utf-8")

    def codes(self, room: str) -> list[str]:
        """The codes of a room: of the seat, and of the facilitator."""
        return re.findall(r'"code":"([^"]+)"', (self.folder / room / "access.jsonl").read_text("utf-8"))

    def join(self, code: str, name: str) -> httpx.Client:
        """Joins by the lobby, in the room that it names."""
        asked = {"code": code, "name": name}
        answer = httpx.post(f"{self.lobby}/api/1/join", json=asked, headers={"Origin": self.lobby})
        assert answer.status_code == 200, answer.text
        url = answer.json()["room"].removesuffix("/j")
        client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=30)
        self.clients.append(client)
        assert client.post("/api/1/join", json=asked).status_code == 201
        return client

    def child(self) -> int:
        """The process of the first room."""
        (tasks,) = Path(f"/proc/{self.process.pid}/task").glob(f"{self.process.pid}/children")
        return int(tasks.read_text().split()[0])

    def commands(self, room: str) -> str:
        """The command log of a room."""
        return (self.folder / room / "commands.jsonl").read_text("utf-8")

    def journal(self, room: str) -> str:
        """The journal of a room."""
        return (self.folder / room / "journal.jsonl").read_text("utf-8")


@contextmanager
def rooms(folder: Path) -> Iterator[Rooms]:
    """Two rooms, stopped afterwards."""
    there = Rooms(folder)
    try:
        yield there
    finally:
        for client in there.clients:
            client.close()
        there.process.terminate()
        there.process.wait(60)


def release_an_added_inject(there: Rooms, chiefs: dict[str, httpx.Client]) -> None:
    """An inject with a file, composed in the first room, is released in both with its long text and its file."""
    headers = {"Content-Type": "application/octet-stream"}
    sent = chiefs["a"].post("/api/1/file?name=map.pdf", content=b"%PDF-1.4 a map", headers=headers)
    assert sent.status_code == 200, sent.text
    file = sent.json()["text"]
    message = "Smoke.\nAnd fire." + 9_000 * "\nx"
    lines = (("inject", "news", message, "--id", "smoke", "--file", file), ("everywhere", "release smoke"))
    for key, (verb, *args) in enumerate(lines):
        body = {"key": f"added {key}", "epoch": 0, "verb": verb, "args": args}
        answer = chiefs["a"].post("/api/1/commands", json=body)
        assert answer.status_code == 200, answer.text
    until(lambda: all('"about":"smoke"' in there.journal(room) for room in ("a", "b")), lambda: there.said)
    assert (there.folder / "b" / "inputs" / file).read_bytes() == b"%PDF-1.4 a map"
    journals = [there.journal(room).splitlines() for room in ("a", "b")]
    released = [[json.loads(line)["data"] for line in each if '"about":"smoke"' in line] for each in journals]
    assert [data["message"] for data in released[0]] == [data["message"] for data in released[1]] == [message]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs the processes of Linux")
def test_rooms_share_a_lobby_and_nothing_else(tmp_path: Path) -> None:
    """A code leads to its room, a command reaches all, a room that is killed comes back, and one review has both."""
    with rooms(tmp_path) as there:
        wrong = httpx.post(
            f"{there.lobby}/api/1/join", json={"code": "WRONG", "name": "Ann"}, headers={"Origin": there.lobby}
        )
        assert wrong.status_code == 403
        chiefs = {room: there.join(there.codes(room)[0], "Fay") for room in ("a", "b")}
        assert chiefs["a"].base_url != chiefs["b"].base_url
        assert all(str(chiefs["b"].base_url).rstrip("/") in chiefs[room].get("/").text for room in ("a", "b"))
        body = {"key": "one", "epoch": 0, "verb": "everywhere", "args": ["advance 1d"]}
        assert chiefs["a"].post("/api/1/commands", json=body).status_code == 200
        until(lambda: all('"advance"' in there.commands(room) for room in ("a", "b")), lambda: there.said)
        release_an_added_inject(there, chiefs)
        os.kill(there.child(), signal.SIGKILL)
        until(lambda: "It starts again" in there.said, lambda: there.said)
        assert chiefs["b"].get("/api/1/me").status_code == 200
        assert chiefs["b"].get("/review?rooms=html").status_code == 422
        body |= {"key": "two", "args": ["endex"]}
        assert chiefs["b"].post("/api/1/commands", json=body).status_code == 200
        until(lambda: "Cohort review: a and b" in chiefs["b"].get("/review?rooms=html").text, lambda: there.said)
        until(lambda: there.said.count("facilitator's page") == 3, lambda: there.said)
        assert chiefs["a"].get("/api/1/me").status_code == 200
    assert there.process.returncode == 4
    assert there.said.count("stopped; the exercise is kept") + there.said.count("The review is in") >= 2


@pytest.mark.parametrize("text", ["advance 1d", "release smoke"])
def test_a_command_for_all_rooms_that_is_sent_twice_is_carried_out_once(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The lobby has sent it, and the room was killed before its log said so: the repetition has the same key."""
    first, other = (SharedSession(console(tmp_path / name), lambda _: None) for name in "ab")
    output_of(first.main, "inject news 'Smoke.' --id smoke")
    desk = AccessDesk(SimpleNamespace(session=first.session, rooms="ab", people=None, sheets=None))  # type: ignore[arg-type]
    monkeypatch.setattr(first.session, "submit", lambda *_, **__: None)  # killed before
    answers: list[list[str]] = []
    for _ in range(2):
        with first.session.given("p1", "one"):
            desk.everywhere(first.main, split(f"everywhere '{text}'"))
        sent = capfdbinary.readouterr().out.lstrip(MARK).decode().strip()
        answers.append(carry_out(other, sent, ()))
    kinds = Counter(entry.kind for entry in other.session.log.lines)
    assert (kinds["advance"], kinds["inject"]) == ((1, 0) if text == "advance 1d" else (0, 1))
    assert answers[1] == ["The lobby has repeated a command that this room has carried out."]


def test_equal_keys_of_two_rooms_are_two_commands(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The first person of each room is p1, and clients count their keys: each advances all rooms by a day."""
    rooms = [SharedSession(console(tmp_path / name), lambda _: None) for name in "ab"]
    other = SharedSession(console(tmp_path / "c"), lambda _: None)
    for room in rooms:
        desk = AccessDesk(SimpleNamespace(session=room.session, rooms="abc", people=None, sheets=None))  # type: ignore[arg-type]
        with room.session.given("p1", "1"):
            desk.everywhere(room.main, split("everywhere 'advance 1d'"))
        carry_out(other, capfdbinary.readouterr().out.lstrip(MARK).decode().strip(), ())
    assert [entry.kind for entry in other.session.log.lines].count("advance") == 2


ROOM = f"""#!{sys.executable}
import sys, time
if sys.argv[4].endswith("a"):
    sys.stdout.buffer.write(b"\\x1eadvance 1d\\nsent\\n")
    sys.stdout.flush()
print("given:", sys.stdin.readline().strip(), sys.argv[4], flush=True)
sys.stdin.readline()
"""
"""A program in place of a room: the first gives a command for all rooms; each says what it is given."""


def test_a_room_that_does_not_run_is_given_what_it_has_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A command for all rooms reaches it when it starts."""
    program = tmp_path / "room"
    program.write_text(ROOM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("wargame.web.rooms.sys", SimpleNamespace(executable=str(program)))
    said = ""

    async def shown(text: str) -> None:
        nonlocal said
        while text not in said:
            await asyncio.sleep(0.01)
            said += capfd.readouterr().out

    async def hosts() -> None:
        lobby = Lobby({tmp_path / "a": "http://a", tmp_path / "b": "http://b"})
        first = asyncio.create_task(lobby.keep(tmp_path / "a", ()))
        await shown("given: advance 1d")
        second = asyncio.create_task(lobby.keep(tmp_path / "b", ()))
        await asyncio.wait_for(shown(f"given: advance 1d {tmp_path / 'b'}"), 20)
        for task in (first, second):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)

    asyncio.run(hosts())


def test_what_a_room_shows_can_be_read_in_any_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also where Python writes Latin-1, and if something else in the room does."""
    program = tmp_path / "room"
    said = "import os; print('\\xdcbung', flush=True); os.write(1, b'\\xdcbung \\n'); input()"
    program.write_text(f"#!{sys.executable}\n{said}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    monkeypatch.setattr("wargame.web.rooms.sys", SimpleNamespace(executable=str(program)))

    async def hosts() -> str:
        shown, task = "", asyncio.create_task(Lobby({}).keep(tmp_path, ()))
        while shown.count("bung") < 2 and not task.done():
            await asyncio.sleep(0.01)
            shown += capfd.readouterr().out
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return shown

    assert asyncio.run(asyncio.wait_for(hosts(), 20)).split() == ["\xdcbung", "\ufffdbung"]


DEAF = f"""#!{sys.executable}
import os, sys, time
if os.path.exists("begun"):
    print("given:", *sys.stdin.buffer.readline().split(b"\x1f"), flush=True)
    print("given:", *sys.stdin.buffer.readline().split(b"\x1f"), flush=True)
open("begun", "w").close()
print("deaf", flush=True)
time.sleep(60)
"""
"""A program in place of a room that reads nothing in its first life, and two commands in its second."""


def test_a_room_that_ends_before_it_reads_a_command_is_given_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A command with a key, which is carried out once; others are not repeated. The line may be long."""
    program, room = tmp_path / "room", tmp_path / "a"
    program.write_text(DEAF, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wargame.web.rooms.sys", SimpleNamespace(executable=str(program)))
    said = ""

    async def shown(text: str, times: int) -> None:
        nonlocal said
        while said.count(text) < times:
            await asyncio.sleep(0.01)
            said += capfd.readouterr().out

    async def hosts() -> None:
        lobby = Lobby({room: "http://a"})
        task = asyncio.create_task(lobby.keep(room, ()))
        await shown("deaf", 1)
        for line in (KEY + b"advance 1d", b"k1" + KEY + b"advance 2d", b"k2" + KEY + 70_000 * b"x"):
            lobby._take(MARK + line + b"\n", room)  # as the other room writes it
        lobby._processes[room].kill()
        await asyncio.wait_for(shown("deaf", 2), 20)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(hosts())
    given = [line for line in said.splitlines() if line.startswith("given:")]
    assert given == ["given: b'k1' b'advance 2d\\n'", f"given: b'k2' b'{70_000 * 'x'}\\n'"]


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_a_room_that_was_killed_is_said_to_be_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exit code is that of the signal each time: what reads its output does not take its end from the watcher."""
    program, taken = tmp_path / "killed", list[bytes]()
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    lobby = Lobby({})
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(lobby, "_take", lambda line, _: taken.append(line))

    async def again(_: float) -> None:
        if len(taken) == 12:
            raise InterruptedError

    monkeypatch.setattr(asyncio, "sleep", again)
    with pytest.raises(InterruptedError):
        asyncio.run(lobby.keep(Path("a"), []))
    assert taken == [b"! a has stopped (exit code -9). It starts again."] * 12


def neighbours() -> tuple[int, socket.socket]:
    """A free port, and a program that listens at the next one."""
    while True:
        busy = listen(Address(port=0))
        port = busy.getsockname()[1] - 1
        try:
            listen(Address(port=port)).close()
        except UsageFault:
            busy.close()
        else:
            return port, busy


def test_a_port_in_use_for_a_room_is_an_error_and_any_free_ports_are_other_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No room starts at a port that another program has: a chosen one is named, free ones are looked for again."""
    port, busy = neighbours()
    with busy:
        with pytest.raises(UsageFault, match=f"the port {port + 1} is in use"):
            listen_beside(Address(port=port), 2)
        proposed = iter((port,))
        first = lambda address: listen(address if address.port else Address(port=next(proposed, 0)))  # noqa: E731
        monkeypatch.setattr(web_rooms, "listen", first)
        lobby, places = listen_beside(Address(port=0), 2)
        with lobby:
            ports = [each.port for each in places]
            assert ports == [lobby.getsockname()[1] + n for n in range(3)]
            assert port + 1 not in ports
    with pytest.raises(UsageFault, match="no port 65536"):
        listen_beside(Address(port=65535), 1)
