"""A program that connects to its seat in an unattended run (`--seat GOV=http`)."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.command_line import PROJECT, environment
from support.in_process import inside

BOT = PROJECT / "examples" / "http_bot.py"
WAITS = re.compile(r"wargame: (\w+) waits for a program at (http://127\.0\.0\.1:\d+) \(Authorization: Bearer (\S+)\)")


@contextmanager
def started(*words: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A command of wargame that runs meanwhile; it is ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wargame", *words], cwd=cwd, env=environment(), stderr=subprocess.PIPE, encoding="utf-8"
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()


def seats(process: subprocess.Popen[str], count: int) -> list[tuple[str, str, str]]:
    """Government, address and token of the seats that the command prints."""
    assert process.stderr is not None
    found: list[tuple[str, str, str]] = []
    for line in process.stderr:
        if shown := WAITS.search(line):
            found.append((shown[1], shown[2], shown[3]))
            if len(found) == count:
                break
    return found


def status(address: str, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> int:
    """The status of the answer to a request."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.slow
def test_a_program_that_connects_plays_its_seat(tmp_path: Path) -> None:
    """Its orders are carried out, the run verifies without it, and no file has its token."""
    words = ("run", "two-rivals", "--until", "60d", "--seat", "ARD=http", "--no-report", "--quiet", "--out", "played")
    with started(*words, cwd=tmp_path) as process:
        ((government, address, token),) = seats(process, 1)
        bot = subprocess.run([sys.executable, BOT, address, token], timeout=60, check=False)
        assert (government, bot.returncode, process.wait(60)) == ("ARD", 0, 0)

    usage = json.loads((tmp_path / "played/brains/usage.json").read_text("utf-8"))
    assert usage["ARD"]["name"] == "talking bot 1.0"
    assert usage["ARD"]["accepted"] > 0
    assert inside("verify", "played", cwd=tmp_path).returncode == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]


@pytest.mark.slow
def test_each_run_of_a_batch_has_a_seat_of_its_own(tmp_path: Path) -> None:
    """Addresses and tokens differ; every run is kept and counted."""
    arm = "bot=seat ARD=http"
    words = ("batch", "two-rivals", "-n", "2", "--until", "30d", "--arm", arm, "--jobs", "1", "--out", "many")
    with started(*words, cwd=tmp_path) as process:
        given = []
        for _ in range(2):
            given += seats(process, 1)
            subprocess.run([sys.executable, BOT, *given[-1][1:]], timeout=60, check=True)
        process.stderr.read()  # type: ignore[union-attr]  # a pipe
        assert process.wait(60) == 0

    assert len(set(given)) == 2
    assert sorted(path.name for path in (tmp_path / "many/games").iterdir()) == ["bot-0", "bot-1"]


@pytest.mark.slow
def test_a_request_without_the_token_or_for_another_host_is_refused(tmp_path: Path) -> None:
    """A web page can neither read the seat nor act for it."""
    with started("run", "two-rivals", "--seat", "ARD=http", "--out", "x", cwd=tmp_path) as process:
        ((_, address, token),) = seats(process, 1)
        allowed = {"Authorization": f"Bearer {token}"}
        assert status(address, "GET", "/messages/0", {}) == 401
        assert status(address, "GET", "/messages/0", {"Authorization": "Bearer x"}) == 401
        assert status(address, "GET", "/messages/0", {**allowed, "Host": "example.org:80"}) == 403
        assert status(address, "POST", "/answers", {}, b"{}") == 401
        assert status(address, "POST", "/answers", {**allowed, "Content-Length": "70000"}) == 413
        assert status(address, "GET", "/messages/x", allowed) == 404
        assert status(address, "GET", "/messages/0", allowed) == 200


@pytest.mark.slow
@pytest.mark.parametrize("answer", [b'{"bad":', b"[]", b'{"type": "turn"}', b"\xff"])
def test_an_answer_that_cannot_be_read_is_refused_and_the_run_goes_on(answer: bytes, tmp_path: Path) -> None:
    """It has the status 400 with the reason; the program can send another one."""
    words = ("run", "two-rivals", "--until", "20d", "--seat", "ARD=http", "--no-report", "--quiet", "--out", "x")
    with started(*words, cwd=tmp_path) as process:
        ((_, address, token),) = seats(process, 1)
        assert status(address, "POST", "/answers", {"Authorization": f"Bearer {token}"}, answer) == 400
        subprocess.run([sys.executable, BOT, address, token], timeout=60, check=True)
        assert process.wait(60) == 0


def test_a_run_ends_if_no_program_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the time of an answer, names the seat and leaves no folder."""
    monkeypatch.setattr("wargame.brains.process.LEAST_START", 0.5)
    words = ("two-rivals", "--seat", "ARD=http", "--brain-timeout", "0.5", "--out", "x")
    done = inside("run", *words, cwd=tmp_path)

    assert (done.returncode, (tmp_path / "x").exists()) == (2, False)
    assert "ARD=http: no answer to hello: it did not answer within 0.5 s" in done.stderr
