"""A program that plays over the web API: a token, and orders like those of a person."""

from __future__ import annotations

from pathlib import Path

from support.in_process import inside
from support.live import session
from support.web import Client, Served, run
from wargame.live.console.console import Console
from wargame.live.terminals.shared_session import SharedSession
from wargame.web.address import Address
from wargame.web.server import Serving, served


def test_a_program_gets_a_token_that_is_shown_once_and_kept_nowhere(tmp_path: Path) -> None:
    """It needs no code, and no admission."""

    async def steps() -> None:
        opened = session(tmp_path / "run")
        shared = SharedSession(Console(opened), lambda _: None)
        async with served(shared, Serving(Address("127.0.0.1", 0), lobby=True, http_seats=("ARD",))) as lines:
            (token,) = [line.rpartition(" ")[2] for line in lines if "Bearer" in line]
            program = Client(Served(shared, lines).url, token)
            assert opened.exercise.commands.seats.of("ARD") == "human"
            assert "Arda offers talks" in (await program.lines("order", "talk", "BRL"))[0]
            assert (await program.command("order", "talk", "ARD")).status_code != 200
            await program.http.aclose()
        await shared.close()
        kept = [path for path in opened.folder.path.rglob("*") if path.is_file()]
        assert kept
        assert not [path for path in kept if token.encode() in path.read_bytes()]

    run(steps())


def test_http_needs_an_exercise_that_is_served(tmp_path: Path) -> None:
    """The error names the option."""
    done = inside("play", "two-rivals", "--seat", "ARD=http", "--out", "x", cwd=tmp_path)
    assert done.returncode == 2
    assert "--serve" in done.stderr
    assert not (tmp_path / "x").exists()
